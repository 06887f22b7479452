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
    private let documentCounts: EscapingCounts
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
        var schema: [UInt8]?
        var contentSecurityPolicy: String?
    }

    /// Renders everything but the streamed sections, and creates the file.
    init(_ job: Job, values: TemplateValues) throws {
        template = job.template
        self.values = values
        (parts, documentCounts) = try MustacheRendering.render(
            job.template,
            values: values,
            contentSecurityPolicy: job.contentSecurityPolicy
        )
        var programs: [Int: RowProgram] = [:]
        for case .stream(let number) in parts
        where programs[number] == nil && LongLists.list(named: template.streams[number].name, values) == nil {
            programs[number] = try StreamedSections.compile(job.template, number: number, values: values)
        }
        self.programs = programs
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

    /// Whether the next thing the document needs is the events from the first to the last.
    var awaitsEvents: Bool { writer.awaitsEvents }

    /// What escaping changed so far.
    var counts: EscapingCounts { documentCounts + writer.counts }

    /// Goes on until the events are needed, or to the end.
    func proceed() throws {
        while !writer.awaitsEvents, nextPart < parts.count {
            switch parts[nextPart] {
            case .bytes(let bytes):
                try writer.append(bytes)
            case .stream(let number):
                let section = template.streams[number]
                if let list = LongLists.list(named: section.name, values) {
                    try append(list, section)
                    break
                }
                guard let program = programs[number] else { break }
                if let table = values.tables[section.name] {
                    try writer.append(table, program)
                } else {
                    try writer.beginEvents(program, count: values.eventCount)
                }
            }
            nextPart += 1
        }
    }

    private func append(_ list: LongLists.List, _ section: StreamedSection) throws {
        if let (table, program) = LongLists.rows(section, template.format, list, values) {
            try writer.append(table, program, isLongList: true)
        } else {
            try writer.append(list) { try LongLists.compile(section, template.format, $0, place: $1, values) }
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
        try writer.finish()
    }
}
