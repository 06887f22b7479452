import Analysis
import Evidence
import Reporting

/// What the snapshots tell of the report's period: the last one before it, those inside, the first one behind.
struct SnapshotChanges {
    /// When a pull asked for organization and settings, and what it got.
    private struct Snapshot {
        /// The place of its entry in the ledger.
        var entry: Int
        var at: Instant
        /// Whether the clocks agree on `at`; else it lies somewhere between the two bounds.
        var isTimeKnown: Bool
        var earliest: Instant
        var latest: Instant
        var digests: LedgerEntry.Snapshots
    }

    /// What the settings were, snapshot by snapshot.
    private(set) var readings: [SettingsReading] = []
    private(set) var hasSnapshots = false
    /// Snapshots that are not what the ledger says, in words.
    private(set) var damage: [String] = []
    /// When settings changed: of interest to the controls as far as the period and its snapshots go.
    private(set) var span = InstantRange(from: Instant(seconds: 0), to: Instant(seconds: 0))
    /// Behind the period, where settings differ on both sides of its end.
    private(set) var spanBehind: InstantRange?
    /// When the snapshots up to the period's end were served.
    private(set) var counted: [Instant] = []

    /// Comparisons of neighbours, up to the period's end and to the snapshot behind it.
    private var inside = Comparisons()
    private var around = Comparisons()
    private var counts: [(at: Instant, values: [String: Int], isProven: Bool)] = []

    private struct Comparisons {
        var served: [Instant] = []
        var differences: [SettingsDrift.Difference] = []
        var unreadable: [Instant] = []
        /// When the first one was read at the latest, and the last one at the earliest.
        var begin: Instant?
        var end: Instant?

        mutating func note(_ snapshot: Snapshot, _ new: [SettingsDrift.Difference], _ isReadable: Bool) {
            if isReadable {
                begin = begin ?? snapshot.latest
                end = snapshot.earliest
                served.append(served.isEmpty ? snapshot.earliest : max(snapshot.latest, served[served.count - 1]))
            } else {
                unreadable.append(snapshot.at)
            }
            differences += new
        }

        func drift(_ events: [WatchedLog.SettingsEvent]) -> SettingsDrift {
            var drift = SettingsDrift(
                snapshots: served,
                differences: differences,
                events: events,
                unreadable: unreadable
            )
            // A snapshot of unknown time covers nothing that it may not have seen.
            if drift.begin != nil { (drift.begin, drift.end) = (begin, end) }
            return drift
        }
    }

    init(in archive: Archive, _ times: EntryTimes, range: InstantRange) {
        let snapshots = Self.snapshots(of: archive, times)
        hasSnapshots = !snapshots.isEmpty
        let before = range.from.flatMap { from in snapshots.lastIndex { $0.isTimeKnown && $0.at < from } }
        let behind = range.to.flatMap { to in
            snapshots.indices.first { $0 > before ?? -1 && snapshots[$0].isTimeKnown && !(snapshots[$0].at < to) }
        }
        let first = snapshots[(before ?? 0)..<(behind ?? snapshots.count)]
        let after = behind.map { snapshots[$0] }
        counted = first.filter(\.isTimeKnown).map(\.at)
        var reader = SnapshotReader(archive)
        compare(Array(first), after, archive, &reader)
        damage = reader.damage
        guard let begin = (first.first ?? after)?.earliest else { return }
        // Without a snapshot before it, changes count from the period's begin on.
        let isOpen = before == nil && range.to != nil
        span = InstantRange(from: isOpen ? range.from : Instant(seconds: begin.seconds), to: range.to)
        if let to = range.to, let last = first.last, let after, last.digests.settings != after.digests.settings {
            spanBehind = InstantRange(from: to, to: Instant(seconds: after.at.seconds + 1))
        }
    }

    /// Every pull's snapshots in the order of the ledger; `Date` may not be ahead of the entry, and versions that noted none
    /// had only that.
    private static func snapshots(of archive: Archive, _ times: EntryTimes) -> [Snapshot] {
        var snapshots: [Snapshot] = []
        var known: Instant?
        for (place, entry) in archive.entries.enumerated() {
            guard let digests = entry.snapshots else { continue }
            let served = digests.servedAt.flatMap(Instant.init(rfc3339:))
            guard var at = [Instant(rfc3339: entry.at), served].compactMap({ $0 }).min() else { continue }
            let isKnown = times.times[place].isKnown
            if isKnown {
                // Clocks that agree may differ by minutes all the same.
                if let known { at = max(at, known) }
                known = at
            }
            snapshots.append(
                Snapshot(
                    entry: place,
                    at: at,
                    isTimeKnown: isKnown,
                    earliest: isKnown ? at : known ?? at,
                    latest: at,
                    digests: digests
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

    private mutating func compare(
        _ first: [Snapshot],
        _ after: Snapshot?,
        _ archive: Archive,
        _ reader: inout SnapshotReader
    ) {
        let coverage = PullCoverage(archive.entries)
        var (settings, organization) = (FieldHistory(kind: "setting"), FieldHistory(kind: "organization"))
        for (place, snapshot) in (first + [after].compactMap { $0 }).enumerated() {
            let isInside = place < first.count
            var differences: [SettingsDrift.Difference] = []
            var isReadable = true
            if let digest = snapshot.digests.settings {
                let value = reader.value(digest)
                var reading = SettingsReading(at: snapshot.at, snapshot: value)
                reading.isTimeKnown = snapshot.isTimeKnown
                reading.earliest = snapshot.earliest
                readings.append(reading)
                if let members = value?.members {
                    differences += settings.differences(members, snapshot, coverage)
                } else {
                    isReadable = false
                }
            }
            if let digest = snapshot.digests.organization {
                if let members = reader.value(digest)?.members {
                    differences += organization.differences(members, snapshot, coverage)
                    if isInside, snapshot.isTimeKnown { note(members, snapshot, coverage) }
                } else {
                    isReadable = false
                }
            }
            around.note(snapshot, differences, isReadable)
            if isInside { inside.note(snapshot, differences, isReadable) }
        }
    }

    /// The fields of one answer, snapshot by snapshot.
    private struct FieldHistory {
        let kind: String
        private var last: (earliest: Instant, members: [JSONValue.Member])?
        /// The last known values of fields that the service had and has no more.
        private var gone: [ExactText: (earliest: Instant, value: JSONValue)] = [:]

        init(kind: String) { self.kind = kind }

        /// What differs from what was known before; of the organization the fields that people change.
        mutating func differences(_ members: [JSONValue.Member], _ snapshot: Snapshot, _ coverage: PullCoverage)
            -> [SettingsDrift.Difference]
        {
            defer { last = (snapshot.earliest, members) }
            guard let old = last else { return [] }
            var found: [SettingsDrift.Difference] = []
            for difference in SnapshotField.differences(old.members, members) {
                let name = ExactText(difference.name)
                guard kind == "setting" || Self.named.contains(name) else { continue }
                var (from, before) = (old.earliest, difference.before)
                if let value = difference.before, difference.after == nil { gone[name] = (old.earliest, value) }
                // A field that comes back is compared with what it was.
                if before == nil, let value = difference.after, let known = gone.removeValue(forKey: name),
                    !known.value.isSame(as: value)
                {
                    (from, before) = (known.earliest, known.value)
                }
                found.append(
                    SettingsDrift.Difference(
                        kind: kind,
                        field: difference.name,
                        before: before.map { $0.text ?? "null" },
                        after: difference.after.map { $0.text ?? "null" },
                        from: from,
                        to: snapshot.latest,
                        isOfService: before == nil || difference.after == nil,
                        isProven: coverage.hasRead(since: from, by: snapshot.entry)
                    )
                )
            }
            return found
        }

        private static let named: Set<ExactText> = ["name", "slug", "plan", "owner_id"]
    }

    // MARK: With the log

    /// How the settings changed in the period, with the events that explain it; nil without snapshots.
    func drift(_ events: [WatchedLog.SettingsEvent]) -> SettingsDrift? { hasSnapshots ? inside.drift(events) : nil }

    /// The same up to the snapshot behind the period.
    func driftAround(_ events: [WatchedLog.SettingsEvent]) -> SettingsDrift? {
        hasSnapshots ? around.drift(events) : nil
    }

    private mutating func note(_ members: [JSONValue.Member], _ snapshot: Snapshot, _ coverage: PullCoverage) {
        var values: [String: Int] = [:]
        for name in Self.countedFields {
            guard case .number(let text) = members.first(where: { $0.name.isSameInBytes(as: name) })?.value else {
                continue
            }
            values[name] = Int(text)
        }
        let isProven = counts.last.map { coverage.hasRead(since: $0.at, by: snapshot.entry) } ?? true
        counts.append((snapshot.at, values, isProven))
    }

    private static let countedFields = ["member_count", "database_count"]

    /// Where the counts of members and databases changed, or are not what the log leads to expect.
    func countChanges(_ log: WatchedLog, _ facts: JudgedFacts) -> [ReportChange] {
        zip(counts, counts.dropFirst()).flatMap { old, new -> [ReportChange] in
            var between = MemberAndDatabaseCounts()
            for (place, counted) in log.counts.enumerated() where place + 1 < self.counted.count {
                guard !(self.counted[place] < old.at), !(new.at < self.counted[place + 1]) else { continue }
                between.created += counted.created
                between.deleted += counted.deleted
                between.removed += counted.removed
                between.invited += counted.invited
            }
            let doubt = Self.doubt(new.isProven, InstantRange(from: old.at, to: new.at.adding(seconds: 1)), facts)
            return Self.countedFields.compactMap { field in
                guard let before = old.values[field], let after = new.values[field] else { return nil }
                let words =
                    field == "database_count"
                    ? between.databases(before, after, doubt) : between.members(before, after, doubt)
                guard let words else { return nil }
                return ReportChange(
                    kind: "count",
                    subject: field,
                    before: String(before),
                    after: "\(after); \(words)",
                    at: new.at.rfc3339
                )
            }
        }
    }

    /// Why the log may not tell all that came and went between two snapshots; nil for no reason.
    private static func doubt(_ isProven: Bool, _ span: InstantRange, _ facts: JudgedFacts) -> String? {
        if !facts.damage.isEmpty { return "the archive is damaged" }
        if !isProven { return "no complete pull read the log of that time" }
        return facts.undatedWords(in: span)
    }
}

extension MemberAndDatabaseCounts {
    /// What the log says of a count of databases; nil where nothing happened and nothing changed.
    fileprivate func databases(_ before: Int, _ after: Int, _ doubt: String?) -> String? {
        let (expected, isBeyond) = before.addingReportingOverflow(created - deleted)
        guard !isBeyond, after != before || after != expected else { return nil }
        let words = "the log has \(created) created and \(deleted) deleted, which makes \(expected)"
        if after == expected { return words }
        return words + (doubt.map { ": whether they agree can't be told, as \($0)" } ?? ": they do not agree")
    }

    /// The same of members, of whom the log does not say when they join.
    fileprivate func members(_ before: Int, _ after: Int, _ doubt: String?) -> String? {
        let (left, isBeyond) = before.addingReportingOverflow(-removed)
        guard !isBeyond, after != before || removed > 0 else { return nil }
        let (joined, isFar) = after.subtractingReportingOverflow(left)
        let words = "the log has \(removed) removed and \(invited) invited, and does not say who joined"
        if let doubt { return words + "; how many did can't be told, as \(doubt)" }
        if isFar || joined < 0 { return words + ": more went than it says" }
        return words + ": \(joined) must have"
    }
}

/// Reads snapshots of an archive, each once, and tells those that are not what the ledger says.
private struct SnapshotReader {
    private let archive: Archive
    private var values: [String: JSONValue?] = [:]
    private(set) var damage: [String] = []

    private static let kept = 256

    init(_ archive: Archive) { self.archive = archive }

    /// A snapshot by its digest; nil for one that is damaged, missing, or no JSON.
    mutating func value(_ digest: String) -> JSONValue? {
        if let known = values[digest] { return known }
        var value: JSONValue?
        do {
            value = JSONValue(try archive.snapshot(digest))
        } catch {
            let words = "snapshots/\(digest).json is missing, or not what the ledger says"
            if !damage.contains(words) { damage.append(words) }
        }
        if values.count == Self.kept { values = [:] }
        values[digest] = .some(value)
        return value
    }
}

/// From when on the complete pulls behind each entry prove the log.
private struct PullCoverage {
    /// By the place of an entry: the earliest begin that it, or one behind it, proves.
    private var begins: [Instant?]

    init(_ entries: [LedgerEntry]) {
        begins = Array(repeating: nil, count: entries.count)
        var earliest: Instant?
        for place in entries.indices.reversed() {
            let entry = entries[place]
            if entry.kind == .pull, entry.complete == true,
                let from = (entry.proven?.from).flatMap(Instant.init(rfc3339:))
            {
                earliest = earliest.map { min($0, from) } ?? from
            }
            begins[place] = earliest
        }
    }

    /// Whether a complete pull at or behind an entry read the log from an instant on.
    func hasRead(since instant: Instant, by entry: Int) -> Bool { begins[entry].map { !(instant < $0) } ?? false }
}

extension ReportChange {
    /// A changed field, with the events that explain it.
    init(_ explained: SettingsDrift.Explained) {
        let difference = explained.difference
        let actors = Set(explained.events.map { ExactText($0.actor) }).sorted().map(\.text)
        self.init(
            kind: difference.kind,
            subject: difference.field,
            before: difference.before,
            after: difference.after,
            at: explained.events.last?.at.rfc3339 ?? difference.to.rfc3339,
            actor: actors.isEmpty ? nil : actors.joined(separator: "; "),
            eventID: explained.events.last?.event
        )
    }

    /// What differs from the bundle that the report is compared with, and what the log shows for the first time.
    static func since(_ comparison: FindingComparison, _ log: WatchedLog, findings: [Finding]) -> [ReportChange] {
        let ids = Dictionary(findings.map { (ExactText($0.id), $0.status.rawValue) }) { first, _ in first }
        let names = Dictionary(findings.map { (subject($0.control, $0.subject), $0.status.rawValue) }) { first, _ in
            first
        }
        func name(_ key: FindingComparison.Key) -> String { "\(key.control): \(key.subject)" }
        var changes = comparison.new.map {
            ReportChange(kind: "finding", subject: name($0), before: nil, after: $0.status)
        }
        changes += comparison.closed.map { key in
            let now = key.id.map { ids[ExactText($0)] } ?? names[subject(key.control, key.subject)]
            return ReportChange(
                kind: "finding",
                subject: name(key),
                before: key.status,
                after: now ?? "no longer found"
            )
        }
        changes += comparison.open.map {
            ReportChange(kind: "finding", subject: name($0), before: "open", after: $0.status)
        }
        changes += log.firstSeen.map { seen in
            ReportChange(
                kind: "first seen",
                subject: "\(seen.kind) \(seen.subject)",
                before: nil,
                after: nil,
                at: seen.at.rfc3339,
                actor: seen.actor,
                eventID: seen.event
            )
        }
        changes += ["actor", "address", "resource"].compactMap { kind in
            let rest = log.firstSeenCounts[kind, default: 0] - log.firstSeen.count { $0.kind == kind }
            guard rest > 0 else { return nil }
            return ReportChange(
                kind: "first seen",
                subject: "\(kind): \(rest) more, not named here",
                before: nil,
                after: nil
            )
        }
        return changes
    }

    private static func subject(_ control: String, _ subject: String) -> [ExactText] {
        [ExactText(control), ExactText(subject)]
    }
}
