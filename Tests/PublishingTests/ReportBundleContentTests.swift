import ReportSupport
import Analysis
import Evidence
import Foundation
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// The built-in templates, rendered from archived events.
@Suite struct ReportBundleContentTests {
    private func text(_ bundle: PublishedBundle, _ name: String) throws -> String {
        try String(contentsOfFile: "\(bundle.path)/\(name)", encoding: .utf8)
    }

    /// Every nasty value in every field of an event and of a finding.
    private func nastyReport() throws -> SampleReport {
        let events = nastyValues.enumerated().map { index, value -> [String: Any] in
            [
                "id": "evt-\(index)", "action": value, "created_at": "2026-03-0\(index % 9 + 1)T10:00:00Z",
                "actor": ["id": value, "email": value], "ip_address": value,
                "resource": ["type": value, "id": value, "name": value],
            ]
        }
        let findings = nastyValues.map {
            SampleReport.finding("ORG-MFA", .high, .fail, subject: $0, events: ["a", $0.isEmpty ? "b" : $0])
        }
        var report = try SampleReport(events: events, findings: findings)
        let snapshot = try JSONSerialization.data(
            withJSONObject: ["name": nastyValues[3], "plan": "=1+1", "created_at": "nonsense", "member_count": "many"]
        )
        report.document.organization = ReportOrganization(id: "org-1", snapshot: Array(snapshot))
        report.document.settings = nastyValues.filter { !$0.isEmpty }.enumerated().map {
            ReportSetting(name: "setting \($0)", value: $1)
        }
        report.document.changes = nastyValues.map {
            ReportChange(kind: "setting", subject: $0, before: $0, after: $0, actor: $0)
        }
        report.document.completeness.reasons = nastyValues.filter { !$0.isEmpty }
        report.document.completeness.damage = nastyValues
        return report
    }

    /// The publisher validates report.xml against the schema, so a bundle is the proof.
    @Test func hostileTextStaysText() throws {
        let bundle = try nastyReport().publish()
        let page = try text(bundle, "report.html")
        // The page's own.
        #expect(page.components(separatedBy: "<script").count == 2)
        #expect(!page.contains("<img"))
        #expect(!page.contains("javascript:alert(1)\""))
        let events = try text(bundle, "events.csv")
        #expect(events.hasPrefix("id,created_at,action,actor_id,actor_email,resource_type,resource_id,resource_name,"))
        #expect(events.contains("'=HYPERLINK("))
    }

    @Test func everyFileIsThere() throws {
        let report = try SampleReport(events: [SampleReport.event("evt-1", at: "2026-03-01T10:00:00Z")])
        let names = try report.publish().files.map(\.name)
        #expect(
            names == [
                "SHA256SUMS", "action-plan.csv", "actions.csv", "actor_actions.csv", "actor_resource_actions.csv",
                "actors.csv", "api_keys.csv", "audit-report.xsd", "changes.csv", "controls.csv", "events.csv",
                "findings.csv",
                "frameworks.csv", "invitations.csv", "manifest.json", "members.csv", "report.html", "report.xml",
                "resource_actions.csv", "resources.csv",
                "review.csv", "settings.csv",
            ]
        )
    }

    /// What nobody asks for is not there; a template of the user's own takes the built-in one's place, and has no schema.
    @Test func jsonIsThereWhereItIsAskedFor() throws {
        let report = try SampleReport(events: [SampleReport.event("evt-1", at: "2026-03-01T10:00:00Z")])
        let names = try report.publish(formats: [.json]).files.map(\.name)
        #expect(names == ["SHA256SUMS", "manifest.json", "report.json", "report.schema.json"])
        let own = TemplateLibrary(texts: ["report.json": "[{{summary.events}}]\n", "other.json": "[]\n"])
        let bundle = try report.publish(own, formats: [.json])
        #expect(bundle.files.map(\.name) == ["SHA256SUMS", "manifest.json", "other.json", "report.json"])
        #expect(try text(bundle, "report.json") == "[1]\n")
        let unasked = try report.publish(own, formats: [.html])
        #expect(unasked.files.map(\.name) == ["SHA256SUMS", "manifest.json", "other.json"])
    }

    @Test func nothingArchivedIsAReportToo() throws {
        let bundle = try SampleReport(events: []).publish()
        #expect(try text(bundle, "events.csv") == EventField.all.map(\.name).joined(separator: ",") + "\r\n")
        #expect(try text(bundle, "report.html").contains("The archive holds no event of this time."))
        let xml = try text(bundle, "report.xml")
        for container in ["<settings>", "<actions>", "<actors>", "<resources>", "<findings>", "<changes>", "<events>"] {
            #expect(xml.contains(container))
        }
        #expect(xml.contains("complete=\"false\""))
    }

    @Test func aMissingValueIsAMissingAttribute() throws {
        let bundle = try SampleReport(events: [["id": "evt-1", "action": ""]]).publish()
        let xml = try text(bundle, "report.xml")
        #expect(xml.contains("<event id=\"evt-1\"/>"))
        #expect(
            xml.contains("<actor count=\"1\" actions=\"0\" resources=\"0\" ip_addresses=\"0\"><action count=\"1\"/>")
        )
        let missing = String(repeating: ",", count: EventField.count - 1)
        #expect(try text(bundle, "events.csv").hasSuffix("\r\nevt-1\(missing)\r\n"))
    }

    /// RFC 3339 has a year 0000 and xs:dateTime has none: such an event must not cost the report.
    @Test func yearZeroIsValid() throws {
        let bundle = try SampleReport(events: [SampleReport.event("evt-1", at: "0000-01-01T00:00:00Z")]).publish()
        #expect(try text(bundle, "report.xml").contains("created_at=\"0000-01-01T00:00:00Z\""))
    }

    @Test func longListsAreCutInHTMLOnly() throws {
        let events = (0..<1200).map {
            SampleReport.event("evt-\($0)", at: "2026-03-01T10:00:00Z", actor: "user-\($0)", resource: "db-\($0)")
        }
        let bundle = try SampleReport(events: events).publish()
        let page = try text(bundle, "report.html")
        #expect(page.contains("the first 1,000 of 1,200; the rest is in actors.csv, from row 1,001 on"))
        #expect(page.contains("id=\"actor-1000\"") && !page.contains("id=\"actor-1001\""))
        #expect(page.contains("1,150 other actors"))
        #expect(try text(bundle, "actors.csv").components(separatedBy: "\r\n").count == 1202)
    }

    @Test func aHugeNameDoesNotPushTheRestAway() throws {
        let name = String(repeating: "Ä", count: 300_000)
        let bundle = try SampleReport(events: [
            SampleReport.event("evt-1", at: "2026-03-01T10:00:00Z", action: name, actor: name)
        ]).publish()
        let page = try text(bundle, "report.html")
        #expect(page.utf8.count < 150_000)
        #expect(page.contains("… (+599,000 bytes)"))
        #expect(try text(bundle, "events.csv").contains(name))
    }

    /// libxml2 takes more than 10 MB in one piece for an attack.
    @Test func aFindingMayNameVeryManyEvents() throws {
        let ids = (0..<24_000).map { "evt-\($0)-" + String(repeating: "x", count: 450) }
        let finding = SampleReport.finding("DB-DELETE", .medium, .manual, events: ids)
        let bundle = try SampleReport(events: [], findings: [finding]).publish()
        let xml = try text(bundle, "report.xml")
        #expect(xml.components(separatedBy: "<event id=").count == ids.count + 1)
    }
}
