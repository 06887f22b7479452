import Analysis
import Evidence

/// Renders all documents of a report, several at a time; those that hold the events in one pass over the events.
package final class ReportRendering: Sendable {
    private let library: TemplateLibrary
    private let folder: String
    private let mode: OutputMode
    private let profile: CSVProfile
    private let queue = WorkQueue<Rendered>()

    /// What documents became.
    package struct Rendered: Sendable {
        package var files: [OutputFile] = []
        /// What escaping changed in them.
        package var counts = EscapingCounts()
    }

    /// Prepares to render into a folder.
    package init(library: TemplateLibrary, folder: String, mode: OutputMode, profile: CSVProfile) {
        self.library = library
        self.folder = folder
        self.mode = mode
        self.profile = profile
    }

    /// Takes in documents with the values that they name; ``start()`` or ``finish()`` begins with them.
    package func add(_ documents: [LinkedTemplate], values: TemplateValues) {
        let withEvents = documents.filter(\.usesEvents)
        if !withEvents.isEmpty {
            queue.add(size: .max) { [self] in try render(withEvents, values) }
        }
        // The longest first, so that nobody is left with one at the end.
        for document in documents where !document.usesEvents {
            queue.add(size: Self.rows(of: document, values)) { [self] in try render([document], values) }
        }
    }

    /// Begins on other threads.
    package func start() { queue.start() }

    /// Renders everything that was taken in.
    /// - Throws: The first failure; files already written stay for the caller to remove.
    package func finish() throws -> Rendered {
        try queue.finish().reduce(into: Rendered()) { all, one in
            all.files += one.files
            all.counts = all.counts + one.counts
        }
    }

    /// Waits for what was begun and leaves out the rest.
    package func cancel() { queue.cancel() }

    /// Begins documents that need nothing but the events, which the caller hands in.
    package func begin(_ documents: [LinkedTemplate]) throws -> EventDocuments {
        try EventDocuments(documents.map { try renderer(of: $0, TemplateValues()) })
    }

    /// Takes in documents that have all events: what is left is to wait for the disk.
    package func add(_ documents: EventDocuments) {
        queue.add(size: 0) { try documents.finish() }
    }

    /// How many rows a document has.
    private static func rows(of document: LinkedTemplate, _ values: TemplateValues) -> Int {
        document.streams.reduce(0) { rows, section in
            rows + (values.tables[section.name.text]?.rowCount ?? 0)
        }
    }

    /// Renders documents side by side, reading the events as often as the most demanding of them needs: once.
    private func render(_ documents: [LinkedTemplate], _ values: TemplateValues) throws -> Rendered {
        let documents = try EventDocuments(documents.map { try renderer(of: $0, values) })
        while documents.awaitEvents {
            try values.events?.forEachBlockAgain { try documents.append($0) }
            try documents.endEvents()
        }
        return try documents.finish()
    }

    private func renderer(of document: LinkedTemplate, _ values: TemplateValues) throws -> DocumentRenderer {
        let job = DocumentRenderer.Job(
            template: document,
            folder: folder,
            mode: mode,
            profile: profile,
            schema: document.name == "report.xml" ? library.bytes(named: TemplateLibrary.schemaName) : nil,
            contentSecurityPolicy: document.format == .html
                ? HTMLTemplate.contentSecurityPolicy(of: document.nodes).text : nil
        )
        return try DocumentRenderer(job, values: values)
    }
}

/// Documents that are rendered side by side while the events pass.
package final class EventDocuments: @unchecked Sendable {
    // Sendable although renderers are not: one thread at a time has them. Who hands in the events has them first; the
    // queue's lock stands between that and the thread that takes them from there.
    private let renderers: [DocumentRenderer]
    private var waiting: [DocumentRenderer] = []

    /// Renders what stands before the events.
    fileprivate init(_ renderers: [DocumentRenderer]) throws {
        self.renderers = renderers
        try proceed()
    }

    /// Whether the next thing that some of them need is the events from the first to the last.
    var awaitEvents: Bool { !waiting.isEmpty }

    /// Appends a block of events.
    package func append(_ block: borrowing EventBlock) throws {
        for renderer in waiting { try renderer.append(block) }
    }

    /// Tells that there are no more events, and goes on.
    package func endEvents() throws {
        for renderer in waiting { try renderer.endEvents() }
        try proceed()
    }

    private func proceed() throws {
        for renderer in renderers { try renderer.proceed() }
        waiting = renderers.filter(\.awaitsEvents)
    }

    fileprivate func finish() throws -> ReportRendering.Rendered {
        try renderers.reduce(into: ReportRendering.Rendered()) { all, renderer in
            all.files += try renderer.finish()
            all.counts = all.counts + renderer.counts
        }
    }
}

extension LinkedTemplate {
    /// Whether the document holds the events.
    fileprivate var usesEvents: Bool { streams.contains { $0.name.text == "events" } }
}
