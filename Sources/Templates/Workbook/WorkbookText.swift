/// A text as a cell of a workbook can hold it.
///
/// libxlsxwriter writes control characters as `_x0007_`. What it leaves is done here: a text that itself holds `_x0007_`,
/// characters that XML has no place for, and texts that are too long.
enum WorkbookText {
    /// The most units of UTF-16 in a cell (Microsoft, "Excel specifications and limits").
    static let most = 32_767

    /// The text to be written, which ends with a NUL, and whether it was cut; nil where it can be written as it is.
    static func changed(_ content: UnsafeBufferPointer<UInt8>) -> (text: [UInt8], isCut: Bool)? {
        guard content.count > most || needsEscaping(content) else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        let whole = escaped(text, most: most)
        guard whole.isCut else { return (whole.bytes + [0], false) }
        let note = "… (cut: at most \(most) of \(text.utf16.count) characters fit in a cell)"
        let part = escaped(text, most: most - note.utf16.count)
        return (part.bytes + Array(note.utf8) + [0], true)
    }

    private static func needsEscaping(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
        for (place, byte) in content.enumerated() {
            if byte == UInt8(ascii: "_"), isEscape(content, place) { return true }
            // U+FFFE and U+FFFF.
            if byte == 0xEF, place + 2 < content.count, content[place + 1] == 0xBF, content[place + 2] >= 0xBE {
                return true
            }
        }
        return false
    }

    /// Whether `_xHHHH_` begins at a place.
    private static func isEscape(_ content: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard place + 6 < content.count, content[place + 1] == UInt8(ascii: "x"),
            content[place + 6] == UInt8(ascii: "_")
        else { return false }
        return (2...5).allSatisfy { isHex(content[place + $0]) }
    }

    private static func isHex(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 5 }

    /// The text escaped, as much of it as takes so many units, and whether that is not all.
    private static func escaped(_ text: String, most: Int) -> (bytes: [UInt8], isCut: Bool) {
        var text = text
        return text.withUTF8 { content in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(content.count + 16)
            var (place, units) = (0, 0)
            while place < content.count {
                let byte = content[place]
                let width = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                let isEscape = byte == UInt8(ascii: "_") && isEscape(content, place)
                let isNoCharacter =
                    width == 3 && byte == 0xEF && content[place + 1] == 0xBF && content[place + 2] >= 0xBE
                let cost = isEscape || isNoCharacter ? 7 : width == 4 ? 2 : 1
                guard units + cost <= most else { return (bytes, true) }
                units += cost
                if isEscape {
                    bytes += Array("_x005F_".utf8)
                } else if isNoCharacter {
                    bytes += Array((content[place + 2] == 0xBE ? "_xFFFE_" : "_xFFFF_").utf8)
                } else {
                    bytes += content[place..<(place + width)]
                }
                place += width
            }
            return (bytes, false)
        }
    }
}
