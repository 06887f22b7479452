import Analysis

/// Sections: what decides whether and how often one is rendered.
extension RowProgramCompiler {
    /// Compiles a section.
    mutating func compile(
        _ section: LinkedSection,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        if let function = section.name.function {
            let meaning = meaning(of: function, position)
            return try compile(section, on: meaning, stack: stack, position: position, indentation: indentation)
        }
        switch try meaning(of: section.name, stack: stack, section.place) {
        case .missing:
            if section.isInverted {
                try compile(section.nodes, stack: stack, position: position, indentation: indentation)
            }
        case .cell(let cell):
            try compile(section, ofCell: cell, stack: stack, position: position, indentation: indentation)
        case .list(let list, _):
            try compile(section, ofList: list, stack: stack, indentation: indentation)
        case .table(let name, _) where !section.isInverted:
            try stream(section, name, stack: stack, indentation: indentation)
        case .table(_, let count):
            if count == 0 { try compile(section.nodes, stack: stack, position: position, indentation: indentation) }
        case .value(let value):
            try compile(section, of: value, stack: stack, position: position, indentation: indentation)
        }
    }

    /// `{{#first()}}` and its like.
    private mutating func compile(
        _ section: LinkedSection,
        on meaning: PositionMeaning,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        var jump: Int?
        switch meaning {
        case .missing:
            guard section.isInverted else { return }
        case .flag(let flag, let inList):
            jump = add(.jumpOn(flag, inList: inList, ifHolds: section.isInverted, to: 0))
        case .value(.flag(let flag)):
            guard flag != section.isInverted else { return }
        case .index, .value:
            throw TemplateRefusal(section.place.problem(.numberAsCondition, section.name.written))
        }
        try compile(section.nodes, stack: stack, position: position, indentation: indentation)
        if let jump { land(jump) }
    }

    // MARK: Values

    private mutating func compile(
        _ section: LinkedSection,
        of value: TemplateValue,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        switch value {
        case .missing, .text(""), .time(""), .flag(false):
            if section.isInverted {
                try compile(section.nodes, stack: stack, position: position, indentation: indentation)
            }
        case .flag(true):
            if !section.isInverted {
                try compile(section.nodes, stack: stack, position: position, indentation: indentation)
            }
        case .list(let elements):
            try repeatSection(section, elements.count, stack, indentation) { .value(elements[$0]) }
        case .texts(let texts, let member):
            try repeatSection(section, texts.count, stack, indentation) { .text(member: member, texts[$0]) }
        case .made(let count, let maker):
            if try !compile(section, asRowsOf: maker, count, stack: stack, indentation: indentation) {
                try repeatSection(section, count, stack, indentation) { .value(maker.make($0)) }
            }
        case .text, .number, .time, .object:
            guard !section.isInverted else { return }
            try compile(section.nodes, stack: stack + [.value(value)], position: .none, indentation: indentation)
        }
    }

    private mutating func repeatSection(
        _ section: LinkedSection,
        _ count: Int,
        _ stack: [Frame],
        _ indentation: String,
        frame: (Int) -> Frame
    ) throws {
        guard !section.isInverted else {
            guard count == 0 else { return }
            return try compile(section.nodes, stack: stack + [.value([])], position: .none, indentation: indentation)
        }
        let outer = repeated
        repeated = section.name.written
        for index in 0..<count {
            try compile(
                section.nodes,
                stack: stack + [frame(index)],
                position: .constant(index: index, isFirst: index == 0, isLast: index == count - 1),
                indentation: indentation
            )
        }
        repeated = outer
    }

    // MARK: Sections over rows

    /// Ends the part before a section over a table or the events, and compiles the section as a part of its own.
    private mutating func stream(
        _ section: LinkedSection,
        _ name: String,
        stack: [Frame],
        indentation: String
    ) throws {
        if let repeated {
            throw TemplateRefusal(section.place.problem(.repeatedStream, section.name.written, repeated))
        }
        guard indentation.isEmpty else {
            throw TemplateRefusal(section.place.problem(.indentedStream, section.name.written))
        }
        let rows = try rows(of: section, StreamedSections.shape(of: name, values), stack: stack)
        cut()
        parts.append(values.tables[name].map { .rows($0, rows, isCounted: true) } ?? .events(rows))
    }

    /// Compiles a section over a list of values for the table that tells the same, where there is one and the section asks
    /// for nothing that it does not tell: thousands of elements cost less as rows.
    /// - Returns: Whether it was done.
    private mutating func compile(
        _ section: LinkedSection,
        asRowsOf maker: ElementMaker,
        _ count: Int,
        stack: [Frame],
        indentation: String
    ) throws -> Bool {
        guard !isInRows, !section.isInverted, indentation.isEmpty, count > 0, let table = maker.rows,
            case .object(let members) = maker.make(0)
        else { return false }
        let told = Set(table.columns.map(\.name) + table.lists.map(\.name))
        guard !section.nodes.firstNames.contains(where: { members[$0] != nil && !told.contains($0) }),
            // What is refused here may be fine for elements whose values are known.
            let rows = try? rows(of: section, RowProgram.Shape(of: table), stack: stack)
        else { return false }
        cut()
        parts.append(.rows(table, rows, isCounted: false))
        return true
    }

    private func rows(of section: LinkedSection, _ shape: RowProgram.Shape, stack: [Frame]) throws -> RowProgram {
        guard program.format != .csv || csv == .cellStart && isAtRecordStart else {
            throw TemplateRefusal(section.place.problem(.csvBegin, section.name.written))
        }
        let compiler = Self(values: values, policy: policy, format: program.format, shape: shape, isInRows: true)
        return try compiler.program(ofRowsOf: section, stack: stack)
    }

    /// The program of the rows of a section, for a compiler that has done nothing yet.
    consuming func program(ofRowsOf section: LinkedSection, stack: [Frame]) throws -> RowProgram {
        try compile(section.nodes, stack: stack + [.row], position: .row, indentation: "")
        guard program.format != .csv || csv == .cellStart && isAtRecordStart else {
            throw TemplateRefusal(
                section.place.problem(
                    .csvEnd,
                    section.name.written,
                    hint: "put a line break before {{/\(section.name.written)}}"
                )
            )
        }
        return program
    }

    // MARK: Cells, and lists of a row's own

    private mutating func compile(
        _ section: LinkedSection,
        ofCell cell: Int,
        stack: [Frame],
        position: Position,
        indentation: String
    ) throws {
        guard !program.shape.isNumber(cell) else {
            guard !section.isInverted else { return }
            return try compile(section.nodes, stack: stack + [.cell(cell)], position: .none, indentation: indentation)
        }
        let jump = add(.jump(cell: Int32(cell), ifEmpty: !section.isInverted, to: 0))
        if section.isInverted {
            try compile(section.nodes, stack: stack, position: position, indentation: indentation)
        } else {
            try compile(section.nodes, stack: stack + [.cell(cell)], position: .none, indentation: indentation)
        }
        land(jump)
    }

    private mutating func compile(
        _ section: LinkedSection,
        ofList list: Int,
        stack: [Frame],
        indentation: String
    ) throws {
        guard !section.isInverted else {
            let jump = add(.jumpUnlessListEmpty(list: Int32(list), to: 0))
            try compile(section.nodes, stack: stack + [.value([])], position: .none, indentation: indentation)
            return land(jump)
        }
        let isInside = stack.contains { if case .element = $0 { true } else { false } }
        guard !isInside else {
            throw TemplateRefusal(section.place.problem(.listInItself, section.name.written))
        }
        let begin = add(.beginList(list: Int32(list), end: 0))
        barrier = program.steps.count
        try compile(section.nodes, stack: stack + [.element(list)], position: .element, indentation: indentation)
        add(.nextElement(start: Int32(begin + 1)))
        land(begin)
    }
}
