/// Compiles a streamed section, following swift-mustache's rules for looking names up and for repeating sections.
///
/// The stack of values is known except for the row's own, so this is a rendering in which cells become steps.
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
    var program: RowProgram
    let escaping: Escaping
    let bareEscaping = Escaping(.jsonBare)
    var csv = CSVText.State.cellStart
    /// The steps up to here may be jumped to, so that what follows stays apart from them.
    var barrier = 0

    private static let mostSteps = 200_000

    /// Compiles a section.
    /// - Parameters:
    ///   - section: The section, its pieces put in.
    ///   - format: The document's format.
    ///   - shape: The row's columns.
    ///   - values: The report's values.
    ///   - stack: The values that the sections around push, the outer one first.
    /// - Returns: The program.
    /// - Throws: ``TemplateRefusal`` for what can't be compiled.
    static func compile(
        _ section: StreamedSection,
        format: OutputFormat,
        shape: RowProgram.Shape,
        values: TemplateValues,
        stack: [TemplateValue] = []
    ) throws -> RowProgram {
        var compiler = RowProgramCompiler(values: values, format: format, shape: shape)
        let frames = [.root] + stack.map { Frame.value($0) } + [.row]
        try compiler.compile(section.nodes, stack: frames, position: .row, indentation: "")
        return compiler.program.fused()
    }

    /// Compiles a section for one element of a list of values: everything in it is a constant.
    static func compile(
        _ section: StreamedSection,
        format: OutputFormat,
        element: TemplateValue,
        position: Position,
        values: TemplateValues
    ) throws -> RowProgram {
        let shape = RowProgram.Shape(columns: [])
        var compiler = RowProgramCompiler(values: values, format: format, shape: shape)
        try compiler.compile(section.nodes, stack: [.root, .value(element)], position: position, indentation: "")
        return compiler.program
    }

    private init(values: TemplateValues, format: OutputFormat, shape: RowProgram.Shape) {
        self.values = values
        program = RowProgram(format: format, shape: shape)
        escaping = Escaping(format: format)
    }

    // MARK: Nodes

    private mutating func compile(
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
                guard program.steps.count < Self.mostSteps else {
                    throw TemplateRefusal(section.place.problem("the streamed section is too large"))
                }
                let before = csv
                try compile(section, stack: stack, position: position, indentation: indentation)
                try mergeCSV(before, section.place)
            case .piece(let own, let nodes, _):
                try compile(nodes, stack: stack, position: .none, indentation: indentation + (own ?? ""))
            }
            if isIndented {
                let start = addBytes(Array(indentation.utf8))
                add(.endToken(indentationStart: start, count: Int32(indentation.utf8.count)))
            }
        }
        if isIndented { add(.endLevel) }
    }

    /// After a section that may be left out, a cell may or may not have begun.
    private mutating func mergeCSV(_ before: CSVText.State, _ place: TemplatePlace) throws {
        guard program.format == .csv, csv != before else { return }
        guard csv != .quoted, csv != .behindQuote, before != .quoted, before != .behindQuote else {
            throw TemplateRefusal(place.problem("a section that holds one quote of a quoted cell and not the other"))
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
        if !name.transforms.isEmpty {
            switch try flag(name, position, place) {
            case .missing: break
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
            throw TemplateRefusal(place.problem("{{\(name.written)}} is a list", hint: "write {{#\(name.written)}}"))
        case .value(let value): addConstant(value, isBare: isBare)
        case .missing: break
        }
    }

    // MARK: Sections

    private mutating func compile(
        _ section: LinkedSection,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        if !section.name.transforms.isEmpty {
            return try compile(condition: section, stack: stack, position: position, indentation: indentation)
        }
        func render(_ compiler: inout Self, pushing frame: Frame?, _ position: Position) throws {
            try compiler.compile(
                section.nodes,
                stack: stack + (frame.map { [$0] } ?? []),
                position: position,
                indentation: indentation
            )
        }
        switch (try meaning(of: section.name, stack: stack, section.place), section.isInverted) {
        case (.missing, true), (.value(.missing), true), (.value(.flag(false)), true), (.value(.text("")), true),
            (.value(.time("")), true):
            try render(&self, pushing: nil, position)
        case (.missing, false), (.value(.missing), false), (.value(.text("")), false),
            (.value(.time("")), false):
            break
        case (.cell(let cell), false) where program.shape.isNumber(cell):
            try render(&self, pushing: .cell(cell), .none)
        case (.cell(let cell), true) where program.shape.isNumber(cell):
            break
        case (.cell(let cell), false):
            let jump = add(.jumpIfEmpty(cell: Int32(cell), to: 0))
            try render(&self, pushing: .cell(cell), .none)
            land(jump)
        case (.cell(let cell), true):
            let jump = add(.jumpUnlessEmpty(cell: Int32(cell), to: 0))
            try render(&self, pushing: nil, position)
            land(jump)
        case (.list(let list, _), false):
            let isInside = stack.contains { if case .element = $0 { true } else { false } }
            guard !isInside else {
                throw TemplateRefusal(section.place.problem("{{#\(section.name.written)}} inside its own elements"))
            }
            let begin = add(.beginList(list: Int32(list), end: 0))
            barrier = program.steps.count
            try render(&self, pushing: .element(list), .element)
            add(.nextElement(start: Int32(begin + 1)))
            land(begin)
        case (.list(let list, _), true):
            let jump = add(.jumpUnlessListEmpty(list: Int32(list), to: 0))
            try render(&self, pushing: .value(.list([])), .none)
            land(jump)
        case (.value(.flag(let flag)), _):
            if flag, !section.isInverted { try render(&self, pushing: nil, position) }
        case (.value(.list(let elements)), false):
            for (index, element) in elements.enumerated() {
                let position = Position.constant(
                    index: index,
                    isFirst: index == 0,
                    isLast: index == elements.count - 1
                )
                try render(&self, pushing: .value(element), position)
            }
        case (.value(.texts(let texts, let member)), false):
            for (index, text) in texts.enumerated() {
                let position = Position.constant(index: index, isFirst: index == 0, isLast: index == texts.count - 1)
                try render(&self, pushing: .text(member: member, text), position)
            }
        case (.value(.made(let count, let maker)), false):
            for index in 0..<count {
                let position = Position.constant(index: index, isFirst: index == 0, isLast: index == count - 1)
                try render(&self, pushing: .value(maker.make(index)), position)
            }
        case (.value(.made(let count, _)), true):
            if count == 0 { try render(&self, pushing: .value(.list([])), .none) }
        case (.value(.texts(let texts, _)), true):
            if texts.isEmpty { try render(&self, pushing: .value(.list([])), .none) }
        case (.value(.list(let elements)), true):
            if elements.isEmpty { try render(&self, pushing: .value(.list([])), .none) }
        case (.value(let value), false):
            try render(&self, pushing: .value(value), .none)
        case (.value, true):
            break
        }
    }

    /// `{{#first()}}` and its like.
    private mutating func compile(
        condition section: LinkedSection,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        var jump: Int?
        switch try flag(section.name, position, section.place) {
        case .missing:
            guard section.isInverted else { return }
        case .flag(let flag, let inList):
            jump = add(
                section.isInverted
                    ? .jumpIf(flag, inList: inList, to: 0) : .jumpUnless(flag, inList: inList, to: 0)
            )
        case .value(.flag(let flag)):
            guard flag != section.isInverted else { return }
        case .index, .value:
            throw TemplateRefusal(section.place.problem("{{\(section.name.written)}} is a number and no condition"))
        }
        try compile(section.nodes, stack: stack, position: position, indentation: indentation)
        if let jump { land(jump) }
    }
}
