import Analysis
import CXLSXWriter

/// How cells of a workbook look, and the words that stand for verdicts and severities.
struct WorkbookFormats {
    typealias Format = UnsafeMutablePointer<lxw_format>

    /// What stands in a cell for a word of the tables.
    struct Word {
        /// The word of the tables: `not_proven`.
        let code: [UInt8]
        /// What people read, which ends with a NUL.
        let text: [CChar]
        let format: Format?
    }

    let header: Format?
    /// Times to the second, to the millisecond, and days.
    let time: Format?
    let fraction: Format?
    let day: Format?
    /// For what people write: it stays as it is written.
    let text: Format?
    /// For values under each other, of which some are sentences: all begin at the left.
    let (sentence, figure, moment): (Format?, Format?, Format?)
    let verdicts: [Word]
    let severities: [Word]

    /// Makes them in a workbook, in the words of a report.
    init(_ book: UnsafeMutablePointer<lxw_workbook>, _ words: Words) {
        func make(number code: String? = nil) -> Format? {
            let format = workbook_add_format(book)
            if let code { format_set_num_format(format, code) }
            return format
        }
        header = make()
        format_set_bold(header)
        format_set_bg_color(header, 0xE7_E6E6)
        format_set_bottom(header, UInt8(LXW_BORDER_THIN.rawValue))
        time = make(number: "yyyy\\-mm\\-dd\\ hh:mm:ss")
        fraction = make(number: "yyyy\\-mm\\-dd\\ hh:mm:ss.000")
        day = make(number: "yyyy\\-mm\\-dd")
        text = make(number: "@")
        (sentence, figure, moment) = (make(), make(), make(number: "yyyy\\-mm\\-dd\\ hh:mm:ss"))
        format_set_text_wrap(sentence)
        for format in [figure, moment] { format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue)) }
        for format in [sentence, figure, moment] { format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue)) }
        verdicts = Status.allCases.map { status in
            let format = make()
            let (ground, letters) = Self.colours(status)
            format_set_bg_color(format, ground)
            format_set_font_color(format, letters)
            return Word(
                code: Array(status.rawValue.utf8),
                text: Array(words.status(status).utf8CString),
                format: format
            )
        }
        severities = Severity.allCases.map { severity in
            let text = words("severity.\(severity.rawValue)")
            return Word(code: Array(severity.rawValue.utf8), text: Array(text.utf8CString), format: nil)
        }
    }

    /// The colours of ground and letters.
    private static func colours(_ status: Status) -> (UInt32, UInt32) {
        switch status {
        case .fail: (0xFF_C7CE, 0x9C_0006)
        case .notProven: (0xFF_EB9C, 0x7F_6000)
        case .manual: (0xDD_EBF7, 0x1F_4E79)
        case .waived: (0xE4_DFEC, 0x49_3A6B)
        case .pass, .reviewed: (0xC6_EFCE, 0x00_6100)
        case .notApplicable: (0xED_EDED, 0x52_5252)
        }
    }
}

/// What a column of a workbook holds, told by its name.
enum WorkbookColumn {
    /// Texts and numbers as they come.
    case plain
    case time, day, verdict, severity
    /// People write here.
    case filled
    /// People choose here.
    case choice(String, String)

    /// `isFilled`: whether people fill the table in.
    init(_ name: String, isFilled: Bool) {
        switch name {
        case "created_at", "first_at", "last_at", "at", "judged_to": self = .time
        case "due", "reviewed_on": self = .day
        case "status": self = .verdict
        case "severity": self = .severity
        case "result" where isFilled: self = .choice("ok", "not ok")
        case "decision" where isFilled: self = .choice("fix", "accept")
        case "owner", "reason", "approver", "ticket", "approved_by", "reviewed_by": self = isFilled ? .filled : .plain
        default: self = .plain
        }
    }
}
