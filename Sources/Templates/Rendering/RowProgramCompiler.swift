/// Compiles a document, or a section over rows: looks names up, repeats sections, and escapes values.
///
/// The stack of values is known except for a row's own, so this is a rendering in which a row's cells become steps.
struct RowProgramCompiler {
    /// A value on the stack.
    enum Frame {
        case root
        case value(TemplateValue)
        /// An object that has this one text.
        case text(member: String, String)
        case row
        /// An element of a list of the row's own.
        case element(Int)
        case cell(Int)
    }

    /// What `index()` and its like are about.
    enum Position {
        case none
        case row
        case element
        case constant(index: Int, isFirst: Bool, isLast: Bool)
    }

    let values: TemplateValues
    let policy: String?
    /// Whether this is a section over rows, and not the document around it.
    let isInRows: Bool
    /// The parts of the document before the present one.
    var parts: [DocumentProgram.Part] = []
    /// The part that is being compiled.
    var program: RowProgram
    /// The list around the present place whose elements are being rendered.
    var repeated: String?
    let escaping: Escaping
    let bareEscaping = Escaping(.jsonBare)
    var csv = CSVText.State.cellStart
    /// Whether nothing of a record of CSV was written yet.
    var isAtRecordStart = true
    /// Whether the last byte of CSV was a carriage return of the template, to which a line feed may belong.
    var isBehindReturn = false
    /// The steps up to here may be jumped to, so that what follows stays apart from them.
    var barrier = 0

    private static let mostSteps = 200_000
    private static let mostBytes = 1 << 30
    /// A fixed part is ended when it has this size, so that none grows without bound.
    private static let fullPart = (bytes: 1 << 20, steps: 1 << 16)

    init(values: TemplateValues, policy: String?, format: OutputFormat, shape: RowProgram.Shape, isInRows: Bool) {
        self.values = values
        self.policy = policy
        self.isInRows = isInRows
        program = RowProgram(format: format, shape: shape)
        escaping = Escaping(format: format)
    }

    // MARK: Nodes

    /// Compiles nodes.
    /// - Parameters:
    ///   - nodes: In the order of the template.
    ///   - stack: The values that the sections around push, the outer one first.
    ///   - position: What functions of an element's place are about.
    ///   - indentation: What the lines of an indented partial begin with.
    /// - Throws: ``TemplateRefusal`` for what can't be compiled.
    mutating func compile(
        _ nodes: [LinkedNode],
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        let isIndented = !indentation.isEmpty
        if isIndented { add(.beginLevel) }
        for node in nodes {
            if isIndented { add(.beginToken) }
            switch node {
            case .text(let text, _):
                addTemplateText(text)
            case .variable(let name, let isBare, let place):
                try compile(variable: name, isBare: isBare, place, stack: stack, position: position)
            case .section(let section):
                try checkSize(section.place)
                let before = (csv, isAtRecordStart)
                try compile(section, stack: stack, position: position, indentation: indentation)
                try mergeCSV(before, section)
            case .partial(let own, let nodes, _):
                try compile(nodes, stack: stack, position: .none, indentation: indentation + (own ?? ""))
            }
            if isIndented {
                let start = addBytes(Array(indentation.utf8))
                add(.endToken(indentationStart: start, count: Int32(indentation.utf8.count)))
            } else if program.literals.count > Self.fullPart.bytes || program.steps.count > Self.fullPart.steps {
                if !isInRows { cut() }
            }
        }
        if isIndented { add(.endLevel) }
    }

    private func checkSize(_ place: TemplatePlace) throws {
        guard program.steps.count < Self.mostSteps || !isInRows, program.literals.count < Self.mostBytes else {
            throw TemplateRefusal(place.problem(.tooLarge))
        }
    }

    /// After a section over rows that may be left out, a cell may or may not have begun.
    private mutating func mergeCSV(_ state: (CSVText.State, isAtRecordStart: Bool), _ section: LinkedSection) throws {
        guard isInRows, program.format == .csv else { return }
        isAtRecordStart = isAtRecordStart && state.isAtRecordStart
        let before = state.0
        guard csv != before else { return }
        guard csv != .quoted, csv != .behindQuote, before != .quoted, before != .behindQuote else {
            throw TemplateRefusal(section.place.problem(.csvHalfQuoted, section.name.written))
        }
        csv = .plain
    }

    // MARK: Variables

    private mutating func compile(
        variable name: TemplateSyntax.Name,
        isBare: Bool,
        _ place: TemplatePlace,
        stack: [Frame],
        position: Position
    ) throws {
        if csv == .cellStart { csv = .plain }
        isAtRecordStart = false
        if let function = name.function {
            switch meaning(of: function, position) {
            case .missing: addConstant(.missing, isBare: isBare)
            case .index(let inList): add(.index(inList: inList))
            case .flag(let flag, let inList): add(.flag(flag, inList: inList))
            case .value(let value): addConstant(value, isBare: isBare)
            }
            return
        }
        switch try meaning(of: name, stack: stack, place) {
        case .cell(let cell) where program.shape.isNumber(cell): add(.number(cell: Int32(cell)))
        case .cell(let cell):
            if program.format == .csv, program.shape.isTime(cell) { add(.cellTimeFollows) }
            add(isBare ? .bareText(cell: Int32(cell)) : .text(cell: Int32(cell)))
        case .list(_, let count?): add(.number(cell: Int32(count)))
        case .list(_, nil):
            throw TemplateRefusal(place.problem(.listAsValue, name.written, hint: "write {{#\(name.written)}}"))
        case .table(_, let count): addConstant(.flag(count > 0), isBare: isBare)
        case .value(let value): addConstant(value, isBare: isBare)
        case .missing: addConstant(.missing, isBare: isBare)
        }
    }
}
