/// Reads the rendering of a CSV template as records and writes them out as CSV.
///
/// In that rendering a value's commas, quotes and line breaks stand behind a NUL (see `Escaping.Rule.csvPart`), so
/// only what the template's author wrote is structure. `NUL N` says that a number of ours follows, `NUL T` a time.
struct CSVText {
    /// Where the reader is in a record.
    enum State: Hashable {
        case cellStart, plain, quoted, behindQuote
    }

    private(set) var state = State.cellStart

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

    /// Reads on.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout OutputBuffer, cells: inout CSVCells) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == 0 {
                guard index < text.count else { break }
                if text[index] == UInt8(ascii: "N") {
                    cells.numberFollows(output)
                } else if text[index] == UInt8(ascii: "T") {
                    cells.timeFollows(output)
                } else {
                    cells.append(text[index], to: &output)
                    if state == .cellStart { state = .plain }
                }
                index += 1
                continue
            }
            let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            let before = state
            state = Self.state(after: byte, in: before)
            switch before {
            case .quoted:
                if byte != UInt8(ascii: "\"") { cells.append(byte, to: &output) }
            case .behindQuote where byte == UInt8(ascii: "\""):
                cells.append(byte, to: &output)
            case .cellStart where byte == UInt8(ascii: "\""):
                break
            default:
                if byte == UInt8(ascii: ",") {
                    cells.endCell(&output)
                } else if isLineEnd {
                    if byte == UInt8(ascii: "\r"), index < text.count, text[index] == UInt8(ascii: "\n") { index += 1 }
                    cells.endRecord(&output)
                } else {
                    cells.append(byte, to: &output)
                }
            }
        }
    }

    /// Ends a last record that has no line end.
    mutating func finish(_ output: inout OutputBuffer, cells: inout CSVCells) {
        if state != .cellStart || !cells.isAtRecordStart(output) { cells.endRecord(&output) }
        state = .cellStart
    }
}
