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
    /// The cells of a row that is a record of CSV, few enough to make room for all of them at a time; else none.
    private let record: UnsafeMutableBufferPointer<RowProgram.RecordCell>
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
        let cellsOfRecord = program.record.count <= Self.mostRecordCells ? program.record : []
        record = .allocate(capacity: cellsOfRecord.count)
        _ = record.initialize(from: cellsOfRecord)
        counts = program.constantCounts
    }

    deinit {
        cells.deallocate()
        steps.deallocate()
        literals.deallocate()
        record.deallocate()
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

    /// How many cells make a record that room is made for at a time, and how long its texts may be.
    private static let (mostRecordCells, mostRecordText) = (60, 512)

    /// Appends one row that is a record of CSV, if none of its texts has to be neutralised or replaced: hardly any has.
    ///
    /// - Returns: false where it is anything else; then nothing was appended.
    @inline(__always)
    func appendRecord(to output: inout OutputBuffer, csv: inout CSVCells) -> Bool {
        guard !record.isEmpty, !csv.isForSpreadsheet else { return false }
        // Quoted, a text may take twice its bytes.
        output.reserve(record.count * (2 * Self.mostRecordText + 3))
        let start = output.base + output.count
        var target = start
        for cell in record {
            if cell.isNumber {
                target += OutputBuffer.write(decimal: cells[cell.index].number, to: target)
            } else {
                let text = cells[cell.index].text
                guard text.count <= Self.mostRecordText else { return false }
                if text.count > 0, let source = text.start {
                    let found = heed_copy_field(target, source, text.count, CSVCells.comma)
                    if found == 0, !CSVCells.mayBeginFormula(source[0]) {
                        target += text.count
                    } else if let count = CSVCells.finish(text, holding: found, at: target) {
                        target += count
                    } else {
                        return false
                    }
                }
            }
            target.pointee = CSVCells.comma
            target += 1
        }
        // The line end stands in the place of the last comma.
        output.advance(target - start - 1)
        csv.closeRecord(ofCells: record.count, &output)
        return true
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
        while next < steps.count {
            let step = steps[next]
            next += 1
            switch step {
            case .jump(let cell, let ifEmpty, let target):
                if cells[Int(cell)].text.isEmpty == ifEmpty { next = Int(target) }
            case .jumpOn(let flag, let inList, let ifHolds, let target):
                let place = inList ? (element, element == elementCount - 1) : row
                if holds(flag, place) == ifHolds { next = Int(target) }
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
            case .index(let inList):
                append(Int64(inList ? element : row.index), to: &output, csv: &csv)
            case .flag(let flag, let inList):
                let isTrue = holds(flag, inList ? (element, element == elementCount - 1) : row)
                output.append(isTrue ? "true" : "false" as StaticString)
            default:
                write(step, to: &output, csv: &csv)
            }
        }
    }

    /// Runs a step that goes on with the next one, whatever the row's place is.
    @inline(__always)
    private mutating func write(_ step: RowProgram.Step, to output: inout OutputBuffer, csv: inout CSVCells) {
        switch step {
        case .literal(let start, let count): output.append(literal(start, count))
        case .text(let cell) where format == .csv: csv.append(cells[Int(cell)].text.bytes, to: &output, counts: &counts)
        case .text(let cell): escaping.append(cells[Int(cell)].text.bytes, to: &output, counts: &counts)
        case .bareText(let cell): bareEscaping.append(cells[Int(cell)].text.bytes, to: &output, counts: &counts)
        case .wrapped(let cell, let before, let beforeCount, let after, let afterCount):
            wrap(cells[Int(cell)].text, literal(before, beforeCount), literal(after, afterCount), &output)
        case .number(let cell): append(cells[Int(cell)].number, to: &output, csv: &csv)
        case .cellContent(let start, let count): csv.append(content: literal(start, count), to: &output)
        case .cellNumberFollows: csv.numberFollows(output)
        case .cellTimeFollows: csv.timeFollows(output)
        case .endCell: csv.endCell(&output)
        case .endRecord: csv.endRecord(&output)
        case .field(let cell, let isTime):
            csv.append(field: cells[Int(cell)].text, isTime: isTime, to: &output, counts: &counts)
        default: indent(step, &output)
        }
    }

    /// Appends a text between two literals, if there is one.
    @inline(__always)
    private mutating func wrap(
        _ text: TextView,
        _ before: UnsafeBufferPointer<UInt8>,
        _ after: UnsafeBufferPointer<UInt8>,
        _ output: inout OutputBuffer
    ) {
        guard let source = text.start, text.count > 0, let start = before.baseAddress, let end = after.baseAddress
        else {
            return
        }
        output.reserve(before.count + after.count + (text.count <= Escaping.largestValue ? text.count : 0))
        let target = output.base + output.count
        heed_copy_over(target, start, before.count)
        if escaping.copyPlain(source, text.count, to: target + before.count) == text.count {
            heed_copy_over(target + before.count + text.count, end, after.count)
            output.advance(before.count + text.count + after.count)
        } else {
            output.append(before)
            escaping.append(text.bytes, to: &output, counts: &counts)
            output.append(after)
        }
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

    /// Indents the lines of a partial: before every node that renders something and follows a line break of the same
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
