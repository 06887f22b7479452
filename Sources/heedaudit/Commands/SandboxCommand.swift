import Analysis
import ArgumentParser
import Evidence
import Foundation
import Sandbox

/// `sandbox`: the service on 127.0.0.1.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the CloudHeed API on 127.0.0.1, with faults on demand.",
        discussion: """
            Prints its address, then the tokens it accepts. GET /sandbox/served says what it served, GET /sandbox/shown every \
            event that its log ever showed, GET /sandbox/log what it holds; POST /sandbox/append adds NDJSON events to the \
            log, POST /sandbox/replace puts others in their places, POST /sandbox/remove takes ids out of it, POST /sandbox/settings \
            changes settings without an event, POST /sandbox/access \
            the lists of members, invitations and API keys.
            """
    )

    @Option(help: ArgumentHelp("Port; 0 takes any that is free.", valueName: "n"))
    var port = 8787
    @Option(help: ArgumentHelp("Serve the events of an NDJSON file.", valueName: "file"))
    var events: String?
    @Option(help: ArgumentHelp("Make up so many events.", valueName: "n"))
    var generate: Int?
    @Option(help: ArgumentHelp("Seed of what is made up.", valueName: "s"))
    var seed: UInt64 = 7
    @Option(help: ArgumentHelp("End of a made-up log, RFC 3339. Default: the begin of today.", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("Order of the log: newest, oldest or shuffled.", valueName: "order"))
    var order: String = "newest"
    @Option(
        help: ArgumentHelp("Shape of the answers: documented, full, data, bare, wrapped or named.", valueName: "shape")
    )
    var envelope: String = "documented"
    @Option(help: ArgumentHelp("Events a page at most.", valueName: "n"))
    var largestPage = 100
    @Flag(help: "Don't look at per_page.")
    var ignorePerPage = false
    @Flag(help: "No rate limit.")
    var unlimited = false
    @Option(help: ArgumentHelp("Requests a minute.", valueName: "n"))
    var perMinute = 1000
    @Option(help: ArgumentHelp("Requests a day.", valueName: "n"))
    var perDay: Int?
    @Option(help: ArgumentHelp("Length of the minute, for tests.", valueName: "span"))
    var window: String = "60s"
    @Option(help: ArgumentHelp("Wait before each answer, such as 20ms.", valueName: "span"))
    var latency: String = "0ms"
    @Option(
        help: ArgumentHelp(
            "A fault, such as 500:0.1, reset@4, drift=2, withdraw=50@3, date=none; may be given several times.",
            valueName: "fault"
        )
    )
    var fault: [String] = []
    @Option(help: ArgumentHelp("Another accepted token, TOKEN or TOKEN=org:read,org:write.", valueName: "token"))
    var token: [String] = []
    @Option(
        help: ArgumentHelp(
            "Serve so many organizations, org-1 and on, each with a log and a token of its own; they share the limits.",
            valueName: "n"
        )
    )
    var organizations: Int?
    @Option(help: ArgumentHelp("The organization's plan: free, pro or enterprise; the limits stay.", valueName: "plan"))
    var plan: String = "pro"
    @Flag(help: "Don't look at X-Organization-Id.")
    var ignoreOrganizationHeader = false
    @Flag(help: "Member events carry the member's e-mail in place of the user id.")
    var membersByEmail = false

    mutating func run() async throws {
        let configuration = try sandboxConfiguration()
        let server = SandboxServer(configuration)
        let port: Int
        do {
            port = try server.start()
        } catch {
            throw Problem(
                .cannotCreate,
                "can't listen on 127.0.0.1:\(self.port): \(error)",
                hint: "name another port by --port, 0 for any"
            )
        }
        StandardStreams.output("http://127.0.0.1:\(port)")
        for token in configuration.tokens {
            let whose = token.organization.map { " of \($0)" } ?? ""
            StandardStreams.output("token \(token.value) \(token.scopes.sorted().joined(separator: " "))\(whose)")
        }
        await server.wait()
    }

    private func sandboxConfiguration() throws -> SandboxConfiguration {
        let today = Clock.now().seconds / 86_400 * 86_400
        var configuration = SandboxConfiguration(until: today)
        if let until {
            guard let instant = Instant(rfc3339: until) else {
                throw Problem(.usage, "'\(until)' is no RFC 3339 time for --until")
            }
            configuration.until = instant.seconds
        }
        configuration.port = port
        if let events { configuration.events = .lines(try Self.lines(of: events)) }
        if let generate {
            guard generate >= 0 else { throw Problem(.usage, "--generate takes a number from 0") }
            configuration.events = .generated(count: generate, seed: seed)
        }
        guard let order = SandboxConfiguration.Order(rawValue: order) else {
            throw Problem(.usage, "'\(self.order)' is no order", hint: "--order takes newest, oldest or shuffled")
        }
        guard let envelope = SandboxConfiguration.Envelope(rawValue: envelope) else {
            throw Problem(
                .usage,
                "'\(self.envelope)' is no shape",
                hint: "--envelope takes documented, full, data, bare, wrapped or named"
            )
        }
        configuration.order = order
        configuration.envelope = envelope
        configuration.largestPerPage = max(1, largestPage)
        configuration.defaultPerPage = min(20, configuration.largestPerPage)
        configuration.ignoresPerPage = ignorePerPage
        configuration.limitPerWindow = unlimited ? nil : perMinute
        configuration.limitPerDay = perDay
        configuration.windowSeconds = try Self.seconds(window, "--window")
        configuration.latencySeconds = try Self.seconds(latency, "--latency")
        configuration.faults = try FaultPlan(parsing: fault)
        configuration.membersByEmail = membersByEmail
        (configuration.plan, configuration.obeysOrganizationHeader) = (plan, !ignoreOrganizationHeader)
        if let organizations {
            guard (1...10_000).contains(organizations) else {
                throw Problem(.usage, "--organizations takes a number from 1 to 10000")
            }
            configuration.serve(organizations: organizations)
        }
        configuration.tokens += token.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let scopes =
                parts.count == 2 ? Set(parts[1].split(separator: ",").map(String.init)) : ["org:read", "org:write"]
            return SandboxConfiguration.Token(parts[0], scopes: scopes)
        }
        return configuration
    }

    private static func lines(of path: String) throws -> [[UInt8]] {
        try PlainFile.named(path, atMost: 2 << 30).split(separator: 10).map(Array.init)
    }

    private static func seconds(_ text: String, _ flag: String) throws -> Double {
        let isMilliseconds = text.hasSuffix("ms")
        let digits = isMilliseconds ? text.dropLast(2) : text.hasSuffix("s") ? text.dropLast() : text[...]
        guard let number = Double(digits), number >= 0 else {
            throw Problem(.usage, "'\(text)' is no span for \(flag)", hint: "use 20ms or 2s")
        }
        return isMilliseconds ? number / 1000 : number
    }
}
