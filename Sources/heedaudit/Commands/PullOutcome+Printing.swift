import Auditing
import Evidence

extension PullOutcome {
    /// What came, and what it stands for: one line, or one JSON object.
    func print(_ configuration: ToolConfiguration) {
        if configuration.json { return JSONAnswer.give(json) }
        guard !configuration.quiet else { return }
        StandardStreams.output(
            "\(organization): \(Counted.text(new, "new event")), "
                + (entry.complete == true ? "complete" : "not complete") + ", head \(head.sha256) entry \(head.entry)"
        )
    }

    /// What came, in a few words.
    var words: String { "\(Counted.text(new, "new event")), \(entry.complete == true ? "complete" : "not complete")" }

    private var new: Int { entry.new + (givenUp?.new ?? 0) }

    /// The same as an object (docs/json.md).
    var json: JSONText {
        let kinds = entry.anomalies.reduce(into: [String: Int]()) { $0[$1.kind, default: 0] += $1.count ?? 1 }
        return .object([
            "organization": .string(organization), "at": .string(entry.at), "new": .number(new),
            "complete": .boolean(entry.complete == true),
            "reasons": .array(entry.incompleteBecause.map(JSONText.string)),
            "proven": entry.proven.map { .object(["from": .string($0.from), "to": .string($0.to)]) } ?? .null,
            "anomalies": .object(kinds.mapValues(JSONText.number)),
            "requests": .number(entry.requests), "retries": .number(entry.retries),
            "head": .string(head.sha256), "entry": .number(head.entry),
        ])
    }
}
