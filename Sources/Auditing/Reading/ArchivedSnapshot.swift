import Evidence

/// When a pull asked for organization and settings, and what it got.
struct ArchivedSnapshot {
    /// The place of its entry in the ledger.
    var entry: Int
    var at: Instant
    /// Whether the clocks agree on `at`; else it lies somewhere between the two bounds.
    var isTimeKnown: Bool
    var earliest: Instant
    var latest: Instant
    private let answers: LedgerEntry.Answers

    /// What it got; `servedAt` is left to `at`.
    var digests: LedgerEntry.Snapshots { answers.snapshots }

    /// The digest of an answer; nil for one that it did not get.
    func digest(of resource: SnapshotResource) -> String? { answers.digest(of: resource) }

    /// Every pull's snapshots in the order of the ledger; `Date` may not be ahead of the entry, and versions that noted none
    /// had only that.
    static func all(of archive: Archive, _ times: EntryTimes) -> [ArchivedSnapshot] {
        var snapshots: [ArchivedSnapshot] = []
        var known: Instant?
        snapshots.reserveCapacity(archive.entries.count)
        archive.entries.forEachGist { place, entry in
            guard let answers = entry.kept else { return }
            let (written, served) = (entry.writtenAt, entry.servedAt)
            guard var at = written.map({ at in served.map { min($0, at) } ?? at }) ?? served else { return }
            let isKnown = times.times[place].isKnown
            if isKnown {
                // Clocks that agree may differ by minutes all the same.
                if let known { at = max(at, known) }
                known = at
            }
            snapshots.append(
                ArchivedSnapshot(
                    entry: place,
                    at: at,
                    isTimeKnown: isKnown,
                    earliest: isKnown ? at : known ?? at,
                    latest: at,
                    answers: answers
                )
            )
        }
        var next: Instant?
        for place in snapshots.indices.reversed() {
            if snapshots[place].isTimeKnown {
                next = snapshots[place].at
            } else {
                let latest = next ?? [times.latest, snapshots[place].at].compactMap { $0 }.max()
                snapshots[place].latest = latest ?? snapshots[place].at
                snapshots[place].earliest = min(snapshots[place].earliest, snapshots[place].latest)
            }
        }
        return snapshots
    }
}

/// Reads snapshots of an archive, each once, and tells those that are not what the ledger says.
struct SnapshotReader {
    private let archive: Archive
    private var values: [String: SnapshotFields?] = [:]
    /// The two that were asked for last: of the settings and the organization, and nearly always again.
    private var recent: [(digest: String, fields: SnapshotFields?)] = []
    private(set) var damage: [String] = []
    private var damaged: Set<String> = []

    private static let kept = 256

    init(_ archive: Archive) { self.archive = archive }

    /// The fields of a snapshot by its digest; nil for one that is damaged, missing, or no JSON object.
    mutating func fields(_ digest: String) -> SnapshotFields? {
        for known in recent where known.digest == digest { return known.fields }
        let fields = find(digest)
        if recent.count == 2 { recent.removeFirst() }
        recent.append((digest, fields))
        return fields
    }

    private mutating func find(_ digest: String) -> SnapshotFields? {
        if let known = values[digest] { return known }
        var fields: SnapshotFields?
        do {
            fields = SnapshotFields(try archive.snapshot(digest))
        } catch {
            let words = "snapshots/\(digest).json is missing, or not what the ledger says"
            if damaged.insert(digest).inserted { damage.append(words) }
        }
        if values.count == Self.kept { values = [:] }
        values[digest] = .some(fields)
        return fields
    }
}

/// From when on the complete pulls behind each entry prove the log.
struct PullCoverage {
    /// By the place of an entry: the earliest begin that it, or one behind it, proves.
    private var begins: [Instant?]

    init(_ entries: [LedgerEntry]) {
        var begins: [Instant?] = []
        begins.reserveCapacity(entries.count)
        entries.forEachGist { _, entry in
            begins.append(entry.kind == .pull && entry.complete == true ? entry.provenFrom : nil)
        }
        var earliest: Instant?
        for place in begins.indices.reversed() {
            if let from = begins[place] { earliest = earliest.map { min($0, from) } ?? from }
            begins[place] = earliest
        }
        self.begins = begins
    }

    /// Whether a complete pull at or behind an entry read the log from an instant on.
    func hasRead(since instant: Instant, by entry: Int) -> Bool { begins[entry].map { !(instant < $0) } ?? false }
}
