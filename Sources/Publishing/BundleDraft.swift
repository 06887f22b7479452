import Reporting
import Templates
public import Analysis
public import Evidence

/// A bundle that is begun before everything about its report is known.
///
/// A document of events alone (`events.csv`) is rendered while the events are read to be counted, so that they are read
/// once; one of tables alone while the verdicts are judged. Everything else waits for ``BundlePublisher/publish``. A draft
/// that isn't published leaves nothing behind.
public final class BundleDraft {
    let staging: BundleStaging
    let rendering: ReportRendering
    /// Documents that are rendered, or will be as soon as their rows are there.
    private(set) var begun: Set<String> = []
    private var events: EventDocuments?
    private var ofTables: [LinkedTemplate] = []

    /// Begins a bundle; `isEarly`: whether events and tables will be handed in.
    init(_ publisher: BundlePublisher, facts: BundleFacts, library: TemplateLibrary, isEarly: Bool) throws {
        staging = try BundleStaging(
            output: publisher.output,
            organizationFolder: PathComponent.safe(facts.organizationFolder),
            mode: publisher.mode
        )
        rendering = ReportRendering(
            library: library,
            folder: staging.path,
            mode: publisher.mode,
            profile: facts.csvProfile
        )
        guard isEarly else { return }
        let documents = library.documentsOfTables(facts.formats)
        let ofEvents = documents.filter { $0.tablesAlone(library.vocabulary) == [Self.eventsName] }
        ofTables = documents.filter { $0.tablesAlone(library.vocabulary)?.contains(Self.eventsName) == false }
        events = try rendering.begin(ofEvents)
        begun = Set(ofEvents.map(\.name))
    }

    deinit { rendering.cancel() }

    private static let eventsName = "events"

    /// Hands in the events of the report's period, a block after the other.
    /// - Throws: ``ReportingError`` for a file that can't be written.
    public func append(_ block: borrowing EventBlock) throws {
        try events?.append(block)
    }

    /// Tells that these were all events, and what they add up to; goes on with it on another thread.
    /// - Throws: ``ReportingError`` for a file that can't be written.
    public func endEvents(_ aggregates: Aggregates) throws {
        if let events {
            try events.endEvents()
            rendering.add(events)
        }
        events = nil
        rendering.add(ofTables, values: TemplateValues(tables: ReportActivity(aggregates).tables))
        begun.formUnion(ofTables.map(\.name))
        rendering.start()
    }
}
