import Analysis
import Evidence

/// What neighbouring snapshots of a span differ in, one after the other.
struct SnapshotComparisons: Sendable {
    private var served: [Instant] = []
    private var differences: [SettingsDrift.Difference] = []
    private var unreadable: [Instant] = []
    /// When the first one was read at the latest, and the last one at the earliest.
    private var begin: Instant?
    private var end: Instant?

    init() {}

    /// Notes a snapshot and what differs in it from the ones before.
    mutating func note(_ snapshot: ArchivedSnapshot, _ new: [SettingsDrift.Difference], _ isReadable: Bool) {
        if isReadable {
            begin = begin ?? snapshot.latest
            end = snapshot.earliest
            served.append(served.isEmpty ? snapshot.earliest : max(snapshot.latest, served[served.count - 1]))
        } else {
            unreadable.append(snapshot.at)
        }
        differences += new
    }

    /// The differences, joined to the events that explain them.
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

extension JSONValue? {
    /// A value and the one that came after it, each in one line; as JSON where these lines would look alike.
    fileprivate func told(beside after: JSONValue?) -> (before: String?, after: String?) {
        let lines = (map { $0.text ?? "null" }, after.map { $0.text ?? "null" })
        func seen(_ line: String?) -> String? { line?.filter { !$0.isWhitespace } }
        return seen(lines.0) == seen(lines.1) ? (self?.json, after?.json) : lines
    }
}

/// The fields of one of the service's answers, snapshot by snapshot.
struct FieldHistory {
    /// What a difference is called.
    let kind: String
    /// The fields that people change; nil for all of them.
    private let fields: Set<ExactText>?
    private var last: (earliest: Instant, digest: String, fields: SnapshotFields)?
    /// The last known values of fields that the service had and has no more.
    private var gone: [ExactText: (earliest: Instant, value: JSONValue)] = [:]

    init(kind: String, fields: [String]? = nil) {
        self.kind = kind
        self.fields = fields.map { Set($0.map { ExactText($0) }) }
    }

    /// What differs from what was known before; `digest`: that of the new answer.
    mutating func differences(
        _ new: SnapshotFields,
        _ digest: String,
        _ snapshot: ArchivedSnapshot,
        _ coverage: PullCoverage
    ) -> [SettingsDrift.Difference] {
        // Most answers are the ones before.
        if last?.digest == digest {
            last?.earliest = snapshot.earliest
            return []
        }
        defer { last = (snapshot.earliest, digest, new) }
        guard let old = last else { return [] }
        var found: [SettingsDrift.Difference] = []
        for difference in new.differences(from: old.fields) {
            let name = ExactText(difference.name)
            guard fields?.contains(name) != false else { continue }
            var (from, before) = (old.earliest, difference.before)
            if let value = difference.before, difference.after == nil { gone[name] = (old.earliest, value) }
            // A field that comes back is compared with what it was.
            if before == nil, let value = difference.after, let known = gone.removeValue(forKey: name),
                !known.value.isSame(as: value)
            {
                (from, before) = (known.earliest, known.value)
            }
            let told = before.told(beside: difference.after)
            found.append(
                SettingsDrift.Difference(
                    kind: kind,
                    field: difference.name,
                    before: told.before,
                    after: told.after,
                    from: from,
                    to: snapshot.latest,
                    isOfService: before == nil || difference.after == nil,
                    isProven: coverage.hasRead(since: from, by: snapshot.entry)
                )
            )
        }
        return found
    }
}
