import Analysis
import ArgumentParser
import Auditing
import Evidence
import Foundation
import Publishing
import Sandbox

/// `demo`: the newcomer's first command.
///
/// Starts the sandbox inside the process and does `run` against it.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run against the embedded sandbox and name the report to open.",
        discussion: """
            Needs no token and no network. Without --archive and --output, whose defaults below do not hold here, its archive \
            and reports stand apart from yours, in ./heedaudit-demo. --organization counts for nothing here.
            """
    )

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        var configuration = try ToolConfiguration.resolve([archive, report, general])
        if archive.archive == nil { configuration.archive = "./heedaudit-demo/archive" }
        if report.output == nil { configuration.output = "./heedaudit-demo/reports" }
        // The demo always has something to show, also when it is run again at once.
        configuration.reportEvery = .zero
        let end = Self.end(ofLogFor: configuration.archive)
        try configuration.decideAsAcme(until: end)
        (configuration.organization, configuration.organizationHeader) = (nil, false)
        configuration.tokenFile = nil
        setenv(SecretVariables.token, "ch_live_sandbox", 1)
        let reportJob = try configuration.reportJob()
        // What changed between two lists needs two of them to show.
        if Self.first(of: configuration.archive) == nil {
            _ = try await Self.pull(configuration, until: end, .atRest)
        }
        let pulled = try await Self.pull(configuration, until: end, .moved)
        let outcome = try reportJob.run(afterPull: pulled)
        outcome.print(configuration)
        try outcome.checkThreshold(configuration.failOn)
    }

    /// A pull from a sandbox of its own.
    private static func pull(
        _ configuration: ToolConfiguration,
        until end: Int64,
        _ plants: SandboxConfiguration.Plants
    ) async throws -> PullOutcome {
        var (configuration, sandbox) = (configuration, SandboxConfiguration(until: end))
        sandbox.plants = plants
        // The service's clock is two minutes behind at the first of two pulls, so that their lists are of two times.
        if plants == .atRest { sandbox.faults = try FaultPlan(parsing: ["date=-120"]) }
        let server = SandboxServer(sandbox)
        configuration.baseURL = "http://127.0.0.1:\(try server.start())"
        do {
            let pulled = try await configuration.pull()
            await server.stop()
            return pulled
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func first(of archive: String) -> LedgerEntry? {
        (try? ArchiveRoot(path: archive).open(organization: nil))?.entries.first
    }

    /// The begin of today, or of the day on which this demo was first run: a log that moved with the days would look
    /// like one whose events were altered.
    private static func end(ofLogFor archive: String) -> Int64 {
        let day = first(of: archive).flatMap { Instant(rfc3339: $0.at) } ?? Clock.now()
        return day.seconds / 86_400 * 86_400
    }
}

extension ToolConfiguration {
    /// What the demo's organization has decided about its findings, unless the configuration says something of its own.
    fileprivate mutating func decideAsAcme(until end: Int64) throws {
        if policy.approvedDomains == nil { policy.approvedDomains = ["acme.example"] }
        guard policy.waivers.isEmpty, policy.plan.isEmpty else { return }
        func day(_ days: Int64) -> String { Words.english.day(Instant(seconds: end + days * 86_400)) }
        let accepted = [
            ("ORG-SSO", "sso_enabled", "the identity provider is chosen in spring", 150),
            ("ORG-IPALLOW", "ip_allowlist_required", "half of the team works from home", 60),
        ]
        policy.waivers = try accepted.map { control, subject, reason, days in
            try Waiver(
                [
                    "control": control, "subject": subject, "reason": reason, "approver": "Jo Marsh",
                    "expires": day(Int64(days)),
                ],
                source: "the demo"
            )
        }
        let plan = """
            control,subject,owner,due,decision
            KEY-DRIFT,backup script (key-900),Bea Lind,\(day(-12)),fix
            """
        policy.plan = try ActionPlan.read(Array(plan.utf8), named: "the demo").rows
    }
}
