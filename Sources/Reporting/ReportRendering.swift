import Analysis
import Dispatch
import Evidence
import Foundation
import Synchronization

/// Renders all documents of a report, several at a time; those that hold the events in one pass over the events.
struct ReportRendering: Sendable {
    let documents: [LinkedTemplate]
    let values: TemplateValues
    let library: TemplateLibrary
    let folder: String
    let mode: OutputMode
    let profile: CSVProfile

    private typealias Outcome = (files: [PublishedBundle.File], counts: EscapingCounts)

    /// What the threads share.
    private final class Progress: Sendable {
        let state: Mutex<(waiting: [[LinkedTemplate]], done: [Outcome], error: (any Error)?)>

        init(_ groups: [[LinkedTemplate]]) { state = Mutex((groups, [], nil)) }

        /// The next documents to render; nil when all are taken or one failed.
        func next() -> [LinkedTemplate]? {
            state.withLock { $0.error == nil && !$0.waiting.isEmpty ? $0.waiting.removeFirst() : nil }
        }

        func finish(_ outcomes: [Outcome]) { state.withLock { $0.done += outcomes } }

        func fail(_ error: any Error) {
            state.withLock { if $0.error == nil { $0.error = error } }
        }
    }

    /// Renders every document into its file.
    /// - Returns: The files, and what escaping changed in all of them.
    /// - Throws: The first failure; files already written stay for the caller to remove.
    func run() throws -> (files: [PublishedBundle.File], counts: EscapingCounts) {
        let usesEvents: (LinkedTemplate) -> Bool = { document in
            document.streams.contains { $0.name == "events" }
        }
        let withEvents = documents.filter(usesEvents)
        // The longest first, so that nobody is left with one at the end.
        let others = documents.filter { !usesEvents($0) }.map { (document: $0, rows: rows(of: $0)) }
            .sorted { $0.rows > $1.rows }
        let groups = (withEvents.isEmpty ? [] : [withEvents]) + others.map { [$0.document] }
        let progress = Progress(groups)
        let threads = min(groups.count, max(1, ProcessInfo.processInfo.activeProcessorCount))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while let group = progress.next() {
                do {
                    progress.finish(try render(group))
                } catch {
                    progress.fail(error)
                }
            }
        }
        return try progress.state.withLock { state in
            if let error = state.error { throw error }
            return (state.done.flatMap(\.files), state.done.reduce(EscapingCounts()) { $0 + $1.counts })
        }
    }

    /// How many rows and elements of long lists a document has.
    private func rows(of document: LinkedTemplate) -> Int {
        document.streams.reduce(0) { rows, section in
            rows + (values.tables[section.name]?.rowCount ?? LongLists.list(named: section.name, values)?.count ?? 0)
        }
    }

    /// Renders documents side by side, reading the events as often as the most demanding of them needs: once.
    private func render(_ documents: [LinkedTemplate]) throws -> [Outcome] {
        let renderers = try documents.map { try DocumentRenderer(job(for: $0), values: values) }
        for renderer in renderers { try renderer.proceed() }
        while renderers.contains(where: \.awaitsEvents) {
            let waiting = renderers.filter(\.awaitsEvents)
            try values.events?.forEachBlockAgain { block in
                for renderer in waiting { try renderer.append(block) }
            }
            for renderer in waiting { try renderer.endEvents() }
        }
        return try renderers.map { (try $0.finish(), $0.counts) }
    }

    private func job(for document: LinkedTemplate) -> DocumentRenderer.Job {
        DocumentRenderer.Job(
            template: document,
            folder: folder,
            mode: mode,
            profile: profile,
            schema: document.name == "report.xml" ? library.bytes(named: TemplateLibrary.schemaName) : nil,
            contentSecurityPolicy: document.format == .html
                ? HTMLTemplate.contentSecurityPolicy(of: document.nodes).text : nil
        )
    }
}
