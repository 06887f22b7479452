import Evidence
import ReportSupport
import Testing

@testable import Analysis
@testable import Reporting
@testable import Templates

/// What of the access a page shows.
@Suite("Who has access, on the page")
struct AccessValuesTests {
    private static func values(_ members: [AccessMember], missing: String? = nil) throws -> [String: TemplateValue] {
        var document = try SampleReport(events: []).document
        var log = WatchedLog()
        log.access = AccessTrail()
        let lists = [AccessLists(servedAt: Instant(seconds: 1_775_000_000), members: .read(members, unreadable: 0))]
        document.access = AccessState(lists, log, at: nil)
        document.access.keysMissing = missing
        return AccessValues(document).scalars
    }

    private static func texts(_ list: TemplateValue?, _ name: String) -> [String] {
        guard case .list(let rows) = list else { return [] }
        return rows.map { row in
            if case .object(let members) = row, case .text(let text) = members[name] { text } else { "" }
        }
    }

    @Test("Owners stand first however many members come before them by name, and the others are counted")
    func rows() throws {
        let many = (0..<60).map { AccessMember(email: "a\($0 + 10)@example.com", role: "viewer") }
        let values = try Self.values(many + [AccessMember(email: "z@example.com", role: "owner")])
        let shown = Self.texts(values["shown_members"], "email")
        #expect(shown.count == 50 && shown.first == "z@example.com" && shown[1] == "a10@example.com")
        #expect(Self.texts(values["members"], "email").count == 61)
        guard case .text(let more) = values["more_members"] else { throw Missing() }
        #expect(more == "11")
    }

    @Test("An empty list is a list, and one that is missing says why")
    func lists() throws {
        let values = try Self.values([], missing: "Refused.")
        guard case .flag(let known) = values["has_access"], case .text(let why) = values["keys_missing"] else {
            throw Missing()
        }
        #expect(known && why == "Refused.")
    }

    @Test("Every value is named, so that none is left out where a template asks for it")
    func names() throws { #expect(try Set(Self.values([]).keys) == AccessValues.names) }

    private struct Missing: Error {}
}
