import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Analysis
@testable import Evidence
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The overview says no more than the reports bear out: whoever has none that can be believed never looks sound.
@Suite struct FleetTests {
    private static let now = TestFleet.now

    private func only(_ fleet: TestFleet, _ member: FleetMember) throws -> FleetStanding {
        try #require(fleet.overview().read([member]).first)
    }

    @Test func aSoundReportWithNothingOpenIsClear() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme")
        let standing = try only(fleet, FleetMember(id: "org-1"))
        #expect(standing.state == .clear && standing.notices.isEmpty)
    }

    /// What is wrong with one organization's folder, and what has to be said of it.
    private static let damages: [(String, FleetReport.Refusal, @Sendable (String) throws -> Void)] = [
        (
            "a figure changed", .changed,
            {
                let file = $0 + "/manifest.json"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                try text.replacing("1284", with: "1285").write(toFile: file, atomically: true, encoding: .utf8)
            }
        ),
        ("no manifest", .noManifest, { try FileManager.default.removeItem(atPath: $0 + "/manifest.json") }),
        ("no sums", .noSums, { try FileManager.default.removeItem(atPath: $0 + "/SHA256SUMS") }),
        (
            "a longer file", .otherFiles,
            { try "report.html and more".write(toFile: $0 + "/report.html", atomically: true, encoding: .utf8) }
        ),
        ("a file is gone", .otherFiles, { try FileManager.default.removeItem(atPath: $0 + "/controls.csv") }),
        ("the link leads nowhere", .lostLatest, { try FileManager.default.removeItem(atPath: $0) }),
        (
            "the link leads elsewhere", .lostLatest,
            {
                let link = $0 + "/../latest"
                try FileManager.default.removeItem(atPath: link)
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../acme")
            }
        ),
        (
            "a link in the place of a file", .otherFiles,
            {
                try FileManager.default.removeItem(atPath: $0 + "/report.html")
                try FileManager.default.createSymbolicLink(
                    atPath: $0 + "/report.html",
                    withDestinationPath: "manifest.json"
                )
            }
        ),
    ]

    @Test(arguments: damages.indices) func aReportThatIsNotWhatWasSealedIsNotBelieved(_ place: Int) throws {
        let (name, reason, damage) = Self.damages[place]
        let fleet = try TestFleet()
        let bundle = try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme")
        try damage(bundle)
        let member = FleetMember(id: "org-1", folder: "\(fleet.output)/acme")
        let standing = try only(fleet, member)
        #expect(standing.state == .unknown && standing.notices.first == .damagedReport, "\(name)")
        #expect(standing.refusal == reason && standing.report == nil, "\(name)")
        _ = try fleet.overview().write([member])
        let row = TestFleet.records(try fleet.text("fleet.csv"))[1]
        // Rank, id, name, state, notice and folder; not one figure.
        #expect(row.filter { !$0.isEmpty } == ["1", "org-1", "org-1", "unknown", "damaged_report", "acme"], "\(name)")
        let page = try fleet.text("index.html")
        #expect(
            !page.contains("1,284")
                && page.contains(IndexPage.escaped(Words.english("fleet.reason_\(reason.rawValue)"))),
            "\(name)"
        )
    }

    @Test func anotherOrganizationsOrBundlesManifestIsNotBelieved() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-2", "Acme"), in: "acme")
        let folder = "\(fleet.output)/acme"
        #expect(try only(fleet, FleetMember(id: "org-1", folder: folder)).refusal == .otherOrganization)
        try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme") { $0.bundle = "2026-11-00000000-000000" }
        #expect(try only(fleet, FleetMember(id: "org-1", folder: folder)).refusal == .otherName)
        try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme") { $0.files.removeLast() }
        #expect(try only(fleet, FleetMember(id: "org-1", folder: folder)).refusal == .otherFiles)
    }

    @Test func whatAReportDoesNotTellIsSaid() throws {
        let cases: [(FleetNotice, FleetState, (inout BundleFacts) -> Void, (inout Manifest) -> Void)] = [
            (.otherFormat, .doubtful, { $0.controls = nil }, { _ in }),
            (.otherFormat, .doubtful, { $0.summary = nil }, { _ in }),
            (.otherFormat, .doubtful, { _ in }, { $0.evidenceState = nil }),
            (.otherFormat, .doubtful, { $0.findings[0].status = "wonderful" }, { _ in }),
            (.otherFormat, .doubtful, { $0.findings[0].count = -1 }, { _ in }),
            (.damagedEvidence, .unknown, { $0.evidenceState = .damaged }, { _ in }),
            (.restoredEvidence, .doubtful, { $0.evidenceState = .restored }, { _ in }),
            (.incomplete, .doubtful, { $0.summary?.completeness = "incomplete" }, { _ in }),
            (.unknownCompleteness, .doubtful, { $0.summary?.completeness = "unknown" }, { _ in }),
            (.stale, .doubtful, { $0.asOf = "2026-11-20T02:00:00Z" }, { _ in }),
            (.ahead, .doubtful, { $0.asOf = "2026-11-29T02:00:00Z" }, { _ in }),
        ]
        for (notice, state, ofFacts, ofManifest) in cases {
            let fleet = try TestFleet()
            var facts = TestFleet.facts("org-1", "Acme")
            ofFacts(&facts)
            try fleet.add(facts, in: "acme", change: ofManifest)
            let standing = try only(fleet, FleetMember(id: "org-1"))
            #expect(standing.notices == [notice] && standing.state == state, "\(notice)")
        }
        let archives: [(FleetNotice, FleetState)] = [
            (.noArchive, .unknown), (.damagedArchive, .unknown), (.shortenedArchive, .doubtful),
            (.unreadableArchive, .doubtful),
        ]
        for (notice, state) in archives {
            let fleet = try TestFleet()
            try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme")
            var member = FleetMember(id: "org-1")
            member.archive = notice
            let standing = try only(fleet, member)
            #expect(standing.notices == [notice] && standing.state == state, "\(notice)")
        }
        let fleet = try TestFleet()
        let nobody = try only(fleet, FleetMember(id: "org-9"))
        #expect(nobody.notices == [.noReport] && nobody.state == .unknown)
    }

    @Test func aRunThatFailedBehindTheReportIsSaid() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme")
        func notices(_ status: Int?, _ time: String?) throws -> [FleetNotice] {
            let run = time.flatMap { Instant(rfc3339: $0) }
            return try only(fleet, FleetMember(id: "org-1", status: status, message: "no token", lastRun: run)).notices
        }
        #expect(try notices(77, "2026-11-28T03:00:00Z") == [.runFailed])
        #expect(try notices(77, nil) == [.runFailed])
        #expect(try notices(75, "2026-11-28T03:00:00Z") == [.runUnfinished])
        // The report came later, so that failure is over.
        #expect(try notices(77, "2026-11-27T03:00:00Z") == [])
        #expect(try notices(0, "2026-11-28T03:00:00Z") == [] && notices(1, nil) == [])
        // One that a wrong clock dated is not later than a run of today.
        try fleet.add(TestFleet.facts("org-1", "Acme", asOf: "2036-11-28T02:00:00Z"), in: "acme")
        #expect(try notices(77, "2026-11-28T03:00:00Z") == [.runFailed, .ahead])
        #expect(try notices(0, "2026-11-28T03:00:00Z") == [.ahead])
    }

    /// A run that found nothing new writes no report, and is a sign of life all the same; one that failed is none.
    @Test func silenceIsReckonedFromTheLastRunThatWorked() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-1", "Acme", asOf: "2026-11-10T02:00:00Z"), in: "acme")
        func notices(_ status: Int?) throws -> [FleetNotice] {
            let run = Instant(rfc3339: "2026-11-28T03:00:00Z")
            return try only(fleet, FleetMember(id: "org-1", status: status, lastRun: run)).notices
        }
        #expect(try notices(0) == [] && notices(69) == [.runFailed, .stale])
        var overview = fleet.overview()
        overview.schedule = RunSchedule(every: 3600)
        let run = Instant(rfc3339: "2026-11-28T03:00:00Z")
        let hourly = overview.read([FleetMember(id: "org-1", status: 0, lastRun: run)])
        #expect(hourly.first?.notices == [.stale])
    }

    @Test func theWorstStandFirst() throws {
        let fleet = try TestFleet()
        let findings: [(String, [(String, String, Int)])] = [
            ("one-critical", [("fail", "critical", 1), ("fail", "high", 9)]),
            ("two-critical", [("fail", "critical", 1), ("not_proven", "critical", 1)]),
            ("high", [("fail", "high", 1)]), ("medium", [("fail", "medium", 40)]), ("low", [("not_proven", "low", 1)]),
            ("manual", [("manual", "critical", 5)]), ("waived", [("waived", "critical", 5)]),
        ]
        for (id, counts) in findings {
            var facts = TestFleet.facts(id, id)
            facts.findings = counts.map { .init(status: $0.0, severity: $0.1, count: $0.2) }
            try fleet.add(facts, in: id)
        }
        var late = TestFleet.facts("late", "late")
        late.summary?.overdue = 2
        try fleet.add(late, in: "late")
        let order = fleet.overview().read(FleetMember.all(in: fleet.output) + [FleetMember(id: "nobody")])
        #expect(
            order.map(\.member.id) == [
                "nobody", "two-critical", "one-critical", "high", "medium", "low", "late", "manual", "waived",
            ]
        )
        #expect(
            order.map(\.state) == [.unknown, .critical, .critical, .high, .medium, .low, .overdue, .review, .clear]
        )
    }

    @Test func theTrendIsTheReportsThatEachWasComparedWith() throws {
        let fleet = try TestFleet()
        var before: String?
        for day in 1...20 {
            var facts = TestFleet.facts("org-1", "Acme", asOf: "2026-11-\(day < 10 ? "0" : "")\(day)T02:00:00Z")
            facts.findings = [.init(status: "fail", severity: "low", count: day)]
            facts.inputs["compared_with"] = before
            before = (try fleet.add(facts, in: "acme") as NSString).lastPathComponent
        }
        let line = try only(fleet, FleetMember(id: "org-1")).line
        #expect(line.map(\.open) == Array(9...20))
        // A report that is compared with itself, or with one that is gone, ends the row.
        var facts = TestFleet.facts("org-1", "Acme")
        facts.inputs["compared_with"] = "2026-11-\(facts.evidence.head.prefix(8))-000000"
        try fleet.add(facts, in: "acme")
        #expect(try only(fleet, FleetMember(id: "org-1")).line.count == 1)
        facts.inputs["compared_with"] = "../../etc"
        try fleet.add(facts, in: "acme")
        #expect(try only(fleet, FleetMember(id: "org-1")).line.count == 1)
    }

    @Test func hostileTextsStayTexts() throws {
        let fleet = try TestFleet()
        let evil = "<script>alert(1)</script>=HYPERLINK(\"x\")\u{202E}"
        var facts = TestFleet.facts(evil, "=1+1" + evil)
        facts.organization.plan = evil
        facts.controls?.append(
            ControlVerdict(control: evil, severity: "high", status: "fail", subjects: .max, open: .max)
        )
        facts.findings.append(.init(status: "fail", severity: "low", count: .max))
        facts.findings.append(.init(status: "fail", severity: "high", count: .max))
        try fleet.add(facts, in: "a b\"><img src=x>&#:")
        var long = TestFleet.facts("long", String(repeating: "A", count: 2_000_000))
        long.summary?.new = .max
        long.summary?.closed = .min
        try fleet.add(long, in: "long")
        let members = FleetMember.all(in: fleet.output).map { member in
            FleetMember(id: member.id, folder: member.folder, status: 65, message: evil)
        }
        _ = try fleet.overview().write(members)
        let page = try fleet.text("index.html")
        #expect(!page.contains("<script>alert") && !page.contains("<img") && page.utf8.count < 200_000)
        #expect(page.contains("href=\"./a%20b%22%3E%3Cimg%20src%3Dx%3E%26%23%3A/latest/report.html\""))
        let cells = TestFleet.records(try fleet.text("fleet.csv")).joined()
        #expect(!cells.contains { $0.hasPrefix("=") } && cells.contains { $0.hasPrefix("'=1+1") })
    }

    @Test func theOverviewIsSealed() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-1", "Acme"), in: "acme")
        #expect(FleetSeal.verify(fleet.output) == nil)
        _ = try fleet.overview().write(FleetMember.all(in: fleet.output))
        let outcome = try #require(FleetSeal.verify(fleet.output))
        #expect(outcome.discrepancies.isEmpty && outcome.filesChecked == 4)
        #expect(!BundleVerifier.looksLikeOrganization(fleet.output) && !BundleVerifier.looksLikeBundle(fleet.output))
        let page = fleet.output + "/index.html"
        try "all is well".write(toFile: page, atomically: true, encoding: .utf8)
        #expect(FleetSeal.verify(fleet.output)?.discrepancies.map(\.file) == [page])
        // What a run that was cut short had on its way is not forged.
        let sums = "\(Digest.sha256(Array("all is well".utf8)))  index.html\n"
        try sums.write(toFile: fleet.output + "/" + FleetSeal.next, atomically: true, encoding: .utf8)
        #expect(FleetSeal.verify(fleet.output)?.discrepancies.isEmpty == true)
        _ = try fleet.overview().write(FleetMember.all(in: fleet.output))
        #expect(FleetSeal.verify(fleet.output)?.discrepancies.isEmpty == true)
        #expect(try PlainFile.names(in: fleet.output).filter { $0.hasPrefix(".") } == [])
    }

    @Test func foldersAreSettledInTheOrderOfTheConfiguration() throws {
        let fleet = try TestFleet()
        try fleet.add(TestFleet.facts("org-3", "Acme"), in: "acme")
        try fleet.add(TestFleet.facts("org-4", "Old"), in: "old-name")
        let organizations = [
            ("org-1", "acme"), ("org-2", "beta"), ("org-3", "acme"), ("org-4", "beta"), ("org-5", "beta"),
            ("org-6", "index.html"), ("org-7", "Fleet.CSV"), ("fleet.xml", "fleet.xml"), ("org-8", "index-3.html"),
        ]
        var names: [String] = []
        for (id, slug) in organizations {
            names.append(
                OrganizationFolder.name(for: id, slug: slug, in: fleet.output, isTaken: names.contains)
            )
        }
        #expect(
            names == [
                "acme-org-1", "beta", "acme", "old-name", "beta-org-5", "org-6", "org-7",
                "fleet.xml-\(Digest.sha256(Array("fleet.xml".utf8)).prefix(8))", "org-8",
            ]
        )
        #expect(OrganizationFolder.name(for: "org-6", slug: "index.html", in: fleet.output) == "org-6")
    }

    @Test func aGroupTakesAFolderAndWhatIsMadeInIt() throws {
        #expect(OutputGroup("no group of this system") == nil && OutputGroup("root")?.number == 0)
        let number = getuid() == 0 ? 1 : getgid()
        let group = try #require(OutputGroup(String(number)))
        let fleet = try TestFleet()
        try group.take(fleet.output)
        try "x".write(toFile: fleet.output + "/file", atomically: false, encoding: .utf8)
        for path in [fleet.output, fleet.output + "/file"] {
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_gid == number, "\(path)")
        }
        #expect(throws: ReportingError.self) { try group.take(fleet.output + "/nowhere") }
    }
}
