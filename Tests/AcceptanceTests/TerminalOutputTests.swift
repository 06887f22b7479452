import Foundation
import TestSupport
import Testing

/// What the tool writes where: the result on standard output, colours for terminals alone, help with the exit status.
@Suite struct TerminalOutputTests {
    @Test func everyHelpEndsWithTheExitStatus() throws {
        try withTemporaryFolder { folder in
            let commands = [
                [], ["run"], ["pull"], ["report"], ["status"], ["verify"], ["acknowledge"], ["import"],
                ["organization"],
                ["organization", "show"], ["organization", "update"], ["settings"], ["settings", "show"],
                ["settings", "update"], ["controls"], ["templates"], ["templates", "export"], ["templates", "check"],
                ["sandbox"], ["demo"], ["doctor"],
            ]
            for command in commands {
                let help = try Tool.run(command + ["--help"], in: folder)
                #expect(help.status == 0, "\(command)")
                let parts = help.output.components(separatedBy: "\n\nEXIT STATUS\n")
                #expect(parts.count == 2 && parts[1].hasSuffix("  78  configuration\n"), "\(command): \(help.output)")
                let long = help.lines.filter { $0.count > 80 && !$0.hasPrefix("USAGE: ") }
                #expect(long.isEmpty, "\(command): \(long)")
            }
            for command in [[], ["templates"]] {
                let bare = try Tool.run(command, in: folder)
                #expect(bare.status == 64 && bare.output.contains("USAGE: "), "\(command)")
            }
            let version = try Tool.run(["--version"], in: folder)
            #expect(version.status == 0 && !version.output.contains("EXIT STATUS"))
        }
    }

    @Test func theResultIsFourLinesOrOneObject() throws {
        try withTemporaryFolder { folder in
            let demo = try Tool.run(["demo"], in: folder)
            #expect(demo.status == 0 && demo.lines.count == 4, "\(demo.output)")
            let pattern = /.+, all time: [0-9,]+ events, evidence complete to 20\d\d-\d\d-\d\d \d\d:\d\d UTC/
            #expect(demo.lines[0].wholeMatch(of: pattern) != nil, "\(demo.lines[0])")
            #expect(demo.lines[1].contains(" need attention: ") && demo.lines[3].hasPrefix("head    "))
            #expect(!demo.output.contains("\u{1B}") && !demo.error.contains("\u{1B}"), "colours are for terminals")
            let flags = ["--archive", "heedaudit-demo/archive", "--output", "heedaudit-demo/reports"]
            let again = try Tool.run(["report", "--json"] + flags, in: folder)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
            )
            let head = try #require(object["head"] as? String)
            #expect(demo.lines[3].contains(head.prefix(8) + "…" + head.suffix(7)))
            #expect((object["evidence"] as? [String: Any])?["state"] as? String == "complete")
            #expect((object["attention"] as? [Any])?.isEmpty == false && object["events"] as? Int ?? 0 > 1)
            let quiet = try Tool.run(["report", "--quiet"] + flags, in: folder)
            #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.error.isEmpty, "\(quiet)")
        }
    }

    /// `script` gives the tool a terminal of its own.
    @Test func aTerminalGetsColours() throws {
        try withTemporaryFolder { folder in
            for (environment, isColoured) in [
                (["TERM": "xterm", "NO_COLOR": nil], true), (["TERM": "xterm", "NO_COLOR": "1"], false),
                (["TERM": "dumb", "NO_COLOR": nil], false),
            ] as [([String: String?], Bool)] {
                let shown = try runCommand(
                    "script",
                    ["-qec", "\(Tool.path) demo", "/dev/null"],
                    environment: Tool.cleanEnvironment.merging(environment) { $1 },
                    in: folder
                )
                #expect(shown.output.contains("\u{1B}[3") == isColoured, "\(environment): \(shown.output)")
            }
        }
    }

    /// Times become dates in LibreOffice as it comes, whatever the language of its numbers.
    @Test(arguments: ["en-US", "de-DE", "fr-FR"])
    func libreOfficeTakesTimesForDates(_ locale: String) throws {
        try withTemporaryFolder { folder in
            let demo = try Tool.run(["demo", "--csv-profile", "libreoffice"], in: folder)
            try #require(demo.status == 0, "\(demo.error)")
            let bundle = try BundleFiles.latest(in: folder + "/heedaudit-demo/reports")
            let cells = try Spreadsheet.cells(ofCSV: bundle + "/events.csv", locale: locale, in: folder)
            let header = cells[0].map(\.text)
            #expect(header.suffix(4) == ["actor", "month", "weekday", "hour"])
            let rows = cells.dropFirst().filter { $0.count == header.count }
            #expect(rows.count > 100)
            #expect(rows.allSatisfy { $0[1].type == "date" }, "\(rows[0])")
            #expect(rows.allSatisfy { $0[0].type == "string" && $0[12].type == "float" })
            #expect(rows.allSatisfy { ["string", ""].contains($0[9].type) }, "some events have no actor")
            #expect(rows.allSatisfy { $0[10].text.wholeMatch(of: /20\d\d-\d\d/) != nil }, "\(rows[0])")
            #expect(rows.allSatisfy { $0[11].text.wholeMatch(of: /[1-7] [A-Z][a-z]{2}/) != nil }, "\(rows[0])")
            let actors = try Spreadsheet.cells(ofCSV: bundle + "/actors.csv", locale: locale, in: folder)
            #expect(actors.dropFirst().allSatisfy { $0.count < 8 || $0[6].type == "date" && $0[7].type == "date" })
        }
    }
}

/// LibreOffice as it comes, with the numbers and dates of a country.
enum Spreadsheet {
    /// A cell of a sheet: what it is to LibreOffice, and what it shows.
    struct Cell: Decodable {
        var type: String
        var text: String
    }

    /// The cells of a table that LibreOffice opens.
    static func cells(ofCSV path: String, locale: String, in folder: String) throws -> [[Cell]] {
        let profile = "\(folder)/office-\(locale)"
        try FileManager.default.createDirectory(atPath: profile + "/user", withIntermediateDirectories: true)
        let settings = """
            <?xml version="1.0" encoding="UTF-8"?>
            <oor:items xmlns:oor="http://openoffice.org/2001/registry">
            <item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">\
            <value>\(locale)</value></prop></item>
            </oor:items>
            """
        try settings.write(toFile: profile + "/user/registrymodifications.xcu", atomically: true, encoding: .utf8)
        let converted = try runCommand(
            "soffice",
            [
                "-env:UserInstallation=file://\(profile)", "--headless", "--convert-to", "fods", "--outdir", folder,
                path,
            ],
            in: folder
        )
        try #require(converted.status == 0, "\(converted.error)")
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let program = """
            import json, sys, xml.etree.ElementTree as tree
            office, table = ('{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}' % name for name in ('office', 'table'))
            rows = []
            for row in tree.parse(sys.argv[1]).iter(table + 'table-row'):
                rows.append([])
                for cell in row.iter(table + 'table-cell'):
                    one = {'type': cell.get(office + 'value-type') or '', 'text': ''.join(cell.itertext()).strip()}
                    rows[-1] += [one] * min(64, int(cell.get(table + 'number-columns-repeated') or 1))
            json.dump(rows, sys.stdout)
            """
        let read = try runCommand("python3", ["-c", program, "\(folder)/\(name).fods"])
        try #require(read.status == 0, "\(read.error)")
        return try JSONDecoder().decode([[Cell]].self, from: Data(read.output.utf8))
    }
}
