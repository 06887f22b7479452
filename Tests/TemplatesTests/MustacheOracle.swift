import ReportSupport
import Analysis
import CBytes
import Evidence
import Foundation
import Mustache

@testable import Publishing
@testable import Reporting
@testable import Templates

/// swift-mustache with our escaping: an independent engine, which must render the same bytes.
enum MustacheOracle {
    /// Renders a document.
    /// - Parameters:
    ///   - texts: The templates by path, partials under `partials/`.
    ///   - document: The path of the document.
    ///   - values: What it can name; tables and events are lists of rows here.
    /// - Returns: The document; CSV as records.
    /// - Throws: What swift-mustache throws for what it can't read.
    static func render(_ texts: [String: String], document: String, values: TemplateValues) throws -> String {
        _ = registration
        let format = OutputFormat(fileName: document) ?? .txt
        var library = MustacheLibrary()
        for (file, text) in texts {
            let text = "{{% CONTENT_TYPE:\(name(of: format))}}\n" + text
            if file == document {
                try library.register(text, named: "main")
            } else if file.hasPrefix("partials/") {
                let partial = String(file.dropFirst("partials/".count))
                try library.register(text, named: partial)
                let suffix = ".\(format.rawValue)"
                if partial.hasSuffix(suffix), texts["partials/" + partial.dropLast(suffix.count)] == nil {
                    try library.register(text, named: String(partial.dropLast(suffix.count)))
                }
            }
        }
        let root = OracleRoot(values: values, events: OracleRows(events: values), isMarked: format == .csv)
        let text = library.render(root, withTemplate: "main") ?? ""
        guard format == .csv else { return text }
        var reader = OracleCSV()
        return reader.read(Array(text.utf8))
    }

    /// Makes our escaping known to swift-mustache, whose registry is global to the process: done once.
    private static let registration: Void = {
        for format in OutputFormat.allCases {
            MustacheContentTypes.register(OracleEscaping(format: format), named: name(of: format))
        }
    }()

    private static func name(of format: OutputFormat) -> String { "HEEDAUDIT-\(format.rawValue)" }
}

/// Our escaping in the form that swift-mustache calls.
///
/// In CSV a value's commas, quotes and line breaks get a NUL before them, and `NUL N` and `NUL T` say that a number or a
/// time of ours follows: what is left is the template's structure.
private struct OracleEscaping: MustacheContentType {
    let format: OutputFormat

    func escapeText(_ text: String) -> String {
        if format == .csv {
            if text.hasPrefix(OracleMark.number) { return "\0N" + text.dropFirst(OracleMark.number.count) }
            if text.hasPrefix(OracleMark.time) { return "\0T" + text.dropFirst(OracleMark.time.count) }
        }
        var counts = EscapingCounts()
        let escaped = Escaping(format: format).escaped(text, counts: &counts)
        guard format == .csv else { return escaped }
        return String(
            decoding: escaped.utf8.flatMap { "\",\r\n".utf8.contains($0) ? [0, $0] : [$0] },
            as: UTF8.self
        )
    }
}

private enum OracleMark {
    static let number = "\u{E000}heedaudit number\u{E000}"
    static let time = "\u{E000}heedaudit time\u{E000}"
}

// MARK: Values as swift-mustache takes them

private struct OracleRoot: MustacheParent, MustacheCustomRenderable {
    let values: TemplateValues
    let events: OracleRows
    let isMarked: Bool

    var renderText: String { "" }
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        if name == TemplateValues.policyName { return "policy" }
        if let table = values.tables[name] { return OracleRows(table, isMarked: isMarked) }
        if name == "events" { return events.marked(isMarked) }
        return values.scalars[name].map { oracleValue($0, isMarked) }
    }
}

/// A missing value is found, so that no outer one of its name is taken.
private func oracleValue(_ value: TemplateValue, _ isMarked: Bool) -> Any {
    switch value {
    case .text(let text): text.isEmpty ? NSNull() : text
    case .number(let number): isMarked ? OracleNumber(text: OracleMark.number + String(number)) : number
    case .time(let time): time.isEmpty ? NSNull() : (isMarked ? OracleMark.time : "") + time
    case .flag(let flag): flag
    case .list, .texts, .made: OracleList(elements: elements(of: value), isMarked: isMarked)
    case .object(let members): OracleObject(members: members, isMarked: isMarked)
    case .missing: NSNull()
    }
}

private struct OracleList: MustacheSequence, MustacheParent, MustacheCustomRenderable {
    let elements: [TemplateValue]
    let isMarked: Bool

    var renderText: String { String(elements.count) }
    var isNull: Bool { false }
    func child(named name: String) -> Any? { nil }

    func makeIterator() -> AnyIterator<Any> {
        var iterator = elements.makeIterator()
        return AnyIterator { iterator.next().map { oracleValue($0, isMarked) } }
    }
}

private struct OracleObject: MustacheParent, MustacheCustomRenderable {
    let members: [String: TemplateValue]
    let isMarked: Bool

    var renderText: String { "" }
    var isNull: Bool { false }
    func child(named name: String) -> Any? { members[name].map { oracleValue($0, isMarked) } }
}

private struct OracleNumber: MustacheCustomRenderable, MustacheParent {
    let text: String
    var renderText: String { text }
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
}

// MARK: Rows

/// Rows of a table, or of one of a row's own lists.
private struct OracleRows: MustacheSequence, MustacheCustomRenderable, MustacheParent {
    var rows: [OracleRow]
    /// What it is as a variable: of a row's own list the number of its name; of a table whether it has rows.
    var text: String

    var renderText: String { text }
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
    func makeIterator() -> AnyIterator<Any> {
        var iterator = rows.makeIterator()
        return AnyIterator { iterator.next() }
    }

    init(rows: [OracleRow], text: String) { (self.rows, self.text) = (rows, text) }

    init(_ table: any RowTable, isMarked: Bool) {
        rows = (0..<table.rowCount).map { OracleRow(table, row: $0, isMarked: isMarked) }
        text = String(table.rowCount > 0)
    }

    /// The events of a report, each field a text.
    init(events values: TemplateValues) {
        var rows: [OracleRow] = []
        _ = try? values.events?.forEachBlock { block in
            for index in 0..<block.count {
                let event = block[index]
                let fields = [
                    event.id, event.createdAt, event.action, event.actorID, event.actorEmail, event.resourceType,
                    event.resourceID, event.resourceName, event.ipAddress,
                ]
                rows.append(OracleRow(names: TemplateValues.eventColumns, texts: fields.map(\.string)))
            }
        }
        self.init(rows: rows, text: String(values.eventCount > 0))
    }

    /// The same with a mark before times.
    func marked(_ isMarked: Bool) -> OracleRows {
        guard isMarked else { return self }
        var marked = self
        for index in marked.rows.indices { marked.rows[index].markTime("created_at") }
        return marked
    }
}

/// A row as swift-mustache sees it: an empty text is found and missing.
private struct OracleRow: MustacheParent {
    private var values: [String: Any]

    func child(named name: String) -> Any? { values[name] }

    init(names: [String], texts: [String]) {
        values = Dictionary(uniqueKeysWithValues: zip(names, texts.map { $0.isEmpty ? NSNull() : $0 as Any }))
    }

    mutating func markTime(_ name: String) {
        if let time = values[name] as? String { values[name] = OracleMark.time + time }
    }

    init(_ table: any RowTable, row: Int, isMarked: Bool) {
        let table = table.prepared(row..<row + 1)
        values = Self.values(table.columns, isMarked) { table.fill($0, row: row) }
        for (list, shape) in table.lists.enumerated() {
            let rows = (0..<table.count(ofList: list, row: row)).map { element in
                OracleRow(
                    values: Self.values(shape.columns, isMarked) {
                        table.fill($0, list: list, row: row, element: element)
                    }
                )
            }
            let number = (values[shape.name] as? OracleNumber)?.text ?? (values[shape.name] as? Int).map(String.init)
            values[shape.name] = OracleRows(rows: rows, text: number ?? "")
        }
    }

    private init(values: [String: Any]) { self.values = values }

    private static func values(
        _ columns: [RowColumn],
        _ isMarked: Bool,
        fill: (UnsafeMutableBufferPointer<RowCell>) -> Void
    ) -> [String: Any] {
        let cells = UnsafeMutableBufferPointer<RowCell>.allocate(capacity: columns.count)
        defer { cells.deallocate() }
        cells.initialize(repeating: RowCell(text: .missing, number: 0))
        fill(cells)
        var values: [String: Any] = [:]
        for (column, cell) in zip(columns, cells) {
            switch column.kind {
            case .number:
                values[column.name] = oracleValue(.number(Int(cell.number)), isMarked)
            case .time:
                values[column.name] = oracleValue(.time(cell.text.string), isMarked)
            case .text:
                values[column.name] = oracleValue(.text(cell.text.string), isMarked)
            }
        }
        return values
    }
}

// MARK: CSV

/// Reads what swift-mustache rendered as records, and writes them out as CSV.
private struct OracleCSV {
    private var state = CSVText.State.cellStart

    mutating func read(_ text: [UInt8]) -> String {
        var output = OutputBuffer()
        var cells = CSVCells()
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == 0, index < text.count {
                switch text[index] {
                case UInt8(ascii: "N"): cells.numberFollows(output)
                case UInt8(ascii: "T"): cells.timeFollows(output)
                default:
                    append(text[index], &cells, &output)
                    if state == .cellStart { state = .plain }
                }
                index += 1
                continue
            }
            let before = state
            state = CSVText.state(after: byte, in: before)
            switch (before, byte) {
            case (.quoted, UInt8(ascii: "\"")), (.cellStart, UInt8(ascii: "\"")): break
            case (.quoted, _), (.behindQuote, UInt8(ascii: "\"")): append(byte, &cells, &output)
            case (_, UInt8(ascii: ",")): cells.endCell(&output)
            case (_, UInt8(ascii: "\r")), (_, UInt8(ascii: "\n")):
                if byte == UInt8(ascii: "\r"), index < text.count, text[index] == UInt8(ascii: "\n") { index += 1 }
                cells.endRecord(&output)
            default: append(byte, &cells, &output)
            }
        }
        if state != .cellStart || !cells.isAtRecordStart(output) { cells.endRecord(&output) }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private func append(_ byte: UInt8, _ cells: inout CSVCells, _ output: inout OutputBuffer) {
        withUnsafePointer(to: byte) { _ = cells.append(content: UnsafeBufferPointer(start: $0, count: 1), to: &output) }
    }
}
