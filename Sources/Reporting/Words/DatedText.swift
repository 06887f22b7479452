import Templates

/// Text in which days and times are told apart, so that a page never breaks a line inside one.
enum DatedText {
    /// The pieces of a text in order, each with `text` or `time`.
    static func pieces(of text: String) -> TemplateValue {
        let bytes = Array(text.utf8)
        var pieces: [TemplateValue] = []
        var (begin, place) = (0, 0)
        func string(_ range: Range<Int>) -> TemplateValue { .text(String(decoding: bytes[range], as: UTF8.self)) }
        while place < bytes.count {
            guard let end = endOfTime(bytes, from: place) else {
                place += 1
                continue
            }
            if begin < place { pieces.append(["text": string(begin..<place), "time": .missing]) }
            pieces.append(["text": .missing, "time": string(place..<end)])
            (begin, place) = (end, end)
        }
        if begin < bytes.count { pieces.append(["text": string(begin..<bytes.count), "time": .missing]) }
        return .list(pieces)
    }

    /// Where `2026-10-25`, `2026-10-25 02:11` or `2026-10-25 02:11 UTC` ends that begins at a place; nil where none does.
    private static func endOfTime(_ bytes: [UInt8], from place: Int) -> Int? {
        if place > 0, isDigit(bytes[place - 1]) { return nil }
        guard var end = match("0000-00-00", bytes, place) else { return nil }
        if let time = match(" 00:00", bytes, end) {
            end = match(":00", bytes, time) ?? time
            end = match(" UTC", bytes, end) ?? end
        }
        return end < bytes.count && isDigit(bytes[end]) ? nil : end
    }

    /// Where a pattern, in which `0` is any digit, ends.
    private static func match(_ pattern: StaticString, _ bytes: [UInt8], _ place: Int) -> Int? {
        let count = pattern.utf8CodeUnitCount
        guard place + count <= bytes.count else { return nil }
        for offset in 0..<count {
            let (wanted, byte) = (pattern.utf8Start[offset], bytes[place + offset])
            guard wanted == UInt8(ascii: "0") ? isDigit(byte) : wanted == byte else { return nil }
        }
        return place + count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
