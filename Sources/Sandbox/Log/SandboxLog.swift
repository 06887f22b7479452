import CSimdJSON
import Foundation

/// The sandbox's audit log: events' texts in order of time, cut into pages without being parsed again.
struct SandboxLog: Sendable {
    /// Oldest first, or shuffled.
    private(set) var lines: [[UInt8]]
    private(set) var ids: [String]
    private let order: SandboxConfiguration.Order

    init(_ lines: [[UInt8]], order: SandboxConfiguration.Order) {
        self.order = order
        let parsed = lines.map { Self.facts(of: $0) }
        var places = Array(lines.indices)
        places.sort {
            (parsed[$0].seconds, parsed[$0].nanoseconds, $0) < (parsed[$1].seconds, parsed[$1].nanoseconds, $1)
        }
        if order == .shuffled {
            var random = SeededRandom(seed: 99)
            places.shuffle(using: &random)
        }
        self.lines = places.map { lines[$0] }
        ids = places.map { parsed[$0].id }
    }

    var count: Int { lines.count }

    mutating func append(_ line: [UInt8]) {
        lines.append(line)
        ids.append(Self.facts(of: line).id)
    }

    /// Puts another text in the place of the event with its id.
    mutating func replace(_ line: [UInt8]) {
        let id = Self.facts(of: line).id
        for place in ids.indices where ids[place] == id { lines[place] = line }
    }

    mutating func removeOldest(_ count: Int) {
        lines.removeFirst(min(count, lines.count))
        ids.removeFirst(min(count, ids.count))
    }

    mutating func remove(ids gone: Set<String>) {
        let kept = ids.indices.filter { !gone.contains(ids[$0]) }
        lines = kept.map { lines[$0] }
        ids = kept.map { ids[$0] }
    }

    /// Puts elements that are no events between the others.
    mutating func mingle(oddElements count: Int, _ random: inout SeededRandom) {
        for number in 0..<count {
            let texts = ["null", "\(number)", "\"text\"", "[\(number)]", "{}", #"{"foo":\#(number)}"#, "true"]
            let place = lines.isEmpty ? 0 : random.index(lines.count + 1)
            lines.insert(Array(texts[number % texts.count].utf8), at: place)
            ids.insert("", at: place)
        }
    }

    /// Gives events times that can't be; they stay where they are.
    mutating func misdate(_ count: Int, _ random: inout SeededRandom) {
        let times = ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
        for number in 0..<count where !lines.isEmpty {
            let place = random.index(lines.count)
            let text = String(decoding: lines[place], as: UTF8.self)
            guard let begin = text.range(of: #""created_at":""#),
                let end = text[begin.upperBound...].firstIndex(of: "\"")
            else { continue }
            lines[place] = Array((text[..<begin.upperBound] + times[number % times.count] + text[end...]).utf8)
        }
    }

    /// Moves events to places near their own.
    mutating func disturb(_ count: Int, _ random: inout SeededRandom) {
        for _ in 0..<count where lines.count > 1 {
            let from = random.index(lines.count)
            let to = min(lines.count - 1, max(0, from - 50 + random.index(101)))
            lines.insert(lines.remove(at: from), at: to)
            ids.insert(ids.remove(at: from), at: to)
        }
    }

    /// The places of a page in `lines`, in the order in which they are served.
    func places(page: Int, perPage: Int) -> [Int] {
        let (begin, isTooLarge) = (page - 1).multipliedReportingOverflow(by: perPage)
        guard !isTooLarge, begin < count else { return [] }
        let end = min(begin + perPage, count)
        switch order {
        case .newest: return (begin..<end).map { count - 1 - $0 }
        case .oldest, .shuffled: return Array(begin..<end)
        }
    }

    private static func facts(of line: [UInt8]) -> (seconds: Int64, nanoseconds: UInt32, id: String) {
        guard let parser = heed_parser_create() else { return (0, 0, "") }
        defer { heed_parser_free(parser) }
        let padded = line + [UInt8](repeating: 32, count: Int(HEED_PADDING))
        return padded.withUnsafeBufferPointer { buffer in
            var event = heed_event()
            _ = heed_parse_line(parser, buffer.baseAddress, line.count, 0, &event)
            let id = String(
                decoding: UnsafeBufferPointer(start: event.id.bytes, count: Int(event.id.count)),
                as: UTF8.self
            )
            return (event.seconds, event.nanoseconds, id)
        }
    }
}
