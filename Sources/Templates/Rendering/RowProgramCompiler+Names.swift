import Analysis

extension RowProgramCompiler {
    /// What a name means.
    enum Meaning {
        case cell(Int)
        /// A list of the row's own, by its place; the cell that tells how many elements there are.
        case list(Int, count: Int?)
        /// A table, or the events, with so many rows.
        case table(String, count: Int)
        case value(TemplateValue)
        case missing
    }

    /// What a function of a row's position means.
    enum PositionMeaning {
        case index(inList: Bool)
        case flag(RowProgram.Flag, inList: Bool)
        case value(TemplateValue)
        case missing
    }

    /// Looks a name up on the stack, the innermost value first.
    func meaning(of name: TemplateSyntax.Name, stack: [Frame], _ place: TemplatePlace) throws -> Meaning {
        let path = name.path
        guard let first = path.first else { return try current(stack.last, place) }
        let frames = name.isLocal ? stack.suffix(1) : stack[...]
        for frame in frames.reversed() {
            guard let found = try child(named: first, of: frame, place) else { continue }
            return path.dropFirst().reduce(found) { meaning, name in
                if case .value(.object(let members)) = meaning, let member = members[name] {
                    .value(member)
                } else {
                    .missing
                }
            }
        }
        return .missing
    }

    /// What `{{.}}` means.
    private func current(_ frame: Frame?, _ place: TemplatePlace) throws -> Meaning {
        switch frame {
        case .value(let value): return .value(value)
        case .text(let member, let text): return .value(.object([member: .text(text)]))
        case .cell(let cell): return .cell(cell)
        case .root where !isInRows: return .value(.object(values.scalars))
        case .row, .element, .root, nil:
            throw TemplateRefusal(place.problem(.wholeRow, hint: "name a value of the row"))
        }
    }

    /// What a name means among the members of one value; nil when it has none of that name.
    private func child(named name: String, of frame: Frame, _ place: TemplatePlace) throws -> Meaning? {
        switch frame {
        case .root:
            return try child(ofRoot: name, place)
        case .value(.object(let members)):
            return members[name].map { .value($0) }
        case .text(let member, let text):
            return name == member ? .value(.text(text)) : nil
        case .value, .cell:
            return nil
        case .row:
            let column = program.shape.columns.firstIndex { $0.name == name }
            if let list = program.shape.lists.firstIndex(where: { $0.name == name }) {
                return .list(list, count: column)
            }
            return column.map { .cell($0) }
        case .element(let list):
            let column = program.shape.lists[list].columns.firstIndex { $0.name == name }
            return column.map { .cell(program.shape.firstCell(ofList: list) + $0) }
        }
    }

    private func child(ofRoot name: String, _ place: TemplatePlace) throws -> Meaning? {
        let isPolicy = name == TemplateValues.policyName
        if isPolicy, isInRows { throw TemplateRefusal(place.problem(.policyInRows, name)) }
        if isPolicy { return .value(TemplateValue(policy)) }
        guard let count = values.rowCount(named: name) else { return values.scalars[name].map { .value($0) } }
        guard !isInRows else {
            throw TemplateRefusal(place.problem(.tableInRows, name))
        }
        return .table(name, count: count)
    }

    /// What `first()`, `last()`, `index()`, `even()` and `odd()` mean here.
    func meaning(of function: TemplateSyntax.Function, _ position: Position) -> PositionMeaning {
        let flag = RowProgram.Flag(rawValue: function.rawValue)
        switch position {
        case .none:
            return .missing
        case .row:
            return flag.map { .flag($0, inList: false) } ?? .index(inList: false)
        case .element:
            return flag.map { .flag($0, inList: true) } ?? .index(inList: true)
        case .constant(let index, let isFirst, let isLast):
            switch flag {
            case nil: return .value(.number(index))
            case .first: return .value(.flag(isFirst))
            case .last: return .value(.flag(isLast))
            case .even: return .value(.flag(index % 2 == 0))
            case .odd: return .value(.flag(index % 2 == 1))
            }
        }
    }
}
