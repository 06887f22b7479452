/// A JSON value of a snapshot, read so that nothing of it is lost: numbers stay as written, names are told apart by their
/// bytes, of members of one name the first counts.
package indirect enum JSONValue: Sendable {
    case null
    case flag(Bool)
    /// As written; whole numbers of up to 15 digits as plain digits.
    case number(String)
    case text(String)
    case list([JSONValue])
    case object([Member])
    /// What is nested too deep to be taken apart, as written.
    case raw(String)

    /// A member of an object.
    package struct Member: Sendable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: JSONValue
    }

    /// Reads a value; nil for bytes that are no JSON.
    package init?(_ bytes: [UInt8]) {
        let value = bytes.withUnsafeBufferPointer { bytes -> JSONValue? in
            var reader = JSONReader(bytes: bytes)
            guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
            return value
        }
        guard let value else { return nil }
        self = value
    }

    /// The members of an object; nil for anything else.
    package var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// A text that is the same, byte for byte, for values that mean the same: lists are taken as sets.
    var canonical: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number): number
        case .text(let text): "\"\(text.utf8.count):\(text)"
        case .list(let elements): "[" + Self.sorted(elements.map(\.canonical)) + "]"
        case .object(let members):
            "{" + Self.sorted(members.map { "\($0.name.utf8.count):\($0.name)=\($0.value.canonical)" }) + "}"
        case .raw(let text): "~\(text.utf8.count):\(text)"
        }
    }

    private static func sorted(_ texts: [String]) -> String {
        Set(texts.map { ExactText($0) }).sorted().map(\.text).joined(separator: ",")
    }

    /// Whether both mean the same.
    package func isSame(as other: JSONValue) -> Bool { canonical.isSameInBytes(as: other.canonical) }
}

/// Reads JSON from bytes; what is nested deeper than a program's stack should go is kept as text.
private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    private static let deepest = 64

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool {
        mutating get {
            passSpace()
            return place == bytes.count
        }
    }

    mutating func value(depth: Int) -> JSONValue? {
        passSpace()
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "{"): return depth < Self.deepest ? object(depth) : raw()
        case UInt8(ascii: "["): return depth < Self.deepest ? list(depth) : raw()
        case UInt8(ascii: "\""): return text().map(JSONValue.text)
        case UInt8(ascii: "t"): return pass("true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return pass("false") ? .flag(false) : nil
        case UInt8(ascii: "n"): return pass("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [JSONValue.Member] = []
        var known: Set<ExactText> = []
        if pass(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            passSpace()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\""), let name = text(), pass(UInt8(ascii: ":")),
                let value = value(depth: depth + 1)
            else { return nil }
            if known.insert(ExactText(name)).inserted { members.append(JSONValue.Member(name: name, value: value)) }
        } while pass(UInt8(ascii: ","))
        return pass(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func list(_ depth: Int) -> JSONValue? {
        place += 1
        var elements: [JSONValue] = []
        if pass(UInt8(ascii: "]")) { return .list([]) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        } while pass(UInt8(ascii: ","))
        return pass(UInt8(ascii: "]")) ? .list(elements) : nil
    }

    /// A list or an object from its bracket to the one that closes it.
    private mutating func raw() -> JSONValue? {
        let start = place
        var open = 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                guard text() != nil else { return nil }
                continue
            }
            place += 1
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { open += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { open -= 1 }
            if open == 0 { return .raw(String(decoding: bytes[start..<place], as: UTF8.self)) }
        }
        return nil
    }

    private mutating func number() -> JSONValue? {
        let start = place
        while place < bytes.count, Self.isPartOfNumber(bytes[place]) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard let value = Double(text), let first = text.utf8.first, first != UInt8(ascii: "+") else { return nil }
        let isWhole = value.magnitude < 1e15 && value == value.rounded()
        return .number(isWhole ? String(Int64(value)) : text)
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func text() -> String? {
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text += Array(String(Character(scalar)).utf8)
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return unicode()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        default: return nil
        }
    }

    /// The character of one or two `\u` escapes; a surrogate without its other half is U+FFFD.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = hex() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let before = place
        if place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") {
            place += 2
            guard let second = hex() else { return nil }
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            }
            place = before
        }
        return "\u{FFFD}"
    }

    private mutating func hex() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        var number: UInt32 = 0
        for byte in bytes[place..<(place + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            number = number << 4 + UInt32(digit)
        }
        place += 4
        return number
    }

    private mutating func pass(_ word: StaticString) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[place + index] != word.utf8Start[index] { return false }
        place = end
        return true
    }

    private mutating func pass(_ byte: UInt8) -> Bool {
        passSpace()
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func passSpace() {
        while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
    }
}
