import Analysis

/// Lists of values so long that swift-mustache would take most of a report's time: thousands of findings, for example.
///
/// A section over one is rendered element by element by the compiler of row programs, to which an element is a constant.
/// It is done only where the result is certain to be the same; everything else stays with swift-mustache.
package enum LongLists {
    /// Shorter lists are not worth it.
    package static let least = 256

    /// Whether a section is over a long list.
    static func isLong(_ name: TemplateSyntax.Name, within enclosing: [TemplateSyntax.Name], _ values: TemplateValues)
        -> Bool
    {
        guard name.transforms.isEmpty, let list = list(named: name.text, values), list.count >= least else {
            return false
        }
        return enclosing.allSatisfy { isCondition($0, values) }
    }

    /// Whether a section around a list only decides whether it is rendered, and changes no name's meaning.
    private static func isCondition(_ name: TemplateSyntax.Name, _ values: TemplateValues) -> Bool {
        guard name.transforms.isEmpty, let first = name.path.first, let value = values.scalars[first],
            case .flag = name.path.dropFirst().reduce(value, { $0.member($1) })
        else { return false }
        return true
    }

    /// A list's elements, by their place.
    struct List {
        var count: Int
        var element: (Int) -> TemplateValue
        /// Makes the elements where they are made as they are asked for.
        var maker: ElementMaker?
    }

    /// A list at the top; nil for anything else.
    static func list(named name: String, _ values: TemplateValues) -> List? {
        guard values.rowCount(named: name) == nil else { return nil }
        switch values.scalars[name] {
        case .list(let elements): return List(count: elements.count) { elements[$0] }
        case .made(let count, let maker): return List(count: count, element: maker.make, maker: maker)
        default: return nil
        }
    }

    /// Whether all of a document's sections over long lists can be rendered here.
    static func canRender(_ document: LinkedTemplate, _ values: TemplateValues) -> Bool {
        document.streams.allSatisfy { section in
            guard let list = list(named: section.name, values) else { return true }
            return isPlain(section.nodes, values, list.count > 0 ? list.element(0) : .missing)
        }
    }

    /// Whether there is nothing that the compiler refuses: functions of values, tables, the policy.
    private static func isPlain(_ nodes: [LinkedNode], _ values: TemplateValues, _ element: TemplateValue) -> Bool {
        nodes.allSatisfy { node in
            switch node {
            case .text: true
            case .variable(let name, _, _): isPlain(name, values, element)
            case .section(let section):
                isPlain(section.name, values, element) && isPlain(section.nodes, values, element)
            case .piece(let indentation, let nodes, _):
                (indentation ?? "").isEmpty && isPlain(nodes, values, element)
            }
        }
    }

    private static func isPlain(_ name: TemplateSyntax.Name, _ values: TemplateValues, _ element: TemplateValue) -> Bool
    {
        guard name.transforms.isEmpty else { return name.text.isEmpty && places.contains(name.transforms) }
        guard let first = name.path.first else { return true }
        if element.has(first) { return true }
        return first != TemplateValues.policyName && values.rowCount(named: first) == nil
    }

    /// Functions of an element's place among the others that can stand for a value and for a condition.
    private static let places: [[String]] = [["first"], ["last"], ["even"], ["odd"]]

    /// The list as a table and the program for its rows, where the section asks for nothing that the table does not tell.
    static func rows(_ section: StreamedSection, _ format: OutputFormat, _ list: List, _ values: TemplateValues)
        -> (table: any RowTable, program: RowProgram)?
    {
        guard list.count > 0, let table = list.maker?.rows, case .object(let members) = list.element(0) else {
            return nil
        }
        let told = Set(table.columns.map(\.name) + table.lists.map(\.name))
        guard !section.nodes.firstNames.contains(where: { members[$0] != nil && !told.contains($0) }) else {
            return nil
        }
        let shape = StreamedSections.shape(of: table)
        // What is refused here may be fine for an element whose values are known.
        guard let program = try? RowProgramCompiler.compile(section, format: format, shape: shape, values: values)
        else {
            return nil
        }
        return (table, program)
    }

    /// The program that renders one element.
    /// - Throws: ``ReportingError`` with file and line for what can't be compiled.
    static func compile(
        _ section: StreamedSection,
        _ format: OutputFormat,
        _ element: TemplateValue,
        place: (index: Int, count: Int),
        _ values: TemplateValues
    ) throws -> RowProgram {
        do {
            return try RowProgramCompiler.compile(
                section,
                format: format,
                element: element,
                position: .constant(
                    index: place.index,
                    isFirst: place.index == 0,
                    isLast: place.index == place.count - 1
                ),
                values: values
            )
        } catch let refusal as TemplateRefusal {
            throw ReportingError(.template, refusal.problem.description, hint: refusal.problem.hint)
        }
    }
}
