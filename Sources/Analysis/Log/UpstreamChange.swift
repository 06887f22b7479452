import Evidence

/// What one entry of the ledger tells of events that changed or vanished at the service.
package struct UpstreamChange: Sendable {
    /// `altered` or `vanished`.
    let kind: String
    /// The entry's number.
    package let entry: Int
    /// The events, each once and in order.
    package let events: [String]

    /// What the entries tell of a kind, in their order.
    package static func all(of kind: String, _ anomalies: [JudgedFacts.Anomaly]) -> [UpstreamChange] {
        Dictionary(grouping: anomalies.filter { $0.kind == kind }, by: \.entry).sorted { $0.key < $1.key }
            .map { UpstreamChange(kind: kind, entry: $0, events: $1.namedEvents) }
            .filter { !$0.events.isEmpty }
    }

    /// What tells it from what another entry tells; other archives have an entry of that number, too.
    var key: String { "\(kind) \(entry) \(Digest.sha256(events.joined(separator: "\n").utf8))" }

    /// Whether a report's findings tell that it is open; those of version 0.2 had one for all entries.
    package func isOpen(in findings: some Collection<FindingComparison.Key>) -> Bool {
        let ids = [key, kind].map { FindingID(control: "LOG-INTACT", key: $0).text }
        return findings.contains { finding in
            finding.control == "LOG-INTACT" && (finding.id.map { id in ids.contains { $0 == id } } ?? true)
        }
    }
}

extension [JudgedFacts.Anomaly] {
    /// The events that they name, each once and in order.
    var namedEvents: [String] {
        let found = lazy.compactMap { anomaly in
            anomaly.event.map { [ExactText($0), ExactText(anomaly.identity ?? "")] }
        }
        return Set(found).sorted { $0.lexicographicallyPrecedes($1) }.map { $0[0].text }
    }
}
