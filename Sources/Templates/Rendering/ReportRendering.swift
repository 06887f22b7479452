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
    package func render(
        _ all: [LinkedTemplate],
        values: TemplateValues,
        begun: [EventsDocument] = [],
        _ tables: TableDocuments? = nil
    ) throws -> Rendered {
        let known = tables?.names.union(begun.map(\.name)) ?? Set(begun.map(\.name))
        var rendered = try render(all.filter { !known.contains($0.name) }, values: values)
        if let tables { rendered.add(try tables.finish()) }
        return try begun.reduce(into: rendered) { all, document in
            all.files += try document.finish()
            all.counts = all.counts + document.counts
        }
    }

    private func render(_ documents: [LinkedTemplate], values: TemplateValues) throws -> Rendered {
        let withEvents = documents.filter(\.usesEvents)
        // What is no table first, and then the longest, so that nobody is left with one at the end.
        let others = documents.filter { !$0.usesEvents }
            .sorted { $0.rows(values) > $1.rows(values) }
        let pieces = (withEvents.isEmpty ? [] : [withEvents]) + others.map { [$0] }
        let result = Mutex(Result<Rendered, any Error>.success(Rendered()))
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            guard case .success = result.withLock({ $0 }) else { return }
            let one = Result { try sideBySide(pieces[index], values) }
            result.withLock { $0.add(one) }
        }
        return try result.withLock { try $0.get() }
    }

    /// Renders documents side by side, reading the events as often as the most demanding of them needs: once.
    func sideBySide(_ documents: [LinkedTemplate], _ values: TemplateValues) throws -> Rendered {
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

extension Result<ReportRendering.Rendered, any Error> {
    /// Adds what others became; the first failure stays.
    mutating func add(_ other: Self) {
        self = flatMap { all in
            other.map {
                var all = all
                all.add($0)
                return all
            }
        }
    }
}

extension LinkedTemplate {
    /// Whether the document holds the events.
    fileprivate var usesEvents: Bool { streams.contains { $0.name.text == "events" } }

    /// How many rows the document has; one that is no table may have as many as it likes.
    func rows(_ values: TemplateValues) -> Int {
        guard format == .csv else { return .max }
        return nodes.reduce(0) { rows, node in
            guard case .section(let section) = node else { return rows }
            if let table = values.tables[section.name.text] { return rows + table.rowCount }
            if case .made(let count, _)? = values.scalars[section.name.text] { return rows + count }
            return rows
        }
    }
}
