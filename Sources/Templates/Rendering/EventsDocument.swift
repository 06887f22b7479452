import Evidence

/// A document of events alone, such as events.csv: it names nothing else of a report, so it is rendered while the events are
/// read for the first time.
///
/// Used by one thread.
package final class EventsDocument {
    /// The document's name.
    package let name: String
    private let renderer: DocumentRenderer

    /// Begins a document, and creates its file; nil for one that names anything beside the events.
    ///
    /// - Throws: ``ReportingError``.
    package init?(_ document: LinkedTemplate, of rendering: ReportRendering) throws {
        let isForSpreadsheet = document.format == .csv && rendering.profile.isForSpreadsheet
        let nodes = isForSpreadsheet ? document.nodes : document.nodes.withoutPartsForSpreadsheets
        guard nodes.areOfEventsAlone else { return nil }
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

    /// Whether they are fixed text around one list of events, of which they name fields without any condition.
    fileprivate var areOfEventsAlone: Bool {
        var lists = 0
        let areKnown = allSatisfy { node in
            guard case .section(let section) = node else { return node.isText }
            lists += 1
            return section.name.text == "events" && section.isStreamed && !section.isInverted
                && section.nodes.allSatisfy { $0.isText || $0.isEventField }
        }
        return areKnown && lists == 1
    }
}

extension LinkedNode {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }

    fileprivate var isEventField: Bool {
        guard case .variable(let name, _, _) = self, name.function == nil else { return false }
        return TemplateValues.eventColumns.contains(name.text)
    }
}
