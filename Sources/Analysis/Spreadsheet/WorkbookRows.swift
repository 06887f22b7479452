/// The rows of a sheet of a workbook, as they stand in its XML.
final class WorkbookRows: XMLHandler {
    /// A cell whose text is one of those that the sheets share.
    struct Shared {
        var row: Int
        var column: Int
        /// The number of the text.
        var text: Int
    }

    private var rows: [SpreadsheetRecords.Record] = []
    private(set) var shared: [Shared] = []
    private var cells: [String] = []
    private var rowNumber = 0
    private var column = -1
    private var kind = ""
    private var text: [UInt8] = []
    private var isValue = false
    private var isPhonetic = false
    /// What is left of the most cells and bytes that are read.
    private var (cellsLeft, bytesLeft) = (4_000_000, 256 << 20)

    /// The most bytes of a cell: four for each of the characters that a program lets anybody write.
    static let mostOfCell = 4 * 32_767 * 7
    /// Beyond, nobody fills in a table of ours.
    private static let mostColumns = 500

    /// The rows that hold anything, in order.
    var records: [SpreadsheetRecords.Record] {
        rows.filter { $0.cells.contains { !$0.trimmedAsWord.isEmpty } }
    }

    /// Puts the shared texts into their cells.
    func put(_ texts: [Int: String]) {
        for cell in shared { rows[cell.row].cells[cell.column] = texts[cell.text] ?? "" }
    }

    func begin(_ element: XMLElement) throws {
        if element.isNamed("row") {
            let number = element["r"].flatMap { Int($0) } ?? rowNumber + 1
            guard number > rowNumber, number <= 1_048_576 else {
                throw XMLParts.Damage(reason: "has rows out of order")
            }
            (rowNumber, column) = (number, -1)
            cells = []
        } else if element.isNamed("c") {
            column = element["r"].flatMap(Self.column) ?? column + 1
            kind = element["t"] ?? "n"
            text.removeAll(keepingCapacity: true)
        } else if element.isNamed("rPh") {
            isPhonetic = true
        } else if element.isNamed("v") || element.isNamed("t") {
            isValue = !isPhonetic
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard isValue else { return }
        bytesLeft -= bytes.count
        guard bytesLeft >= 0, text.count + bytes.count <= Self.mostOfCell else {
            throw XMLParts.Damage(reason: "holds more text than is read")
        }
        text += bytes
    }

    func end(_ name: UnsafePointer<UInt8>) throws {
        if XMLParts.is(name, "v") || XMLParts.is(name, "t") {
            isValue = false
        } else if XMLParts.is(name, "rPh") {
            isPhonetic = false
        } else if XMLParts.is(name, "c") {
            try endCell()
        } else if XMLParts.is(name, "row") {
            rows.append(SpreadsheetRecords.Record(number: rowNumber, cells: cells))
        }
    }

    private func endCell() throws {
        guard !text.isEmpty else { return }
        guard column < Self.mostColumns else {
            throw XMLParts.Damage(reason: "has a cell in column \(column + 1) of row \(rowNumber)")
        }
        cellsLeft -= max(0, column + 1 - cells.count)
        guard cellsLeft >= 0 else { throw XMLParts.Damage(reason: "holds more cells than are read") }
        while cells.count <= column { cells.append("") }
        let value = String(decoding: text, as: UTF8.self)
        switch kind {
        case "s":
            guard let number = Int(value), number >= 0 else { throw XMLParts.Damage(reason: "names no shared text") }
            shared.append(Shared(row: rows.count, column: column, text: number))
        case "inlineStr", "str": cells[column] = Self.unescaped(text)
        case "b": cells[column] = value == "1" ? "TRUE" : "FALSE"
        case "n": cells[column] = Self.number(value)
        default: cells[column] = value
        }
    }

    /// Whole numbers in digits, however the program writes them.
    private static func number(_ text: String) -> String {
        guard let number = Double(text), number.magnitude < 1e15, number.rounded() == number else { return text }
        return String(Int(number))
    }

    /// The column of `AB12`, counted from 0; nil for what names no cell.
    private static func column(_ reference: String) -> Int? {
        var column = 0
        for byte in reference.utf8 {
            guard (0x41...0x5A).contains(byte) else { break }
            column = column * 26 + Int(byte - 0x40)
            guard column <= 1 << 20 else { return nil }
        }
        return column > 0 ? column - 1 : nil
    }

    /// A text with `_x0007_` and its like taken for the characters that they stand for.
    static func unescaped(_ bytes: [UInt8]) -> String {
        guard bytes.contains(UInt8(ascii: "_")) else { return String(decoding: bytes, as: UTF8.self) }
        var units: [UInt16] = []
        var rest = Array(String(decoding: bytes, as: UTF8.self).utf16)[...]
        while let unit = rest.first {
            if unit == 0x5F, rest.count >= 7, rest[rest.startIndex + 1] == 0x78, rest[rest.startIndex + 6] == 0x5F,
                let digits = String(validating: rest[(rest.startIndex + 2)..<(rest.startIndex + 6)], as: UTF16.self),
                digits.allSatisfy({ $0.isASCII && $0.isHexDigit }), let value = UInt16(digits, radix: 16)
            {
                units.append(value)
                rest = rest.dropFirst(7)
            } else {
                units.append(unit)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
