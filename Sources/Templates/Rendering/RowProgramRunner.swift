import Analysis
import CBytes
import Evidence

/// Runs a program, once or row after row, appending to an output buffer.
struct RowProgramRunner: ~Copyable {
    private let shape: RowProgram.Shape
    private let format: OutputFormat
    /// The program's steps and literals, copied to memory of our own: nothing to retain or check for each row.
    private let steps: UnsafeMutableBufferPointer<RowProgram.Step>
    private let literals: UnsafeMutableBufferPointer<UInt8>
    private let escaping: Escaping
    private let bareEscaping = Escaping(.jsonBare)
    /// The cells of the row and, behind them, of an element of each of its lists; filled by the caller.
    let cells: UnsafeMutableBufferPointer<RowCell>
    /// By cell, what it holds.
    private let kinds: UnsafeMutablePointer<RowColumn.Kind>
    private(set) var counts = EscapingCounts()
    private var levels: [Int] = []
    private var marks: [Int] = []

    init(_ program: RowProgram) {
        shape = program.shape
        format = program.format
        steps = .allocate(capacity: program.steps.count)
        _ = steps.initialize(from: program.steps)
        literals = .allocate(capacity: program.literals.count)
        _ = literals.initialize(from: program.literals)
        escaping = Escaping(format: format)
        cells = .allocate(capacity: max(1, program.shape.cellCount))
        cells.initialize(repeating: RowCell(text: TextView(start: nil, count: 0), number: 0))
        kinds = .allocate(capacity: max(1, shape.cellCount))
        for cell in 0..<shape.cellCount {
            (kinds + cell).initialize(to: shape.isNumber(cell) ? .number : shape.isTime(cell) ? .time : .text)
        }
        counts = program.constantCounts
    }

    deinit {
        cells.deallocate()
        kinds.deallocate()
        steps.deallocate()
        literals.deallocate()
    }

    /// The row's own cells.
    var rowCells: UnsafeMutableBufferPointer<RowCell> {
        UnsafeMutableBufferPointer(rebasing: cells[..<shape.columns.count])
    }

    /// The cells of an element of a list of the row's own.
    private func elementCells(_ list: Int) -> UnsafeMutableBufferPointer<RowCell> {
        let first = shape.firstCell(ofList: list)
        return UnsafeMutableBufferPointer(rebasing: cells[first..<(first + shape.lists[list].columns.count)])
    }

    /// Appends one row, whose cells are filled.
    /// - Parameters:
    ///   - row: Its number, counted from 0, and whether it is the last one.
    ///   - output: Where to.
    ///   - csv: The cells of a CSV document; not used in other formats.
    ///   - countElements: How many elements a list of the row's own has.
    ///   - fillElement: Fills the cells for an element of a list.
    @inline(__always)
    mutating func run(
        row: (index: Int, isLast: Bool),
        into output: inout OutputBuffer,
        csv: inout CSVCells,
        countElements: (_ list: Int) -> Int = { _ in 0 },
        fillElement: (_ list: Int, _ element: Int, UnsafeMutableBufferPointer<RowCell>) -> Void = { _, _, _ in }
    ) {
        // Lists don't stand inside one another: these are of the one that is repeated at present.
        var (list, element, elementCount) = (0, 0, 0)
        var listCells = UnsafeMutableBufferPointer<RowCell>(start: nil, count: 0)
        var next = 0
        let isCSV = format == .csv
        while next < steps.count {
            let step = steps[next]
            next += 1
            switch step {
            case .literal(let start, let count):
                output.append(literal(start, count))
            case .text(let cell):
                let text = cells[Int(cell)].text.bytes
                if isCSV {
                    csv.append(text, to: &output, counts: &counts)
                } else {
                    escaping.append(text, to: &output, counts: &counts)
                }
            case .bareText(let cell):
                let text = cells[Int(cell)].text.bytes
                if !text.isEmpty { bareEscaping.append(text, to: &output, counts: &counts) }
            case .number(let cell):
                append(cells[Int(cell)].number, to: &output, csv: &csv)
            case .index(let inList):
                append(Int64(inList ? element : row.index), to: &output, csv: &csv)
            case .flag(let flag, let inList):
                let isTrue = holds(flag, inList ? (element, element == elementCount - 1) : row)
                output.append(isTrue ? "true" : "false" as StaticString)
            case .jumpIfEmpty(let cell, let target):
                if cells[Int(cell)].text.isEmpty { next = Int(target) }
            case .jumpUnlessEmpty(let cell, let target):
                if !cells[Int(cell)].text.isEmpty { next = Int(target) }
            case .jumpUnless(let flag, let inList, let target):
                if !holds(flag, inList ? (element, element == elementCount - 1) : row) { next = Int(target) }
            case .jumpIf(let flag, let inList, let target):
                if holds(flag, inList ? (element, element == elementCount - 1) : row) { next = Int(target) }
            case .jumpUnlessListEmpty(let list, let target):
                if countElements(Int(list)) > 0 { next = Int(target) }
            case .beginList(let begun, let end):
                (list, element, elementCount) = (Int(begun), 0, countElements(Int(begun)))
                if elementCount == 0 {
                    next = Int(end)
                } else {
                    listCells = elementCells(list)
                    fillElement(list, 0, listCells)
                }
            case .nextElement(let start):
                element += 1
                if element < elementCount {
                    fillElement(list, element, listCells)
                    next = Int(start)
                }
            case .wrapped:
                next = runWrapped(from: next - 1, &output)
            case .fields(let first, let count, let endsRecord):
                csv.append(
                    fields: UnsafeMutableBufferPointer(rebasing: cells[Int(first)..<Int(first + count)]),
                    kinds: kinds + Int(first),
                    endsRecord: endsRecord,
                    to: &output,
                    counts: &counts
                )
            case .cellContent(let start, let count):
                csv.append(content: literal(start, count), to: &output)
            case .cellNumberFollows:
                csv.numberFollows(output)
            case .cellTimeFollows:
                csv.timeFollows(output)
            case .endCell:
                csv.endCell(&output)
            case .endRecord:
                csv.endRecord(&output)
            case .beginLevel, .endLevel, .beginToken, .endToken:
                indent(step, &output)
            }
        }
    }

    /// Runs the texts that something stands around, from a step on as far as they follow one another.
    ///
    /// Counts in variables of its own, as ``CSVCells/append(fields:kinds:endsRecord:to:counts:)`` does.
    /// - Returns: The step behind them.
    @inline(__always)
    private mutating func runWrapped(from start: Int, _ output: inout OutputBuffer) -> Int {
        var (end, size) = (start, 0)
        while end < steps.count, case .wrapped(let cell, _, let beforeCount, _, let afterCount) = steps[end] {
            let count = cells[Int(cell)].text.count
            // Longer ones are cut, and make room for themselves.
            size += Int(beforeCount + afterCount) + (count <= Escaping.largestValue ? count : 0)
            end += 1
        }
        output.reserve(size)
        var target = output.base + output.count
        for place in start..<end {
            guard case .wrapped(let cell, let before, let beforeCount, let after, let afterCount) = steps[place],
                let source = cells[Int(cell)].text.start, let literals = literals.baseAddress
            else { continue }
            let count = cells[Int(cell)].text.count
            guard count > 0 else { continue }
            heed_copy_over(target, literals + Int(before), Int(beforeCount))
            guard escaping.copyPlain(source, count, to: target + Int(beforeCount)) == count else {
                output.advance(target - (output.base + output.count))
                output.append(literal(before, beforeCount))
                escaping.append(UnsafeBufferPointer(start: source, count: count), to: &output, counts: &counts)
                output.append(literal(after, afterCount))
                output.reserve(size)
                target = output.base + output.count
                continue
            }
            target += Int(beforeCount) + count
            heed_copy_over(target, literals + Int(after), Int(afterCount))
            target += Int(afterCount)
        }
        output.advance(target - (output.base + output.count))
        return end
    }

    @inline(__always)
    private func literal(_ start: Int32, _ count: Int32) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: literals.baseAddress.map { $0 + Int(start) }, count: Int(count))
    }

    @inline(__always)
    private func holds(_ flag: RowProgram.Flag, _ place: (index: Int, isLast: Bool)) -> Bool {
        switch flag {
        case .first: place.index == 0
        case .last: place.isLast
        case .even: place.index & 1 == 0
        case .odd: place.index & 1 == 1
        }
    }

    @inline(__always)
    private mutating func append(_ number: Int64, to output: inout OutputBuffer, csv: inout CSVCells) {
        if format == .csv {
            csv.append(number: number, to: &output)
        } else if number < 0, format == .md {
            output.append("\\" as StaticString)
            output.append(decimal: number)
        } else {
            output.append(decimal: number)
        }
    }

    /// Indents the lines of a piece: before every node that renders something and follows a line break of the same
    /// rendering.
    @inline(never)
    private mutating func indent(_ step: RowProgram.Step, _ output: inout OutputBuffer) {
        switch step {
        case .beginLevel:
            levels.append(output.count)
        case .endLevel:
            levels.removeLast()
        case .beginToken:
            let own = output.bytes[(levels.last ?? 0)...]
            let endsLine = own.last == UInt8(ascii: "\n") && own.dropLast().last != UInt8(ascii: "\r")
            marks.append(endsLine ? output.count : -1)
        case .endToken(let start, let count):
            let mark = marks.removeLast()
            guard mark >= 0, output.count > mark else { return }
            output.insert(Array(literal(start, count)), at: mark)
        default:
            break
        }
    }
}
