import Foundation
import TestSupport
import Testing

/// Every format of a report says the same, figure by figure.
@Suite struct FormatsTests {
    private static let formats = ["--format", "html,csv,xml,json"]

    private func agree(_ bundle: String) throws {
        let oracle = Tool.repository + "/Tests/AcceptanceTests/Oracle/formats.py"
        let found = try runCommand("python3", [oracle, bundle])
        #expect(found.status == 0, "\(found.output) \(found.error)")
        let sums = try runCommand("sha256sum", ["--check", "--quiet", "SHA256SUMS"], in: bundle)
        #expect(sums.status == 0, "\(sums.output)")
    }

    @Test func ofTheDemo() throws {
        try withTemporaryFolder { folder in
            try #require(try Tool.run(["demo"], in: folder).status == 0)
            let places = ["--archive", "heedaudit-demo/archive", "--output", "output"]
            let report = try Tool.run(["report", "--period", "all"] + Self.formats + places, in: folder)
            try #require(report.status == 0, "\(report.error)")
            try agree(folder + "/output/acme-corp/latest")
            #expect(try Tool.run(["verify"] + places, in: folder).status == 0)
            // A file that was added to is no part of a sound bundle.
            let schema = folder + "/output/acme-corp/latest/report.schema.json"
            try (String(contentsOfFile: schema, encoding: .utf8) + "\n")
                .write(toFile: schema, atomically: false, encoding: .utf8)
            let damaged = try Tool.run(["verify"] + places, in: folder)
            #expect(damaged.status == 65 && (damaged.output + damaged.error).contains("report.schema.json"))
        }
    }

    @Test func ofAnEmptyOrganization() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/none.ndjson"))
            try #require(
                try Tool.run(["import", "--organization", "empty", "none.ndjson"], in: folder).status == 0
            )
            try "format: [html, csv, xml, json]\n"
                .write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            let report = try Tool.run(["report"], in: folder)
            try #require(report.status == 0, "\(report.error)")
            try agree(folder + "/output/empty/latest")
        }
    }

    @Test func ofADamagedArchive() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "400", "--unlimited"], in: folder)
            try #require(try sandbox.run(["pull"], in: folder).status == 0)
            let segment = folder + "/archive/org-123/events/00000001.ndjson"
            let text = try String(contentsOfFile: segment, encoding: .utf8)
            try text.replacing("database.created", with: "database.deleted")
                .write(toFile: segment, atomically: false, encoding: .utf8)
            let report = try Tool.run(["report", "--period", "all"] + Self.formats, in: folder)
            try #require(report.status == 65, "\(report.error)")
            let output = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/output").first)
            try agree("\(folder)/output/\(output)/latest")
        }
    }
}
