import CBytes

/// Checks an element of an XML document that is of a kind that repeats: `<event id="…" action="…"/>`, or one with content.
///
/// Says yes only to what is certainly valid, so that libxml2, which takes ten times as long, need not see it; a property
/// test compares both. Everything else is left to libxml2.
struct RowCheck {
    /// What stands somewhere.
    enum Verdict: Equatable {
        /// A valid element, up to this place, with so many line breaks inside.
        case valid(end: Int, lines: Int)
        /// The element, of which this check can't tell whether it is valid.
        case doubtful(end: Int)
        /// Something else.
        case foreign
    }

    private let element: RowElement

    /// nil for an element with more attributes than can be kept track of.
    init?(_ schema: RowSchema) {
        guard let element = RowElement(schema) else { return nil }
        self.element = element
    }

    /// Looks at the element that begins at a place.
    func verdict(_ text: UnsafeBufferPointer<UInt8>, from place: Int) -> Verdict {
        guard let base = text.baseAddress else { return .foreign }
        var reader = Reader(base: base, count: text.count, place: place)
        guard reader.read(element) else { return .foreign }
        return reader.isValid
            ? .valid(end: reader.place, lines: reader.lines) : .doubtful(end: reader.place)
    }

    /// The first place from one on where no white space stands; counts line breaks.
    static func skipSpace(_ text: UnsafeBufferPointer<UInt8>, from place: Int, lines: inout Int) -> Int {
        guard let base = text.baseAddress else { return place }
        var reader = Reader(base: base, count: text.count, place: place)
        reader.skipSpace()
        lines += reader.lines
        return reader.place
    }
}

/// Reads elements from one place on; stands behind what was understood.
private struct Reader {
    let base: UnsafePointer<UInt8>
    let count: Int
    var place: Int
    /// Line breaks passed over between elements.
    var lines = 0
    /// Whether every value so far is certainly what the schema asks for.
    var isValid = true

    /// Reads an element; false for anything else, or what is not understood.
    mutating func read(_ element: RowElement) -> Bool {
        guard readTag(element), place + 2 <= count else { return false }
        if base[place] == UInt8(ascii: "/"), base[place + 1] == UInt8(ascii: ">") {
            place += 2
            switch element.content {
            case .nothing: return true
            case .text: return false
            case .sequence(let parts): return parts.allSatisfy(\.repeats)
            }
        }
        guard base[place] == UInt8(ascii: ">") else { return false }
        place += 1
        switch element.content {
        case .nothing: return false
        case .text(let kind):
            let (text, isPlain) = value(upTo: UInt8(ascii: "<"))
            if !Self.isValid(text, kind, isPlain: isPlain) || text.contains(UInt8(ascii: ">")) { isValid = false }
        case .sequence(let parts):
            for part in parts {
                skipSpace()
                guard part.repeats else {
                    guard begins(part.element), read(part.element) else { return false }
                    continue
                }
                while begins(part.element) {
                    guard read(part.element) else { return false }
                    skipSpace()
                }
            }
            skipSpace()
        }
        guard stands(element.text, element.text.count - element.endCount, element.endCount) else { return false }
        place += element.endCount
        return true
    }

    mutating func skipSpace() {
        while place < count {
            switch base[place] {
            case UInt8(ascii: " "), 9, 13: place += 1
            case 10:
                place += 1
                lines += 1
            default: return
            }
        }
    }

    /// Whether an element begins here.
    private func begins(_ element: RowElement) -> Bool {
        guard stands(element.text, 0, element.startCount), place + element.startCount < count else { return false }
        let next = base[place + element.startCount]
        return next == UInt8(ascii: " ") || next == UInt8(ascii: "/") || next == UInt8(ascii: ">")
    }

    /// Reads the name and the attributes of an element.
    @inline(__always)
    private mutating func readTag(_ element: RowElement) -> Bool {
        guard stands(element.text, 0, element.startCount) else { return false }
        place += element.startCount
        var seen: UInt64 = 0
        var next = 0
        while place < count, base[place] == UInt8(ascii: " ") {
            guard let number = attribute(of: element, expecting: next) else { return false }
            if seen & 1 << number != 0 { isValid = false }
            seen |= 1 << number
            next = number + 1
            place += element.attributes[number].count
            let (text, isPlain) = value(upTo: UInt8(ascii: "\""))
            guard place < count else { return false }
            if !Self.isValid(text, element.attributes[number].value, isPlain: isPlain) { isValid = false }
            place += 1
        }
        if seen & element.required != element.required { isValid = false }
        return true
    }

    /// The attribute that begins here, most likely the one that follows the one before.
    @inline(__always)
    private func attribute(of element: RowElement, expecting next: Int) -> Int? {
        for number in next..<element.attributeCount where isAttribute(number, of: element) { return number }
        for number in 0..<next where isAttribute(number, of: element) { return number }
        return nil
    }

    @inline(__always)
    private func isAttribute(_ number: Int, of element: RowElement) -> Bool {
        let before = element.attributes[number]
        return stands(element.text, before.start, before.count)
    }

    /// The bytes up to one that ends them, and whether all are known to be printable ASCII that means nothing in XML.
    @inline(__always)
    private mutating func value(upTo end: UInt8) -> (text: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
        let begin = place
        place += heed_plain_length(base + place, count - place)
        let isPlain = place < count && base[place] == end
        while place < count, base[place] != end { place += 1 }
        return (UnsafeBufferPointer(start: base + begin, count: place - begin), isPlain)
    }

    @inline(__always)
    private func stands(_ text: UnsafeMutableBufferPointer<UInt8>, _ start: Int, _ length: Int) -> Bool {
        guard place + length <= count, let text = text.baseAddress else { return false }
        return heed_equal(text + start, base + place, length)
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
        case .oneOf(let values): values.contains { value.elementsEqual($0) }
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
