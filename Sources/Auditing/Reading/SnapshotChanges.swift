import Analysis
import Evidence

/// What the snapshots tell of the report's period: the last one before it, those inside, the first one behind.
struct SnapshotChanges: Sendable {
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
    /// What the organization's snapshots up to the period's end count.
    private(set) var counts: [CountedSnapshot] = []
    /// Whom the organization's last snapshot up to the period's end names as its owner, by id; nil for nobody.
    private(set) var owner: String?
    /// The organization's snapshots that name its owner, of many in a row that name the same one the first and the last.
    private(set) var owners: [OwnersInTime.Reading] = []
    /// The one whose settings stood at the period's end: the last one up to it, else the first one behind it.
    private(set) var standing: ArchivedSnapshot?

    /// Comparisons of neighbours, up to the period's end and to the snapshot behind it.
    private var inside = SnapshotComparisons()
    private var around = SnapshotComparisons()

    private init() {}

    /// Compares the snapshots that tell of a period.
    ///
    /// - Parameters:
    ///   - archive: Whose snapshots.
    ///   - snapshots: All of them, in the order of the ledger.
    ///   - range: The period.
    /// - Returns: What they tell, and which of them are not what the ledger says.
    static func between(_ archive: Archive, _ snapshots: [ArchivedSnapshot], range: InstantRange) -> SnapshotChanges {
        let before = range.from.flatMap { from in snapshots.lastIndex { $0.isTimeKnown && $0.at < from } }
        let behind = range.to.flatMap { to in
            snapshots.indices.first { $0 > before ?? -1 && snapshots[$0].isTimeKnown && !(snapshots[$0].at < to) }
        }
        let first = snapshots[(before ?? 0)..<(behind ?? snapshots.count)]
        let after = behind.map { snapshots[$0] }
        var changes = SnapshotChanges()
        changes.hasSnapshots = !snapshots.isEmpty
        changes.counted.reserveCapacity(first.count)
        for snapshot in first where snapshot.isTimeKnown { changes.counted.append(snapshot.at) }
        // One at an unknown time is the last one of all time, and of no other period.
        let upTo = first.last { $0.digests[.settings] != nil && ($0.isTimeKnown || range.to == nil) }
        changes.standing = upTo ?? after
        changes.compare(
            snapshots[first.startIndex..<(behind.map { $0 + 1 } ?? first.endIndex)],
            first.endIndex,
            archive
        )
        guard let begin = (first.first ?? after)?.earliest else { return changes }
        // Without a snapshot before it, changes count from the period's begin on.
        let isOpen = before == nil && range.to != nil
        changes.span = InstantRange(from: isOpen ? range.from : Instant(seconds: begin.seconds), to: range.to)
        if let to = range.to, let last = first.last, let after, last.digests[.settings] != after.digests[.settings] {
            changes.spanBehind = InstantRange(from: to, to: Instant(seconds: after.at.seconds + 1))
        }
        return changes
    }

    /// How the settings changed in the period, with the events that explain it; nil without snapshots.
    func drift(_ events: [WatchedLog.SettingsEvent]) -> SettingsDrift? { hasSnapshots ? inside.drift(events) : nil }

    /// The same up to the snapshot behind the period.
    func driftAround(_ events: [WatchedLog.SettingsEvent]) -> SettingsDrift? {
        hasSnapshots ? around.drift(events) : nil
    }

    /// Compares neighbours; those from `end` on lie behind the period.
    private mutating func compare(_ snapshots: ArraySlice<ArchivedSnapshot>, _ end: Int, _ archive: Archive) {
        let coverage = PullCoverage(archive.entries)
        readings.reserveCapacity(snapshots.count)
        counts.reserveCapacity(snapshots.count)
        var reader = SnapshotReader(archive)
        var settings = FieldHistory(kind: "setting")
        var organization = FieldHistory(kind: "organization", fields: ["name", "slug", "plan", "owner_id"])
        // Most answers are the ones before: what they come to is kept once.
        var known: (settings: String?, counted: String?)
        for place in snapshots.indices {
            let (snapshot, isInside) = (snapshots[place], place < end)
            var differences: [SettingsDrift.Difference] = []
            var isReadable = true
            if let digest = snapshot.digest(of: .settings) {
                var reading = SettingsReading(at: snapshot.at, values: nil)
                let fields = reader.fields(digest)
                if digest == known.settings, let last = readings.last {
                    reading.values = last.values
                } else {
                    reading = SettingsReading(at: snapshot.at, fields: fields)
                }
                known.settings = digest
                reading.isTimeKnown = snapshot.isTimeKnown
                reading.earliest = snapshot.earliest
                readings.append(reading)
                isReadable = fields != nil
                if let fields { differences += settings.differences(fields, digest, snapshot, coverage) }
            }
            if let digest = snapshot.digest(of: .organization) {
                if let fields = reader.fields(digest) {
                    differences += organization.differences(fields, digest, snapshot, coverage)
                    let named = Self.owner(in: fields)
                    if isInside { owner = named }
                    if let named { note(snapshot.naming(named)) }
                    if isInside, snapshot.isTimeKnown {
                        let last = counts.last?.at
                        let isProven = last.map { coverage.hasRead(since: $0, by: snapshot.entry) } ?? true
                        let values = digest == known.counted ? counts.last?.values : nil
                        known.counted = digest
                        counts.append(
                            CountedSnapshot(
                                at: snapshot.at,
                                values: values ?? CountedSnapshot.values(of: fields),
                                isProven: isProven
                            )
                        )
                    }
                } else {
                    isReadable = false
                }
            }
            around.note(snapshot, differences, isReadable)
            // Up to here both are the same, and mostly up to the last one: they are held once.
            if isInside, place + 1 == min(end, snapshots.endIndex) { inside = around }
        }
        damage = reader.damage
    }

    /// Of many in a row that name the same owner the first and the last are kept.
    private mutating func note(_ reading: OwnersInTime.Reading) {
        if owners.suffix(2).filter({ $0.owner.isSameInBytes(as: reading.owner) }).count == 2 { owners.removeLast() }
        owners.append(reading)
    }

    private static func owner(in fields: SnapshotFields) -> String? {
        switch fields["owner_id"] {
        case .text(let id) where !id.isEmpty, .number(let id): id
        default: nil
        }
    }
}

extension ArchivedSnapshot {
    /// That it names somebody as the organization's owner.
    fileprivate func naming(_ owner: String) -> OwnersInTime.Reading {
        OwnersInTime.Reading(owner: owner, at: isTimeKnown ? at : nil, earliest: earliest, latest: latest)
    }
}
