/// Reads JSON (RFC 8259) byte by byte and tells where it is none; keeps nothing but where it is, so a text may have any size.
///
/// Stricter than the grammar where parsers differ: text is UTF-8, halves of surrogate pairs stand together, and nothing is nested
/// more than ``deepest`` deep.
struct JSONReader {
    /// What is expected next.
    private enum State: Hashable {
        case value
        /// A value, or the end of an array that has begun.
        case firstElement
        /// A key, or the end of an object that has begun.
        case firstKey
        case key, colon
        /// A comma or the end of what is open; white space alone when nothing is.
        case behindValue
        case text, escape
        /// So many digits of an escape are missing.
        case digits(Int)
        /// The second half of a surrogate pair: its reverse solidus, and its `u`.
        case lowHalf, lowHalfSign
        case literal
        // Numbers: behind the sign, behind a leading zero, in the whole part, behind the point, in the fraction, behind the E,
        // behind the sign of the exponent, in the exponent.
        case minus, zero, whole, point, fraction, exponent, exponentSign, exponentDigits
    }

    /// How deep arrays and objects may stand in each other: readers that call themselves stop somewhere about here.
    static let deepest = 512

    private var state = State.value
    /// Of each open array or object whether it is an object.
    private var open: [Bool] = []
    private var isKey = false
    private var rest: [UInt8] = []
    private var code: UInt32 = 0
    private var isLowHalf = false
    private var utf8 = UTF8Position()
    /// Whether anything but white space was read.
    private(set) var isEmpty = true

    /// Takes a byte.
    /// - Returns: What is wrong with it, in words; nil when nothing is.
    @inline(__always)
    mutating func read(_ byte: UInt8) -> String? {
        if state == .text, byte < 0x80, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
            utf8.isBetweenCharacters
        {
            return nil
        }
        return readSlowly(byte)
    }

    /// Tells that there are no more bytes.
    /// - Returns: What is missing, in words; nil for a whole text.
    mutating func end() -> String? {
        if !utf8.isBetweenCharacters { return "a character that is cut off" }
        if isNumberWhole { state = .behindValue }
        if isEmpty { return "nothing, where a value must stand" }
        guard state == .behindValue, open.isEmpty else {
            switch state {
            case .text, .escape, .digits, .lowHalf, .lowHalfSign: return "a text that does not end"
            default: return "an end where something is missing"
            }
        }
        return nil
    }

    private var isNumberWhole: Bool { [.zero, .whole, .fraction, .exponentDigits].contains(state) }

    @inline(never)
    private mutating func readSlowly(_ byte: UInt8) -> String? {
        switch state {
        case .text: return readText(byte)
        case .escape, .digits, .lowHalf, .lowHalfSign: return readEscape(byte)
        case .literal:
            guard rest.popLast() == byte else { return "something that is neither true, false nor null" }
            if rest.isEmpty { state = .behindValue }
            return nil
        case .minus, .zero, .whole, .point, .fraction, .exponent, .exponentSign, .exponentDigits:
            if let isWrong = readNumber(byte) { return isWrong }
            // The byte behind a number is what follows it.
            return state == .behindValue ? readStructure(byte) : nil
        case .value, .firstElement, .firstKey, .key, .colon, .behindValue: return readStructure(byte)
        }
    }

    // MARK: Structure

    private mutating func readStructure(_ byte: UInt8) -> String? {
        if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { return nil }
        isEmpty = false
        switch (state, byte) {
        case (.firstKey, UInt8(ascii: "}")), (.firstElement, UInt8(ascii: "]")): close()
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): (state, isKey) = (.text, true)
        case (.firstKey, _), (.key, _): return "something that is no key in quotes"
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.colon, _): return "no colon behind a key"
        case (.behindValue, UInt8(ascii: ",")) where !open.isEmpty: state = open.last == true ? .key : .value
        case (.behindValue, UInt8(ascii: "}")) where open.last == true: close()
        case (.behindValue, UInt8(ascii: "]")) where open.last == false: close()
        case (.behindValue, _):
            return open.isEmpty ? "something behind the end" : "no comma between two values, or another bracket"
        default: return begin(byte)
        }
        return nil
    }

    private mutating func close() {
        open.removeLast()
        state = .behindValue
    }

    private mutating func begin(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < Self.deepest else { return "values nested more than \(Self.deepest) deep" }
            open.append(byte == UInt8(ascii: "{"))
            state = byte == UInt8(ascii: "{") ? .firstKey : .firstElement
        case UInt8(ascii: "\""): (state, isKey) = (.text, false)
        case UInt8(ascii: "t"): (state, rest) = (.literal, Array("eur".utf8))
        case UInt8(ascii: "f"): (state, rest) = (.literal, Array("esla".utf8))
        case UInt8(ascii: "n"): (state, rest) = (.literal, Array("llu".utf8))
        case UInt8(ascii: "-"): state = .minus
        case UInt8(ascii: "0"): state = .zero
        case UInt8(ascii: "1")...UInt8(ascii: "9"): state = .whole
        default: return "something that is no value"
        }
        return nil
    }

    // MARK: Texts

    private mutating func readText(_ byte: UInt8) -> String? {
        guard utf8.take(byte) else { return "bytes that are no UTF-8" }
        if byte >= 0x80 { return nil }
        switch byte {
        case UInt8(ascii: "\""): state = isKey ? .colon : .behindValue
        case UInt8(ascii: "\\"): state = .escape
        case ..<0x20: return "a control character in a text"
        default: break
        }
        return nil
    }

    private mutating func readEscape(_ byte: UInt8) -> String? {
        switch state {
        case .escape where byte == UInt8(ascii: "u"):
            (state, code, isLowHalf) = (.digits(4), 0, false)
        case .escape:
            guard "\"\\/bfnrt".utf8.contains(byte) else { return "an escape that there is not" }
            state = .text
        case .digits(let missing):
            guard let digit = Self.digit(byte) else { return "an escape of something else than four digits" }
            code = code << 4 | digit
            state = missing > 1 ? .digits(missing - 1) : .text
            return missing > 1 ? nil : endCode()
        case .lowHalf:
            guard byte == UInt8(ascii: "\\") else { return "half a surrogate pair" }
            state = .lowHalfSign
        case .lowHalfSign:
            guard byte == UInt8(ascii: "u") else { return "half a surrogate pair" }
            (state, code, isLowHalf) = (.digits(4), 0, true)
        default: break
        }
        return nil
    }

    private mutating func endCode() -> String? {
        let isLow = (0xDC00...0xDFFF).contains(code)
        guard isLow == isLowHalf else { return "half a surrogate pair" }
        if (0xD800...0xDBFF).contains(code) { state = .lowHalf }
        return nil
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    // MARK: Numbers

    private mutating func readNumber(_ byte: UInt8) -> String? {
        let isDigit = byte &- UInt8(ascii: "0") <= 9
        let isExponent = byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
        switch state {
        case .minus where byte == UInt8(ascii: "0"): state = .zero
        case .minus where isDigit: state = .whole
        case .zero where isDigit: return "a number that begins with 0"
        case .zero where byte == UInt8(ascii: "."), .whole where byte == UInt8(ascii: "."): state = .point
        case .zero where isExponent, .whole where isExponent, .fraction where isExponent: state = .exponent
        case .whole where isDigit, .fraction where isDigit, .exponentDigits where isDigit: break
        case .point where isDigit: state = .fraction
        case .exponent where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"): state = .exponentSign
        case .exponent where isDigit, .exponentSign where isDigit: state = .exponentDigits
        case .zero, .whole, .fraction, .exponentDigits: state = .behindValue
        default: return "a number that is not whole"
        }
        return nil
    }
}

/// Where a reader of UTF-8 is inside of a character.
private struct UTF8Position {
    private var missing = 0
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    var isBetweenCharacters: Bool { missing == 0 }

    /// Takes a byte.
    /// - Returns: Whether it can stand here (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
    mutating func take(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: missing = 2
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}
