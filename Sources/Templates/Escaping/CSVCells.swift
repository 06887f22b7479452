import Analysis
import CBytes
import Evidence

/// Writes the cells of a CSV record: a cell's whole content is neutralised and quoted as one field.
///
/// Content is appended to the output as it is; when the cell ends, it is rewritten in place if it needs quotes or
/// could be taken for a formula. How, says the ``CSVProfile``. A record of one empty cell is written `""`, because
/// many readers skip an empty line.
struct CSVCells {
    let delimiter: UInt8
    private let lineEnd: StaticString
    private let profile: CSVProfile
    /// Whether cells are written as spreadsheets read them.
    let isForSpreadsheet: Bool
    /// Whether cells are written for a sheet of a workbook: nothing quoted and nothing neutralised (``WorkbookCell``).
    private let isForWorkbook: Bool
    private let mostRecords: Int?
    private var cellStart = 0
    private var cellsBefore = 0
    private var needsQuotes = false
    /// Whether the cell holds what some program takes for its end.
    private var holdsSeparator = false
    /// Whether the cell begins with a number of ours, whose sign makes no formula.
    private var beginsWithNumber = false
    /// Whether the cell begins with a time of ours.
    private var beginsWithTime = false
    /// Cells that were cut because the profile's program takes no longer ones.
    private(set) var cut = 0

    /// The first record, with its end: the header of further parts.
    private(set) var header: [UInt8] = []
    /// How many records were ended.
    private(set) var records = 0
    /// Offsets in the output where a further part of the file begins, and the number of records before it.
    private(set) var splits: [(offset: Int, records: Int)] = []
    /// The number of the record behind which something is to be done.
    private var stop = 1

    /// Begins a table; `mostRecords` stands for the profile's own number of records a part.
    init(_ profile: CSVProfile = .rfc4180, mostRecords: Int? = nil) {
        self.mostRecords = mostRecords
        self.profile = profile
        delimiter = profile.delimiter
        lineEnd = profile.lineEnd
        isForSpreadsheet = profile.isForSpreadsheet
        isForWorkbook = false
    }

    /// Begins a table that becomes a sheet of a workbook.
    init(forWorkbook: ()) {
        mostRecords = .max
        profile = .rfc4180
        delimiter = profile.delimiter
        lineEnd = "\n"
        (isForSpreadsheet, isForWorkbook) = (true, true)
    }

    /// Between two records: the buffer holds the end of what was written so far, in so many bytes.
    mutating func bufferWasHandedOn(keeping count: Int) {
        cellStart = count
        splits.removeAll()
    }

    /// Whether nothing of a record has been written yet.
    func isAtRecordStart(_ output: borrowing OutputBuffer) -> Bool {
        cellsBefore == 0 && output.count == cellStart
    }

    /// Appends a value to the cell.
    @inline(never)
    mutating func append(
        _ value: UnsafeBufferPointer<UInt8>,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        if value.count <= Escaping.largestValue, append(content: value, to: &output) { return }
        let start = output.count
        Self.escaping.append(value, to: &output, counts: &counts)
        for index in start..<output.count { note(output.base[index]) }
    }

    /// Appends a text that is all of its cell, and ends the cell.
    ///
    /// What decides about quotes and formulas is asked of the text: a byte that is read so soon after it was written is waited
    /// for.
    @inline(__always)
    mutating func append(
        field text: TextView,
        isTime: Bool,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        if !isForSpreadsheet, output.count == cellStart, let source = text.start, text.count > 0,
            text.count <= Escaping.largestValue, !Self.mayBeginFormula(source[0])
        {
            output.reserve(text.count + 1)
            let target = output.base + output.count
            if heed_copy_field(target, source, text.count, delimiter) == 0 {
                target[text.count] = delimiter
                output.advance(text.count + 1)
                cellStart = output.count
                cellsBefore += 1
                return
            }
        }
        if isTime { timeFollows(output) }
        if text.count > 0 { append(text.bytes, to: &output, counts: &counts) }
        endCell(&output)
    }

    /// Appends content as it is, unless it holds a NUL, which is to be replaced.
    /// - Returns: Whether it was appended.
    @inline(never)
    @discardableResult
    mutating func append(content: UnsafeBufferPointer<UInt8>, to output: inout OutputBuffer) -> Bool {
        guard let source = content.baseAddress else { return true }
        output.reserve(content.count)
        let found = heed_copy_field(output.base + output.count, source, content.count, delimiter)
        guard found & UInt32(HEED_FIELD_NUL) == 0 else { return false }
        if found & UInt32(HEED_FIELD_STRUCTURE) != 0 { needsQuotes = true }
        if found & UInt32(HEED_FIELD_SEPARATOR) != 0 { holdsSeparator = true }
        output.advance(content.count)
        return true
    }

    /// Appends a number of ours.
    mutating func append(number: Int64, to output: inout OutputBuffer) {
        if output.count == cellStart { beginsWithNumber = true }
        output.append(decimal: number)
    }

    /// Notes that what follows in this cell is a number of ours.
    mutating func numberFollows(_ output: borrowing OutputBuffer) {
        if output.count == cellStart { beginsWithNumber = true }
    }

    /// Notes that what follows in this cell is a time of ours.
    @inline(__always)
    mutating func timeFollows(_ output: borrowing OutputBuffer) {
        if output.count == cellStart { beginsWithTime = true }
    }

    /// Ends the cell; another follows.
    @inline(__always)
    mutating func endCell(_ output: inout OutputBuffer) {
        finishCell(&output)
        output.append(delimiter)
        cellStart = output.count
        cellsBefore += 1
    }

    /// Ends the record.
    @inline(__always)
    mutating func endRecord(_ output: inout OutputBuffer) {
        if cellsBefore == 0, output.count == cellStart, !isForWorkbook { output.append("\"\"") }
        finishCell(&output)
        closeRecord(ofCells: cellsBefore + 1, &output)
    }

    /// Ends a record whose cells are all appended and finished.
    @inline(__always)
    mutating func closeRecord(ofCells count: Int, _ output: inout OutputBuffer) {
        output.append(lineEnd)
        cellStart = output.count
        records += 1
        if records == stop { stopAtRecord(ofCells: count, output) }
        cellsBefore = 0
    }

    /// Keeps the header, and marks where the file is to be split.
    @inline(never)
    private mutating func stopAtRecord(ofCells count: Int, _ output: borrowing OutputBuffer) {
        let limit = mostRecords ?? profile.mostRecords(columns: count)
        if records == 1 {
            header = Array(output.bytes)
            stop = limit
        } else {
            splits.append((output.count, records))
            stop += limit - 1
        }
    }

    // MARK: The end of a cell

    @inline(__always)
    private mutating func finishCell(_ output: inout OutputBuffer) {
        if isForWorkbook { return finishForWorkbook(&output) }
        guard output.count > cellStart else {
            (beginsWithNumber, beginsWithTime) = (false, false)
            return
        }
        if isForSpreadsheet {
            finishForSpreadsheet(&output)
        } else if holdsSeparator || Self.mayBeginFormula(output.base[cellStart]) {
            neutralise(&output)
        }
        if needsQuotes { quote(&output) }
        (beginsWithNumber, beginsWithTime, holdsSeparator) = (false, false, false)
    }

    /// Whether the cell holds a number of ours and nothing else.
    private func isNumber(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
        beginsWithNumber
            && content.dropFirst(content[0] == UInt8(ascii: "-") ? 1 : 0).allSatisfy { $0 &- 0x30 <= 9 }
    }

    private mutating func finishForWorkbook(_ output: inout OutputBuffer) {
        let content = UnsafeBufferPointer(rebasing: output.bytes[cellStart...])
        let cell: WorkbookCell = content.isEmpty ? .text : isNumber(content) ? .number : beginsWithTime ? .time : .text
        cell.end(&output)
        (beginsWithNumber, beginsWithTime, holdsSeparator, needsQuotes) = (false, false, false, false)
    }

    @inline(never)
    private mutating func finishForSpreadsheet(_ output: inout OutputBuffer) {
        let content = UnsafeBufferPointer(rebasing: output.bytes[cellStart...])
        if isNumber(content) { return }
        if beginsWithTime, SpreadsheetTime.isMonth(content) { return }
        if beginsWithTime, let time = SpreadsheetTime(content, profile) {
            output.truncate(to: cellStart)
            time.append(to: &output)
            return
        }
        let isGuarded = SpreadsheetText.beginsFormula(content) || SpreadsheetText.isConverted(content)
        if holdsSeparator { output.replace(from: cellStart, by: SpreadsheetText.guarded(content, behind: 1)) }
        if output.count - cellStart + 1 > profile.largestCell { shorten(&output, isGuarded: isGuarded) }
        if isGuarded { output.insert([UInt8(ascii: "'")], at: cellStart) }
    }

    /// Cuts a cell that is too long for the program, visibly.
    private mutating func shorten(_ output: inout OutputBuffer, isGuarded: Bool) {
        let text = String(decoding: output.bytes[cellStart...], as: UTF8.self)
        let size = text.utf16.count + (isGuarded ? 1 : 0)
        guard size > profile.largestCell else { return }
        let note = "… (cut: \(profile.largestCell) of \(size) characters fit in a cell)"
        var kept = 0
        var end = cellStart
        for scalar in text.unicodeScalars {
            kept += scalar.value > 0xFFFF ? 2 : 1
            if kept + note.utf16.count + 1 > profile.largestCell { break }
            end += UTF8.width(scalar)
        }
        output.truncate(to: end)
        output.append(note)
        cut += 1
    }

    @inline(never)
    private mutating func neutralise(_ output: inout OutputBuffer) {
        let content = UnsafeBufferPointer(rebasing: output.bytes[cellStart...])
        if isNumber(content) { return }
        output.replace(from: cellStart, by: SpreadsheetText.guarded(content))
    }

    @inline(never)
    private mutating func quote(_ output: inout OutputBuffer) {
        needsQuotes = false
        let size = output.count - cellStart
        output.reserve(size + 2)
        output.advance(Self.quote(output.base + cellStart, size) - size)
    }

    private static let escaping = Escaping(.csv)

    /// Takes note of what a byte of content means for the cell.
    @inline(__always)
    private mutating func note(_ byte: UInt8) {
        if byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D { needsQuotes = true }
        if heed_ends_cell(byte) { holdsSeparator = true }
    }

    @inline(__always)
    static func mayBeginFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20, 0x27, 0x2B, 0x2D, 0x3D, 0x40, 0xC2, 0xEF: true
        default: false
        }
    }
}
