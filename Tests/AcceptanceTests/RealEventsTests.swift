import Foundation
import TestSupport
import Testing

/// Real events served and pulled, imported, and counted by somebody else: all three must agree.
@Suite struct RealEventsTests {
    @Test func pulledAndImportedEventsGiveTheSameTablesAsAnIndependentCount() throws {
        try withTemporaryFolder { folder in
            let events = try RealEvents.write(into: folder)

            let sandbox = try SandboxProcess(["--events", events, "--unlimited"], in: folder)
            let pull = try sandbox.run(["run", "--archive", "pulled", "--output", "pulled-output"], in: folder)
            #expect(pull.status == 0, "\(pull.error)")

            let imported = try Tool.run(["import", events, "--archive", "imported"], in: folder)
            #expect(imported.status == 0, "\(imported.error)")
            let report = try Tool.run(["report", "--archive", "imported", "--output", "imported-output"], in: folder)
            #expect(report.status == 0, "\(report.error)")

            let oracle = folder + "/oracle"
            try FileManager.default.createDirectory(atPath: oracle, withIntermediateDirectories: true)
            let script = Tool.repository + "/Tests/AcceptanceTests/Oracle/tables.py"
            let counted = try runCommand("python3", [script, events, oracle])
            try #require(counted.status == 0, "\(counted.error)")

            let pulledBundle = try BundleFiles.latest(in: folder + "/pulled-output")
            let importedBundle = try BundleFiles.latest(in: folder + "/imported-output")
            for table in BundleFiles.eventTables {
                let expected = try BundleFiles.read("\(oracle)/\(table)")
                #expect(expected == (try BundleFiles.read("\(pulledBundle)/\(table)")), "\(table) of the pull")
                #expect(expected == (try BundleFiles.read("\(importedBundle)/\(table)")), "\(table) of the import")
            }
            for bundle in [pulledBundle, importedBundle] {
                let sums = try runCommand("sha256sum", ["--quiet", "--strict", "-c", "SHA256SUMS"], in: bundle)
                #expect(sums.status == 0, "\(sums.output) \(sums.error)")
                let valid = try runCommand(
                    "xmllint",
                    ["--noout", "--schema", "audit-report.xsd", "report.xml"],
                    in: bundle
                )
                #expect(valid.status == 0, "\(valid.error)")
            }
            let verified = try Tool.run(
                ["verify", "--archive", "pulled", "--output", "pulled-output"],
                in: folder
            )
            #expect(verified.status == 0, "\(verified.error)")
        }
    }

    @Test func theSameArchiveGivesTheSameBytes() throws {
        try withTemporaryFolder { folder in
            let events = try RealEvents.write(into: folder)
            #expect(try Tool.run(["import", events], in: folder).status == 0)
            for output in ["first", "second"] {
                let report = try Tool.run(["report", "--output", output], in: folder)
                #expect(report.status == 0, "\(report.error)")
            }
            let difference = try runCommand("diff", ["-r", "first", "second"], in: folder)
            #expect(difference.status == 0, "\(difference.output)")
        }
    }
}
