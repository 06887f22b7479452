import Analysis
import Evidence

/// What a template alone tells of its sections over tables and events, before there are values: used by the checks.
enum StreamedSections {
    /// What can't be compiled in a document's streamed sections.
    static func check(_ document: LinkedTemplate, against vocabulary: TemplateVocabulary) -> [TemplateProblem] {
        let ofNoEvents = vocabulary.tables
        return document.streams.compactMap { section in
            do {
                let compiler = RowProgramCompiler(
                    values: ofNoEvents,
                    policy: nil,
                    format: document.format,
                    shape: shape(of: section.name.text, ofNoEvents),
                    isInRows: true
                )
                _ = try compiler.program(ofRowsOf: section, stack: [.root])
                return nil
            } catch {
                return (error as? TemplateRefusal)?.problem
            }
        }
    }

    /// The cells of a streamed section.
    static func shape(of name: String, _ values: TemplateValues) -> RowProgram.Shape {
        if let table = values.tables[name] { return RowProgram.Shape(of: table) }
        return RowProgram.Shape(
            columns: EventField.all.map { .init(name: $0.name, isNumber: false, isTime: $0 == .createdAt) }
                + EventMoments.columns + EventClass.columns
        )
    }
}

extension RowProgram.Shape {
    /// The cells of a table's rows.
    init(of table: any RowTable) {
        func columns(_ columns: [RowColumn]) -> [Column] {
            columns.map { .init(name: $0.name, isNumber: $0.kind == .number, isTime: $0.kind == .time) }
        }
        self.init(columns: columns(table.columns), lists: table.lists.map { ($0.name, columns($0.columns)) })
    }
}

extension TemplateValues {
    /// The flag of tables that are written for a spreadsheet (``CSVProfile``).
    static let spreadsheetName = "is_spreadsheet"

    /// The columns of the streamed section `events` that are worked out: see ``EventMoments``.
    package static let workedOutColumns = EventMoments.columns.map(\.name)

    /// The columns of the streamed section `events` that are for readers of OCSF: see ``EventClass``.
    package static let classColumns = EventClass.columns.map(\.name)

    /// The name of the value that an HTML document must contain.
    static let policyName = "content_security_policy"

    /// How many rows a streamed section has; nil when there is none of the name.
    func rowCount(named name: String) -> Int? {
        if let table = tables[name] { return table.rowCount }
        return name == "events" ? eventCount : nil
    }
}
