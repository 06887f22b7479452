/// The rows of a CSV file as spreadsheets write it: RFC 4180, and what they do besides.
///
/// Lines end with CR, LF or both; a first line `sep=;` names what stands between cells.
package struct SpreadsheetRecords {
    /// A row that is not empty.
    package struct Record {
        /// Which row of the sheet it is, counted from 1.
        var number: Int
        /// Its cells, from the first column on.
        package var cells: [String]
    }

    /// The rows that hold anything, in order.
    package private(set) var all: [Record] = []
    /// The row in which a quote begins that nothing closes: what stands behind it can't be told apart.
    private(set) var openQuote: Int?

    /// Takes rows that stand in a workbook.
    init(_ records: [Record]) { all = records }

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: The whole file.
    ///   - columns: Names that its header may have: what stands between cells is what makes most of them out.
    package init(_ text: String, columns: Set<String>) {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let separator = Self.statedSeparator(&bytes) ?? Self.likelySeparator(bytes, columns)
        (all, openQuote) = Self.read(bytes, separator)
    }

    /// What a first line `sep=;` says, which is taken off.
    private static func statedSeparator(_ bytes: inout ArraySlice<UInt8>) -> UInt8? {
        let line = bytes.prefix { $0 != 10 && $0 != 13 }
        let stated = line.filter { $0 != UInt8(ascii: "\"") }
        guard stated.count == 5, String(decoding: stated.prefix(4), as: UTF8.self).lowercased() == "sep=",
            let separator = stated.last, separator < 0x80
        else { return nil }
        bytes = bytes.dropFirst(line.count)
        if bytes.first == 13 { bytes = bytes.dropFirst() }
        if bytes.first == 10 { bytes = bytes.dropFirst() }
        return separator
    }

    private static func likelySeparator(_ bytes: ArraySlice<UInt8>, _ columns: Set<String>) -> UInt8 {
        let candidates = Array(",;\t|".utf8)
        let found = candidates.map { separator in
            read(bytes, separator, most: 1).records.first?.cells
                .count { columns.contains(SpreadsheetTable.columnName($0)) } ?? 0
        }
        let best = found.indices.max { (found[$0], -$0) < (found[$1], -$1) }
        return best.map { candidates[$0] } ?? UInt8(ascii: ",")
    }

    /// `most`: how many records are wanted.
    private static func read(
        _ bytes: ArraySlice<UInt8>,
        _ separator: UInt8,
        most: Int = .max
    ) -> (records: [Record], openQuote: Int?) {
        var reader = Reader(separator: separator)
        var place = bytes.startIndex
        while place < bytes.endIndex, reader.records.count < most {
            let next = place + 1 < bytes.endIndex ? bytes[place + 1] : nil
            place += reader.take(bytes[place], next)
        }
        if place >= bytes.endIndex { reader.end() }
        return (reader.records, reader.isQuoted ? reader.quoteBegan : nil)
    }

    private struct Reader {
        let separator: UInt8
        var records: [Record] = []
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var quoteBegan = 1
        var number = 1

        init(separator: UInt8) { self.separator = separator }

        /// Takes a byte, and the next one where both are one thing; tells how many it took.
        mutating func take(_ byte: UInt8, _ next: UInt8?) -> Int {
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    cell.append(byte)
                    return 1
                }
                if next == UInt8(ascii: "\"") {
                    cell.append(byte)
                    return 2
                }
                isQuoted = false
            } else if byte == separator {
                endCell()
            } else if byte == 10 || byte == 13 {
                endRecord()
                return byte == 13 && next == 10 ? 2 : 1
            } else if byte == UInt8(ascii: "\""), cell.isEmpty {
                (isQuoted, quoteBegan) = (true, number)
            } else {
                cell.append(byte)
            }
            return 1
        }

        mutating func end() {
            if !cell.isEmpty || !cells.isEmpty { endRecord() }
        }

        private mutating func endCell() {
            cells.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }

        private mutating func endRecord() {
            endCell()
            if cells.contains(where: { !$0.trimmedAsWord.isEmpty }) {
                records.append(Record(number: number, cells: cells))
            }
            cells.removeAll(keepingCapacity: true)
            number += 1
        }
    }
}

extension String {
    /// Without blanks, no-break spaces, line breaks and marks that nobody sees at both ends.
    package var trimmedAsWord: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isUnseen }),
            let last = scalars.lastIndex(where: { !$0.isUnseen })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    fileprivate var isUnseen: Bool {
        value == 0x20 || properties.isWhitespace || [0xFEFF, 0x200B, 0x200E, 0x200F].contains(value)
    }
}
