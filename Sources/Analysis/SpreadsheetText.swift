/// What a spreadsheet makes of a text when it opens a CSV file: a formula, another value, or the text itself.
///
/// Reports put an apostrophe in front of such texts, and readers of what people send back take it off; both ask here.
public enum SpreadsheetText {
    /// Whether a field matches `^'*[ \u00A0]*[=+\-@\t\r\n＝＋－＠]`: a formula (DESIGN section 4; OWASP, CSV injection).
    public static func beginsFormula(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = start(of: field)
        func byte(_ offset: Int) -> UInt8 { index + offset < field.count ? field[index + offset] : 0 }
        while true {
            if byte(0) == UInt8(ascii: " ") {
                index += 1
            } else if byte(0) == 0xC2, byte(1) == 0xA0 {
                index += 2
            } else {
                break
            }
        }
        switch byte(0) {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D:
            return true
        case 0xEF:
            return byte(1) == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(byte(2))
        default:
            return false
        }
    }

    /// Whether a spreadsheet would take a field, leading apostrophes aside, for a number, a date, a truth value or an
    /// error, and so show something else: digits after the fifteenth as zeros, `06E2` as 600, `MAR1` as a day.
    ///
    /// Errs on the side of yes: an apostrophe too many is seen and can be taken off, a lost digit can't.
    public static func isConverted(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        let bytes = field[start(of: field)...]
        // Longer ones are no number in any spreadsheet.
        guard !bytes.isEmpty, bytes.count <= 400 else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        if isAddress(text) { return false }
        if text.first == "#" {
            return text.dropFirst().allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/!?_".contains($0) }
        }
        var hasDigit = false
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if character.isNumber {
                hasDigit = true
            } else if !separators.contains(character) {
                return false
            }
        }
        if !word.isEmpty { words.append(word) }
        return hasDigit ? words.allSatisfy(isPartOfNumber) : words.count == 1 && truths.contains(words[0])
    }

    /// Where a field begins behind its apostrophes.
    private static func start(of field: UnsafeBufferPointer<UInt8>) -> Int {
        var index = 0
        while index < field.count, field[index] == UInt8(ascii: "'") { index += 1 }
        return index
    }

    /// An IP address that no locale reads as a number with points between its thousands.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ (1...3).contains($0.count) && $0.allSatisfy(\.isASCIIDigit) })
        else { return false }
        return !parts.dropFirst().allSatisfy { $0.count == 3 }
    }

    private static let separators = Set<Character>(" \u{A0}\u{202F}.,:;/-+()%$€£¥'’")

    private static let truths: Set<String> = ["true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso"]

    /// Exponents, hours and months: what letters can stand beside digits in a number or a date.
    private static func isPartOfNumber(_ word: String) -> Bool {
        if ["e", "a", "p", "am", "pm", "t", "z", "d", "x"].contains(word) { return true }
        return word.count >= 3 && months.contains { $0.hasPrefix(word) }
    }

    /// English months whole, for their beginnings count; of other languages the usual short ones.
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "sept", "mär", "märz", "mrz", "mai", "okt", "dez", "janv", "févr", "avr", "juin", "juil", "août",
        "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "fev", "out", "maart", "mei",
    ]
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
