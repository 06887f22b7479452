import Analysis
import Evidence

/// Renders one document into its file, part after part.
///
/// Used by one thread. Memory does not grow with the rows: the buffer is written out whenever it is full.
final class DocumentRenderer {
    private let program: DocumentProgram
    private let values: TemplateValues
    private var writer: RowWriter
    private var nextPart = 0

    /// What rendering one document needs.
    struct Job: Sendable {
        var template: LinkedTemplate
        var folder: String
        var mode: OutputMode
        /// How tables are written.
        var profile: CSVProfile
        /// The schema that the document must satisfy; nil asks for well-formed XML only.
        var schema: DocumentSchema?
        var contentSecurityPolicy: String?
    }

    /// Compiles the document for the values, and creates the file.
    /// - Throws: ``ReportingError`` with file and line for what can't be rendered, or for a file that can't be created.
    init(_ job: Job, values: TemplateValues) throws {
        var values = values
        values.scalars[TemplateValues.spreadsheetName] = .flag(
            job.template.format == .csv && job.profile.isForSpreadsheet
        )
        self.values = values
        program = try DocumentProgram(job.template, values: values, contentSecurityPolicy: job.contentSecurityPolicy)
        let file = try DocumentFile(
            folder: job.folder,
            name: job.template.name,
            mode: job.mode,
            profile: job.template.format == .csv ? job.profile : nil
        )
        let validation =
            job.template.format == .xml
            ? try SchemaValidation(fileName: job.template.name, schema: job.schema) : nil
        writer = RowWriter(
            file: file,
            format: job.template.format,
            profile: job.profile,
            validation: validation
        )
    }

    /// Compiles a table of CSV for the values, to be written into a sheet of a workbook.
    /// - Throws: ``ReportingError`` with file and line for what can't be rendered.
    init(_ table: LinkedTemplate, into sheet: WorkbookSheet, values: TemplateValues) throws {
        var values = values
        values.scalars[TemplateValues.spreadsheetName] = .flag(false)
        self.values = values
        program = try DocumentProgram(table, values: values)
        writer = RowWriter(sheet: sheet)
    }

    /// Whether the next thing the document needs is the events from the first to the last.
    var awaitsEvents: Bool { writer.awaitsEvents }

    /// What escaping changed so far.
    var counts: EscapingCounts { writer.counts }

    /// Goes on until the events are needed, or to the end.
    func proceed() throws {
        while !writer.awaitsEvents, nextPart < program.parts.count {
            switch program.parts[nextPart] {
            case .fixed(let program): try writer.append(program)
            case .rows(let table, let program, let isCounted):
                try writer.append(table, program, isCounted: isCounted)
            case .events(let program): try writer.beginEvents(program, count: values.eventCount, values.zone)
            }
            nextPart += 1
        }
    }

    /// Appends a block of events to the document.
    func append(_ block: borrowing EventBlock) throws {
        try writer.append(block)
    }

    /// Tells that there are no more events, and goes on.
    func endEvents() throws {
        try writer.endEvents()
        try proceed()
    }

    /// Writes the end; the document must not await events.
    func finish() throws -> [OutputFile] {
        try writer.finish(inQuotes: program.endsInQuotes)
    }
}
