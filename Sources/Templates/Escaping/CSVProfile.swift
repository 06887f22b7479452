/// How tables are written, for the program that is going to open them (docs/report-format.md).
package enum CSVProfile: String, Sendable, Hashable, CaseIterable {
    /// For machines, and for `diff`: comma, CRLF, no byte order mark, times in RFC 3339, texts as received but for formulas.
    case rfc4180
    /// For a double-click in Microsoft Excel where the list separator is a comma.
    case excel
    /// The same where it is a semicolon: most of continental Europe and South America.
    case excelSemicolon = "excel-semicolon"
    /// For an upload to Google Sheets.
    case sheets
    /// For LibreOffice Calc.
    case libreoffice

    /// All of them, as `--csv-profile` takes them.
    package static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// What stands between two cells.
    var delimiter: UInt8 { self == .excelSemicolon ? UInt8(ascii: ";") : UInt8(ascii: ",") }

    /// What stands behind a record.
    var lineEnd: StaticString {
        switch self {
        case .rfc4180, .excel, .excelSemicolon: "\r\n"
        case .sheets, .libreoffice: "\n"
        }
    }

    /// What stands between the day and the time of a time.
    ///
    /// LibreOffice takes only ISO 8601 for a date unless it is told to "detect special numbers", in any locale; Excel and
    /// Google Sheets take only a blank.
    var dayEnd: UInt8 { self == .libreoffice ? UInt8(ascii: "T") : UInt8(ascii: " ") }

    /// What stands in front of a second's fraction: where a semicolon separates cells, a comma does that.
    var fractionPoint: UInt8 { self == .excelSemicolon ? UInt8(ascii: ",") : UInt8(ascii: ".") }

    /// Whether the file begins with U+FEFF, by which these programs know UTF-8.
    var hasByteOrderMark: Bool {
        switch self {
        case .excel, .excelSemicolon, .libreoffice: true
        case .rfc4180, .sheets: false
        }
    }

    /// Whether a spreadsheet is going to read it: texts that it would convert get an apostrophe, times are written as it
    /// knows them, and its limits hold.
    var isForSpreadsheet: Bool { self != .rfc4180 }

    /// The most characters of a cell, in units of UTF-16.
    ///
    /// Microsoft, "Excel specifications and limits"; LibreOffice stores more and can't save it as .xlsx. Sheets: 50,000.
    var largestCell: Int {
        switch self {
        case .rfc4180: .max
        case .excel, .excelSemicolon, .libreoffice: 32_767
        case .sheets: 50_000
        }
    }

    /// The most records of a file, the header among them, for a number of columns.
    ///
    /// Excel and LibreOffice have 1,048,576 rows a sheet, Google Sheets ten million cells a file.
    func mostRecords(columns: Int) -> Int {
        switch self {
        case .rfc4180: .max
        case .excel, .excelSemicolon, .libreoffice: 1_048_576
        case .sheets: 10_000_000 / max(1, columns)
        }
    }
}
