import Analysis
import Dispatch
import Evidence
import Synchronization

/// Documents of one table alone, such as actors.csv: they name nothing else of a report, so they are rendered while others
/// find out what else it says.
///
/// The longest first, one by one, by whoever has time.
package final class TableDocuments: Sendable {
    private struct Work: Sendable {
        var documents: [LinkedTemplate]
        var values: TemplateValues
    }

    private let rendering: ReportRendering
    private let work: Ahead<Work>
    /// The place of the document that is rendered next.
    private let next = Atomic(0)
    private let rendered = Mutex(Result<ReportRendering.Rendered, any Error>.success(.init()))
    private let thread = DispatchGroup()

    /// Begins, on another thread.
    ///
    /// - Parameters:
    ///   - documents: The documents of the report.
    ///   - rendering: What renders them.
    ///   - tables: The tables by name; asked for on the other thread.
    package init(
        among documents: [LinkedTemplate],
        of rendering: ReportRendering,
        _ tables: @escaping @Sendable () -> [String: any RowTable]
    ) {
        self.rendering = rendering
        work = Ahead {
            let values = TemplateValues(tables: tables())
            let fields = values.tables.mapValues { Set($0.columns.map(\.name)) }
            let own = documents.filter { $0.isList(of: fields, rendering.profile) }
            return Work(documents: own.sorted { $0.rows(values) > $1.rows(values) }, values: values)
        }
        DispatchQueue.global(qos: .userInitiated).async(group: thread) { [self] in proceed() }
    }

    /// The names of the documents.
    var names: Set<String> { Set(work.value.documents.map(\.name)) }

    /// Renders those that nobody has begun, and waits for the others.
    ///
    /// - Throws: The first failure.
    func finish() throws -> ReportRendering.Rendered {
        proceed()
        thread.wait()
        return try rendered.withLock { try $0.get() }
    }

    /// Begins no further document, and waits for the one that is being rendered.
    package func giveUp() {
        next.store(.max / 2, ordering: .relaxed)
        thread.wait()
    }

    private func proceed() {
        let work = work.value
        while true {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < work.documents.count else { return }
            let one = Result { try rendering.sideBySide([work.documents[place]], work.values) }
            rendered.withLock { $0.add(one) }
        }
    }
}
