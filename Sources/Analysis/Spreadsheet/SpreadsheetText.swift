import CBytes

/// What a spreadsheet makes of a text when it opens a CSV file: a formula, another value, or the text itself.
///
/// Reports put an apostrophe in front of such texts, and readers of what people send back take it off; both ask here.
package enum SpreadsheetText {
    /// Whether a field matches `^'*[ \u00A0]*[=+\-@\t\r\n＝＋－＠]`: a formula (OWASP, CSV injection).
    package static func beginsFormula(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
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
    package static func isConverted(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        let bytes = UnsafeBufferPointer(rebasing: field[start(of: field)...])
        // Longer ones are no number in any spreadsheet.
        guard !bytes.isEmpty, bytes.count <= 400 else { return false }
        if bytes[0] == UInt8(ascii: "#") { return isError(bytes) }
        var hasDigit = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isLetter(byte) {
                var end = index + 1
                while end < bytes.count, isLetter(bytes[end]) { end += 1 }
                let word = String(decoding: bytes[index..<end], as: UTF8.self).lowercased()
                let isSigns = byte >= 0x80 && word.allSatisfy { signs.contains($0) || $0.isNumber }
                // A word that stands in no number: the whole is text, unless it is a truth value.
                guard isSigns || end - index <= longestWord && parts.contains(word) else {
                    return end - index == bytes.count && truths.contains(word)
                }
                hasDigit = hasDigit || isSigns && word.contains(where: \.isNumber)
                index = end
                continue
            }
            if byte >= 0x30 && byte <= 0x39 {
                hasDigit = true
            } else if !separators.contains(byte) {
                return false
            }
            index += 1
        }
        return hasDigit && !isAddress(bytes)
    }

    /// The same of a text.
    static func isConverted(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isConverted($0) }
    }

    /// A field with an apostrophe in front of each formula: at its begin, and behind every byte that some program takes for
    /// the end of a cell.
    ///
    /// - Parameters:
    ///   - field: The field.
    ///   - first: From which place on formulas are looked for; 1 leaves the field's own begin alone.
    /// - Returns: The field so guarded; nil where nothing is a formula.
    package static func guarded(_ field: UnsafeBufferPointer<UInt8>, behind first: Int = 0) -> [UInt8]? {
        var guarded: [UInt8] = []
        var copied = 0
        var place = first == 0 ? 0 : next(first, field)
        while place < field.count {
            if beginsFormula(UnsafeBufferPointer(rebasing: field[place...])) {
                guarded += field[copied..<place]
                guarded.append(apostrophe)
                copied = place
            }
            place = next(place + 1, field)
        }
        guard !guarded.isEmpty else { return nil }
        return guarded + field[copied...]
    }

    /// The first place from another on, which is not 0, before which a cell may end; beyond the field where there is none.
    private static func next(_ place: Int, _ field: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = field.baseAddress, place <= field.count else { return field.count }
        return place + heed_cell_end(start + place - 1, field.count - place + 1)
    }

    /// Takes off the apostrophes that reports put in front of what a spreadsheet would take for something else.
    static func withoutApostrophe(_ text: String) -> String {
        guard text.utf8.contains(apostrophe) else { return text }
        return Array(text.utf8).withUnsafeBufferPointer { field in
            var original: [UInt8] = []
            for place in field.indices {
                let isFirst = place == 0
                let rest = UnsafeBufferPointer(rebasing: field[place...])
                let isOurs =
                    field[place] == apostrophe && (isFirst || heed_ends_cell(field[place - 1]))
                    && (beginsFormula(rest) || isFirst && isConverted(rest))
                if !isOurs { original.append(field[place]) }
            }
            return String(decoding: original, as: UTF8.self)
        }
    }

    private static let apostrophe = UInt8(ascii: "'")

    /// `#N/A` and its like.
    private static func isError(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.dropFirst().allSatisfy { byte in
            (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || "/!?_".utf8.contains(byte)
        }
    }

    /// Letters of ASCII, and everything beyond ASCII.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x80
    }

    /// Where a field begins behind its apostrophes.
    private static func start(of field: UnsafeBufferPointer<UInt8>) -> Int {
        var index = 0
        while index < field.count, field[index] == UInt8(ascii: "'") { index += 1 }
        return index
    }

    /// An IP address that no locale reads as a number with points between its thousands.
    private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isDotted =
            parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            }
        return isDotted && !parts.dropFirst().allSatisfy { $0.count == 3 }
    }

    private static let separators = Set(" .,:;/-+()%$'".utf8)
    private static let truths: Set<String> = ["true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso"]
    private static let longestWord = 12
    private static let signs = Set<Character>("€£¥’\u{A0}\u{202F}")

    /// What can stand beside digits in a number or a date: exponents, hours, months in English and the usual short ones of
    /// other languages.
    private static let parts: Set<String> = {
        let months = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        var parts: Set<String> = [
            "e", "a", "p", "am", "pm", "t", "z", "d", "x", "sept", "mär", "märz", "mrz", "mai", "okt", "dez", "janv",
            "févr",
            "avr", "juin", "juil", "août", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott",
            "fev", "out", "maart", "mei",
        ]
        for month in months { for length in 3...month.count { parts.insert(String(month.prefix(length))) } }
        return parts
    }()
}
