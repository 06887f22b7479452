extension TemplateLibrary {
    /// The schema of report.xml, which goes with it.
    static let schemaName = "audit-report.xsd"

    /// Everything that is wrong with the set, by file and line; empty when every template can be rendered.
    public func check() -> [TemplateProblem] {
        var problems = nameProblems
        for name in reportNames {
            let (document, found) = linked(name) { StreamedSections.decide($0, within: $1) }
            problems += found
            if found.isEmpty { problems += StreamedSections.check(document) }
        }
        return problems.uniqueAndSorted
    }

    /// The names that templates use and no report has; they render nothing, so they are warnings where a report is made.
    ///
    /// The built-in set has none, which tests see to; a report without templates of the user's does not look again.
    public func unknownNames() -> [TemplateProblem] {
        guard files.values.contains(where: \.isUsers) else { return [] }
        return reportNames.flatMap { name in
            let (document, found) = linked(name) { StreamedSections.decide($0, within: $1) }
            return found.isEmpty ? NameCheck.check(document) : []
        }.uniqueAndSorted
    }

    /// The documents of a report in the formats asked for, linked and checked; formats that can't be asked for are
    /// always there.
    /// - Throws: ``ReportingError`` with code `template`, naming the first problem and how many more there are.
    func documents(_ formats: Set<OutputFormat>, values: TemplateValues) throws -> [LinkedTemplate] {
        var problems = nameProblems
        var documents: [LinkedTemplate] = []
        for name in reportNames {
            let (document, found) = linked(name, values: values)
            problems += found
            let isAskedFor = formats.contains(document.format) || ![.html, .csv, .xml].contains(document.format)
            if isAskedFor { documents.append(document) }
        }
        guard let first = problems.uniqueAndSorted.first else { return documents }
        let more = problems.uniqueAndSorted.count - 1
        throw ReportingError(
            .template,
            first.description + (more > 0 ? " (and \(more) more problems)" : ""),
            hint: first.hint ?? "`heedaudit templates check DIR` lists every problem"
        )
    }

    /// Links a document for the values of a report; long lists go to swift-mustache unless it is certain that they need
    /// not.
    private func linked(_ name: String, values: TemplateValues) -> (LinkedTemplate, [TemplateProblem]) {
        var hasLongList = false
        let (document, found) = linked(name) { section, enclosing in
            if LongLists.isLong(section, within: enclosing, values) {
                hasLongList = true
                return .streamed
            }
            return StreamedSections.decide(section, within: enclosing, values: values)
        }
        guard hasLongList, !found.isEmpty || !LongLists.canRender(document, values) else { return (document, found) }
        return linked(name) { StreamedSections.decide($0, within: $1, values: values) }
    }

    private func linked(
        _ name: String,
        decide: @escaping (TemplateSyntax.Name, [TemplateSyntax.Name]) -> StreamDecision
    ) -> (LinkedTemplate, [TemplateProblem]) {
        let file = files[name] ?? File(name: name, bytes: [], isUsers: false)
        let format = OutputFormat(fileName: name) ?? .txt
        let document = TemplateLinker.link(file, format: format, library: self, decide: decide)
        return (document, document.problems + TemplateContexts.check(document))
    }
}

extension [TemplateProblem] {
    /// Each problem once, by file, line and column.
    fileprivate var uniqueAndSorted: [TemplateProblem] {
        Set(self).sorted {
            ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
        }
    }
}
