import Foundation
import TestSupport
import Testing

/// `heedaudit fleet` with the built tool: several organizations below one output folder.
@Suite struct FleetCommandTests {
    /// Two organizations of the demonstration, and one of which only events were imported.
    private func organizations(in folder: String) throws {
        let places = ["--archive", folder + "/archive", "--output", folder + "/output"]
        try #require(try Tool.run(["demo"] + places, in: folder).status == 0)
        let lines = (0..<30).map {
            "{\"id\":\"e\($0)\",\"action\":\"database.created\",\"created_at\":\"2026-03-01T00:00:\($0 + 10)Z\"}\n"
        }
        let input = Data(lines.joined().utf8)
        let imported = try Tool.run(
            ["import", "-", "--organization", "org-<b>", "--archive", folder + "/archive"],
            in: folder,
            input: input
        )
        try #require(imported.status == 0, "\(imported.error)")
        let report = try Tool.run(["report", "--organization", "org-<b>", "--format", "csv"] + places, in: folder)
        try #require(report.status == 0, "\(report.error)")
        let silent = try Tool.run(
            ["import", "-", "--organization", "org-silent", "--archive", folder + "/archive"],
            in: folder,
            input: input
        )
        try #require(silent.status == 0, "\(silent.error)")
    }

    private func records(_ folder: String) throws -> [[String]] {
        try String(contentsOfFile: folder + "/output/fleet.csv", encoding: .utf8).split(separator: "\r\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    @Test func allOrganizationsStandSideBySide() throws {
        try withTemporaryFolder { folder in
            try organizations(in: folder)
            let places = ["--archive", folder + "/archive", "--output", folder + "/output"]
            let made = try Tool.run(["fleet"] + places, in: folder)
            #expect(made.status == 0 && made.error.isEmpty, "\(made.error)")
            #expect(made.output.hasPrefix("3 organizations: 1 unknown, 2 critical"))
            let rows = try records(folder)
            #expect(rows.map { $0[1] } == ["organization", "org-silent", "org-123", "org-<b>"])
            #expect(rows[1][5] == "no_report" && rows[2][2] == "Acme Corp" && rows[2][3] == "pro")
            #expect(rows[3][5].contains("unknown_completeness") && rows[3][4] != "clear")
            // What the report says of itself.
            let controls = try String(contentsOfFile: folder + "/output/acme-corp/latest/controls.csv", encoding: .utf8)
            for line in controls.split(separator: "\r\n").dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let column = try #require(rows[0].firstIndex(of: cells[0]))
                #expect(rows[2][column] == cells[cells.count - 8], "\(cells[0])")
            }
            let files = ["\(folder)/output/fleet.xsd", "\(folder)/output/fleet.xml"]
            let valid = try runCommand("xmllint", ["--noout", "--schema"] + files)
            #expect(valid.status == 0, "\(valid.error)")
            let sums = try runCommand("sha256sum", ["--strict", "-c", "fleet.SHA256SUMS"], in: folder + "/output")
            #expect(sums.status == 0, "\(sums.output)\(sums.error)")
            try BrowsedReport(bundle: folder + "/output", folder: folder).isAccessible(page: "index.html")
            let german = try Tool.run(["overview", "--language", "de", "--json"] + places, in: folder)
            #expect(german.status == 0 && german.output.contains("\"organizations\":3"))
            try BrowsedReport(bundle: folder + "/output", folder: folder).isAccessible(page: "index.html")
            let page = try String(contentsOfFile: folder + "/output/index.html", encoding: .utf8)
            #expect(page.contains("<html lang=\"de\"") && page.contains("Wer nicht berichtet hat"))
        }
    }

    /// A sound report is no word for an archive that is gone since, nor sums that are gone for a page.
    @Test func whatIsGoneIsNamed() throws {
        try withTemporaryFolder { folder in
            try organizations(in: folder)
            let places = ["--archive", folder + "/archive", "--output", folder + "/output"]
            let (archive, files) = (folder + "/archive/org-123", FileManager.default)
            func notices() throws -> String {
                try #require(try Tool.run(["fleet"] + places, in: folder).status == 0)
                return try #require(try records(folder).first { $0[1] == "org-123" })[5]
            }
            #expect(try notices().isEmpty)
            let ledger = try String(contentsOfFile: archive + "/ledger.ndjson", encoding: .utf8)
            let first = ledger.split(separator: "\n")[0] + "\n"
            try first.write(toFile: archive + "/ledger.ndjson", atomically: true, encoding: .utf8)
            #expect(try notices().contains("_archive"))
            try ledger.write(toFile: archive + "/ledger.ndjson", atomically: true, encoding: .utf8)
            #expect(try notices().isEmpty)
            let segment = archive + "/events/00000001.ndjson"
            try (String(contentsOfFile: segment, encoding: .utf8) + "{}\n")
                .write(toFile: segment, atomically: true, encoding: .utf8)
            #expect(try notices() == "damaged_archive")
            try files.removeItem(atPath: folder + "/output/fleet.SHA256SUMS")
            for arguments in [["verify"] + places, ["verify", folder + "/output"]] {
                let bare = try Tool.run(arguments, in: folder)
                #expect(bare.status == 65 && bare.output.contains("fleet.SHA256SUMS"), "\(bare.output)")
            }
            for name in ["csv", "xml", "xsd"] { try files.removeItem(atPath: "\(folder)/output/fleet.\(name)") }
            let page = try Tool.run(["verify"] + places, in: folder)
            #expect(page.output.contains("output/index.html"), "\(page.output)")
        }
    }

    @Test func whatIsAlteredIsNamed() throws {
        try withTemporaryFolder { folder in
            try organizations(in: folder)
            let places = ["--archive", folder + "/archive", "--output", folder + "/output"]
            try #require(try Tool.run(["fleet"] + places, in: folder).status == 0)
            let sound = try Tool.run(["verify"] + places, in: folder)
            #expect(
                sound.status == 0 && !sound.error.contains("fleet") && !sound.error.contains("index.html"),
                "\(sound.error)"
            )
            #expect(try Tool.run(["verify", folder + "/output"], in: folder).status == 0)
            let page = folder + "/output/index.html"
            try "all is well".write(toFile: page, atomically: true, encoding: .utf8)
            for arguments in [["verify"] + places, ["verify", folder + "/output"]] {
                let forged = try Tool.run(arguments, in: folder)
                #expect(forged.status == 65 && forged.output.contains("index.html"), "\(forged.output)\(forged.error)")
            }
            // A report that somebody changed is no basis for figures.
            let manifest = folder + "/output/acme-corp/latest/manifest.json"
            let text = try String(contentsOfFile: manifest, encoding: .utf8)
            try text.replacing("\"fail\"", with: "\"pass\"").write(toFile: manifest, atomically: true, encoding: .utf8)
            let made = try Tool.run(["fleet"] + places, in: folder)
            #expect(made.status == 0 && made.output.contains("2 unknown"))
            #expect(try records(folder).filter { $0[5] == "damaged_report" }.map { $0[1] } == ["org-123"])
        }
    }

    /// Several configuration files, one after the other in a shell, and one overview.
    @Test func aLoopOverConfigurationsHasOneOverview() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(in: folder)
            for name in ["a"] {
                let text =
                    "base_url: \(sandbox.baseURL)\narchive: \(folder)/\(name)\noutput: \(folder)/output\n"
                try text.write(toFile: "\(folder)/\(name).yaml", atomically: true, encoding: .utf8)
            }
            for name in ["a"] {
                let ran = try Tool.run(
                    ["run", "--config", "\(name).yaml", "--quiet"],
                    in: folder,
                    environment: sandbox.environment
                )
                #expect(ran.status == 0, "\(ran.error)")
            }
            let made = try Tool.run(["fleet", "--output", folder + "/output", "--max-age", "3650d"], in: folder)
            #expect(made.status == 0 && made.output.hasPrefix("1 organization: "), "\(made.error)")
            let wrong = try Tool.run(["fleet", "--output", folder + "/output", "--max-age", "soon"], in: folder)
            #expect(wrong.status == 64)
            let nobody = try Tool.run(["fleet", "--output", folder + "/nowhere"], in: folder)
            #expect(nobody.status != 0 && nobody.error.contains("no organization has reports"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/nowhere"))
        }
    }

    /// A user's own page, brand and words; what is wrong in it is told with its place.
    @Test func templatesOfOnesOwn() throws {
        try withTemporaryFolder { folder in
            try organizations(in: folder)
            let templates = folder + "/templates"
            try FileManager.default.createDirectory(atPath: templates + "/fleet", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: templates + "/partials", withIntermediateDirectories: true)
            try ":root { --accent: #123456; }".write(
                toFile: templates + "/partials/brand.css",
                atomically: true,
                encoding: .utf8
            )
            try "id\n{{#organizations}}\n{{id}}\n{{/organizations}}\n".write(
                toFile: templates + "/fleet/fleet.csv",
                atomically: true,
                encoding: .utf8
            )
            let flags = [
                "--archive", folder + "/archive", "--output", folder + "/output", "--templates", templates,
            ]
            #expect(try Tool.run(["templates", "check", templates], in: folder).status == 0)
            #expect(try Tool.run(["fleet"] + flags, in: folder).status == 0)
            #expect(try records(folder).joined().sorted() == ["id", "org-123", "org-<b>", "org-silent"])
            #expect(try String(contentsOfFile: folder + "/output/index.html", encoding: .utf8).contains("#123456"))
            try "{{#organizations}}\n{{idd}}\n{{/organizations}}\n".write(
                toFile: templates + "/fleet/fleet.csv",
                atomically: true,
                encoding: .utf8
            )
            let wrong = try Tool.run(["fleet"] + flags, in: folder)
            #expect(wrong.status == 0 && wrong.error.contains("fleet/fleet.csv:2:1"), "\(wrong.error)")
        }
    }
}
