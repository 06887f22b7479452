import Analysis

/// A document compiled for the values of one report: fixed parts, and the sections over rows between them.
struct DocumentProgram: Sendable {
    /// A part, in the order of the document.
    enum Part: Sendable {
        /// Everything between two sections over rows.
        case fixed(RowProgram)
        /// A section over a table; `isCounted` tells whether its rows count as the file's, as those of a list of values
        /// that is told as a table don't.
        case rows(any RowTable, RowProgram, isCounted: Bool)
        /// The section over the events, which the caller hands in.
        case events(RowProgram)
    }

    let parts: [Part]
    /// Whether a CSV document ends behind an opening quote, so that its last record has at least one cell.
    let endsInQuotes: Bool

    /// Compiles a document whose problems are solved.
    /// - Parameters:
    ///   - document: The document.
    ///   - values: What it can name.
    ///   - contentSecurityPolicy: The document's own, for HTML.
    /// - Throws: ``ReportingError`` with file and line for what can't be rendered with these values.
    init(_ document: LinkedTemplate, values: TemplateValues, contentSecurityPolicy: String? = nil) throws {
        var compiler = RowProgramCompiler(
            values: values,
            policy: contentSecurityPolicy,
            format: document.format,
            shape: RowProgram.Shape(columns: []),
            isInRows: false
        )
        do {
            try compiler.compile(document.nodes, stack: [.root], position: .none, indentation: "")
        } catch let refusal as TemplateRefusal {
            throw refusal.error
        }
        compiler.cut()
        parts = compiler.parts
        endsInQuotes = compiler.csv == .quoted || compiler.csv == .behindQuote
    }
}
