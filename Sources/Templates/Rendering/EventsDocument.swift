import Evidence

/// A document of events alone, such as events.csv: it names nothing else of a report, so it is rendered while the events are
/// read for the first time.
///
/// Used by one thread.
package final class EventsDocument {
    /// The document's name.
    let name: String
    private let renderer: DocumentRenderer

    /// Begins a document, and creates its file; nil for one that names anything beside the events.
    ///
    /// - Throws: ``ReportingError``.
    package init?(_ document: LinkedTemplate, of rendering: ReportRendering) throws {
        guard document.isList(of: ["events": Set(TemplateValues.eventColumns)], rendering.profile) else { return nil }
        name = document.name
        renderer = try DocumentRenderer(rendering.job(of: document), values: TemplateValues())
        try renderer.proceed()
    }

    /// Appends the next events.
    ///
    /// - Throws: ``ReportingError`` when the file can't be written; the document is then of no use.
    package func append(_ block: borrowing EventBlock) throws { try renderer.append(block) }

    /// What escaping changed so far.
    var counts: EscapingCounts { renderer.counts }

    /// Writes the end.
    func finish() throws -> [OutputFile] {
        try renderer.endEvents()
        return try renderer.finish()
    }
}

extension LinkedTemplate {
    /// Whether the document is fixed text around one of some lists, told by name with the fields of their rows, of which it
    /// names fields without any condition.
    func isList(of lists: [String: Set<String>], _ profile: CSVProfile) -> Bool {
        let isForSpreadsheet = format == .csv && profile.isForSpreadsheet
        var found = 0
        let areKnown = (isForSpreadsheet ? nodes : nodes.withoutPartsForSpreadsheets).allSatisfy { node in
            guard case .section(let section) = node else { return node.isText }
            guard let fields = lists[section.name.text], section.isStreamed, !section.isInverted else { return false }
            found += 1
            return section.nodes.allSatisfy { $0.isText || $0.isField(among: fields) }
        }
        return areKnown && found == 1
    }
}

extension [LinkedNode] {
    /// What is left where nothing is written for a spreadsheet.
    fileprivate var withoutPartsForSpreadsheets: [LinkedNode] {
        compactMap { node in
            guard case .section(var section) = node else { return node }
            if section.name.text == TemplateValues.spreadsheetName, !section.isInverted { return nil }
            section.nodes = section.nodes.withoutPartsForSpreadsheets
            return .section(section)
        }
    }
}

extension LinkedNode {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }

    fileprivate func isField(among fields: Set<String>) -> Bool {
        guard case .variable(let name, _, _) = self, name.function == nil else { return false }
        return fields.contains(name.text)
    }
}
