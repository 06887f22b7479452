import CSimdJSON
import Foundation

/// A pull under way: what was received stands in staging until `commit` seals it.
///
/// A page is handed to the operating system as soon as it was received, so that a killed process loses none; the next
/// pull takes over what is there.
public final class PullSession {
    /// A page that was staged, as the journal keeps it.
    public struct StagedPage: Codable, Sendable, Hashable {
        /// Its number when it was served.
        public var number: Int
        /// Events it held.
        public var count: Int
        /// `meta.total` as served with it.
        public var total: Int?
        /// Length of the spool behind the page, in bytes.
        var spooled: Int
    }

    private struct Journal: Codable {
        /// Pulls that were committed when this one began: a journal of a committed pull is of no use.
        var pullsBefore: Int
        var attempts: Int
        var requests: Int
        var retries: Int
    }

    private let writer: ArchiveWriter
    private let spool: EventSpool
    private var journal: Journal
    private let pagesWriter: SyncedWriter
    private var archivedIDs: ArchivedIdentities
    private var seen: Set<EventSpool.Identity> = []
    private let scanner: EventScanner
    private var snapshots: (organization: [UInt8], settings: [UInt8], servedAt: Instant?)?
    private var received = 0
    private var knowsEveryID = true

    /// Pages that an earlier attempt staged; their events are taken over.
    public private(set) var resumedPages: [StagedPage] = []
    /// How many times this pull was begun, this time included.
    public var attempts: Int { journal.attempts }
    /// Requests and retries of the attempts before this one.
    public private(set) var earlierRequests = 0
    /// Retries among them.
    public private(set) var earlierRetries = 0

    init(writer: ArchiveWriter) throws {
        self.writer = writer
        scanner = try EventScanner()
        archivedIDs = ArchivedIdentities(writer.archive)
        let pulls = writer.archive.entries.count { $0.kind == .pull }
        let files = (
            journal: writer.staging + "/pull.json", pages: writer.staging + "/pull-pages.ndjson",
            spool: writer.staging + "/pull-events.ndjson"
        )
        journal = Journal(pullsBefore: pulls, attempts: 1, requests: 0, retries: 0)
        if let bytes = try Files.readIfPresent(files.journal),
            let earlier = try? JSONDecoder().decode(Journal.self, from: Data(bytes)), earlier.pullsBefore == pulls
        {
            resumedPages = try Self.soundPages(files.pages, spool: files.spool)
            journal.attempts = earlier.attempts + 1
            journal.requests = earlier.requests
            journal.retries = earlier.retries
            earlierRequests = earlier.requests
            earlierRetries = earlier.retries
        }
        let kept = resumedPages.last?.spooled ?? 0
        spool = try EventSpool(path: files.spool, keeping: kept)
        unlink(files.pages)
        pagesWriter = try SyncedWriter(path: files.pages)
        for page in resumedPages { try note(page) }
        if kept > 0 { try takeOver(files.spool, byteCount: kept) }
        try saveJournal()
    }

    /// The pages whose events are in the spool whole: a crash may have kept the journal and lost events.
    private static func soundPages(_ path: String, spool: String) throws -> [StagedPage] {
        guard let bytes = try Files.readIfPresent(path) else { return [] }
        var status = stat()
        let size = stat(spool, &status) == 0 ? Int(status.st_size) : 0
        var pages: [StagedPage] = []
        for line in bytes.split(separator: 10) {
            guard let page = try? JSONDecoder().decode(StagedPage.self, from: Data(line)), page.spooled <= size else {
                break
            }
            pages.append(page)
        }
        return pages
    }

    private func takeOver(_ path: String, byteCount: Int) throws {
        var bytes = Array(try Files.read(path).prefix(byteCount))
        bytes += [UInt8](repeating: 32, count: EventScanner.padding)
        try bytes.withUnsafeBufferPointer { buffer in
            var offset = 0
            while offset < byteCount {
                var event = heed_event()
                scanner.reset()
                let rest = UnsafeBufferPointer(rebasing: buffer[offset..<byteCount])
                let length = rest.firstIndex(of: 10) ?? rest.count
                if scanner.scanEvent(UnsafeBufferPointer(rebasing: rest[..<length]), validating: true, into: &event)
                    == .event
                {
                    let view = EventView(event)
                    spool.remember(view, rawStart: view.raw.start, offset: offset)
                    note(view)
                    stagedIdentities.insert(AuditLogPageContents.Event.identity(of: view.id.string))
                }
                offset += length + 1
            }
        }
    }

    /// Keeps the organization's and the settings' answers, read before the log (DESIGN section 3, "Explained drift").
    public func stageSnapshots(organization: [UInt8], settings: [UInt8], servedAt: Instant?) {
        snapshots = (organization, settings, servedAt)
    }

    /// Stages the events of a page.
    ///
    /// - Returns: For each event whether its id was known before: archived, or staged already.
    public func stage(_ page: AuditLogPageContents, number: Int) throws -> [Bool] {
        try archivedIDs.load(around: page.events)
        var known: [Bool] = []
        for event in page.events {
            let padded = event.line + [UInt8](repeating: 32, count: EventScanner.padding)
            let wasKnown = try padded.withUnsafeBufferPointer { buffer in
                var found = heed_event()
                scanner.reset()
                _ = scanner.scanEvent(
                    UnsafeBufferPointer(rebasing: buffer[..<event.line.count]),
                    validating: false,
                    into: &found
                )
                let view = EventView(found)
                try spool.append(view)
                return note(view)
            }
            known.append(wasKnown)
        }
        try spool.flush()
        try note(StagedPage(number: number, count: page.events.count, total: page.total, spooled: spool.byteCount))
        return known
    }

    @discardableResult
    private func note(_ event: EventView) -> Bool {
        received += 1
        let identity = EventSpool.Identity(event.id.bytes)
        let isArchived = archivedIDs.contains(identity)
        if !isArchived { knowsEveryID = false }
        return !seen.insert(identity).inserted || isArchived
    }

    private func note(_ page: StagedPage) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try (Array(try encoder.encode(page)) + [10]).withUnsafeBytes { try pagesWriter.write($0) }
        try pagesWriter.flush()
    }

    /// Keeps count across attempts of what the pull cost; call it now and then.
    public func noteCost(requests: Int, retries: Int) throws {
        journal.requests = earlierRequests + requests
        journal.retries = earlierRetries + retries
        try saveJournal()
    }

    private func saveJournal() throws {
        let path = writer.staging + "/pull.json"
        try Files.write(Array(try JSONEncoder().encode(journal)), to: path + ".new")
        try Files.rename(path + ".new", to: path)
    }

    /// Time of the oldest dated event received so far; nil without one.
    public var oldestReceived: Instant? { spool.keys.compactMap(\.instant).min() }

    /// Identities of what an earlier attempt staged, as `AuditLogPageContents.Event.identity` gives them.
    public private(set) var stagedIdentities: Set<Int> = []

    /// Seals what was received and appends the entry.
    ///
    /// - Parameter now: The time that the entry carries.
    /// - Throws: `EvidenceError`; the archive is then as it was, and staging keeps what was received.
    public func commit(_ account: PullAccount, now: Instant) throws -> LedgerEntry {
        let readsWholeLog = account.mode == .full && account.complete
        let sorting = try Sorting(
            spool,
            beside: writer.archive,
            kind: .pull,
            readsWholeLog: readsWholeLog,
            nothingUnknown: knowsEveryID && account.mode == .incremental
        )
        var entry = LedgerEntry(kind: .pull, at: now)
        entry.mode = account.mode
        entry.complete = account.complete
        entry.incompleteBecause = account.incompleteBecause
        entry.proven = account.proven
        entry.order = account.order
        entry.attempts = attempts
        entry.requests = account.requests + earlierRequests
        entry.retries = account.retries + earlierRetries
        entry.pages = account.pages + resumedPages.count
        entry.totalAtStart = account.totalAtStart
        entry.totalAtEnd = account.totalAtEnd
        entry.received = received
        var bodies: [[UInt8]] = []
        if let snapshots {
            bodies = [snapshots.organization, snapshots.settings]
            entry.snapshots = LedgerEntry.Snapshots(
                organization: Digest.sha256(snapshots.organization),
                settings: Digest.sha256(snapshots.settings),
                servedAt: snapshots.servedAt?.rfc3339
            )
        }
        let committed = try writer.commit(entry, sorting, spool, snapshots: bodies)
        for name in ["pull.json", "pull-pages.ndjson", "pull-events.ndjson"] {
            Files.removeTree(writer.staging + "/" + name)
        }
        return committed
    }
}

extension LedgerEntry {
    /// An entry before its sums are known.
    init(kind: Kind, at now: Instant) {
        self.init(
            entry: 0,
            previous: "",
            at: now.text(fractionDigits: 0),
            tool: "",
            kind: kind,
            mode: nil,
            organization: "",
            complete: nil,
            incompleteBecause: [],
            proven: nil,
            order: nil,
            attempts: 1,
            requests: 0,
            retries: 0,
            pages: 0,
            totalAtStart: nil,
            totalAtEnd: nil,
            received: 0,
            unique: 0,
            duplicates: 0,
            alreadyArchived: 0,
            new: 0,
            undated: 0,
            segments: [],
            variants: [],
            snapshots: nil,
            anomalies: [],
            superseded: [],
            sources: nil
        )
    }
}
