import Analysis
import Evidence

/// Writes a document's bytes and rows into its file, buffer after buffer.
///
/// A value of its own, so that a run of rows is one access to it; rows are what takes the time of a report.
struct RowWriter: ~Copyable {
    private let isCSV: Bool
    private let file: any DocumentTarget
    private let validation: SchemaValidation?
    private var json: JSONCheck?
    private var output = OutputBuffer(OutputBlock.Pool(capacity: RowWriter.fullBuffer + 1 << 16))
    /// How much of the buffer the validation has.
    private var validated = 0
    private var cells: CSVCells
    /// How many records the present part of the file begins behind; its header counts as one.
    private var recordsBefore = 0
    /// The program of the events that are awaited, with the number of the next one and how many there are.
    private var events: RowProgramRunner?
    /// What fills the cells that are worked out; nil where the program asks for none of them.
    private var moments: EventMoments?
    private var classes: EventClass?
    private var eventIndex = 0
    private var eventCount = 0
    private var rowCounts = EscapingCounts()
    /// How many rows of streamed sections were written; nil where the document holds no such section.
    private(set) var rows: Int?

    private static let fullBuffer = 1 << 18
    private static let preparedRows = 32
    /// Tables with fewer rows are validated before their schema is read.
    private static let leastChecked = 512

    /// Writes a document of a format into its file.
    ///
    /// `profile` says how tables are written; `mostRecords` stands for its own number of records a part.
    init(
        file: any DocumentTarget,
        format: OutputFormat,
        profile: CSVProfile,
        validation: SchemaValidation?,
        mostRecords: Int? = nil
    ) {
        self.file = file
        self.validation = validation
        isCSV = format == .csv
        json = format.escaping == .json ? JSONCheck(fileName: file.name, format: format) : nil
        cells = CSVCells(profile, mostRecords: mostRecords)
    }

    /// Writes a table of CSV into a sheet of a workbook.
    init(sheet: WorkbookSheet) {
        file = sheet
        (validation, json, isCSV) = (nil, nil, true)
        cells = CSVCells(forWorkbook: ())
    }

    /// What escaping changed so far.
    var counts: EscapingCounts {
        var counts = rowCounts
        counts.cellsCut = cells.cut
        return counts
    }

    /// Whether events are to come next.
    var awaitsEvents: Bool { events != nil }

    /// Appends a part without rows.
    mutating func append(_ program: RowProgram) throws {
        var runner = RowProgramRunner(program)
        runner.run(row: (0, true), into: &output, csv: &cells)
        rowCounts = rowCounts + runner.counts
        try flushIfFull()
    }

    /// Appends every row of a table; `isCounted`: whether they count as rows of the file.
    mutating func append(_ table: some RowTable, _ program: RowProgram, isCounted: Bool) throws {
        var runner = RowProgramRunner(program)
        let count = table.rowCount
        let hasLists = !table.lists.isEmpty
        if count >= Self.leastChecked { try beginRows() }
        let rowCells = runner.rowCells
        for first in stride(from: 0, to: count, by: Self.preparedRows) {
            let range = first..<min(first + Self.preparedRows, count)
            let table = table.prepared(range)
            for row in range {
                table.fill(rowCells, row: row)
                if runner.appendRecord(to: &output, csv: &cells) {
                    // Nothing is left to do.
                } else if hasLists {
                    runner.run(
                        row: (row, row == count - 1),
                        into: &output,
                        csv: &cells,
                        countElements: { table.count(ofList: $0, row: row) },
                        fillElement: { table.fill($2, list: $0, row: row, element: $1) }
                    )
                } else {
                    runner.run(row: (row, row == count - 1), into: &output, csv: &cells)
                }
                try flushIfFull()
            }
        }
        if count >= Self.leastChecked { try endRows() }
        rowCounts = rowCounts + runner.counts
        if isCounted { rows = (rows ?? 0) + count }
    }

    /// Begins a section of events; their months and hours are those of a zone.
    mutating func beginEvents(_ program: RowProgram, count: Int, _ zone: CalendarZone) throws {
        try beginRows()
        moments = program.needsCell(from: EventField.count) ? EventMoments(zone: zone) : nil
        classes =
            program.needsCell(from: EventField.count + EventMoments.columns.count) ? EventClass() : nil
        events = RowProgramRunner(program)
        eventIndex = 0
        eventCount = count
    }

    /// Appends a block of events.
    mutating func append(_ block: borrowing EventBlock) throws {
        guard var runner = events.take() else { return }
        let (cells, moments, classes) = (runner.cells, moments, classes)
        for index in 0..<block.count {
            if index % Self.preparedRows == 0 {
                let next = index + 2 * Self.preparedRows
                block.prefetch(next..<next + Self.preparedRows, textsBefore: Self.preparedRows)
            }
            let event = block[index]
            event.forEachField { cells[$0].text = $1 }
            moments?.fill(cells, event)
            classes?.fill(cells, event)
            if !runner.appendRecord(to: &output, csv: &self.cells) {
                runner.run(row: (eventIndex, eventIndex == eventCount - 1), into: &output, csv: &self.cells)
            }
            eventIndex += 1
            try flushIfFull()
        }
        events = consume runner
    }

    /// Ends the section of events.
    mutating func endEvents() throws {
        guard let runner = events.take() else { return }
        try endRows()
        rowCounts = rowCounts + runner.counts
        rows = (rows ?? 0) + eventIndex
    }

    /// Lets the validation know that rows follow, and nothing else.
    private mutating func beginRows() throws {
        guard let validation else { return }
        try flush()
        validation.beginRows()
    }

    private mutating func endRows() throws {
        guard let validation else { return }
        try flush()
        validation.endRows()
    }

    /// Writes the end; `inQuotes`: whether a record of CSV has begun behind a quote.
    ///
    /// - Returns: What the manifest tells of the file, or of its parts.
    /// - Throws: ``ReportingError`` for a full disk, or for a document that is not valid.
    mutating func finish(inQuotes: Bool) throws -> [OutputFile] {
        // A last record without a line end.
        if isCSV, inQuotes || !cells.isAtRecordStart(output) { cells.endRecord(&output) }
        try flush(isEnd: true)
        let files = try file.finish(rows: recordsBefore > 0 ? cells.records - recordsBefore : rows)
        try json?.finish()
        try validation?.finish()
        return files
    }

    @inline(__always)
    private mutating func flushIfFull() throws {
        if output.count >= Self.fullBuffer { try flush() }
    }

    /// Writes the buffer out, at the end all of it and before in whole pages; a record of CSV stays until it is whole,
    /// because its cells are finished in place.
    private mutating func flush(isEnd: Bool = false) throws {
        if isCSV, !cells.isAtRecordStart(output) { return }
        let count = output.count
        let end =
            isEnd ? count : max(cells.splits.last?.offset ?? 0, count / DirectFile.alignment * DirectFile.alignment)
        let block = output.handOn(keeping: end)
        var start = 0
        for split in cells.splits {
            try file.write(OutputSlice(block, start..<split.offset), header: cells.header)
            try file.split(rows: split.records - max(1, recordsBefore))
            recordsBefore = split.records
            start = split.offset
        }
        try file.write(OutputSlice(block, start..<end), header: cells.header)
        try json?.append(OutputSlice(block, validated..<count).bytes)
        try validation?.append(OutputSlice(block, validated..<count))
        validated = output.count
        cells.bufferWasHandedOn(keeping: output.count)
    }
}
