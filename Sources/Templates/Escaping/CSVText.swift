/// Reads the text of a CSV template as records: what of it is structure, and what is content.
enum CSVText {
    /// Where the reader is in a record.
    enum State: Hashable {
        case cellStart, plain, quoted, behindQuote
    }

    /// What a byte is.
    enum Meaning {
        case content, delimiter, lineEnd
        /// A quote around a cell, or the first of two that stand for one.
        case quote
    }

    /// Where the reader is after a byte of the template.
    static func state(after byte: UInt8, in state: State) -> State {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): .behindQuote
        case (.quoted, _): .quoted
        case (.behindQuote, UInt8(ascii: "\"")): .quoted
        case (.cellStart, UInt8(ascii: "\"")): .quoted
        case (_, UInt8(ascii: ",")), (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")): .cellStart
        default: .plain
        }
    }

    /// What a byte of the template is.
    static func meaning(of byte: UInt8, in state: State) -> Meaning {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")), (.cellStart, UInt8(ascii: "\"")): .quote
        case (.quoted, _): .content
        case (_, UInt8(ascii: ",")): .delimiter
        case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")): .lineEnd
        default: .content
        }
    }
}
