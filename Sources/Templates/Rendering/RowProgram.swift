import Evidence

/// A part of a document, compiled to a flat list of steps over bytes.
///
/// Made for the values of one report: everything that does not depend on a row is worked out beforehand. The part is
/// either fixed, all of it worked out, and run once; or a section over rows, run for each. Running it appends bytes, and
/// nothing is allocated. A document is a sequence of such parts: ``DocumentProgram``.
struct RowProgram: Sendable {
    /// The columns that a row's cells are in, then those of the row's own lists.
    struct Shape: Sendable {
        /// A column's name and whether it holds numbers of ours.
        struct Column: Sendable, Hashable {
            var name: String
            var isNumber: Bool
            var isTime = false
        }

        var columns: [Column]
        /// The names of the row's own lists and their columns; the cells of one follow those of the one before.
        var lists: [(name: String, columns: [Column])] = []

        /// Whether a cell holds a number of ours.
        func isNumber(_ cell: Int) -> Bool { all[cell].isNumber }

        /// Whether a cell holds a time of ours.
        func isTime(_ cell: Int) -> Bool { all[cell].isTime }

        private var all: [Column] { columns + lists.flatMap(\.columns) }

        /// How many cells a row and an element of each of its lists have together.
        var cellCount: Int { all.count }

        /// The first cell of a list's elements.
        func firstCell(ofList list: Int) -> Int { columns.count + lists[..<list].reduce(0) { $0 + $1.columns.count } }
    }

    /// What a row is asked about its place among the others.
    enum Flag: String, Sendable, Hashable {
        case first, last, even, odd
    }

    /// A step.
    ///
    /// Cells and literals are told by number, jumps by the step to go on with.
    enum Step: Sendable, Hashable {
        case literal(start: Int32, count: Int32)
        case text(cell: Int32)
        /// Text outside string literals of JSON.
        case bareText(cell: Int32)
        case number(cell: Int32)
        case index(inList: Bool)
        case flag(Flag, inList: Bool)
        /// Goes elsewhere where a text is empty, or where it is not.
        case jump(cell: Int32, ifEmpty: Bool, to: Int32)
        /// Goes elsewhere where something holds of the row's or the element's place, or where it does not.
        case jumpOn(Flag, inList: Bool, ifHolds: Bool, to: Int32)
        case jumpUnlessListEmpty(list: Int32, to: Int32)
        /// Begins a list's first element; without one goes on with the step told.
        case beginList(list: Int32, end: Int32)
        /// Goes back for the list's next element, if there is one.
        case nextElement(start: Int32)

        /// What stands around a text where it is not empty: ` name="` and `"`.
        case wrapped(cell: Int32, before: Int32, beforeCount: Int32, after: Int32, afterCount: Int32)

        // CSV: content of the cell, and its ends.
        case cellContent(start: Int32, count: Int32)
        case cellNumberFollows
        case cellTimeFollows
        case endCell
        case endRecord
        /// A text that is all of its cell, and the cell's end.
        case field(cell: Int32, isTime: Bool)

        // Pieces that are indented: see `RowProgramRunner`.
        case beginLevel
        case endLevel
        case beginToken
        case endToken(indentationStart: Int32, count: Int32)
    }

    var steps: [Step] = []
    /// The bytes of all literals.
    var literals: [UInt8] = []
    let format: OutputFormat
    let shape: Shape
    /// What escaping changed in scalars.
    var constantCounts = EscapingCounts()

    /// Whether it needs a cell from a place on.
    func needsCell(from first: Int) -> Bool {
        steps.contains { step in
            switch step {
            case .text(let cell), .bareText(let cell), .number(let cell), .jump(let cell, _, _),
                .wrapped(let cell, _, _, _, _), .field(let cell, _):
                cell >= first
            default: false
            }
        }
    }

    /// A cell of a record of CSV that is a text or a number of the row, and nothing else.
    struct RecordCell {
        var index: Int
        var isNumber: Bool
    }

    /// The cells of a row that is a record of such cells, two at least; empty for any other.
    var record: [RecordCell] {
        guard format == .csv, steps.last == .endRecord else { return [] }
        var record: [RecordCell] = []
        var open: RecordCell?
        // The end of a record ends its last cell.
        for step in steps.dropLast() + [.endCell] {
            switch step {
            case .cellTimeFollows where open == nil: break
            case .text(let cell) where open == nil: open = RecordCell(index: Int(cell), isNumber: false)
            case .number(let cell) where open == nil: open = RecordCell(index: Int(cell), isNumber: true)
            case .field(let cell, _) where open == nil: record.append(RecordCell(index: Int(cell), isNumber: false))
            case .endCell:
                guard let cell = open else { return [] }
                record.append(cell)
                open = nil
            default: return []
            }
        }
        return record.count > 1 ? record : []
    }
}

/// A place in a template that can't be compiled or linked.
struct TemplateRefusal: Error {
    var problem: TemplateProblem

    init(_ problem: TemplateProblem) { self.problem = problem }

    /// The refusal as an error of the report.
    var error: ReportingError { ReportingError(.template, problem.description, hint: problem.hint) }
}
