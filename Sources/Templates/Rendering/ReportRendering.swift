import Analysis
import Dispatch
import Evidence
import Synchronization

/// Renders all documents of a report, several at a time; those that hold the events in one pass over the events.
package struct ReportRendering: Sendable {
    let library: TemplateLibrary
    /// Where the files are written.
    let folder: String
    let mode: OutputMode
    let profile: CSVProfile

    /// What documents became.
    package struct Rendered: Sendable {
        /// The files written, in no order.
        package var files: [OutputFile] = []
        /// What escaping changed in them.
        package var counts = EscapingCounts()

        /// Adds what others became.
        package mutating func add(_ other: Rendered) {
            files += other.files
            counts = counts + other.counts
        }
    }

    /// Prepares to render into a folder.
    package init(library: TemplateLibrary, folder: String, mode: OutputMode, profile: CSVProfile) {
        self.library = library
        self.folder = folder
        self.mode = mode
        self.profile = profile
    }

    /// Renders documents; of those that are begun only the end is left.
    /// - Throws: The first failure; files already written stay for the caller to remove.
    package func render(_ all: [LinkedTemplate], values: TemplateValues, begun: [EventsDocument] = []) throws
        -> Rendered
    {
        let documents = all.filter { document in !begun.contains { $0.name == document.name } }
        let rendered = try render(documents, values: values)
        return try begun.reduce(into: rendered) { all, document in
            all.files += try document.finish()
            all.counts = all.counts + document.counts
        }
    }

    private func render(_ documents: [LinkedTemplate], values: TemplateValues) throws -> Rendered {
        let withEvents = documents.filter(\.usesEvents)
        // Those over lists of values first, and then the longest, so that nobody is left with one at the end.
        let others = documents.filter { !$0.usesEvents }
            .sorted { Self.rows(of: $0, values) > Self.rows(of: $1, values) }
        let pieces = (withEvents.isEmpty ? [] : [withEvents]) + others.map { [$0] }
        let result = Mutex(Result<Rendered, any Error>.success(Rendered()))
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            guard case .success = result.withLock({ $0 }) else { return }
            let one = Result { try sideBySide(pieces[index], values) }
            result.withLock { all in
                all = all.flatMap { all in
                    one.map { Rendered(files: all.files + $0.files, counts: all.counts + $0.counts) }
                }
            }
        }
        return try result.withLock { try $0.get() }
    }

    /// How many rows a document has; one without tables may have as many as it likes.
    private static func rows(of document: LinkedTemplate, _ values: TemplateValues) -> Int {
        guard !document.streams.isEmpty else { return .max }
        return document.streams.reduce(0) { rows, section in
            rows + (values.tables[section.name.text]?.rowCount ?? 0)
        }
    }

    /// Renders documents side by side, reading the events as often as the most demanding of them needs: once.
    private func sideBySide(_ documents: [LinkedTemplate], _ values: TemplateValues) throws -> Rendered {
        let renderers = try documents.map { try DocumentRenderer(job(of: $0), values: values) }
        for renderer in renderers { try renderer.proceed() }
        while true {
            let waiting = renderers.filter(\.awaitsEvents)
            guard !waiting.isEmpty else { break }
            try values.events?.forEachBlockAgain { block in
                for renderer in waiting { try renderer.append(block) }
            }
            for renderer in waiting { try renderer.endEvents() }
        }
        return try renderers.reduce(into: Rendered()) { all, renderer in
            all.files += try renderer.finish()
            all.counts = all.counts + renderer.counts
        }
    }

    func job(of document: LinkedTemplate) -> DocumentRenderer.Job {
        DocumentRenderer.Job(
            template: document,
            folder: folder,
            mode: mode,
            profile: profile,
            schema: library.schema(of: document.name),
            contentSecurityPolicy: document.format == .html
                ? HTMLTemplate.contentSecurityPolicy(of: document.nodes).text : nil
        )
    }
}

extension LinkedTemplate {
    /// Whether the document holds the events.
    fileprivate var usesEvents: Bool { streams.contains { $0.name.text == "events" } }
}
