/// What a file's extension says about it: all that tells one kind of file from another is said here.
enum OutputFormat: String, Sendable, Hashable, CaseIterable {
    /// A document for people, one self-contained file.
    case html
    /// A document for machines.
    case xml
    /// A table: RFC 4180, formulas neutralised.
    case csv
    /// JSON text; values stand inside string literals, or alone as a number or a string of their own.
    case json
    /// JSON texts, one a line: a value never ends its line.
    case jsonl
    /// The same under its other name.
    case ndjson
    /// Markdown.
    case md
    /// Plain text.
    case txt

    /// How values are escaped, and by which rules a template is checked.
    var escaping: Escaping.Rule {
        switch self {
        case .html: .html
        case .xml: .xml
        case .csv: .csv
        case .json, .jsonl, .ndjson: .json
        case .md: .md
        case .txt: .txt
        }
    }

    /// The format of a file, told by the extension of its name; nil for another extension.
    init?(fileName: String) {
        guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        self.init(rawValue: String(fileName[fileName.utf8.index(after: dot)...]))
    }
}
