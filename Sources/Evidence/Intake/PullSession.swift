import CSimdJSON
import Foundation

/// A pull under way: what was received stands in staging until `commit` seals it.
///
/// A page is handed to the operating system as soon as it was received, so that a killed process loses none; the next
/// pull takes over what is there.
package final class PullSession {
    private let writer: ArchiveWriter
    private let spool: EventSpool
    private var journal: PullJournal
    private let pagesWriter: SyncedWriter
    private let disk = DiskSync()
    private var archivedIDs: ArchivedIdentities
    private let scanner: EventScanner
    private var snapshots: (entry: LedgerEntry.Snapshots, bodies: [[UInt8]])?
    private var unreadable: UnreadableElements
    private var received = 0
    private var isDiscarded = false
    private var knowsEveryID = true
    private var resumedPages: [StagedPage] = []
    private var unsyncedPages = 0
    /// What `stage` took and `note` has not journaled yet.
    private var pending: (number: Int, count: Int, total: Int?, from: Int, sha256: String, unreadable: [Data]?)?

    /// Pages that are staged between two syncs to the disk: a loss of power can cost twice as many requests.
    private static let pagesBetweenSyncs = 25

    /// Events for which there is room before any came.
    private static let mostReserved = 1 << 20

    /// What an earlier attempt left; nil when there was none, or none to rely on.
    package private(set) var resumption: Resumption?
    /// Pages that earlier attempts staged; their events are taken over.
    package var resumedPageCount: Int { resumedPages.count }
    /// How many times this pull was begun, this time included.
    package var attempts: Int { journal.attempts }
    /// Numbers of the pages that earlier attempts staged.
    package var resumedPageNumbers: [Int] { resumedPages.map(\.number) }
    /// What the service said then of how many events it has.
    package var resumedTotals: [Int] { resumedPages.compactMap(\.total) }
    /// Attempts before this one, in succession, that ended with a failure that may come again and came no further.
    package var stalls: Int { journal.stalls ?? 0 }
    /// What the last of them ended with.
    package var stallReason: String? { journal.reason }
    /// Requests and retries of the attempts before this one.
    private(set) var earlierRequests = 0
    /// Retries among them.
    private(set) var earlierRetries = 0

    init(writer: ArchiveWriter) throws {
        self.writer = writer
        scanner = try EventScanner()
        archivedIDs = ArchivedIdentities(writer.archive)
        unreadable = UnreadableElements(writer.archive)
        let pulls = writer.archive.pulls.count
        let files = (pages: writer.staging + "/pull-pages.ndjson", spool: writer.staging + "/pull-events.ndjson")
        journal = PullJournal(pullsBefore: pulls, attempts: 1, requests: 0, retries: 0)
        if let earlier = try PullJournal.kept(in: writer.staging, pullsBefore: pulls) {
            resumedPages = try StagedPage.sound(in: files.pages, spool: files.spool)
            journal.attempts = earlier.attempts + 1
            // A killed attempt wrote no account; its last page tells what it had cost.
            earlierRequests = max(earlier.requests, resumedPages.last?.requests ?? 0)
            earlierRetries = max(earlier.retries, resumedPages.last?.retries ?? 0)
            journal.requests = earlierRequests
            journal.retries = earlierRetries
            (journal.stalls, journal.depth, journal.reason) = (earlier.stalls, earlier.depth, earlier.reason)
        }
        let kept = resumedPages.last?.to ?? 0
        spool = try EventSpool(path: files.spool, keeping: kept)
        unlink(files.pages)
        pagesWriter = try SyncedWriter(path: files.pages)
        for page in resumedPages { try write(page) }
        if !resumedPages.isEmpty { try takeOver(files.spool) }
        try journal.save(in: writer.staging)
    }

    /// Takes the events of an earlier attempt's pages into this pull.
    private func takeOver(_ path: String) throws {
        guard let last = resumedPages.last else { return }
        let bytes = try Files.mapIfPresent(path) ?? Data()
        var identities: Set<Int> = []
        var unarchived: Set<Int> = []
        for page in resumedPages {
            var text = Array(bytes[page.from..<page.to])
            text += [UInt8](repeating: 32, count: EventScanner.padding)
            var events = try takeOver(text, at: page.from, byteCount: page.to - page.from)
            events += try noteUnreadable((page.unreadable ?? []).map(Array.init))
            guard page.passKey == last.passKey else { continue }
            identities.formUnion(events.map(\.identity))
            unarchived.formUnion(events.lazy.filter { !$0.isArchived }.map(\.identity))
        }
        resumption = Resumption(
            checkpoint: last.checkpoint,
            identities: identities,
            unarchived: unarchived,
            coversAll: resumedPages.allSatisfy { $0.passKey == last.passKey }
        )
    }

    /// Takes elements in that are no events.
    private func noteUnreadable(_ texts: [[UInt8]]) throws -> [(identity: Int, isArchived: Bool)] {
        received += texts.count
        return try texts.map { text in
            (identity: AuditLogPageContents.identity(ofUnreadable: text), isArchived: try unreadable.note(text))
        }
    }

    private func takeOver(_ text: [UInt8], at start: Int, byteCount: Int) throws -> [(identity: Int, isArchived: Bool)]
    {
        var found: [(identity: Int, isArchived: Bool)] = []
        try text.withUnsafeBufferPointer { buffer in
            var offset = 0
            while offset < byteCount {
                var event = heed_event()
                scanner.reset()
                let rest = UnsafeBufferPointer(rebasing: buffer[offset..<byteCount])
                let length = rest.firstIndex(of: 10) ?? rest.count
                let line = UnsafeBufferPointer(rebasing: rest[..<length])
                if scanner.scanEvent(line, validating: true, into: &event) == .event {
                    try withUnsafePointer(to: event) { event in
                        let view = EventView(event)
                        spool.remember(view, rawStart: view.raw.start, offset: start + offset)
                        try archivedIDs.load(around: view.isUndated ? nil : view.instant)
                        let isArchived = note(view)
                        found.append((AuditLogPageContents.Event.identity(of: view), isArchived))
                    }
                }
                offset += length + 1
            }
        }
        return found
    }

    /// Keeps what the service answered before the log was read, by the name of what was asked for.
    package func stageSnapshots(
        _ answers: [SnapshotResource: [UInt8]],
        _ lists: [ListResource: ReceivedList] = [:],
        servedAt: Instant?
    ) {
        var entry = LedgerEntry.Snapshots(answers, servedAt: servedAt)
        entry.add(lists)
        snapshots = (entry, Array(answers.values) + lists.values.flatMap(\.pages))
    }

    /// Stages the events of a page; `note` journals it.
    ///
    /// - Returns: For each element of the page, those that are no events included, whether it is archived.
    /// - Throws: ``EvidenceError`` when staging can't be written; what was staged before stays.
    package func stage(_ page: AuditLogPageContents, number: Int) throws -> [Bool] {
        try archivedIDs.load(around: page.events)
        let from = spool.byteCount
        // What the service says of its size is believed up to a point.
        if from == 0, let total = page.total { spool.reserve(max(0, min(total, Self.mostReserved))) }
        var archived: [Bool] = []
        let digest = try page.withLines { lines in
            try withUnsafeTemporaryAllocation(of: heed_event.self, capacity: page.events.count) { events in
                try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: page.events.count) { statuses in
                    scanner.reset()
                    let read = scanner.scan(lines, validating: false, events: events, statuses: statuses).lines
                    try spool.append(UnsafeBufferPointer(rebasing: events[..<read]))
                    guard let first = events.baseAddress else { return }
                    archived = (0..<read).map { note(EventView(first + $0)) }
                }
            }
            return Digest.sha256(lines)
        }
        try spool.flush()
        let others = try noteUnreadable(page.unreadable)
        pending = (
            number, page.events.count, page.total, from, digest,
            others.isEmpty ? nil : page.unreadable.map { Data($0) }
        )
        return page.inOrder(archived, others.map(\.isArchived))
    }

    /// Journals the page staged last: from here on a later attempt can rely on it.
    ///
    /// - Parameters:
    ///   - checkpoint: How far the reading has come with it, in the words of whoever reads; it is kept as it is.
    ///   - pass: Number of the pass over the log in this attempt.
    ///   - isResumed: Whether the pass is the one that the attempt before left.
    ///   - requests: Requests that this attempt has sent so far.
    ///   - retries: Retries among them.
    /// - Throws: `EvidenceError` when it can't be written.
    package func note(checkpoint: String, pass: Int, isResumed: Bool, requests: Int, retries: Int) throws {
        guard let staged = pending else { return }
        pending = nil
        let page = StagedPage(
            number: staged.number,
            count: staged.count,
            total: staged.total,
            from: staged.from,
            to: spool.byteCount,
            sha256: staged.sha256,
            passKey: isResumed ? resumedPages.last?.passKey ?? 0 : attempts * 1_000 + pass,
            checkpoint: checkpoint,
            requests: earlierRequests + requests,
            retries: earlierRetries + retries,
            unreadable: staged.unreadable
        )
        try write(page)
        unsyncedPages += 1
        if unsyncedPages >= Self.pagesBetweenSyncs { try beginSync() }
    }

    /// Begins to hand what is staged to the disk, once what was begun before is there.
    private func beginSync() throws {
        try disk.finish()
        try spool.beginSync(disk)
        try disk.begin(pagesWriter)
        unsyncedPages = 0
    }

    /// Takes an event in; returns whether it is archived.
    @discardableResult
    private func note(_ event: EventView) -> Bool {
        received += 1
        let isArchived = archivedIDs.contains(event.identity.bytes)
        if !isArchived { knowsEveryID = false }
        return isArchived
    }

    private func write(_ page: StagedPage) throws {
        var line = try page.line() + "\n"
        try line.withUTF8 { try pagesWriter.write(UnsafeRawBufferPointer($0)) }
        try pagesWriter.flush()
    }

    /// Ends an attempt that can't be finished now: keeps count of what it cost, and syncs what it staged.
    ///
    /// `failure`: what it ended with that may come again, and how far it had come; nil where nothing failed.
    /// - Throws: ``EvidenceError`` when staging can't be written or synced.
    package func pause(requests: Int, retries: Int, failure: (reason: String, depth: Int)? = nil) throws {
        guard !isDiscarded else { return }
        if let (reason, depth) = failure {
            journal.stalls = depth > journal.depth ?? 0 ? 1 : stalls + 1
            journal.depth = max(depth, journal.depth ?? 0)
            journal.reason = reason
        }
        journal.requests = earlierRequests + requests
        journal.retries = earlierRetries + retries
        try journal.save(in: writer.staging)
        try beginSync()
        try disk.finish()
    }

    /// Seals what was received and appends the entry.
    ///
    /// - Parameters:
    ///   - account: The sums of the reading.
    ///   - now: The time that the entry carries.
    /// - Returns: The entry.
    /// - Throws: `EvidenceError`; the archive is then as it was, and staging keeps what was received.
    package func commit(_ account: PullAccount, now: Instant) throws -> LedgerEntry {
        try disk.finish()
        let readsWholeLog = account.mode == .full && account.complete
        let comparison = try BatchComparison(
            spool,
            beside: writer.archive,
            kind: .pull,
            readsWholeLog: readsWholeLog,
            nothingUnknown: knowsEveryID && account.mode == .incremental,
            plausible: account.plausible,
            lastPass: readsWholeLog ? lastPass(of: account) : nil
        )
        var entry = LedgerEntry(LedgerEntry.Told(account, comparison, beside: writer.archive, at: now))
        entry.attempts = attempts
        entry.requests += earlierRequests
        entry.retries += earlierRetries
        entry.pages += resumedPages.count
        entry.received = received
        entry.unique = max(unreadable.count, account.lastPass?.unreadable ?? 0)
        entry.snapshots = snapshots?.entry
        let committed = try writer.commit(
            entry,
            comparison,
            spool,
            snapshots: snapshots?.bodies ?? [],
            unreadable: unreadable
        )
        discard()
        return committed
    }

    /// What the last pass met; how many events it was is not told where earlier attempts read a part.
    private func lastPass(of account: PullAccount) -> PullAccount.LastPass? {
        var last = account.lastPass
        if !resumedPages.isEmpty { last?.events = -1 }
        return last
    }

    /// Throws away what was staged: the next pull begins anew.
    package func discard() {
        isDiscarded = true
        for name in ["pull.json", "pull-pages.ndjson", "pull-events.ndjson"] {
            Files.removeTree(writer.staging + "/" + name)
        }
    }
}
