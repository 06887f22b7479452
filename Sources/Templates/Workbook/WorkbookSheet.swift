import CXLSXWriter
import Foundation

/// A table that becomes a sheet of a workbook, or several when it has more rows than one can hold.
///
/// Its bytes are cells as `CSVCells` writes them for a workbook: the content, a NUL, what it is (``WorkbookCell``), and whether another cell or the end
/// of the record follows.
final class WorkbookSheet: DocumentTarget {
    let name: String
    private let plan: Plan
    private let book: WorkbookWriter
    /// Where the present part is written; nil before the first record.
    private var sheet: UnsafeMutablePointer<lxw_worksheet>?
    private var parts = 0
    private var header: [[UInt8]] = []
    private var columns: [WorkbookColumn] = []
    private var widths: [Int] = []
    /// Rows and cells of the present part, its header among them.
    private var (rows, cells) = (0, 0)
    private var column = 0
    /// Bytes of a cell that is not whole.
    private var pending: [UInt8] = []
    private var bytesOfPart = 0
    /// Cells that were cut because a workbook takes no longer ones.
    private(set) var cut = 0

    /// Microsoft, "Excel specifications and limits".
    static let (mostRows, mostColumns) = (1_048_576, 16_384)
    /// A file inside a workbook has less than 4 GiB of XML, and an ampersand takes five bytes of it.
    private static let mostBytes = 1 << 29
    private static let measuredRows = 200
    /// The width of the widest columns, in digits, and how many characters of a sentence surely fit into it.
    private static let (widest, charactersOfLine) = (60, 55)

    /// What a sheet is made of.
    struct Plan: Sendable {
        /// The template.
        var document: String
        /// The name of its title among the words: `workbook.NAME`.
        var title: String
        /// The name by which it is found when it comes back; nil for a table that people don't fill in.
        var definition: String?
        /// Whether a time in the third column goes in the place of the second.
        var foldsTimes = false
    }

    private let title: String
    private let mostRows: Int

    /// Begins a table; `mostRows` stands for the number of rows that a sheet can hold.
    init(_ plan: Plan, title: String, in book: WorkbookWriter, mostRows: Int = WorkbookSheet.mostRows) {
        name = plan.document
        self.plan = plan
        self.title = title
        self.book = book
        self.mostRows = mostRows
    }

    func write(_ bytes: OutputSlice, header: [UInt8]) throws {
        pending.append(contentsOf: bytes.bytes)
        let taken = try pending.withUnsafeBufferPointer(take)
        pending.removeFirst(taken)
    }

    /// The records of a workbook's table are never split by who writes them.
    func split(rows: Int) throws {}

    func finish(rows: Int?) throws -> [OutputFile] {
        if sheet == nil { try beginPart() }
        try endPart()
        return []
    }

    /// Takes the cells that are whole; returns how many bytes they were.
    private func take(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var place = 0
        while let found = memchr(base + place, 0, bytes.count - place) {
            let end = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
            guard end + 2 < bytes.count else { break }
            let content = UnsafeBufferPointer(start: base + place, count: end - place)
            if sheet == nil {
                header.append(Array(content))
            } else if column < columns.count {
                if column == 0, rows == mostRows || bytesOfPart > Self.mostBytes { try beginNextPart() }
                try append(content, WorkbookCell(rawValue: base[end + 1]) ?? .text)
            }
            column += 1
            if base[end + 2] == UInt8(ascii: "\n") { try endRow() }
            place = end + 3
        }
        return place
    }

    // MARK: Rows

    private func endRow() throws {
        column = 0
        if sheet == nil { try beginPart() } else { rows += 1 }
    }

    private func append(_ content: UnsafeBufferPointer<UInt8>, _ kind: WorkbookCell) throws {
        guard !content.isEmpty else { return }
        let isFolded = plan.foldsTimes && column == 2
        let place = lxw_col_t(isFolded ? 1 : column)
        bytesOfPart += content.count + 40
        if rows <= Self.measuredRows, widths[Int(place)] < content.count { widths[Int(place)] = content.count }
        if kind == .number, let number = Int(String(decoding: content, as: UTF8.self)), number.magnitude < 1 << 53 {
            return try write(number: Double(number), place, plan.foldsTimes ? book.formats.figure : nil)
        }
        let formats = book.formats
        switch columns[column] {
        case .day:
            if let day = WorkbookTime(day: content) { return try write(number: day.serial, place, formats.day) }
            try write(content, place, nil)
        case .verdict: try write(content, place, among: formats.verdicts)
        case .severity: try write(content, place, among: formats.severities)
        case .filled: try write(content, place, formats.text)
        case .time: try write(time: content, place)
        case .plain where kind == .time || isFolded: try write(time: content, place)
        case .plain, .choice:
            try write(content, place, plan.foldsTimes ? formats.sentence : nil)
            if plan.foldsTimes { try makeRoom(for: content) }
        }
    }

    /// Makes the row as high as a sentence is that does not fit into one line: not every program does it by itself.
    private func makeRoom(for content: UnsafeBufferPointer<UInt8>) throws {
        let characters = content.count { $0 & 0xC0 != 0x80 }
        let lines = min((characters + Self.charactersOfLine - 1) / Self.charactersOfLine, 27)
        guard lines > 1 else { return }
        try book.require(worksheet_set_row(sheet, lxw_row_t(rows), Double(15 * lines), nil))
    }

    private func write(time content: UnsafeBufferPointer<UInt8>, _ place: lxw_col_t) throws {
        guard let time = WorkbookTime(time: content) else { return try write(content, place, nil) }
        let formats = book.formats
        let format = plan.foldsTimes ? formats.moment : time.hasFraction ? formats.fraction : formats.time
        try write(number: time.serial, place, format)
    }

    private func write(number: Double, _ place: lxw_col_t, _ format: WorkbookFormats.Format?) throws {
        cells += 1
        try book.require(worksheet_write_number(sheet, lxw_row_t(rows), place, number, format))
    }

    private func write(
        _ content: UnsafeBufferPointer<UInt8>,
        _ place: lxw_col_t,
        among words: [WorkbookFormats.Word]
    ) throws {
        guard let word = words.first(where: { content.elementsEqual($0.code) }) else {
            return try write(content, place, nil)
        }
        cells += 1
        try book.require(worksheet_write_string(sheet, lxw_row_t(rows), place, word.text, word.format))
    }

    /// Writes a text, behind which a NUL stands.
    private func write(
        _ content: UnsafeBufferPointer<UInt8>,
        _ place: lxw_col_t,
        _ format: WorkbookFormats.Format?
    ) throws {
        cells += 1
        guard let changed = WorkbookText.changed(content) else {
            let text = UnsafeRawPointer(content.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return try book.require(worksheet_write_string(sheet, lxw_row_t(rows), place, text, format))
        }
        if changed.isCut { cut += 1 }
        let text = changed.text.map { CChar(bitPattern: $0) }
        try book.require(worksheet_write_string(sheet, lxw_row_t(rows), place, text, format))
    }

    // MARK: Parts

    private func beginNextPart() throws {
        try endPart()
        try beginPart()
    }

    /// Begins a sheet with its header.
    private func beginPart() throws {
        parts += 1
        let (sheet, name) = try book.addSheet(title, number: parts)
        self.sheet = sheet
        let names = header.prefix(plan.foldsTimes ? 2 : Self.mostColumns).map { String(decoding: $0, as: UTF8.self) }
        columns = header.prefix(Self.mostColumns).map {
            WorkbookColumn(String(decoding: $0, as: UTF8.self), isFilled: plan.definition != nil)
        }
        widths = columns.map { _ in 0 }
        (rows, cells, bytesOfPart) = (0, 0, 0)
        for (place, name) in names.enumerated() {
            widths[place] = name.utf8.count + 3
            guard !name.isEmpty else { continue }
            try (Array(name.utf8) + [0]).withUnsafeBufferPointer {
                try write(UnsafeBufferPointer(rebasing: $0.dropLast()), lxw_col_t(place), book.formats.header)
            }
        }
        rows = 1
        worksheet_freeze_panes(sheet, 1, 0)
        if let definition = plan.definition, parts == 1 { try book.define(definition, name) }
    }

    /// Says what is said of whole columns: only behind the last row is it known how many there are.
    private func endPart() throws {
        guard let sheet else { return }
        book.cells.append(cells)
        let shown = plan.foldsTimes ? min(2, columns.count) : columns.count
        guard shown > 0 else { return }
        let last = lxw_row_t(rows - 1)
        if !plan.foldsTimes { try book.require(worksheet_autofilter(sheet, 0, 0, last, lxw_col_t(shown - 1))) }
        // Printed, a table is as wide as its paper, and each page begins with its header.
        worksheet_set_landscape(sheet)
        worksheet_fit_to_pages(sheet, 1, 0)
        try book.require(worksheet_repeat_rows(sheet, 0, 0))
        for (place, column) in columns.prefix(shown).enumerated() {
            let place = lxw_col_t(place)
            var format: WorkbookFormats.Format?
            var width = Double(min(max(widths[Int(place)] + 1, 8), Self.widest))
            switch column {
            case .time: width = max(width, 20)
            case .day: (format, width) = (plan.definition == nil ? nil : book.formats.day, 13)
            case .filled: (format, width) = (book.formats.text, max(width, 20))
            case .choice(let one, let other):
                width = 13
                if last > 0 { try book.require(heed_xlsx_offer(sheet, 1, last, place, one, other)) }
            case .plain, .verdict, .severity: break
            }
            try book.require(worksheet_set_column(sheet, place, place, width, format))
        }
    }
}

extension WorkbookSheet.Plan {
    /// The sheets of a workbook in their order; a table that the set of templates does not have has none.
    static let all: [Self] = [
        Self(document: "partials/summary.csv", title: "summary", foldsTimes: true),
        Self(document: "controls.csv", title: "controls"),
        Self(document: "findings.csv", title: "findings"),
        Self(document: "review.csv", title: "review", definition: "heedaudit_review"),
        Self(document: "action-plan.csv", title: "plan", definition: "heedaudit_action_plan"),
        Self(document: "members.csv", title: "members"),
        Self(document: "api_keys.csv", title: "api_keys"),
        Self(document: "actions.csv", title: "actions"),
        Self(document: "actors.csv", title: "actors"),
        Self(document: "resources.csv", title: "resources"),
        Self(document: "actor_actions.csv", title: "actor_actions"),
        Self(document: "resource_actions.csv", title: "resource_actions"),
        Self(document: "actor_resource_actions.csv", title: "actor_resource_actions"),
        Self(document: "settings.csv", title: "settings"),
        Self(document: "changes.csv", title: "changes"),
        Self(document: "events.csv", title: "events"),
    ]
}
