import CSimdJSON
import Testing

@testable import Evidence

@Suite("The list of an event's fields")
struct EventFieldTests {
    /// A line that has each field where the list says, with a text of its own.
    private var line: [UInt8] {
        var objects: [String: [String]] = [:]
        for field in EventField.all {
            objects[field.object, default: []].append("\"\(field.key)\": \"\(text(field))\"")
        }
        let members = objects.map { name, members in
            let inner = members.joined(separator: ", ")
            return name.isEmpty ? inner : "\"\(name)\": {\(inner)}"
        }
        return Array("{\(members.sorted().joined(separator: ", "))}".utf8)
    }

    private func text(_ field: EventField) -> String {
        field.meaning == .time ? "2026-03-17T10:00:00Z" : "the \(field.name)"
    }

    @Test("Each field is read from where the list says, by every reader")
    func isReadFromItsPlace() throws {
        let scanner = try EventScanner()
        let bytes = line + [10] + line + [UInt8](repeating: 0, count: EventScanner.padding)
        try bytes.withUnsafeBufferPointer { bytes in
            let input = UnsafeBufferPointer(rebasing: bytes.dropLast(EventScanner.padding))
            // The second line is read like the first, which simdjson read.
            withUnsafeTemporaryAllocation(of: heed_event.self, capacity: 2) { events in
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2) { statuses in
                    #expect(scanner.scan(input, validating: true, events: events, statuses: statuses).lines == 2)
                }
                for index in 0..<2 { expectAll(events[index]) }
            }
            let parser = try #require(heed_parser_create())
            defer { heed_parser_free(parser) }
            var event = heed_event()
            #expect(heed_parse_line_plainly(parser, bytes.baseAddress, line.count, &event) == Int32(HEED_LINE_OK))
            expectAll(event)
        }
    }

    private func expectAll(_ event: heed_event) {
        withUnsafePointer(to: event) { event in
            EventView(event).forEachField { number, shown in #expect(shown.string == text(EventField.all[number])) }
        }
    }

    @Test("Names, and what names stand for, go together")
    func namesAreDifferent() {
        #expect(Set(EventField.all.map(\.name)).count == EventField.count)
        #expect(EventField.id.name == "id")
        #expect(EventField.actorEmail.name == "actor_email")
        #expect(EventField.resourceName.name == "resource_name")
        #expect(EventField.all.filter { $0.meaning == .label } == [.actorEmail, .resourceName])
    }
}
