import Foundation
import TestSupport
import Testing

/// Whatever bytes the files of an archive and its bundles hold: no command crashes or hangs, each ends with a status of the
/// contract, and nobody calls sound what was changed.
///
/// `HEEDAUDIT_DAMAGES` sets how many changes are tried, `HEEDAUDIT_SEED` which.
@Suite("Damaged files", .serialized)
struct DamagedFilesTests {
    private static let statuses: Set<Int32> = [0, 1, 64, 65, 69, 73, 74, 75, 77, 78]
    private static let deadline = 60.0

    private static func number(_ name: String, _ usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }

    @Test("Bytes and lines changed anywhere")
    func changedAnywhere() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try Self.make(in: folder)
                let files = try Self.files(in: folder + "/whole")
                let seed = testSeed(17)
                var random = SplitMix(state: seed)
                for round in 0..<Self.number("HEEDAUDIT_DAMAGES", 45) {
                    // Every file is met, the ledger more often than others.
                    let file =
                        round % 4 == 0
                        ? "archive/org-123/ledger.ndjson" : files[Int.random(in: 0..<files.count, using: &random)]
                    let change = Change.allCases[round % Change.allCases.count]
                    try Self.copy(folder)
                    let path = folder + "/work/" + file
                    let before = try BundleFiles.read(path)
                    let after = change.apply(to: before, &random)
                    guard after != before else { continue }
                    try after.write(to: URL(fileURLWithPath: path))
                    try Self.check(file, round, "seed \(seed), round \(round), \(change)", sandbox, folder)
                }
            }
        }
    }

    /// Entry 1 and 2 with bundles of both, variants, and the staged pages of a pull that was killed.
    private static func make(in folder: String) throws -> SandboxProcess {
        let whole = folder + "/whole"
        try FileManager.default.createDirectory(atPath: whole, withIntermediateDirectories: true)
        let sandbox = try SandboxProcess(
            ["--generate", "260", "--unlimited", "--seed", "3", "--latency", "30ms"],
            in: folder
        )
        var result = try sandbox.run(["run", "--format", "html,csv,xml,xlsx,oscal,ocsf,json"], in: whole)
        try #require(result.status == 0, "\(result.error)")
        let first = try #require(try sandbox.lines("log").first { $0.contains("database.created") })
        try sandbox.post("replace", first.replacingOccurrences(of: "database.created", with: "database.deleted"))
        result = try sandbox.run(["pull", "--full"], in: whole)
        try #require(result.status == 0, "\(result.error)")
        result = try Tool.run(["report", "--format", "csv"], in: whole)
        try #require(result.status == 0, "\(result.error)")
        let killed = try RunningCommand(
            Tool.path,
            ["pull", "--full"] + sandbox.flags,
            environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
            in: whole
        )
        let pages = whole + "/archive/org-123/staging/pull-pages.ndjson"
        for _ in 0..<300 where (FileManager.default.contents(atPath: pages)?.count ?? 0) == 0 { usleep(5_000) }
        killed.send(SIGKILL)
        _ = killed.wait()
        let verified = try Tool.run(["verify"], in: whole)
        try #require(verified.status == 0, "\(verified.output)\(verified.error)")
        return sandbox
    }

    private static func files(in whole: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: whole).sorted().filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: whole + "/" + name, isDirectory: &isFolder)
            return !isFolder.boolValue && !name.contains("/latest/") && !name.hasSuffix("/latest")
                && !name.hasSuffix("/lock")
        }
    }

    private static func copy(_ folder: String) throws {
        let result = try runCommand("sh", ["-c", "rm -rf work && cp -a whole work"], in: folder)
        try #require(result.status == 0, "\(result.error)")
    }

    private static func check(_ file: String, _ round: Int, _ what: String, _ sandbox: SandboxProcess, _ folder: String)
        throws
    {
        let work = folder + "/work"
        let isStaged = file.contains("/staging/")
        func run(_ arguments: [String]) throws -> CommandResult {
            let result =
                arguments[0] == "pull"
                ? try sandbox.run(arguments, in: work, killAfter: deadline)
                : try Tool.run(arguments, in: work, killAfter: deadline)
            #expect(
                statuses.contains(result.status),
                "\(arguments) after \(what) in \(file): \(result.status) \(result.error)"
            )
            return result
        }
        let verified = try run(["verify"])
        #expect(verified.status == (isStaged ? 0 : 65), "\(what) in \(file): \(verified.output)\(verified.error)")
        let reported = try run(["report", "--format", "csv", "--json"])
        if file.hasPrefix("archive/"), !isStaged, reported.status != 65 {
            #expect(failsIntact(reported.output), "\(what) in \(file): \(reported.status)")
        }
        _ = try run(["report", "--format", "html", "--period", "2026-10", "--quiet"])
        // Of the rest one a round; what they change is thrown away with the copy.
        let rest = [
            "status", "doctor", "fleet", "prune --keep-last 1", "backup copy", "acknowledge --reason x",
            "verify --json",
        ]
        _ = try run(rest[round % rest.count].split(separator: " ").map(String.init))
        let pulled = try run(["pull"])
        #expect(pulled.status == 0 || pulled.status == 65 || !isStaged, "\(what) in \(file): \(pulled.error)")
    }

    private static func failsIntact(_ json: String) -> Bool {
        let object = (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
        let findings = object?["findings"] as? [[String: Any]] ?? []
        let verdicts = findings.filter { $0["control"] as? String == "LOG-INTACT" }.compactMap {
            $0["status"] as? String
        }
        return verdicts.contains("fail") && !verdicts.contains("pass")
    }
}

/// Something that happens to a file.
private enum Change: CaseIterable {
    case bit, byte, digit, cut, deletedByte, doubledByte, deletedLine, doubledLine, swappedLines, zeros, appended,
        emptied

    func apply(to file: Data, _ random: inout SplitMix) -> Data {
        var bytes = [UInt8](file)
        guard !bytes.isEmpty else { return Data("x\n".utf8) }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch self {
        case .bit: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .byte: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case .digit:
            let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
            if let digit = digits.randomElement(using: &random) {
                bytes[digit] = UInt8.random(in: 0x30...0x39, using: &random)
            }
        case .cut: bytes.removeSubrange(place...)
        case .deletedByte: bytes.remove(at: place)
        case .doubledByte: bytes.insert(bytes[place], at: place)
        case .zeros: for index in place..<min(bytes.count, place + 64) { bytes[index] = 0 }
        case .appended: bytes += Array("{\"id\":\"evt-1\"}\n".utf8)
        case .emptied: bytes = []
        case .deletedLine, .doubledLine, .swappedLines:
            var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
            let index = Int.random(in: 0..<lines.count, using: &random)
            switch self {
            case .deletedLine: lines.remove(at: index)
            case .doubledLine: lines.insert(lines[index], at: index)
            default: lines.swapAt(index, (index + 1) % lines.count)
            }
            bytes = Array(lines.joined(separator: [10]))
        }
        return Data(bytes)
    }
}
