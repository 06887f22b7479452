import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Analysis
@testable import Evidence
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The page, the table and the XML of an overview say the same figures; what they look like is recorded.
@Suite struct FleetFiguresTests {
    /// Organizations of which each has something else, the same in every run.
    private func sample(_ count: Int, seed: UInt64) throws -> (TestFleet, [FleetMember]) {
        var random = SplitMix(state: seed)
        let fleet = try TestFleet()
        var members: [FleetMember] = []
        for number in 0..<count {
            var facts = TestFleet.facts("org-\(number)", "Organization \(number) & Söhne")
            facts.findings = Severity.allCases.flatMap { severity in
                Status.allCases.compactMap { status in
                    let count = Int.random(in: -3...2000, using: &random)
                    let isThere = count > 0 && Int.random(in: 0..<3, using: &random) == 0
                    return isThere
                        ? .init(status: status.rawValue, severity: severity.rawValue, count: count) : nil
                }
            }
            facts.controls = ControlCatalogue.controls.map { control in
                let status = Status.allCases.randomElement(using: &random) ?? .pass
                let open = [.fail, .notProven].contains(status) ? Int.random(in: 1...9, using: &random) : 0
                return ControlVerdict(
                    control: control.id,
                    severity: control.severity.rawValue,
                    status: status.rawValue,
                    subjects: 9,
                    open: open
                )
            }
            facts.summary?.events = Int.random(in: 0...5_000_000, using: &random)
            facts.summary?.new = Bool.random(using: &random) ? Int.random(in: 0...50, using: &random) : nil
            let new = facts.summary?.new
            facts.summary?.closed = new.map { $0 / 2 }
            facts.summary?.overdue = Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil
            if number % 7 == 3 { facts.controls = nil }
            if number % 5 == 2 { facts.summary?.completeness = "incomplete" }
            let bundle = number % 11 == 10 ? nil : try fleet.add(facts, in: "org-\(number)")
            if number % 2 == 0, bundle != nil {
                try Data().write(to: URL(fileURLWithPath: "\(fleet.output)/org-\(number)/index.html"))
            }
            if number % 13 == 1, let bundle { try FileManager.default.removeItem(atPath: bundle + "/SHA256SUMS") }
            members.append(
                FleetMember(id: "org-\(number)", folder: bundle.map { ($0 as NSString).deletingLastPathComponent })
            )
            if number % 4 == 1 {
                members[number].status = [0, 1, 65, 75][number / 4 % 4]
                members[number].lastRun = Instant(rfc3339: "2026-11-28T11:00:00Z")
                members[number].message = number / 4 % 4 == 2 ? "the ledger can't be read" : ""
            }
        }
        return (fleet, members)
    }

    private func attribute(_ name: String, _ tag: Substring) -> String {
        guard let begin = tag.range(of: " \(name)=\"") else { return "" }
        return String(tag[begin.upperBound...].prefix { $0 != "\"" })
    }

    @Test(arguments: [1, 2, 3] as [UInt64], ["en", "de"]) func everyFormatSaysTheSame(
        _ seed: UInt64,
        _ language: String
    ) throws {
        let (fleet, members) = try sample(40, seed: seed)
        let words = try TemplateLibrary.builtIn().words(language)
        let outcome = try fleet.overview(words).write(members)
        #expect(outcome.organizations == 40 && outcome.states.reduce(0) { $0 + $1.count } == 40)
        let records = TestFleet.records(try fleet.text("fleet.csv"))
        let columns = Dictionary(uniqueKeysWithValues: try #require(records.first).enumerated().map { ($1, $0) })
        let page = try fleet.text("index.html")
        let rows = page.matches(of: /<tr id="organization-\d+">(.*)<\/tr>/).map { String($0.1) }
        let matrix = PageText(page).section("matrix-title").split(separator: "<tr><th scope=\"row\">").dropFirst()
        let xml = try fleet.text("fleet.xml").split(separator: "<organization ").dropFirst()
        #expect(records.count == 41 && rows.count == 40 && xml.count == 40 && matrix.count == 40)
        func shown(_ number: String) -> String { Int(number).map { words.number($0) } ?? "" }
        for place in 0..<40 {
            func cell(_ name: String) -> String { columns[name].map { records[place + 1][$0] } ?? "no column" }
            let element = xml[xml.startIndex + place]
            #expect(
                attribute("id", " " + element) == cell("organization") && attribute("state", element) == cell("state")
            )
            // Tag by tag.
            let report =
                element.split(separator: "<report ").dropFirst().first.map { " " + $0.prefix { $0 != ">" } } ?? ""
            for (name, column) in [
                ("events", "events"), ("overdue", "overdue"), ("proven_to", "proven_to"), ("bundle", "bundle"),
                ("as_of", "as_of"), ("link", "link"), ("completeness", "completeness"),
            ] {
                #expect(attribute(name, report[...]) == cell(column), "\(name) of \(place)")
            }
            let kinds = element.matches(of: /<notice kind="([a-z_]+)"/).map { String($0.1) }
            #expect(kinds.joined(separator: "; ") == cell("notices"))
            var sums: [String: Int] = [:]
            for found in element.matches(of: /<findings severity="([a-z]+)" status="([a-z_]+)" count="(\d+)"/) {
                let count = try #require(Int(found.3))
                if ["fail", "not_proven"].contains(found.2) { sums[String(found.1), default: 0] += count }
                sums["= " + found.2, default: 0] += count
            }
            let isTold = !report.isEmpty
            for severity in Severity.allCases {
                #expect(cell(severity.rawValue) == (isTold ? "\(sums[severity.rawValue] ?? 0)" : ""))
            }
            for (column, status) in [
                ("failed", "fail"), ("not_proven", "not_proven"), ("passed", "pass"), ("manual", "manual"),
            ] {
                #expect(cell(column) == (isTold ? "\(sums["= " + status] ?? 0)" : ""))
            }
            // The page: its cells in the order of its columns.
            let cells = rows[place].matches(of: /<td class="n[^"]*" data-label="[^"]*">([^<]*)<\/td>/).map {
                String($0.1)
            }
            let plain = (["events"] + Severity.allCases.map(\.rawValue) + ["manual", "new", "closed", "overdue"]).map(
                cell
            )
            for (one, other) in zip(cells, plain) { #expect(other.isEmpty ? "?–".contains(one) : one == shown(other)) }
            #expect(cells.count == plain.count)
            #expect(rows[place].contains("k-\(cell("state"))\""))
            // The matrix.
            let verdicts = matrix[matrix.startIndex + place].matches(of: /<td class="v-[A-Z]">([^<]*)</).map {
                String($0.1)
            }
            let ids = records[0].drop { $0 != "trend" }.dropFirst()
            #expect(verdicts.count == ids.count && ids.count >= ControlCatalogue.controls.count)
            for (verdict, id) in zip(verdicts, ids) {
                let status = cell(id)
                #expect(verdict == (status.isEmpty ? words("fleet.untold") : words("verdict.\(status)")))
                let inXML = element.firstMatch(of: try Regex("<control id=\"\(id)\" status=\"([a-z_]+)\""))
                #expect((inXML?.output[1].substring).map(String.init) ?? "" == status)
            }
        }
    }

    @Test(arguments: ["en", "de"]) func overviewIsAsRecorded(_ language: String) throws {
        let (fleet, members) = try sample(14, seed: 5)
        _ = try fleet.overview(try TemplateLibrary.builtIn().words(language)).write(members)
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/fleet-\(language)"
        let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
        for name in ["index.html", "fleet.csv", "fleet.xml"] {
            let made = try Data(contentsOf: URL(fileURLWithPath: "\(fleet.output)/\(name)"))
            let golden = URL(fileURLWithPath: "\(folder)/\(name)")
            if isRecording {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try made.write(to: golden)
            } else {
                #expect(made == (try? Data(contentsOf: golden)), "\(language)/\(name) differs")
            }
        }
        #expect(!isRecording, "recorded; run the tests again without RECORD_GOLDEN")
    }

    // MARK: The templates

    @Test func theTemplatesNameWhatThereIs() throws {
        let (fleet, members) = try sample(14, seed: 5)
        let library = TemplateLibrary.builtIn()
        #expect(library.fleet.check().isEmpty)
        // Those of a user are held against the vocabulary.
        let texts = Dictionary(
            uniqueKeysWithValues: library.files.values.filter { !$0.name.hasSuffix(".xsd") }.map { ($0.name, $0.text) }
        )
        let own = TemplateLibrary(texts: texts)
        #expect(own.fleetProblems().isEmpty && own.unknownFleetNames().isEmpty)
        let values = FleetValues(
            standings: fleet.overview().read(members),
            words: .english,
            tool: "t",
            generatedAt: "2026-11-28T12:00:00Z",
            output: fleet.output
        ).all
        var real = Self.names(.object(values.scalars), "")
        // The documents' own.
        real.formUnion(["content_security_policy", "is_spreadsheet"])
        let known = Self.names(.members(TemplateVocabulary.fleet.root, isList: false), "")
        #expect(real.subtracting(known).sorted() == [])
        // Texts that only come up where there are too many of something.
        #expect(known.subtracting(real).filter { !$0.hasPrefix("silent.") }.sorted() == [])
        let document = try String(
            contentsOfFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path + "/docs/overview.md",
            encoding: .utf8
        )
        for name in known where !name.contains("words.") {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            #expect(document.contains("`\(last)`"), "docs/overview.md does not name \(name)")
        }
    }

    private static func names(_ value: TemplateValue, _ path: String) -> Set<String> {
        switch value {
        case .object(let members):
            members.reduce(into: []) { names, member in
                let name = path.isEmpty ? member.key : "\(path).\(member.key)"
                names.insert(name)
                names.formUnion(Self.names(member.value, name))
            }
        case .list(let elements): elements.reduce(into: []) { $0.formUnion(names($1, path)) }
        default: []
        }
    }

    private static func names(_ value: TemplateVocabulary.Value, _ path: String) -> Set<String> {
        guard case .members(let members, _) = value else { return [] }
        return members.reduce(into: []) { names, member in
            let name = path.isEmpty ? member.key : "\(path).\(member.key)"
            names.insert(name)
            names.formUnion(Self.names(member.value, name))
        }
    }

    /// An address may begin with a literal `./` where it is the overview's own, and in no other case.
    @Test func linksLeadToWhatStandsBeside() {
        func problems(_ link: String) -> [TemplateProblem] {
            let meta =
                "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{{content_security_policy}}\">"
            let page =
                "<!doctype html><html lang=\"en\"><head>\(meta)<title>t</title></head><body>\(link)</body></html>"
            return TemplateLibrary(texts: ["fleet/index.html": page]).fleetProblems()
        }
        let link = "{{#organizations}}{{#report_link}}<a href=\"./{{address}}\">x</a>{{/report_link}}{{/organizations}}"
        #expect(problems(link).isEmpty)
        for bad in [
            "<a href=\"{{address}}\">x</a>", "<a href=\"./{{name}}\">x</a>", "<a href=\"../{{address}}\">x</a>",
            "<a href=\"javascript:./{{address}}\">x</a>", "<img src=\"./{{address}}\" alt=\"\">",
            "<a href=\"/{{address}}\">x</a>",
            "<base href=\"./{{address}}\">",
        ] {
            #expect(problems(bad).contains { $0.file == "fleet/index.html" && $0.line == 1 }, "\(bad)")
        }
    }
}
