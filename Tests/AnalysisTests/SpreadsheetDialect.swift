import Foundation
import TestSupport

/// How a program writes a table: what LibreOffice, Excel and people between them make of one, in bytes.
struct SpreadsheetDialect: CustomStringConvertible {
    enum Encoding: CaseIterable {
        case utf8, utf8WithMark, utf16Little, utf16LittleWithMark, utf16Big, utf16BigWithMark, windows1252
    }

    var separator: Character = ","
    var encoding = Encoding.utf8
    var lineEnd = "\r\n"
    var statesSeparator = false
    var quotesAll = false
    /// Left out at the end of rows, as Excel does behind the first ones, or written at the end of all.
    var dropsEmptyEnds = false
    var extraColumns = 0
    var extraRows = 0
    var padding = ""
    var shuffles = false
    var capitals = false
    var day: DayStyle = .iso

    enum DayStyle: CaseIterable {
        case iso, isoWithTime, dotted, dottedWithTime, dayFirst, monthFirst, english, german, french, serial, dashes
    }

    var description: String {
        "separator '\(separator)' \(encoding) line end \(lineEnd.debugDescription) \(day)"
    }

    /// One that nobody would choose, and somebody has.
    static func random(_ random: inout SplitMix) -> SpreadsheetDialect {
        var dialect = SpreadsheetDialect()
        dialect.separator = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
        dialect.encoding = Encoding.allCases.randomElement(using: &random) ?? .utf8
        dialect.lineEnd = ["\r", "\n", "\r\n"].randomElement(using: &random) ?? "\n"
        dialect.statesSeparator = Int.random(in: 0..<4, using: &random) == 0
        dialect.quotesAll = Bool.random(using: &random)
        dialect.dropsEmptyEnds = Bool.random(using: &random)
        dialect.extraColumns = Int.random(in: 0...3, using: &random)
        dialect.extraRows = Int.random(in: 0...3, using: &random)
        dialect.padding = ["", " ", "\u{A0}", "  \u{A0}"].randomElement(using: &random) ?? ""
        dialect.shuffles = Bool.random(using: &random)
        dialect.capitals = Bool.random(using: &random)
        dialect.day = DayStyle.allCases.randomElement(using: &random) ?? .iso
        return dialect
    }

    /// A day as the program's country writes it.
    func text(ofDay day: String) -> String {
        guard !day.isEmpty else { return "" }
        let parts = day.split(separator: "-").map { Int($0) ?? 0 }
        let (year, month, date) = (parts[0], parts[1], parts[2])
        let english = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
        let german = [
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
            "Dezember",
        ]
        let french = [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
        ]
        switch self.day {
        case .iso: return day
        case .isoWithTime: return day + "T00:00:00Z"
        case .dotted: return "\(date).\(month).\(year)"
        case .dottedWithTime: return "\(date).\(month).\(year) 00:00"
        case .dayFirst: return "\(date)/\(month)/\(year)"
        case .monthFirst: return "\(month)/\(date)/\(year)"
        case .english: return "\(english[month - 1]) \(date), \(year)"
        case .german: return "\(date). \(german[month - 1]) \(year)"
        case .french: return "\(date) \(french[month - 1]) \(year)"
        case .dashes: return "\(date)-\(english[month - 1])-\(year % 100)"
        case .serial:
            let since = DateComponents(calendar: Calendar(identifier: .gregorian), year: 1899, month: 12, day: 30)
            let then = DateComponents(calendar: Calendar(identifier: .gregorian), year: year, month: month, day: date)
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let days = calendar.dateComponents([.day], from: since, to: then).day ?? 0
            return String(days)
        }
    }

    /// The bytes of a file; columns stand in any order, cells as they are.
    func bytes(_ header: [String], _ rows: [[String]], _ random: inout SplitMix) -> [UInt8] {
        var order = Array(header.indices)
        if shuffles { order.shuffle(using: &random) }
        var lines = statesSeparator ? ["sep=\(separator)"] : []
        lines.append(line(order.map { capitals ? header[$0].uppercased() : header[$0] }, isHeader: true))
        for row in rows { lines.append(line(order.map { row[$0] }, isHeader: false)) }
        let empty = String(repeating: String(separator), count: header.count - 1)
        lines += Array(repeating: empty, count: extraRows)
        return encoded(lines.map { $0 + lineEnd }.joined())
    }

    private func line(_ cells: [String], isHeader: Bool) -> String {
        var cells = cells + Array(repeating: "", count: extraColumns)
        if dropsEmptyEnds, !isHeader { while cells.count > 1, cells.last?.isEmpty == true { cells.removeLast() } }
        return cells.map { cell in
            let padded = cell.isEmpty ? cell : padding + cell + padding
            let needsQuotes = quotesAll || padded.contains { "\"\n".contains($0) || $0.isNewline || $0 == separator }
            return needsQuotes ? "\"" + padded.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : padded
        }
        .joined(separator: String(separator))
    }

    private func encoded(_ text: String) -> [UInt8] {
        func utf16(_ order: (UInt16) -> [UInt8]) -> [UInt8] { text.utf16.flatMap(order) }
        let little: (UInt16) -> [UInt8] = { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: (UInt16) -> [UInt8] = { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        switch encoding {
        case .utf8: return Array(text.utf8)
        case .utf8WithMark: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        case .utf16Little: return utf16(little)
        case .utf16LittleWithMark: return [0xFF, 0xFE] + utf16(little)
        case .utf16Big: return utf16(big)
        case .utf16BigWithMark: return [0xFE, 0xFF] + utf16(big)
        case .windows1252: return text.data(using: .windowsCP1252).map { Array($0) } ?? []
        }
    }
}
