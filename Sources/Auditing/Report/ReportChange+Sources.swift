import Analysis
import Evidence
import Reporting

extension ReportChange {
    /// Changed fields, with the events that explain them.
    static func of(_ drift: SettingsDrift?, _ words: Words) -> [ReportChange] {
        // Thousands of fields may have changed at once, with the same events.
        var known: [Range<Int>: String] = [:]
        return (drift?.differences ?? []).map { explained in
            let (difference, events) = (explained.difference, explained.events)
            let actors =
                known[events.indices]
                ?? Set(events.map { ExactText(words.named($0.actor)) }).sorted().map(\.text).joined(separator: "; ")
            known[events.indices] = actors
            return ReportChange(
                kind: difference.kind,
                subject: difference.field,
                before: difference.before,
                after: difference.after,
                at: events.last?.at.rfc3339 ?? difference.to.rfc3339,
                actor: events.isEmpty ? nil : actors,
                eventID: events.last?.event
            )
        }
    }

    /// What differs from the bundle that the report is compared with, and what the log shows for the first time.
    static func since(_ comparison: FindingComparison, _ log: WatchedLog, findings: [Finding], _ words: Words)
        -> [ReportChange]
    {
        // What became of findings is asked of those alone that are closed: there can be millions of others.
        let asked = comparison.closed.isEmpty ? [] : findings
        let ids = Dictionary(asked.map { (ExactText($0.id), $0.status.rawValue) }) { first, _ in first }
        let names = Dictionary(asked.map { (subject($0.control, $0.subject), $0.status.rawValue) }) { first, _ in
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
                after: now ?? words("change.gone")
            )
        }
        changes += comparison.open.map {
            ReportChange(kind: "finding", subject: name($0), before: words("change.open"), after: $0.status)
        }
        changes += log.firstSeen.map { seen in
            ReportChange(
                kind: "first seen",
                subject: words.firstSeen(seen.kind, seen.subject),
                before: nil,
                after: nil,
                at: seen.at.rfc3339,
                actor: words.named(seen.actor),
                eventID: seen.event
            )
        }
        changes += ["actor", "address", "resource"].compactMap { kind in
            let rest = log.firstSeenCounts[kind, default: 0] - log.firstSeen.count { $0.kind == kind }
            guard rest > 0 else { return nil }
            return ReportChange(kind: "first seen", subject: words.moreFirstSeen(kind, rest), before: nil, after: nil)
        }
        return changes
    }

    private static func subject(_ control: String, _ subject: String) -> [ExactText] {
        [ExactText(control), ExactText(subject)]
    }
}

extension Words {
    /// An actor as lists name them.
    fileprivate func named(_ actor: String) -> String { actor.isEmpty ? self("subject.no_actor") : actor }

    /// What was seen for the first time.
    fileprivate func firstSeen(_ kind: String, _ name: String) -> String {
        let places: [String: Argument] = ["name": .text(kind == "actor" ? named(name) : name)]
        return switch kind {
        case "actor": self("change.first_actor", places)
        case "address": self("change.first_address", places)
        default: self("change.first_resource", places)
        }
    }

    /// How much more was.
    fileprivate func moreFirstSeen(_ kind: String, _ count: Int) -> String {
        let places: [String: Argument] = ["count": .number(count)]
        return switch kind {
        case "actor": self("change.first_more_actor", places)
        case "address": self("change.first_more_address", places)
        default: self("change.first_more_resource", places)
        }
    }
}
