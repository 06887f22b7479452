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
    /// The seven event tables.
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

    /// The rows of a table of the one latest bundle below an output folder, read by Python's csv module.
    static func rows(of table: String, in output: String) throws -> [[String: String]] {
        let script = "import csv,json,sys; json.dump(list(csv.DictReader(open(sys.argv[1], newline=''))), sys.stdout)"
        let result = try runCommand("python3", ["-c", script, try latest(in: output) + "/" + table])
        try #require(result.status == 0, "\(result.error)")
        return try JSONDecoder().decode([[String: String]].self, from: Data(result.output.utf8))
    }

    static func read(_ path: String) throws -> Data {
        try #require(FileManager.default.contents(atPath: path), "no file \(path)")
    }
}

/// Events as organizations have them: those that `HEEDAUDIT_REAL_EVENTS` names (NDJSON, or compressed as `.gz`), else a log that
/// is made up to be as awkward.
enum RealEvents {
    /// Writes the events as NDJSON into a folder, and returns the file's path.
    static func write(into folder: String) throws -> String {
        let target = folder + "/real.ndjson"
        if let source = ProcessInfo.processInfo.environment["HEEDAUDIT_REAL_EVENTS"] {
            let reader = source.hasSuffix(".gz") ? "gzip -dc" : "cat"
            let result = try runCommand("sh", ["-c", "\(reader) \"$1\" > \"$2\"", "sh", source, target])
            try #require(result.status == 0, "\(reader): \(result.error)")
        } else {
            try madeUp.write(toFile: target, atomically: true, encoding: .utf8)
        }
        return target
    }

    /// Some months, with whole batches in one second and days without anything; beside the documented
    /// actions others, and missing actors, names and addresses, empty strings, offsets, fractions.
    private static var madeUp: String {
        var random = SplitMix(state: testSeed(5))
        var lines = ""
        var second: Int64 = 1_767_254_400
        for number in 0..<6_000 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0: second += Int64.random(in: 30_000...200_000, using: &random)
            case 1..<60: second += Int64.random(in: 0...900, using: &random)
            default: break
            }
            let time = Date(timeIntervalSince1970: Double(second)).ISO8601Format().dropLast()
            let fraction = ["", "", "", ".5", ".120", ".000000001"].randomElement(using: &random) ?? ""
            let zone = ["Z", "Z", "+02:00", "-05:30"].randomElement(using: &random) ?? "Z"
            let person = Int.random(in: 0..<31, using: &random)
            let actor = [
                #"{"id":"user-\#(person)","email":"u\#(person)@example.com"}"#,
                #"{"email":"only\#(person)@example.com"}"#, #"{"id":"","email":"=cmd()@example.com"}"#, "null",
            ][[0, 0, 0, 0, 1, 1, 2, 3].randomElement(using: &random) ?? 0]
            let thing = Int.random(in: 0..<400, using: &random)
            let resource = [
                #"{"type":"database","id":"db-\#(thing)","name":"name \#(thing % 5)"}"#,
                #"{"type":"member","id":"user-\#(thing % 31)","name":"u\#(thing % 31)@example.com"}"#,
                #"{"type":"file","name":"ünï\u0000code \#(thing)"}"#, #"{"type":"","id":null}"#,
            ][[0, 0, 0, 1, 1, 2, 3].randomElement(using: &random) ?? 0]
            let action =
                [
                    "database.created", "database.deleted", "database.resized", "member.invited", "member.removed",
                    "member.role_changed", "api_key.created", "api_key.revoked", "settings.updated", "file.added",
                    "kind.\(number % 11)",
                ].randomElement(using: &random) ?? ""
            lines += #"{"id":"evt-\#(number * 7919 % 10_007)","action":"\#(action)","actor":\#(actor),"#
            if number % 3 > 0 { lines += #""ip_address":"203.0.113.\#(person)","# }
            lines += #""resource":\#(resource),"created_at":"\#(time)\#(fraction)\#(zone)"}"#
            lines += "\n"
        }
        return lines
    }
}
