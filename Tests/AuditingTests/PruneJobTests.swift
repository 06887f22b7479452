import Auditing
import Evidence
import Foundation
import Publishing
import TestSupport
import Testing

/// Daily runs with retention, under a clock that the test turns.
@Suite struct PruneJobTests {
    private func prune(_ audit: TestAudit, _ rule: RetentionRule, keeping name: String? = nil) throws -> [PruneJob
        .Outcome]
    {
        let settings = ReportSettings(archive: audit.folder + "/archive", output: audit.folder + "/output")
        return try PruneJob.prepared(settings, rule: rule).run(keeping: name)
    }

    @Test func fortyDaysStayInBounds() async throws {
        try await withTestAudit(events: 20) { audit in
            let rule = RetentionRule(last: 2, daily: 4, monthly: 2, yearly: 1)
            let folder = audit.folder + "/output/acme-corp"
            var heads: Set<String> = []
            for day in 0..<40 {
                let outcome = try audit.report(after: await audit.pull())
                let bundle = try #require(outcome.bundle, "day \(day)")
                heads.insert(outcome.head.sha256)
                _ = try prune(audit, rule, keeping: bundle.name)
                audit.wait(seconds: 86_400)
            }
            let place = try #require(OrganizationFolder.all(in: audit.folder + "/output").first?.folder)
            let output = audit.folder + "/output/\(place)"
            let checked = try BundleVerifier.verify(organizationAt: output)
            #expect(checked.outcome.discrepancies.isEmpty && checked.bundles <= 6, "\(folder)")
            #expect(Set(checked.pins.map(\.head)) == heads && heads.count == 40)
            #expect(try audit.archive.restoration(checked.pins) == nil)
            // The newest of February stays beside those of the last days.
            let days = ManifestHead.all(output: audit.folder + "/output", organizationFolder: place).map {
                $0.asOf.prefix(10)
            }
            #expect(days.sorted() == ["2026-03-31", "2026-04-25", "2026-04-26", "2026-04-27", "2026-04-28"])
        }
    }

    /// A bundle whose manifest can be read no further than its head is passed over: the next older one is compared with.
    @Test func aBundleThatCannotBeReadIsNotComparedWith() async throws {
        try await withTestAudit(events: 5) { audit in
            var made: [PublishedBundle] = []
            for _ in 0..<2 {
                try await audit.pull()
                made.append(try #require(try audit.report().bundle))
                audit.wait(seconds: 86_400)
            }
            let file = made[1].path + "/manifest.json"
            let text = try String(contentsOfFile: file, encoding: .utf8).replacing(
                "\"findings\" : [",
                with: "\"findings\" : [ x"
            )
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            try await audit.pull()
            let next = try #require(try audit.report().bundle)
            #expect(Manifest.read(bundle: next.path)?.inputs.parts["compared_with"] == made[0].name)
        }
    }

    @Test func whoseBundlesAreMeantMustBeClear() async throws {
        try await withTestAudit(events: 3) { audit in
            #expect(throws: AuditError.self) { try prune(audit, RetentionRule(last: 1)) }
            try await audit.pull()
            _ = try audit.report()
            #expect(try prune(audit, RetentionRule(last: 1)).count == 1)
            var settings = ReportSettings(archive: audit.folder + "/archive", output: audit.folder + "/output")
            settings.organization = "org-2"
            #expect(throws: AuditError.self) { try PruneJob.prepared(settings, rule: RetentionRule(last: 1)) }
        }
    }
}
