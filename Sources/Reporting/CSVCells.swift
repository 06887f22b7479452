/// Writes the cells of a CSV record: a cell's whole content is neutralised and quoted as one field.
///
/// Content is appended to the output as it is; when the cell ends, it is rewritten in place if it needs quotes or
/// could be taken for a formula. Lines end in CRLF (RFC 4180). A record of one empty cell is written `""`, because
/// many readers skip an empty line.
struct CSVCells {
    private var cellStart = 0
    private var cellsBefore = 0
    private var needsQuotes = false
    /// Whether the cell begins with a number of ours, whose sign makes no formula.
    private var beginsWithNumber = false

    /// Where the cell begins in a buffer that was just emptied.
    mutating func bufferWasEmptied() { cellStart = 0 }

    /// Whether nothing of a record has been written yet.
    func isAtRecordStart(_ output: borrowing OutputBuffer) -> Bool {
        cellsBefore == 0 && output.count == cellStart
    }

    /// Appends a value to the cell.
    @inline(__always)
    mutating func append(
        _ value: UnsafeBufferPointer<UInt8>,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        guard let source = value.baseAddress else { return }
        guard value.count <= Escaping.largestValue else {
            return appendSlowly(value, to: &output, counts: &counts)
        }
        output.reserve(value.count)
        let target = output.base + output.count
        var isStructure: UInt8 = 0
        var isNUL: UInt8 = 0
        for index in 0..<value.count {
            let byte = source[index]
            target[index] = byte
            isStructure |= byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D ? 1 : 0
            isNUL |= byte == 0 ? 1 : 0
        }
        guard isNUL == 0 else { return appendSlowly(value, to: &output, counts: &counts) }
        if isStructure != 0 { needsQuotes = true }
        output.advance(value.count)
    }

    @inline(never)
    private mutating func appendSlowly(
        _ value: UnsafeBufferPointer<UInt8>,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        let start = output.count
        Self.escaping.append(value, to: &output, counts: &counts)
        for index in start..<output.count where Self.isStructure(output.base[index]) { needsQuotes = true }
    }

    /// Appends a number of ours.
    mutating func append(number: Int64, to output: inout OutputBuffer) {
        if number < 0, output.count == cellStart { beginsWithNumber = true }
        output.append(decimal: number)
    }

    /// Notes that what follows in this cell is a number of ours.
    mutating func numberFollows(_ output: borrowing OutputBuffer) {
        if output.count == cellStart { beginsWithNumber = true }
    }

    /// Appends a byte of content.
    mutating func append(_ byte: UInt8, to output: inout OutputBuffer) {
        if Self.isStructure(byte) { needsQuotes = true }
        output.append(byte)
    }

    /// Ends the cell; another follows.
    @inline(__always)
    mutating func endCell(_ output: inout OutputBuffer) {
        finishCell(&output)
        output.append(UInt8(ascii: ","))
        cellStart = output.count
        cellsBefore += 1
    }

    /// Ends the record.
    @inline(__always)
    mutating func endRecord(_ output: inout OutputBuffer) {
        if cellsBefore == 0, output.count == cellStart { output.append("\"\"") }
        finishCell(&output)
        output.append("\r\n")
        cellStart = output.count
        cellsBefore = 0
    }

    // MARK: The end of a cell

    @inline(__always)
    private mutating func finishCell(_ output: inout OutputBuffer) {
        guard output.count > cellStart else { return }
        if Self.mayBeginFormula(output.base[cellStart]) { neutralise(&output) }
        if needsQuotes { quote(&output) }
        beginsWithNumber = false
    }

    @inline(never)
    private mutating func neutralise(_ output: inout OutputBuffer) {
        let content = UnsafeBufferPointer(rebasing: output.bytes[cellStart...])
        guard Self.beginsFormula(content) else { return }
        if beginsWithNumber, content.dropFirst().allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            return
        }
        output.insert([UInt8(ascii: "'")], at: cellStart)
    }

    @inline(never)
    private mutating func quote(_ output: inout OutputBuffer) {
        needsQuotes = false
        let size = output.count - cellStart
        var quotes = 0
        for index in cellStart..<output.count where output.base[index] == UInt8(ascii: "\"") { quotes += 1 }
        output.reserve(quotes + 2)
        let content = output.base + cellStart
        var target = content + size + quotes + 1
        target.pointee = UInt8(ascii: "\"")
        for index in stride(from: size - 1, through: 0, by: -1) {
            target -= 1
            target.pointee = content[index]
            if content[index] == UInt8(ascii: "\"") {
                target -= 1
                target.pointee = UInt8(ascii: "\"")
            }
        }
        content.pointee = UInt8(ascii: "\"")
        output.advance(quotes + 2)
    }

    private static let escaping = Escaping(.csvCell)

    @inline(__always)
    private static func isStructure(_ byte: UInt8) -> Bool {
        byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D
    }

    @inline(__always)
    private static func mayBeginFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20, 0x27, 0x2B, 0x2D, 0x3D, 0x40, 0xC2, 0xEF: true
        default: false
        }
    }

    /// Whether a field matches `^'*[ \u00A0]*[=+\-@\t\r\n＝＋－＠]` (DESIGN section 4).
    static func beginsFormula(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        func byte(_ offset: Int) -> UInt8 { index + offset < field.count ? field[index + offset] : 0 }
        while byte(0) == UInt8(ascii: "'") { index += 1 }
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
}
