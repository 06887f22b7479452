import Evidence

/// Reads the bytes of a file that comes back from a spreadsheet: UTF-8 or UTF-16, with or without a byte order mark, else
/// windows-1252, which programs of Western Europe and America write where nobody asks for another.
enum SpreadsheetEncoding {
    /// The text of a file.
    ///
    /// - Throws: `AnalysisError` with code `.configuration` for an old workbook, and for UTF-16 that breaks off or is broken.
    static func text(of bytes: [UInt8], named name: String) throws -> String {
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw AnalysisError(
                .configuration,
                "\(name): is a workbook (.xls, or protected by a password), which is not read",
                hint: "save it as .xlsx, or the sheet as CSV, and give that file"
            )
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try text(utf8: bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try text(utf16: bytes.dropFirst(2), high: 1, name) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try text(utf16: bytes.dropFirst(2), high: 0, name) }
        if let high = placeOfZeros(bytes) { return try text(utf16: bytes[...], high: high, name) }
        return try text(utf8: bytes[...])
    }

    private static func text(utf8 bytes: ArraySlice<UInt8>) throws -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        text.reserveCapacity(bytes.count)
        for byte in bytes { text.append(scalar(ofWindows1252: byte)) }
        return String(text)
    }

    /// `high`: which byte of a pair is the greater one, 0 or 1.
    private static func text(utf16 bytes: ArraySlice<UInt8>, high: Int, _ name: String) throws -> String {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { place in
            UInt16(bytes[place + high]) << 8 | UInt16(bytes[place + 1 - high])
        }
        guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
            throw AnalysisError(
                .configuration,
                "\(name): is UTF-16 that is broken or breaks off",
                hint: "save it once more, as CSV in UTF-8"
            )
        }
        return text
    }

    /// Which byte of each pair is 0 at the begin, where a header of plain letters stands; nil for neither.
    private static func placeOfZeros(_ bytes: [UInt8]) -> Int? {
        let head = bytes.prefix(64)
        let pairs = head.count / 2
        guard pairs > 1 else { return nil }
        return [0, 1].first { place in
            let zeros = stride(from: place, to: pairs * 2, by: 2).count { head[$0] == 0 }
            return zeros * 4 >= pairs * 3
        }
    }

    /// What windows-1252 has in the place of control characters, from 0x80 on; 0 where it has nothing.
    private static let signs: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    private static func scalar(ofWindows1252 byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte), let scalar = Unicode.Scalar(signs[Int(byte - 0x80)]), scalar.value > 0
        else {
            return Unicode.Scalar(byte)
        }
        return scalar
    }
}
