import Foundation
import TestSupport
import Testing

/// A report of one month with and without what the cache keeps of the months before it.
@Suite("The cache of earlier segments")
struct HistoryCacheTests {
    @Test("Reports are the same with a cache, without one and with a damaged one; verify tells a forged one")
    func sameReports() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.importEvents(into: folder)
                let first = try Self.report("2026-03", in: folder, to: "first")
                let cache = folder + "/archive/local/cache"
                let names = try FileManager.default.contentsOfDirectory(atPath: cache)
                #expect(names.count == 3 && names.count { $0.contains("-log_joint-") } == 1, "\(names)")
                let sizes = try names.map { try BundleFiles.read(cache + "/" + $0).count }
                #expect(sizes.allSatisfy { $0 > 0 && $0 < 300_000 }, "\(sizes)")
                #expect(try Self.report("2026-03", in: folder, to: "second") == first)

                for (number, name) in names.enumerated() {
                    let forged = cache + "/" + name
                    try Data(try BundleFiles.read(forged).dropLast(200)).write(to: URL(fileURLWithPath: forged))
                    #expect(try Self.report("2026-03", in: folder, to: "third\(number)") == first)
                }
                try FileManager.default.removeItem(atPath: cache)
                #expect(try Self.report("2026-03", in: folder, to: "fourth") == first)
            }
        }
    }

    @Test("Of several months there is one extract; those of the last two periods are kept")
    func jointExtract() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.importEvents(into: folder)
                let cache = folder + "/archive/local/cache"
                func joint() throws -> [String] {
                    try FileManager.default.contentsOfDirectory(atPath: cache).filter { $0.contains("_joint-") }
                }
                let march = try Self.report("2026-03", in: folder, to: "march")
                let before = try joint()
                let april = try Self.report("2026-04", in: folder, to: "april")
                let both = try joint()
                #expect(before.count == 1 && both.count == 2 && both.contains(before[0]), "\(before) \(both)")
                #expect(try Self.report("2026-03", in: folder, to: "again") == march)
                #expect(try Set(joint()) == Set(both))
                _ = try Self.report("2026-05", in: folder, to: "may")
                let last = try joint()
                #expect(last.count == 2 && !last.contains(before[0]), "\(both) \(last)")
                try FileManager.default.removeItem(atPath: cache)
                #expect(try Self.report("2026-04", in: folder, to: "anew") == april)
            }
        }
    }

    @Test("An extract that was forged with its name is told by verify", arguments: ["-log-", "-log_joint-"])
    func forgedExtract(_ kind: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.importEvents(into: folder)
                _ = try Self.report("2026-03", in: folder, to: "first")
                let arguments = ["verify", "--archive", folder + "/archive", "--output", folder + "/none"]
                #expect(try Tool.run(arguments, in: folder).status == 0)
                let cache = folder + "/archive/local/cache"
                let names = try FileManager.default.contentsOfDirectory(atPath: cache)
                let name = try #require(names.sorted().first { $0.contains(kind) })
                let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                let parts = name.split(separator: "-")
                try FileManager.default.removeItem(atPath: cache + "/" + name)
                let forged = cache + "/\(parts[0])-\(parts[1])-\(empty).ndjson"
                try Data().write(to: URL(fileURLWithPath: forged))
                let verified = try Tool.run(arguments, in: folder)
                #expect(verified.status == 65)
                #expect(verified.output.contains("delete the folder cache"), "\(verified.output)")
            }
        }
    }

    /// Four months of 5,000 events.
    private static func importEvents(into folder: String) throws {
        var lines = ""
        for month in 1...4 {
            for number in 0..<5000 {
                let kind =
                    number % 7 == 0 ? "api_key.created" : number % 11 == 0 ? "api_key.revoked" : "database.created"
                lines += #"{"id":"e\#(month)-\#(number)","action":"\#(kind)","actor":{"id":"u\#(number % 40)","#
                lines +=
                    #""email":"u\#(number % 40)@example.com"},"resource":{"type":"api_key","id":"k\#(number % 500)"},"#
                lines += #""ip_address":"192.0.2.\#(number % 40 + month)","created_at":"2026-0\#(month)-"#
                lines += "\(10 + number / 500)T0\(number / 50 % 10):00:00Z\"}\n"
            }
        }
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/events.ndjson"))
        let result = try Tool.run(["import", "events.ndjson", "--archive", folder + "/archive"], in: folder)
        try #require(result.status == 0, "\(result.error)")
    }

    /// The bundle's files by name.
    private static func report(_ period: String, in folder: String, to output: String) throws -> [String: Data] {
        let path = folder + "/" + output
        let arguments = ["report", "--archive", folder + "/archive", "--output", path, "--period", period, "--quiet"]
        let result = try Tool.run(arguments, in: folder)
        try #require(result.status == 0, "\(result.error)")
        let latest = try BundleFiles.latest(in: path)
        let names = try FileManager.default.contentsOfDirectory(atPath: latest)
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try BundleFiles.read(latest + "/" + $0)) })
    }
}
