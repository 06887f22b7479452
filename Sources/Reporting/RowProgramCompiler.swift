/// Compiles a streamed section, following swift-mustache's rules for looking names up and for repeating sections.
///
/// The stack of values is known except for the row's own, so this is a rendering in which cells become steps.
struct RowProgramCompiler {
    /// A value on the stack.
    enum Frame {
        case root
        case value(TemplateValue)
        case row
        case element
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
    private let escaping: Escaping
    private let bareEscaping = Escaping(.jsonBare)
    private var csv = CSVText.State.cellStart
    /// The steps up to here may be jumped to, so that what follows stays apart from them.
    private var barrier = 0

    private static let mostSteps = 200_000

    /// Compiles a section.
    /// - Parameters:
    ///   - section: The section, its pieces put in.
    ///   - format: The document's format.
    ///   - shape: The row's columns.
    ///   - values: The report's values.
    ///   - stack: The values that the sections around push, the outer one first.
    /// - Throws: ``TemplateRefusal`` for what can't be compiled.
    static func compile(
        _ section: StreamedSection, format: OutputFormat, shape: RowProgram.Shape, values: TemplateValues,
        stack: [TemplateValue] = []
    ) throws -> RowProgram {
        var compiler = RowProgramCompiler(values: values, format: format, shape: shape)
        let frames = [.root] + stack.map { Frame.value($0) } + [.row]
        try compiler.compile(section.nodes, stack: frames, position: .row, indentation: "")
        return compiler.program
    }

    private init(values: TemplateValues, format: OutputFormat, shape: RowProgram.Shape) {
        self.values = values
        program = RowProgram(format: format, shape: shape)
        escaping = Escaping(format: format)
    }

    // MARK: Nodes

    private mutating func compile(
        _ nodes: [LinkedNode], stack: [Frame], position: Position, indentation: String
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
        variable name: TemplateSyntax.Name, isBare: Bool, _ place: TemplatePlace, stack: [Frame], position: Position
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
        case .cell(let cell): add(isBare ? .bareText(cell: Int32(cell)) : .text(cell: Int32(cell)))
        case .list(let count?): add(.number(cell: Int32(count)))
        case .list(nil):
            throw TemplateRefusal(place.problem("{{\(name.written)}} is a list", hint: "write {{#\(name.written)}}"))
        case .value(let value): addConstant(value, isBare: isBare)
        case .missing: break
        }
    }

    // MARK: Sections

    private mutating func compile(
        _ section: LinkedSection, stack: [Frame], position: Position, indentation: String
    ) throws {
        if !section.name.transforms.isEmpty {
            return try compile(condition: section, stack: stack, position: position, indentation: indentation)
        }
        func render(_ compiler: inout Self, pushing frame: Frame?, _ position: Position) throws {
            try compiler.compile(
                section.nodes, stack: stack + (frame.map { [$0] } ?? []), position: position, indentation: indentation)
        }
        switch (try meaning(of: section.name, stack: stack, section.place), section.isInverted) {
        case (.missing, true), (.value(.missing), true), (.value(.flag(false)), true), (.value(.text("")), true):
            try render(&self, pushing: nil, position)
        case (.missing, false), (.value(.missing), false), (.value(.text("")), false):
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
        case (.list, false):
            let isInside = stack.contains { if case .element = $0 { true } else { false } }
            guard !isInside else {
                throw TemplateRefusal(section.place.problem("{{#\(section.name.written)}} inside its own elements"))
            }
            let begin = add(.beginList(end: 0))
            barrier = program.steps.count
            try render(&self, pushing: .element, .element)
            add(.nextElement(start: Int32(begin + 1)))
            land(begin)
        case (.list, true):
            let jump = add(.jumpUnlessListEmpty(to: 0))
            try render(&self, pushing: .value(.list([])), .none)
            land(jump)
        case (.value(.flag(let flag)), _):
            if flag, !section.isInverted { try render(&self, pushing: nil, position) }
        case (.value(.list(let elements)), false):
            for (index, element) in elements.enumerated() {
                let position = Position.constant(
                    index: index, isFirst: index == 0, isLast: index == elements.count - 1)
                try render(&self, pushing: .value(element), position)
            }
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
        condition section: LinkedSection, stack: [Frame], position: Position, indentation: String
    ) throws {
        var jump: Int?
        switch try flag(section.name, position, section.place) {
        case .missing:
            guard section.isInverted else { return }
        case .flag(let flag, let inList):
            jump = add(
                section.isInverted
                    ? .jumpIf(flag, inList: inList, to: 0) : .jumpUnless(flag, inList: inList, to: 0))
        case .value(.flag(let flag)):
            guard flag != section.isInverted else { return }
        case .index, .value:
            throw TemplateRefusal(section.place.problem("{{\(section.name.written)}} is a number and no condition"))
        }
        try compile(section.nodes, stack: stack, position: position, indentation: indentation)
        if let jump { land(jump) }
    }

    // MARK: Steps

    @discardableResult
    private mutating func add(_ step: RowProgram.Step) -> Int {
        program.steps.append(step)
        return program.steps.count - 1
    }

    /// Lets a jump go on behind the last step.
    private mutating func land(_ jump: Int) {
        let target = Int32(program.steps.count)
        barrier = program.steps.count
        program.steps[jump] =
            switch program.steps[jump] {
            case .jumpIfEmpty(let cell, _): .jumpIfEmpty(cell: cell, to: target)
            case .jumpUnlessEmpty(let cell, _): .jumpUnlessEmpty(cell: cell, to: target)
            case .jumpIf(let flag, let inList, _): .jumpIf(flag, inList: inList, to: target)
            case .jumpUnless(let flag, let inList, _): .jumpUnless(flag, inList: inList, to: target)
            case .jumpUnlessListEmpty: .jumpUnlessListEmpty(to: target)
            case .beginList: .beginList(end: target)
            case let other: other
            }
    }

    private mutating func addBytes(_ bytes: [UInt8]) -> Int32 {
        program.literals += bytes
        return Int32(program.literals.count - bytes.count)
    }

    private mutating func addLiteral(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let isAtEnd = program.steps.count > barrier
        if isAtEnd, case .literal(let start, let count)? = program.steps.last,
            Int(start + count) == program.literals.count
        {
            program.literals += bytes
            program.steps[program.steps.count - 1] = .literal(start: start, count: count + Int32(bytes.count))
        } else {
            add(.literal(start: addBytes(bytes), count: Int32(bytes.count)))
        }
    }

    private mutating func addTemplateText(_ text: String) {
        guard program.format == .csv else { return addLiteral(Array(text.utf8)) }
        var content: [UInt8] = []
        func flush(_ compiler: inout Self) {
            guard !content.isEmpty else { return }
            compiler.add(.cellContent(start: compiler.addBytes(content), count: Int32(content.count)))
            content = []
        }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            let before = csv
            csv = CSVText.state(after: byte, in: before)
            let isQuote = byte == UInt8(ascii: "\"")
            switch before {
            case .quoted:
                if !isQuote { content.append(byte) }
            case .cellStart where isQuote:
                break
            case .behindQuote where isQuote:
                content.append(byte)
            default:
                if byte == UInt8(ascii: ",") {
                    flush(&self)
                    add(.endCell)
                } else if byte == UInt8(ascii: "\n"), previous == UInt8(ascii: "\r") {
                    break
                } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    flush(&self)
                    add(.endRecord)
                } else {
                    content.append(byte)
                }
            }
            previous = byte
        }
        flush(&self)
    }

    /// A value that is the same in every row.
    private mutating func addConstant(_ value: TemplateValue, isBare: Bool) {
        let text: String
        switch value {
        case .text(let value): text = value
        case .number(let number):
            if program.format == .csv, number < 0 { add(.cellNumberFollows) }
            text = String(number)
        case .flag(let flag): text = String(flag)
        case .list(let elements): text = String(elements.count)
        case .object, .missing: return
        }
        guard !text.isEmpty else { return }
        if program.format == .csv {
            let content = RowProgramCompiler.cell.escaped(text, counts: &program.constantCounts)
            add(.cellContent(start: addBytes(Array(content.utf8)), count: Int32(content.utf8.count)))
        } else {
            let rule = isBare ? bareEscaping : escaping
            addLiteral(Array(rule.escaped(text, counts: &program.constantCounts).utf8))
        }
    }

    private static let cell = Escaping(.csvCell)
}
