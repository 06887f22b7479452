import Foundation
import TestSupport
import Testing

/// The built tool and what surrounds it in an acceptance test.
enum Tool {
    /// The folder the test bundle was built into; the tool's binary stands beside it.
    static let productsFolder: String = {
        let runner = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().path
    }()

    /// The tool's binary.
    static var path: String { productsFolder + "/heedaudit" }

    /// The repository's folder.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Runs the tool with an environment that holds nothing of the developer's own settings.
    static func run(
        _ arguments: [String],
        in folder: String,
        environment: [String: String?] = [:],
        input: Data? = nil,
        killAfter seconds: Double = 300
    ) throws -> CommandResult {
        try runCommand(
            path,
            arguments,
            environment: cleanEnvironment.merging(environment) { _, new in new },
            in: folder,
            input: input,
            killAfter: seconds
        )
    }

    /// Removes every variable the tool would read.
    static var cleanEnvironment: [String: String?] {
        var values: [String: String?] = [:]
        for name in ["CLOUDHEED_TOKEN", "SOURCE_DATE_EPOCH"] { values.updateValue(nil, forKey: name) }
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("HEEDAUDIT_") {
            values.updateValue(nil, forKey: name)
        }
        return values
    }
}

/// `heedaudit sandbox`, running as a process of its own.
final class SandboxProcess {
    let process: RunningCommand
    /// Where it listens, such as `http://127.0.0.1:40123`.
    let baseURL: String
    /// A token with every scope.
    static let token = "ch_live_sandbox"
    /// A token that may only read.
    static let readOnlyToken = "ch_live_sandbox_readonly"
    /// A token without any scope.
    static let scopelessToken = "ch_live_sandbox_noscope"

    init(_ arguments: [String] = [], in folder: String) throws {
        process = try RunningCommand(
            Tool.path,
            ["sandbox", "--port", "0"] + arguments,
            environment: Tool.cleanEnvironment,
            in: folder
        )
        let deadline = Date().addingTimeInterval(60)
        var address: String?
        while address == nil, Date() < deadline {
            address = process.outputSoFar.split(separator: "\n").first.map(String.init)
            if address == nil { Thread.sleep(forTimeInterval: 0.02) }
        }
        baseURL = try #require(address, "the sandbox did not say where it listens")
    }

    deinit {
        process.send(SIGKILL)
    }

    /// Flags and variables that make the tool talk to this sandbox.
    var flags: [String] { ["--base-url", baseURL] }
    var environment: [String: String?] { ["CLOUDHEED_TOKEN": Self.token] }

    /// Runs the tool against this sandbox.
    func run(
        _ arguments: [String],
        in folder: String,
        environment: [String: String?] = [:],
        killAfter seconds: Double = 300
    ) throws -> CommandResult {
        try Tool.run(
            arguments + flags,
            in: folder,
            environment: self.environment.merging(environment) { _, new in new },
            killAfter: seconds
        )
    }

    /// What the sandbox says it served.
    func served() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(try control("served").utf8))
        return try #require(object as? [String: Any])
    }

    /// Lines of a control answer, sorted: `shown`, every event that the log ever showed; `log`, what it holds.
    func lines(_ name: String) throws -> [String] {
        try control(name).split(separator: "\n").map(String.init).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Sends something to the sandbox's control: `append`, `replace`, `remove`.
    func post(_ name: String, _ body: String) throws {
        _ = try runCommand(
            "curl",
            ["-sf", "--data-binary", "@-", "\(baseURL)/sandbox/\(name)"],
            input: Data(body.utf8)
        )
    }

    private func control(_ name: String) throws -> String {
        let answer = try runCommand("curl", ["-sf", "\(baseURL)/sandbox/\(name)"])
        try #require(answer.status == 0, "curl: \(answer.error)")
        return answer.output
    }
}

/// Files that tests look for in bundles.
enum BundleFiles {
    /// The seven event tables of DESIGN section 4.
    static let eventTables = [
        "events.csv", "actions.csv", "actors.csv", "resources.csv", "actor_actions.csv", "resource_actions.csv",
        "actor_resource_actions.csv",
    ]

    /// The one bundle that `latest` points to below an output folder.
    static func latest(in output: String) throws -> String {
        let organizations = try FileManager.default.contentsOfDirectory(atPath: output)
        let candidates = organizations.map { "\(output)/\($0)/latest" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        try #require(candidates.count == 1, "expected one organization in \(output), found \(organizations)")
        return candidates[0]
    }

    static func read(_ path: String) throws -> Data {
        try #require(FileManager.default.contents(atPath: path), "no file \(path)")
    }
}

/// Events that nobody here wrote, when they are at hand.
enum RealEvents {
    /// Writes the real events of `../shared/data` as NDJSON into a folder, or, where the repository stands alone,
    /// events of the same awkward shapes.
    static func write(into folder: String) throws -> String {
        let target = folder + "/real.ndjson"
        let shared = Tool.repository + "/../shared/data/real-events.ndjson.gz"
        if FileManager.default.fileExists(atPath: shared) {
            let result = try runCommand("sh", ["-c", "gzip -dc \"$1\" > \"$2\"", "sh", shared, target])
            try #require(result.status == 0, "gzip: \(result.error)")
        } else {
            try awkwardEvents.write(toFile: target, atomically: true, encoding: .utf8)
        }
        return target
    }

    /// Missing actors, names and addresses, empty strings, offsets, fractions, one second shared by many.
    private static var awkwardEvents: String {
        var lines = ""
        for number in 0..<3_000 {
            let second = String(format: "%02d", number / 7 % 60)
            let minute = String(format: "%02d", number / 420 % 60)
            let fraction = ["", ".5", ".120", ".000000001"][number % 4]
            let zone = ["Z", "+02:00", "-05:30"][number % 3]
            let actor = [
                #"{"id":"user-\#(number % 31)","email":"u\#(number % 31)@example.com"}"#,
                #"{"email":"only@example.com"}"#,
                #"{"id":"","email":"=cmd()@example.com"}"#, "null",
            ][number % 4]
            let resource = [
                #"{"type":"database","id":"db-\#(number % 97)","name":"name \#(number % 5)"}"#,
                #"{"type":"file","name":"ünï\u0000code"}"#, #"{"type":"","id":null}"#,
            ][number % 3]
            lines += #"{"id":"evt-\#(number * 7919 % 10_007)","action":"kind.\#(number % 11)","actor":\#(actor),"#
            lines += #""resource":\#(resource),"created_at":"2026-03-17T10:\#(minute):\#(second)\#(fraction)\#(zone)"}"#
            lines += "\n"
        }
        return lines
    }
}
