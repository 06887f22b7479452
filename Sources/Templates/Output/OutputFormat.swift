/// What a file's extension says about it: how values are escaped and which checks a template must pass.
package enum OutputFormat: String, Sendable, Hashable, CaseIterable {
    /// A document for people, one self-contained file.
    case html
    /// A document for machines.
    case xml
    /// A table: RFC 4180, formulas neutralised.
    case csv
    /// JSON text; values stand inside string literals, or alone as a number or a string of their own.
    case json
    /// Markdown.
    case md
    /// Plain text.
    case txt

    /// The format of a file, told by the extension of its name; nil for another extension.
    package init?(fileName: String) {
        guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        self.init(rawValue: String(fileName[fileName.utf8.index(after: dot)...]))
    }
}
