import CSimdJSON
import Evidence
import Foundation
import TestSupport
import Testing

/// Lines that are like one read before are read by comparing bytes; whoever reads them must not notice.
@Suite struct LineShapesTests {
    /// What is known of a line, with texts by where they stand in it where they do.
    private struct Reading: Equatable {
        var status: UInt8
        var texts: [[UInt8]]
        var instant: [Int64]

        init(_ event: heed_event, _ status: UInt8) {
            self.status = status
            let all = withUnsafePointer(to: event) { event in
                [event.pointee.raw] + EventField.all.map { heed_event_text(event, $0.number).pointee }
            }
            texts = all.map { Array(UnsafeBufferPointer(start: $0.bytes, count: Int($0.count))) }
            instant = [
                event.seconds, Int64(event.nanoseconds), Int64(event.fraction_digits), Int64(event.undated),
            ]
        }
    }

    /// Reads lines with one scanner.
    private func read(_ lines: [[UInt8]], validating: Bool) throws -> [Reading] {
        let scanner = try EventScanner()
        let text = Array(lines.joined(separator: [10])) + [UInt8](repeating: 0x78, count: EventScanner.padding)
        let events = UnsafeMutableBufferPointer<heed_event>.allocate(capacity: lines.count)
        let statuses = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: lines.count)
        defer {
            events.deallocate()
            statuses.deallocate()
        }
        return text.withUnsafeBufferPointer { text in
            let input = UnsafeBufferPointer(rebasing: text[..<(text.count - EventScanner.padding)])
            let (count, consumed) = scanner.scan(input, validating: validating, events: events, statuses: statuses)
            #expect(count == lines.count && consumed == input.count)
            return (0..<count).map { Reading(events[$0], statuses[$0]) }
        }
    }

    private static let layouts = [
        #"{"id":"e-1","action":"a.b","actor":{"id":"u","email":"u@x.org"},"resource":{"type":"t","id":"r","name":"n"},"ip_address":"::1","created_at":"2026-03-17T10:00:00Z"}"#,
        #"{"created_at": "2026-03-17T10:00:00.25Z", "id": 17, "actor": null, "note": {"created_at": "x", "a": ["b", 1]}, "action": "a", "resource": {"id": true, "type": "t"}}"#,
        #"{"id":"","id":"second","action":"a.b","created_at":"2026-03-17T10:00:00+02:00","resource":"none","actor":{"email":"u@x.org","id":5}}"#,
        #"{ "id" : "x" , "action" : "y" }"#,
        #"{}"#,
    ]

    @Test("A line like one before is read as it is alone", arguments: testSeeds(1...8), [false, true])
    func readsAlike(_ seed: UInt64, _ validating: Bool) throws {
        var random = SplitMix(state: seed)
        let pieces =
            [
                "\"", "\\", "\\u0041", "\\n", "{", "}", "[", ",", ":", " ", "null", "17", "\t", "é", "xyz",
                "\"id\":\"q\",", String(repeating: "long ", count: 9), "2026-02-30", "Z", "'", "<", "",
            ].map { Array($0.utf8) } + [[0], [0x1F], [0x7F], [0xFF], [0xC3]]
        var lines: [[UInt8]] = []
        for number in 0..<400 {
            var line = Array(Self.layouts[number / 5 % Self.layouts.count].utf8)
            // Most change in one place or not at all, so that many have the shape of the one before.
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<line.count, using: &random)
                let end = Int.random(in: place...min(line.count, place + 3), using: &random)
                line.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
                if line.allSatisfy({ $0 == 32 || $0 == 9 }) { line = [0x7B] }
            }
            lines.append(line)
        }
        let together = try read(lines, validating: validating)
        for (line, reading) in zip(lines, together) {
            let alone = try read([line], validating: validating)
            #expect(alone == [reading], "\(String(decoding: line, as: UTF8.self))")
        }
        #expect(together.count { $0.status == 0 } > 100)
    }

    @Test("A last line that is cut off is not read on into what stands behind it")
    func cutOff() throws {
        let whole = Array(Self.layouts[0].utf8)
        for length in 1..<whole.count {
            let readings = try read([whole, Array(whole[..<length])], validating: false)
            #expect(readings[0].status == 0)
            #expect(readings[1] == (try read([Array(whole[..<length])], validating: false))[0])
        }
    }
}
