import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The page that lists an organization's bundles: what it says of each, and that no name gets out of its place.
@Suite struct IndexPageTests {
    private func manifest(
        _ period: String = "2026-03",
        kind: String = "month",
        state: ReportCompleteness.State? = .complete,
        evidence: EvidenceState = .sound,
        findings: [BundleFacts.FindingCount] = [],
        change: (inout Manifest) -> Void = { _ in }
    ) -> Manifest {
        var facts = BundleFacts(
            organization: .init(id: "org-1", name: "Acme"),
            folder: "acme",
            period: .init(
                name: period,
                kind: kind,
                from: kind == "all" ? nil : "\(period)-01T00:00:00Z",
                to: kind == "all" ? nil : "\(period)-28T00:00:00Z"
            ),
            timeZone: "UTC",
            asOf: "2026-04-01T11:05:00Z",
            generatedAt: "2026-04-01T11:05:00Z",
            tool: "heedaudit test",
            evidence: .init(head: String(repeating: "ab", count: 32), entry: 7),
            inputs: [:],
            findings: findings
        )
        facts.evidenceState = evidence
        facts.summary = state.map {
            .init(completeness: ReportCompleteness(state: $0, to: "2026-04-01T11:05:00Z"), events: 1284)
        }
        let files = ["report.html", "report.xml", "events.csv", "x.json"].map {
            OutputFile(name: $0, bytes: 1, sha256: "")
        }
        var manifest = Manifest(
            facts: facts,
            name: "\(period)-abababab-000000",
            inputs: Manifest.Inputs(digest: "", parts: [:]),
            files: files,
            counts: EscapingCounts()
        )
        change(&manifest)
        return manifest
    }

    private func page(_ bundles: [Manifest], _ look: IndexPage.Look = IndexPage.Look(), latest: String? = nil) -> String
    {
        IndexPage(look: look, heads: bundles.map(ManifestHead.init), latest: latest) { bundles[$0] }.html
    }

    @Test func everyStateHasItsWordItsShapeAndItsColour() {
        let states: [(Manifest, String, String)] = [
            (manifest(), "complete", "Complete"), (manifest(state: .running), "running", "Complete so far"),
            (manifest(state: .incomplete), "incomplete", "Not complete"),
            (manifest(state: .unknown), "unknown", "Completeness unknown"),
            (manifest(evidence: .damaged), "damaged", "Damaged"),
            (manifest(evidence: .restored), "restored", "Restored from a backup"),
            (manifest(state: nil), "untold", "Not recorded"),
            (manifest { $0.summary?.completeness = "<b>" }, "untold", "Not recorded"),
        ]
        let style = IndexPage.Look().style
        for (bundle, state, word) in states {
            let page = page([bundle])
            let mark =
                "<span class=\"mark st-\(state)\"><svg aria-hidden=\"true\"><use href=\"#state-\(state)\"/></svg>\(word)</span>"
            #expect(page.contains(mark), "\(state)")
            #expect(page.contains("<symbol id=\"state-\(state)\"") && style.contains(".st-\(state)"))
            let isProven = ["complete", "running"].contains(state)
            #expect(page.contains("up to 2026-04-01 11:05 UTC") == isProven)
        }
    }

    @Test func countsAreThoseOfTheManifest() {
        let findings = [
            ("fail", "critical", 2), ("not_proven", "critical", 1), ("not_proven", "low", 1200), ("manual", "low", 4),
            ("pass", "high", 9), ("pass", "low", 1), ("waived", "high", 1),
        ].map { BundleFacts.FindingCount(status: $0.0, severity: $0.1, count: $0.2) }
        let page = page([manifest(findings: findings)], latest: "2026-03-abababab-000000")
        for text in [
            "3 Critical", "1,200 Low", "Needs your review: 4", "Passed: 10", "Accepted: 1", ">1,284<", "latest",
            "1 report, newest evidence first", "entry 7, <code>abababab</code>",
        ] { #expect(page.contains(text), "\(text)") }
        #expect(!page.contains(" High</span>") && self.page([manifest()]).contains("Nothing open"))
    }

    @Test func everyFileIsLinked() {
        let page = page([manifest()])
        for name in ["report.html", "report.xml", "events.csv", "x.json", "manifest.json", "SHA256SUMS"] {
            #expect(page.contains("href=\"2026-03-abababab-000000/\(name)\""), "\(name)")
        }
        let tables = page.split(separator: "<details>").last.map(String.init) ?? ""
        #expect(tables.contains("events.csv") && !tables.contains("x.json"))
    }

    @Test(arguments: nastyValues + ["javascript:alert(1)", "//example.com", "a\" onmouseover=\"x", "</style><script>"])
    func namesStayInTheirPlace(_ value: String) {
        let plain = page([manifest()])
        let bundle = manifest {
            $0.bundle = value
            $0.period.name = value
            $0.organization.name = value
            $0.asOf = value
            $0.evidence.head = value
            $0.files[0].name = value
            $0.findings = [.init(status: value, severity: value, count: 1)]
        }
        let page = page([bundle, manifest("2026-02") { $0.period.name = value }])
        for tag in ["<script", "<style", "<svg", "<h1", "<bdi", "<main"] where !["<svg", "<bdi"].contains(tag) {
            #expect(page.components(separatedBy: tag).count == plain.components(separatedBy: tag).count, "\(tag)")
        }
        for address in page.matches(of: /href="([^"]*)"/).map({ String($0.1) }) where !address.hasPrefix("#") {
            #expect(address.wholeMatch(of: /(?:[A-Za-z0-9._~%-]+)?\/[A-Za-z0-9._~%-]*/) != nil, "\(address)")
            #expect(!address.hasPrefix("//"))
        }
    }

    @Test func theTrendComparesReportsOfOneKind() {
        let months = (1...3).reversed().map { month in
            manifest("2026-0\(month)", findings: [.init(status: "fail", severity: "high", count: month * 1000)])
        }
        let all = manifest("all", kind: "all")
        let page = page([all] + months + [manifest("2026-03")])
        #expect(page.contains("aria-label=\"2026-01: 1,000; 2026-02: 2,000; 2026-03: 3,000\""))
        #expect(page.components(separatedBy: "<rect class=\"high\"").count == 4)
        #expect(!self.page([all, months[0]]).contains("<h2 id=\"trend-title\">"))
        let huge = manifest("2026-04", findings: [.init(status: "fail", severity: "high", count: .max)])
        #expect(self.page([huge, months[0]]).contains("<h2 id=\"trend-title\">"))
    }

    @Test func brandAndWordsAreThoseOfTheReports() throws {
        let brand = ":root { --accent: #7a1f5c; }\n/* {{tool}} */\n"
        let library = TemplateLibrary(texts: [
            "partials/brand.css": brand, "partials/theme.css": ":root { --ink: #111; }",
        ])
        let look = IndexPage.Look(library, try TemplateLibrary.builtIn().words("de"))
        let page = page([manifest()], look)
        #expect(page.contains("--accent: #7a1f5c;") && !page.contains("{{"))
        #expect(page.contains("<html lang=\"de\">") && page.contains("Prüfberichte") && page.contains("Vollständig"))
        let ends = TemplateLibrary(texts: ["partials/brand.css": "a{}</style><script>alert(1)</script>"])
        let closed = self.page([manifest()], IndexPage.Look(ends, .english))
        #expect(!closed.contains("<script") && closed.components(separatedBy: "</style>").count == 2)
    }

    @Test func ofVeryManyTheNewestAreListed() {
        let page = page((0..<120).map { number in manifest { $0.bundle = "b-\(number)" } })
        #expect(
            page.components(separatedBy: "<tr").count == 102 && page.contains("20 older reports stand in this folder.")
        )
    }
}
