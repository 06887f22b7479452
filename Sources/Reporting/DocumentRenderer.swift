import Analysis
import Evidence

/// Renders one document into its file: parts from swift-mustache as they are, streamed sections row by row.
///
/// Used by one thread. Memory does not grow with the rows: the buffer is written out whenever it is full.
final class DocumentRenderer {
    private let template: LinkedTemplate
    private let values: TemplateValues
    private let parts: [MustacheRendering.Part]
    private let programs: [Int: RowProgram]
    private let sink: FileSink
    private let validation: SchemaValidation?
    private var output = OutputBuffer(capacity: DocumentRenderer.fullBuffer + 1 << 16)
    private var cells = CSVCells()
    private var text = CSVText()
    private var nextPart = 0
    private var rows: Int?
    private var events: EventRows?
    private(set) var counts: EscapingCounts

    private static let fullBuffer = 1 << 18

    /// What rendering one document needs.
    struct Job: Sendable {
        var template: LinkedTemplate
        var folder: String
        var mode: OutputMode
        /// The schema that the document must satisfy; nil asks for well-formed XML only.
        var schema: [UInt8]?
        var contentSecurityPolicy: String?
    }

    /// Renders everything but the streamed sections, and creates the file.
    init(_ job: Job, values: TemplateValues) throws {
        template = job.template
        self.values = values
        (parts, counts) = try MustacheRendering.render(
            job.template,
            values: values,
            contentSecurityPolicy: job.contentSecurityPolicy
        )
        var programs: [Int: RowProgram] = [:]
        for case .stream(let number) in parts where programs[number] == nil {
            programs[number] = try StreamedSections.compile(job.template, number: number, values: values)
        }
        self.programs = programs
        sink = try FileSink(folder: job.folder, name: job.template.name, mode: job.mode)
        validation =
            job.template.format == .xml
            ? try SchemaValidation(fileName: job.template.name, schema: job.schema) : nil
    }

    /// Whether the next thing the document needs is the events from the first to the last.
    var awaitsEvents: Bool { events != nil }

    /// Goes on until the events are needed, or to the end.
    func proceed() throws {
        while events == nil, nextPart < parts.count {
            switch parts[nextPart] {
            case .bytes(let bytes):
                try append(bytes)
            case .stream(let number):
                guard let program = programs[number] else { break }
                let name = template.streams[number].name
                if let table = values.tables[name] {
                    try append(table, program)
                } else {
                    events = EventRows(program, count: values.eventCount)
                }
            }
            nextPart += 1
        }
    }

    /// Appends a block of events to the document.
    func append(_ block: borrowing EventBlock) throws {
        guard let events else { return }
        for index in 0..<block.count {
            events.append(block[index], into: &output, csv: &cells)
            try flushIfFull()
        }
    }

    /// Tells that there are no more events, and goes on.
    func endEvents() throws {
        guard let events else { return }
        counts = counts + events.counts
        rows = (rows ?? 0) + events.index
        self.events = nil
        try proceed()
    }

    /// Writes the end; the document must not await events.
    func finish() throws -> PublishedBundle.File {
        if template.format == .csv { text.finish(&output, cells: &cells) }
        try flush()
        let file = try sink.finish(rows: rows)
        try validation?.finish()
        return file
    }

    // MARK: Parts

    private func append(_ bytes: [UInt8]) throws {
        bytes.withUnsafeBufferPointer { bytes in
            if template.format == .csv {
                text.append(bytes, to: &output, cells: &cells)
            } else {
                output.append(bytes)
            }
        }
        if template.format != .csv { try flushIfFull() }
    }

    private func append(_ table: any RowTable, _ program: RowProgram) throws {
        var runner = RowProgramRunner(program)
        let count = table.rowCount
        let hasList = !table.childColumns.isEmpty
        let rowCells = runner.rowCells
        for row in 0..<count {
            table.fill(rowCells, row: row)
            if hasList {
                runner.run(
                    row: (row, row == count - 1),
                    elementCount: table.childCount(row: row),
                    into: &output,
                    csv: &cells
                ) { table.fillChild($1, row: row, child: $0) }
            } else {
                runner.run(row: (row, row == count - 1), into: &output, csv: &cells)
            }
            try flushIfFull()
        }
        counts = counts + runner.counts
        rows = (rows ?? 0) + count
    }

    @inline(__always)
    private func flushIfFull() throws {
        if output.count >= Self.fullBuffer { try flush() }
    }

    private func flush() throws {
        if template.format == .csv, !cells.isAtRecordStart(output) { return }
        try sink.write(output.bytes)
        try validation?.append(output.bytes)
        output.removeAll()
        cells.bufferWasEmptied()
    }
}

/// The events of a report, appended row by row.
private final class EventRows {
    private var runner: RowProgramRunner
    private let count: Int
    private(set) var index = 0

    init(_ program: RowProgram, count: Int) {
        runner = RowProgramRunner(program)
        self.count = count
    }

    var counts: EscapingCounts { runner.counts }

    @inline(__always)
    func append(_ event: EventView, into output: inout OutputBuffer, csv: inout CSVCells) {
        let cells = runner.cells
        cells[0].text = event.id
        cells[1].text = event.createdAt
        cells[2].text = event.action
        cells[3].text = event.actorID
        cells[4].text = event.actorEmail
        cells[5].text = event.resourceType
        cells[6].text = event.resourceID
        cells[7].text = event.resourceName
        cells[8].text = event.ipAddress
        runner.run(row: (index, index == count - 1), into: &output, csv: &csv)
        index += 1
    }
}
