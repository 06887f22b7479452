import Analysis
import Evidence
import Templates

/// A bundle whose files are being written aside; it is gone with whoever holds it, unless it is published.
///
/// Documents of events alone are written while the events are read, so that nobody reads them twice; those of tables alone
/// while verdicts are found.
package final class BegunBundle {
    let staging: BundleStaging
    private let rendering: ReportRendering
    private let documents: [LinkedTemplate]
    private let ofEvents: [EventsDocument]
    private var ofTables: TableDocuments?

    /// Begins a bundle in an organization's folder.
    ///
    /// - Parameters:
    ///   - publisher: Where bundles are published.
    ///   - folder: The organization's folder below the output.
    ///   - library: The templates.
    ///   - formats: The formats whose documents of events alone are begun; nil to begin none.
    ///   - profile: How tables are written.
    /// - Throws: ``ReportingError``.
    package init(
        _ publisher: BundlePublisher,
        _ folder: String,
        library: TemplateLibrary,
        of formats: Set<ReportFormat>?,
        profile: CSVProfile
    ) throws {
        let staging = try BundleStaging(
            output: publisher.output,
            organizationFolder: PathComponent.safe(folder),
            mode: publisher.mode,
            group: publisher.group
        )
        let rendering = ReportRendering(library: library, folder: staging.path, mode: publisher.mode, profile: profile)
        self.staging = staging
        self.rendering = rendering
        documents = try formats.map { try library.documents($0) } ?? []
        ofEvents = try documents.compactMap { try EventsDocument($0, of: rendering) }
    }

    // Nobody writes into the folder of a bundle that is given up.
    deinit { ofTables?.giveUp() }

    /// Begins to write documents of tables alone, on another thread.
    ///
    /// `tables`: the tables by name; asked for there.
    package func begin(_ tables: @escaping @Sendable () -> [String: any RowTable]) {
        ofTables = TableDocuments(among: documents, of: rendering, tables)
    }

    /// Writes the next events.
    ///
    /// - Throws: ``ReportingError`` when a file can't be written; the bundle is then to be given up.
    package func append(_ block: borrowing EventBlock) throws {
        for document in ofEvents { try document.append(block) }
    }

    /// Renders the workbook of a report, which says that a program made it at a time.
    func renderWorkbook(_ values: TemplateValues, _ words: Words, from tool: String, at time: String) throws
        -> ReportRendering.Rendered
    {
        let description = ReportRendering.WorkbookDescription(tool: tool, generatedAt: time)
        return try rendering.renderWorkbook(description, values: values, words: words)
    }

    /// Renders what is not yet written.
    func render(_ documents: [LinkedTemplate], values: TemplateValues) throws -> ReportRendering.Rendered {
        try rendering.render(documents, values: values, begun: ofEvents, ofTables)
    }
}
