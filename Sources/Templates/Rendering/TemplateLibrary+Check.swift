import Evidence

extension TemplateLibrary {
    /// The schemas of documents, by the names of both files; a schema goes with its document into the bundle.
    static let schemaNames = [
        "report.xml": "audit-report.xsd", "report.json": "report.schema.json",
        "oscal-assessment-results.xml": "oscal-assessment-results.xsd", "fleet.xml": "fleet.xsd",
    ]

    /// The XML schema that a document must satisfy; nil where it has none.
    func schema(of document: String) -> DocumentSchema? {
        guard OutputFormat(fileName: document) == .xml,
            let text = Self.schemaNames[document].flatMap({ files[$0]?.bytes })
        else { return nil }
        return DocumentSchema(text: text, rows: ReportFormat(ofDocument: document) == .xml ? RowSchema.ofReport : [:])
    }

    /// The schema that goes with a document into the bundle; nil where none describes it, as a user's own `report.json`.
    package func schemaFile(of document: String) -> (name: String, bytes: [UInt8])? {
        guard let name = Self.schemaNames[document], let schema = files[name] else { return nil }
        let isHeldToIt = OutputFormat(fileName: document) == .xml || files[document]?.isUsers == false
        return isHeldToIt ? (name, schema.bytes) : nil
    }

    /// Everything that is wrong with the set, by file and line; empty when every template can be rendered.
    package func check() -> [TemplateProblem] {
        let vocabulary = vocabulary
        var problems = nameProblems + wordsProblems
        for name in reportNames + sheetPieces {
            let (document, found) = linked(name)
            problems += found
            if found.isEmpty {
                problems += StreamedSections.check(document, against: vocabulary)
                problems += RepeatedStreams.check(document, against: vocabulary)
            }
        }
        return problems.uniqueAndSorted
    }

    /// The names that templates use and no report has; they render nothing, so they are warnings where a report is made.
    ///
    /// The built-in set has none, which tests see to; a report without templates of the user's does not look again.
    package func unknownNames() -> [TemplateProblem] {
        guard files.values.contains(where: \.isUsers) else { return [] }
        let vocabulary = vocabulary
        return (reportNames + sheetPieces).flatMap { name in
            let (document, found) = linked(name)
            return found.isEmpty ? NameCheck.check(document, against: vocabulary) : []
        }.uniqueAndSorted
    }

    /// The first parts of all names in the documents of a report in the formats asked for: the values that need be made.
    package func names(in formats: Set<ReportFormat>) -> Set<String> {
        let sheets = formats.contains(.xlsx) ? sheetDocuments : []
        return (reportNames.filter { isAskedFor($0, formats) } + sheets)
            .reduce(into: []) { $0.formUnion(linked($1).0.nodes.firstNames) }
    }

    /// Documents of users that no format names are always there.
    private func isAskedFor(_ name: String, _ formats: Set<ReportFormat>) -> Bool {
        ReportFormat(ofDocument: name).map(formats.contains) ?? true
    }

    /// Documents of the user's own that have the name of a built-in one, and are not rendered because nobody asks for its format.
    ///
    /// Under any other name they would be. Those of the standard formats are left out by whoever names fewer.
    package func unasked(in formats: Set<ReportFormat>) -> [(name: String, format: ReportFormat)] {
        reportNames.compactMap { name in
            guard files[name]?.isUsers == true, let format = ReportFormat(ofDocument: name),
                !ReportFormat.standard.contains(format), !formats.contains(format),
                files[name]?.bytes != Self.builtIn(for: vocabulary).files[name]?.bytes
            else { return nil }
            return (name, format)
        }
    }

    /// The documents of a report in the formats asked for, linked and checked; those that no format names are
    /// always there.
    /// - Throws: ``ReportingError`` with code `template`, naming the first problem and how many more there are.
    package func documents(_ formats: Set<ReportFormat>) throws -> [LinkedTemplate] {
        var problems = nameProblems
        var documents: [LinkedTemplate] = []
        for name in reportNames where isAskedFor(name, formats) {
            let (document, found) = linked(name)
            problems += found
            documents.append(document)
        }
        guard let first = problems.uniqueAndSorted.first else { return documents }
        let more = problems.uniqueAndSorted.count - 1
        throw ReportingError(
            .template,
            first.description + (more > 0 ? " (and \(more) more problems)" : ""),
            hint: first.hint ?? "`heedaudit templates check DIR` lists every problem"
        )
    }

    /// The documents that are sheets of the workbook, in the order of the sheets, and each of them linked.
    ///
    /// - Throws: ``ReportingError`` with code `template`.
    func sheets() throws -> [(plan: WorkbookSheet.Plan, document: LinkedTemplate)] {
        try WorkbookSheet.Plan.all.filter { files[$0.document] != nil }.map { plan in
            let (document, found) = linked(plan.document)
            if let first = found.uniqueAndSorted.first {
                throw ReportingError(.template, first.description, hint: first.hint)
            }
            return (plan, document)
        }
    }

    private var sheetDocuments: [String] {
        let known = WorkbookSheet.Plan.all.map(\.document).filter { files[$0] != nil }
        // The set of an overview shares the pieces, and has no workbook.
        return known.contains { !$0.contains("/") } ? known : []
    }

    /// Those of them that are no documents by themselves.
    private var sheetPieces: [String] { sheetDocuments.filter { $0.contains("/") } }

    /// A document with its pieces, and what is wrong with it.
    private func linked(_ name: String) -> (LinkedTemplate, [TemplateProblem]) {
        parsed.linked(name) {
            let file = files[name] ?? File(name: name, bytes: [], isUsers: false)
            let document = TemplateLinker.link(file, format: OutputFormat(fileName: name) ?? .txt, library: self)
            return (document, document.problems + TemplateContexts.check(document))
        }
    }
}

extension [TemplateProblem] {
    /// Each problem once, by file, line and column: a piece may be part of several documents.
    fileprivate var uniqueAndSorted: [TemplateProblem] {
        let sorted = sorted { ($0.description, $0.hint ?? "") < ($1.description, $1.hint ?? "") }
        let unique = sorted.indices.filter { $0 == 0 || sorted[$0].description != sorted[$0 - 1].description }
        return unique.map { sorted[$0] }.sorted {
            ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
        }
    }
}
