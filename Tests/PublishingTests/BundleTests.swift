import ReportSupport
import Analysis
import Evidence
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct BundleTests {
    private func temporaryFolder() throws -> String {
        let path = temporaryPath()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func facts(entry: Int = 7, head: String = "9f2c", state: EvidenceState = .sound) -> BundleFacts {
        var facts = facts(entry: entry, head: head)
        facts.evidenceState = state
        return facts
    }

    private func facts(entry: Int, head: String) -> BundleFacts {
        BundleFacts(
            organization: .init(id: "org-1", name: "Acme <b>"),
            folder: "acme/../corp",
            period: .init(name: "2026-03", kind: "month", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z"),
            timeZone: "UTC",
            asOf: "2026-04-01T02:00:00Z",
            generatedAt: "2026-04-01T02:00:00Z",
            tool: "heedaudit \(Release.version)",
            evidence: .init(head: head + String(repeating: "0", count: 60), entry: entry),
            inputs: ["theme": "plain"],
            findings: [.init(status: "fail", severity: "high", count: 2)]
        )
    }

    private let texts = [
        "actors.csv": "id,count\n{{#actors}}\n{{id}},{{count}}\n{{/actors}}\n",
        "report.html": """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{{content_security_policy}}">
        <title>{{title}}</title>
        <style>
          {{>style.css}}
        </style></head><body>{{#actors}}<p><bdi>{{id}}</bdi></p>{{/actors}}{{^actors}}none{{/actors}}</body></html>
        """,
        "partials/style.css": "p{color:#123}\n.x{}\n",
        "list.xml": "<a>{{#actors}}<b id=\"{{id}}\"{{#count}} n=\"{{count}}\"{{/count}}/>{{/actors}}</a>",
    ]

    /// Whoever reads the events anyway shall not read them again for events.csv; for spreadsheets it names more than them.
    @Test(arguments: [CSVProfile.rfc4180, .excel, .sheets])
    func theTableOfEventsIsBegunWhileTheyAreRead(_ profile: CSVProfile) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let begun = try BegunBundle(
            BundlePublisher(output: folder),
            "acme",
            library: TemplateLibrary(overlay: nil),
            of: [.csv],
            profile: profile
        )
        let files = try FileManager.default.contentsOfDirectory(atPath: begun.staging.path)
        #expect(files.contains("events.csv") == !profile.isForSpreadsheet, "\(files)")
    }

    /// Tables that are rendered ahead are the same; nothing is left of a bundle that is given up meanwhile.
    @Test func tablesAreBegunWhileVerdictsAreFound() throws {
        let (plain, output) = (try temporaryFolder(), try temporaryFolder())
        defer { for folder in [plain, output] { try? FileManager.default.removeItem(atPath: folder) } }
        let (library, values) = (TemplateLibrary(texts: texts), values)
        func begin() throws -> BegunBundle {
            let begun = try BegunBundle(
                BundlePublisher(output: output),
                facts().folder,
                library: library,
                of: facts().formats,
                profile: .rfc4180
            )
            begun.begin { values.tables }
            return begun
        }
        let given = try begin().staging.path
        #expect(!FileManager.default.fileExists(atPath: given))
        let bundle = try BundlePublisher(output: output)
            .publish(facts: facts(), values: values, library: library, begun: begin())
        #expect(try bundle.files == publish(plain, facts: facts()).files)
        #expect(bundle.files.contains { $0.name == "actors.csv" })
    }

    private var values: TemplateValues {
        let table = SampleTable(
            columns: [.init(name: "id", kind: .text), .init(name: "count", kind: .number)],
            rows: nastyValues.map { [SampleCell($0), SampleCell(3)] }
        )
        return TemplateValues(scalars: ["title": "Report"], tables: ["actors": table])
    }

    private func publish(
        _ output: String,
        facts: BundleFacts,
        texts: [String: String]? = nil,
        latest: LatestRule = LatestRule()
    ) throws -> PublishedBundle {
        try BundlePublisher(output: output).publish(
            facts: facts,
            values: values,
            library: TemplateLibrary(texts: texts ?? self.texts),
            latest: latest
        )
    }

    private func tree(_ path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    }

    @Test func publishesWholeBundles() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts())
        #expect(!bundle.reused && bundle.isLatest)
        #expect(bundle.name.hasPrefix("2026-03-9f2c0000-"))
        #expect(bundle.files.map(\.name) == ["SHA256SUMS", "actors.csv", "list.xml", "manifest.json", "report.html"])
        #expect(try Checksums.verified(bundle: bundle.path) != nil)
        let parent = (bundle.path as NSString).deletingLastPathComponent
        #expect((parent as NSString).deletingLastPathComponent == output)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: parent + "/latest") == bundle.name)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
                == [bundle.name, "SHA256SUMS", "index.html", "latest"].sorted()
        )
        let mode =
            try FileManager.default.attributesOfItem(atPath: bundle.path + "/actors.csv")[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let check = Process()
        check.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        check.arguments = ["--strict", "--quiet", "-c", "SHA256SUMS"]
        check.currentDirectoryURL = URL(fileURLWithPath: bundle.path)
        try check.run()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
    }

    @Test func leavesVerifiedBundlesAsTheyAre() throws {
        let output = try temporaryFolder()
        let first = try publish(output, facts: facts())
        let second = try publish(output, facts: facts())
        #expect(second.reused && second.files.map(\.sha256) == first.files.map(\.sha256))
        try Data("x".utf8).write(to: URL(fileURLWithPath: first.path + "/actors.csv"))
        #expect(throws: ReportingError.self) { try publish(output, facts: facts()) }
    }

    @Test func movesLatestForwardOnly() throws {
        let output = try temporaryFolder()
        let newer = try publish(output, facts: facts(entry: 9, head: "aaaa"))
        let older = try publish(output, facts: facts(entry: 8, head: "bbbb"))
        #expect(newer.isLatest && !older.isLatest)
        let parent = (newer.path as NSString).deletingLastPathComponent
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: parent + "/latest") == newer.name)
        let page = try String(contentsOfFile: parent + "/index.html", encoding: .utf8)
        let places = [newer.name, older.name].compactMap { page.range(of: $0)?.lowerBound }
        #expect(places.count == 2 && places[0] < places[1])
        #expect(!page.contains("<b>"))
    }

    @Test func damagedEvidenceTakesLatestAndTheFirstSoundOneTakesItBack() throws {
        let output = try temporaryFolder()
        let sound = try publish(output, facts: facts())
        let damaged = try publish(output, facts: facts(state: .damaged))
        #expect(damaged.name != sound.name && damaged.isLatest)
        // An earlier head than that of the damaged one, or its own again: `latest` no longer says damaged.
        #expect(try publish(output, facts: facts()).isLatest)
        _ = try publish(output, facts: facts(entry: 8, head: "aaaa", state: .damaged))
        #expect(try publish(output, facts: facts()).isLatest)
        #expect(!(try publish(output, facts: facts(entry: 6, head: "bbbb")).isLatest))
    }

    @Test func whatTheChainDoesNotHoldDoesNotKeepLatest() throws {
        let output = try temporaryFolder()
        _ = try publish(output, facts: facts(entry: 9, head: "aaaa"))
        let rule = LatestRule(isHeld: { entry, _ in entry < 9 })
        #expect(try publish(output, facts: facts(entry: 8, head: "bbbb"), latest: rule).isLatest)
    }

    @Test func aLookBackLeavesLatest() throws {
        let output = try temporaryFolder()
        _ = try publish(output, facts: facts())
        var february = facts(entry: 8, head: "aaaa")
        (february.period.name, february.period.from) = ("2026-02", "2026-02-01T00:00:00Z")
        february.period.to = "2026-03-01T00:00:00Z"
        #expect(!(try publish(output, facts: february, latest: LatestRule(mayLookBack: true)).isLatest))
        #expect(try publish(output, facts: february).isLatest)
    }

    @Test func aFolderInThePlaceOfLatestIsPutBack() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts())
        let latest = (bundle.path as NSString).deletingLastPathComponent + "/latest"
        try FileManager.default.removeItem(atPath: latest)
        try FileManager.default.copyItem(atPath: bundle.path, toPath: latest)
        #expect(try publish(output, facts: facts(entry: 8, head: "aaaa")).isLatest)
        #expect(try Checksums.verified(bundle: bundle.path) != nil)
        try FileManager.default.removeItem(atPath: latest)
        try FileManager.default.createDirectory(atPath: latest, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: latest + "/somebody's"))
        #expect(throws: ReportingError.self) { try publish(output, facts: facts(entry: 9, head: "bbbb")) }
        #expect(FileManager.default.fileExists(atPath: latest + "/somebody's"))
    }

    /// SMB, git and zip make a small file of a link; what it names stays the latest bundle where the rule says so.
    @Test func aFileInThePlaceOfLatestIsMended() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts(entry: 9, head: "bbbb"))
        let latest = (bundle.path as NSString).deletingLastPathComponent + "/latest"
        let padding = String(repeating: " ", count: 900)
        for text in [
            bundle.name, "\(bundle.name)\n", "XSym\n0027\nabc\n\(bundle.name)\n\(padding)", "x", "../elsewhere", "",
        ] {
            try FileManager.default.removeItem(atPath: latest)
            try Data(text.utf8).write(to: URL(fileURLWithPath: latest))
            // Of earlier evidence: it takes `latest` only where nothing tells which one had it.
            let earlier = try publish(output, facts: facts(entry: 8, head: "aaaa"))
            let isNamed = text.contains(bundle.name)
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: latest)
            #expect(target == (isNamed ? bundle.name : earlier.name) && earlier.isLatest != isNamed, "\(text)")
        }
        try FileManager.default.removeItem(atPath: latest)
        try Data(count: 5_000).write(to: URL(fileURLWithPath: latest))
        #expect(throws: ReportingError.self) { try publish(output, facts: facts(entry: 9, head: "bbbb")) }
        #expect(FileManager.default.fileExists(atPath: latest))
    }

    /// A run that was killed between the page and its digest leaves a page that the digests it had written name.
    @Test func aPageThatIsNewerThanItsDigestIsNoForgery() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts())
        let folder = (bundle.path as NSString).deletingLastPathComponent
        let (page, next) = (folder + "/index.html", folder + "/.SHA256SUMS.next")
        try Data("<p>another</p>".utf8).write(to: URL(fileURLWithPath: page))
        let forged = try BundleVerifier.verify(organizationAt: folder).outcome
        #expect(forged.discrepancies.map(\.file) == [page])
        let digest = Digest.sha256("<p>another</p>".utf8)
        try Data("\(digest)  index.html\n".utf8).write(to: URL(fileURLWithPath: next))
        let left = try BundleVerifier.verify(organizationAt: folder).outcome
        #expect(left.discrepancies.isEmpty && left.notices.contains { $0.contains("newer than its digest") })
        try Data("\(digest)  other.html\n".utf8).write(to: URL(fileURLWithPath: next))
        #expect(try BundleVerifier.verify(organizationAt: folder).outcome.discrepancies.count == 1)
        _ = try publish(output, facts: facts())
        #expect(try BundleVerifier.verify(organizationAt: folder).outcome.discrepancies.isEmpty)
    }

    @Test func aFolderBelongsToOneOrganization() throws {
        let output = try temporaryFolder()
        func folder(_ id: String, _ slug: String = "acme") -> String {
            OrganizationFolder.name(for: id, slug: slug, in: output)
        }
        var first = facts()
        first.folder = folder("org-1")
        _ = try publish(output, facts: first)
        #expect(folder("org-1") == "acme" && folder("org-2") == "acme-org-2")
        var second = facts(entry: 9, head: "aaaa")
        (second.organization.id, second.folder) = ("org-2", folder("org-2"))
        _ = try publish(output, facts: second)
        #expect(folder("org-1") == "acme" && folder("org-2") == "acme-org-2")
        // A renamed slug keeps the folder; ids are told apart by their bytes.
        #expect(folder("org-1", "newname") == "acme" && folder("org-2", "acme-corp") == "acme-org-2")
        #expect(folder("caf\u{E9}") != folder("cafe\u{301}"))
        second.folder = "acme"
        #expect(throws: ReportingError.self) { try publish(output, facts: second) }
        let page = try String(contentsOfFile: output + "/acme/index.html", encoding: .utf8)
        #expect(page.contains("1 report, newest evidence first"))
    }

    @Test(arguments: ["<a>{{#actors}}<b id=\"{{id}}\"></c>{{/actors}}</a>", "<a>&nbsp;</a>", "<a>", ""])
    func leavesNothingOfARefusedReport(_ xml: String) throws {
        let output = try temporaryFolder()
        var texts = texts
        texts["list.xml"] = xml
        do {
            _ = try publish(output, facts: facts(), texts: texts)
            Issue.record("published")
        } catch let error as ReportingError {
            #expect(error.code == .invalidReport || error.code == .template)
            #expect(error.summary.contains("list.xml:"))
        }
        #expect(try tree(output).filter { $0.contains("/") } == [])
    }

    @Test func says73WhereNothingCanBeCreated() throws {
        let output = try temporaryFolder()
        try Data().write(to: URL(fileURLWithPath: output + "/file"))
        do {
            _ = try publish(output + "/file/deeper", facts: facts())
            Issue.record("published")
        } catch let error as ReportingError {
            #expect(error.code == .cannotCreate)
        }
    }

    @Test func hashesScriptsAndStylesAsRendered() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts())
        let page = try String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8)
        let style = try #require(
            page.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first
        )
        #expect(style == "\n  p{color:#123}\n  .x{}\n            ".replacingOccurrences(of: "            ", with: ""))
        let hash = ContentSecurityPolicy(styles: [style], scripts: []).text
        var counts = EscapingCounts()
        #expect(page.contains(Escaping(.html).escaped(hash, counts: &counts)))
    }

    @Test func removesWhatAKilledRunLeft() throws {
        let output = try temporaryFolder()
        let bundle = try publish(output, facts: facts())
        let parent = (bundle.path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent + "/.partial-abc123", withIntermediateDirectories: true)
        _ = try publish(output, facts: facts(entry: 8, head: "cccc"))
        #expect(try !tree(parent).contains(".partial-abc123"))
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "../x", "latest", "index.html", ".hidden", "-x", "é", String(repeating: "a", count: 300),
    ])
    func makesNamesSafe(_ name: String) {
        let safe = PathComponent.safe(name)
        #expect(!safe.isEmpty && !safe.contains("/") && !safe.hasPrefix(".") && safe.utf8.count < 120)
        #expect(safe != name && safe != "latest" && PathComponent.safe("acme-corp") == "acme-corp")
    }

    @Test func aLinkThatTheFileSystemRefusesIsNotSaidToStand() throws {
        let output = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: output) }
        let bundle = try publish(output, facts: facts())
        #expect(bundle.isLatest)
        let folder = (bundle.path as NSString).deletingLastPathComponent
        var index = BundleIndex(folder: folder, organization: "org-1", mode: .group)
        index.makeLink = { _, _ in
            errno = EPERM
            return -1
        }
        #expect(try index.update(for: bundle.name, facts(), LatestRule()), "the link stands already")
        unlink(folder + "/latest")
        #expect(try !index.update(for: bundle.name, facts(), LatestRule()))
        #expect(FileManager.default.fileExists(atPath: folder + "/index.html"))
    }

    /// Manifests may be long, and hold anything.
    @Test(arguments: [
        "{", "[]", #"{"evidence":{"head":1,"entry":2}}"#,
        #"{"evidence":{"head":"a","entry":9223372036854775807},"organization":{"id":"x"}}"#,
    ])
    func aManifestThatPinsNothing(text: String) throws {
        try withTemporaryFolder { bundle in
            try text.write(toFile: bundle + "/manifest.json", atomically: true, encoding: .utf8)
            #expect(try Pins.ofBundle(bundle) == nil)
        }
    }
}
