import Analysis
import Evidence

/// Decides which sections of a document are streamed, and compiles them for the values of a report.
enum StreamedSections {
    /// Whether a section is streamed, as far as the template alone tells: used by `templates check`.
    static func decide(
        _ name: TemplateSyntax.Name,
        within enclosing: [TemplateSyntax.Name]
    ) -> StreamDecision {
        guard name.transforms.isEmpty, TemplateValues.streamedNames.contains(name.text) else { return .plain }
        // An actor or resource of a short list has its own `actions`; `has_…` is a condition.
        let mayBelong = enclosing.contains { !$0.text.hasPrefix("has_") && $0.transforms.isEmpty }
        return mayBelong && ["actions", "actors", "resources", "events"].contains(name.text) ? .plain : .streamed
    }

    /// Whether a section is streamed, told by the values of a report.
    static func decide(
        _ name: TemplateSyntax.Name,
        within enclosing: [TemplateSyntax.Name],
        values: TemplateValues
    ) -> StreamDecision {
        guard name.transforms.isEmpty, values.rowCount(named: name.text) != nil else { return .plain }
        for frame in stack(of: enclosing, values: values).reversed() {
            if frame.values.contains(where: { $0.has(name.text) }) { return .plain }
            guard frame.isList else { continue }
            // The elements of an empty list are never rendered.
            if frame.values.isEmpty { return .plain }
            return .refused("{{#\(name.text)}} is a long list and can't be repeated inside {{#\(frame.name)}}")
        }
        return .streamed
    }

    /// The names of a streamed section's own columns.
    static func columnNames(of name: String, _ vocabulary: TemplateVocabulary) -> Set<String> {
        Set(shape(of: name, values: vocabulary.tables).columns.map(\.name))
    }

    /// What can't be compiled in a document's streamed sections, as far as the template alone tells.
    static func check(_ document: LinkedTemplate, against vocabulary: TemplateVocabulary) -> [TemplateProblem] {
        let values = vocabulary.tables
        return document.streams.compactMap { section in
            do {
                let shape = shape(of: section.name, values: values)
                _ = try RowProgramCompiler.compile(section, format: document.format, shape: shape, values: values)
                return nil
            } catch {
                return (error as? TemplateRefusal)?.problem
            }
        }
    }

    /// Compiles a streamed section of a document.
    /// - Throws: ``ReportingError`` with file and line for what can't be compiled.
    static func compile(_ template: LinkedTemplate, number: Int, values: TemplateValues) throws -> RowProgram {
        let section = template.streams[number]
        do {
            return try RowProgramCompiler.compile(
                section,
                format: template.format,
                shape: shape(of: section.name, values: values),
                values: values,
                stack: stack(of: section.enclosing, values: values).flatMap(\.values)
            )
        } catch let refusal as TemplateRefusal {
            throw ReportingError(
                .template,
                refusal.problem.description,
                hint: refusal.problem.hint
            )
        }
    }

    /// The cells of a streamed section.
    static func shape(of name: String, values: TemplateValues) -> RowProgram.Shape {
        if let table = values.tables[name] { return shape(of: table) }
        return RowProgram.Shape(
            columns: EventField.all.map { .init(name: $0.name, isNumber: false, isTime: $0 == .createdAt) }
        )
    }

    /// The cells of a table's rows.
    static func shape(of table: any RowTable) -> RowProgram.Shape {
        RowProgram.Shape(
            columns: columns(table.columns),
            lists: table.lists.map { ($0.name, columns($0.columns)) }
        )
    }

    private static func columns(_ columns: [RowColumn]) -> [RowProgram.Shape.Column] {
        columns.map { .init(name: $0.name, isNumber: $0.kind == .number, isTime: $0.kind == .time) }
    }

    /// What a section around a place pushes: one value, or each element of a list in turn.
    private struct Frame {
        var name: String
        var values: [TemplateValue]
        var isList: Bool
    }

    /// What the sections around a place push, the outer one first.
    private static func stack(of enclosing: [TemplateSyntax.Name], values: TemplateValues) -> [Frame] {
        var frames = [Frame(name: "", values: [.object(values.scalars)], isList: false)]
        for name in enclosing where name.transforms.isEmpty {
            let path = name.path
            guard let first = path.first,
                let owner = frames.last(where: { $0.values.contains { $0.has(first) } })
            else { continue }
            var frame = Frame(name: name.written, values: [], isList: false)
            for value in owner.values where value.has(first) {
                switch path.reduce(value, { $0.member($1) }) {
                case .list(let elements):
                    frame.values += elements
                    frame.isList = true
                case .made(let count, let maker):
                    frame.values += (0..<count).map(maker.make)
                    frame.isList = true
                case .flag, .missing, .text(""), .time(""): continue
                case let value: frame.values.append(value)
                }
            }
            if frame.isList || !frame.values.isEmpty { frames.append(frame) }
        }
        return Array(frames.dropFirst())
    }
}

extension TemplateValue {
    /// Whether the value is an object with a member of a name.
    func has(_ name: String) -> Bool {
        if case .object(let members) = self { members[name] != nil } else { false }
    }

    /// The member of a name, or a missing value.
    func member(_ name: String) -> TemplateValue {
        if case .object(let members) = self { members[name] ?? .missing } else { .missing }
    }
}
