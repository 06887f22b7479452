import CBytes

/// Checks one line of an XML document that is an element of a kind that repeats: `<event id="…" action="…"/>`.
///
/// Says yes only to what is certainly valid, so that libxml2, which takes ten times as long, need not see it; a property
/// test compares both. Everything else is left to libxml2.
struct RowCheck {
    /// What a line is.
    enum Verdict {
        /// A valid element.
        case valid
        /// The element, of which this check can't tell whether it is valid.
        case doubtful
        /// Something else.
        case foreign
    }

    /// What stands before a value, ` name="`, as a part of `text`.
    private struct Attribute {
        var start: Int
        var count: Int
        var value: RowSchema.Value
    }

    /// `<element`, and behind it what stands before each value.
    private let text: [UInt8]
    private let startCount: Int
    private let attributes: [Attribute]
    private let required: UInt64

    /// nil for an element with more attributes than can be kept track of.
    init?(_ schema: RowSchema) {
        guard schema.attributes.count <= 64 else { return nil }
        var text = [UInt8(ascii: "<")] + schema.element
        startCount = text.count
        attributes = schema.attributes.map { attribute in
            let before = [UInt8(ascii: " ")] + attribute.name + Array("=\"".utf8)
            text += before
            return Attribute(start: text.count - before.count, count: before.count, value: attribute.value)
        }
        self.text = text
        required = schema.attributes.enumerated().reduce(0) { $0 | ($1.element.isRequired ? 1 << $1.offset : 0) }
    }

    /// Checks a line without its line end.
    func verdict(_ line: UnsafeBufferPointer<UInt8>) -> Verdict {
        guard let base = line.baseAddress else { return .foreign }
        return text.withUnsafeBufferPointer { text in
            attributes.withUnsafeBufferPointer { attributes in
                text.baseAddress.map { verdict(base, line.count, $0, attributes) } ?? .foreign
            }
        }
    }

    @inline(__always)
    private func verdict(
        _ line: UnsafePointer<UInt8>,
        _ count: Int,
        _ text: UnsafePointer<UInt8>,
        _ attributes: UnsafeBufferPointer<Attribute>
    ) -> Verdict {
        var place = 0
        while place < count, line[place] == UInt8(ascii: " ") { place += 1 }
        guard place + startCount <= count, heed_equal(line + place, text, startCount) else { return .foreign }
        place += startCount
        var seen: UInt64 = 0
        var next = 0
        var isValid = true
        while place < count, line[place] == UInt8(ascii: " ") {
            // Most likely the one that follows the one before.
            let order = (next..<next + attributes.count).lazy.map { $0 < attributes.count ? $0 : $0 - attributes.count }
            let found = order.first { number in
                let before = attributes[number]
                return place + before.count <= count && heed_equal(line + place, text + before.start, before.count)
            }
            guard let number = found else { return .foreign }
            if seen & 1 << number != 0 { isValid = false }
            seen |= 1 << number
            next = number + 1
            place += attributes[number].count
            let begin = place
            place += heed_plain_length(line + place, count - place)
            let isPlain = place < count && line[place] == UInt8(ascii: "\"")
            while place < count, line[place] != UInt8(ascii: "\"") { place += 1 }
            guard place < count else { return .foreign }
            let value = UnsafeBufferPointer(start: line + begin, count: place - begin)
            if !Self.isValid(value, attributes[number].value, isPlain: isPlain) { isValid = false }
            place += 1
        }
        guard count == place + 2, line[place] == UInt8(ascii: "/"), line[place + 1] == UInt8(ascii: ">") else {
            return .foreign
        }
        return isValid && seen & required == required ? .valid : .doubtful
    }

    // MARK: Values

    /// `isPlain`: whether the value is known to be printable ASCII that means nothing in XML.
    @inline(__always)
    private static func isValid(_ value: UnsafeBufferPointer<UInt8>, _ kind: RowSchema.Value, isPlain: Bool) -> Bool {
        switch kind {
        case .text: isPlain || isText(value)
        case .presentText: !value.isEmpty && (isPlain || isText(value))
        case .count: !value.isEmpty && value.count <= 18 && value.allSatisfy { $0 &- 0x30 <= 9 }
        case .time: isTime(value)
        }
    }

    /// Characters that XML allows, `<` and `&` as references alone.
    private static func isText(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = value.baseAddress else { return true }
        var place = heed_plain_length(start, value.count)
        while place < value.count {
            let byte = value[place]
            if byte == UInt8(ascii: "&") {
                guard let length = reference(value, place) else { return false }
                place += length
            } else if byte >= 0x80 {
                guard let length = character(value, place) else { return false }
                place += length
            } else {
                guard byte >= 0x20, byte != UInt8(ascii: "<") else { return false }
                place += 1
            }
        }
        return true
    }

    private static let references = ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#9;", "&#10;", "&#13;", "&#39;"]
        .map { Array($0.utf8) }

    private static func reference(_ value: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        references.first { value[place...].starts(with: $0) }?.count
    }

    /// The length of a character of two to four bytes: whole, in its shortest form, no surrogate, not U+FFFE or U+FFFF.
    private static func character(_ value: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        let lead = value[place]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, lead <= 0xF4, place + length <= value.count else { return nil }
        var code = UInt32(lead & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07))
        for index in place + 1..<place + length {
            guard value[index] & 0xC0 == 0x80 else { return nil }
            code = code << 6 | UInt32(value[index] & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard code >= least, code <= 0x10FFFF, !(0xD800...0xDFFF).contains(code), code != 0xFFFE, code != 0xFFFF else {
            return nil
        }
        return length
    }

    /// `2026-03-17T10:00:00Z`, with up to nine digits of fraction: as reports print times.
    private static func isTime(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard value.count >= 20, value.count <= 30, value[value.count - 1] == UInt8(ascii: "Z"),
            value[4] == UInt8(ascii: "-"), value[7] == UInt8(ascii: "-"), value[10] == UInt8(ascii: "T"),
            value[13] == UInt8(ascii: ":"), value[16] == UInt8(ascii: ":")
        else { return false }
        func number(_ place: Int) -> Int {
            let (tens, ones) = (value[place] &- 0x30, value[place + 1] &- 0x30)
            return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : 100
        }
        let (century, year) = (number(0), number(2))
        guard century < 100, year < 100, century + year > 0 else { return false }
        // The days that every month has, and the others only where they are certain.
        guard (1...12).contains(number(5)), (1...28).contains(number(8)) || isLongMonth(number(5), number(8)) else {
            return false
        }
        guard number(11) <= 23, number(14) <= 59, number(17) <= 59 else { return false }
        guard value.count > 20 else { return true }
        return value[19] == UInt8(ascii: ".") && value.count > 21
            && value[20..<value.count - 1].allSatisfy { $0 &- 0x30 <= 9 }
    }

    private static func isLongMonth(_ month: Int, _ day: Int) -> Bool {
        switch month {
        case 2: false
        case 4, 6, 9, 11: (29...30).contains(day)
        default: (29...31).contains(day)
        }
    }
}
