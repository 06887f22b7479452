import Evidence

/// Checks a JSON document, or one of JSON texts a line each, while it is written.
struct JSONCheck {
    private let fileName: String
    /// Whether each line is a text of its own.
    private let isOfLines: Bool
    private var reader = JSONReader()
    private var line = 1
    private var column = 0

    init(fileName: String, format: OutputFormat) {
        self.fileName = fileName
        isOfLines = format != .json
    }

    /// Takes the next bytes.
    /// - Throws: ``ReportingError`` with code `invalidReport`, which names the template and the line of its file.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        for byte in bytes {
            column += 1
            let isLineEnd = byte == UInt8(ascii: "\n")
            if isOfLines, isLineEnd {
                try endText()
                reader = JSONReader()
            } else if let problem = reader.read(byte) {
                throw failure(problem)
            }
            if isLineEnd { (line, column) = (line + 1, 0) }
        }
    }

    /// Tells that there are no more.
    /// - Throws: The same for a text that is not whole; a file of lines may have none.
    mutating func finish() throws {
        if isOfLines, column == 0 { return }
        try endText()
    }

    private mutating func endText() throws {
        if let problem = reader.end() { throw failure(problem) }
    }

    private func failure(_ problem: String) -> ReportingError {
        ReportingError(
            .invalidReport,
            "the template \(fileName) renders no JSON: line \(line), column \(column) of the file: \(problem)",
            hint:
                "outside of quotes values are whole (\"who\":{{name}}); commas: {{^last()}},{{/last()}}; see docs/templates.md"
        )
    }
}
