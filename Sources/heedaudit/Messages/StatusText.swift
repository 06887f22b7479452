import Analysis
import Auditing
import Evidence
import Publishing
import Reporting

/// What `status` says of an organization: for people in lines, for machines as an object.
struct StatusText {
    private let status: ArchiveStatus
    private let now: Instant

    init(_ status: ArchiveStatus, now: Instant) {
        self.status = status
        self.now = now
    }

    // MARK: For people

    /// The lines, their labels beside each other.
    func lines(_ terminal: Terminal) -> [String] {
        var lines = [("organization", organization), ("archived", archived), ("last pull", lastPull)]
        if status.lastPull?.complete != true, let at = status.lastCompleteAt { lines.append(("complete", moment(at))) }
        let proven = status.proven.map { "\(TerminalText.time($0.from)) to \(TerminalText.time($0.to))" }
        lines.append(("proven", proven ?? (status.isArchiveRead ? "nothing" : Self.notKnown)))
        lines += reported
        let alarms = status.alarms.map { ("alarm", "\($0.kind.rawValue): \($0.text)") }
        let plain = lines.map { terminal.labelled(Self.label($0.0), TerminalText.clean($0.1)) }
        let red = alarms.map { terminal.paint(terminal.labelled(Self.label($0.0), TerminalText.clean($0.1)), .red) }
        return plain + (red.isEmpty ? [Self.label("alarm") + Self.noAlarm] : red)
    }

    /// Not a word more than what was looked at.
    private static let noAlarm = "none by ledger, names and sizes; 'heedaudit verify' reads every byte"

    /// What can't be read is not nothing.
    private static let notKnown = "not known"

    private static func label(_ text: String) -> String { text.padded(to: 14) }

    private var organization: String {
        guard let name = status.name, !name.isEmpty else { return status.organization }
        return "\(name) (\(status.organization))"
    }

    private var archived: String {
        guard status.isArchiveRead else { return Self.notKnown }
        guard status.entries > 0 else { return "nothing" }
        let events = Counted.text(status.events, "event")
        return "\(events) in \(Counted.text(status.entries, "entry", "entries")), head \(status.head.sha256)"
    }

    private var lastPull: String {
        guard let pull = status.lastPull else { return status.isArchiveRead ? "none" : Self.notKnown }
        let state = pull.complete == true ? "complete" : "not complete"
        return "\(moment(pull.at)), \(state), \(Counted.text(pull.new, "new event"))"
    }

    private var reported: [(String, String)] {
        guard let report = status.report else { return [("report", status.isReportRead ? "none" : Self.notKnown)] }
        let manifest = report.manifest
        let counts = Severity.allCases.compactMap { severity in
            let count = report.open(severity)
            return count > 0 ? "\(Counted.digits(count)) \(severity.rawValue)" : nil
        }
        let new = report.new.map { ", \(Counted.digits($0.count)) of them new" } ?? ""
        var since = "nothing new"
        if report.entriesSince > 0 {
            let entries = Counted.text(report.entriesSince, "entry", "entries")
            since = "\(Counted.text(report.eventsSince, "event")) in \(entries)"
        }
        let period = manifest.period.name == "all" ? "all time" : manifest.period.name
        return [
            ("report", "\(period), evidence of \(moment(manifest.asOf)): \(report.path)"),
            ("open findings", counts.isEmpty ? "none" : counts.joined(separator: ", ") + new),
            ("since then", since),
        ]
    }

    /// `2026-11-26 11:05 UTC, 3 h 05 min ago`.
    private func moment(_ at: String) -> String {
        guard let instant = Instant(rfc3339: at) else { return at }
        let age = now.seconds - instant.seconds
        let shown =
            switch age {
            case ..<0: "in the future"
            case ..<120: "\(age) s ago"
            case ..<7200: "\(age / 60) min ago"
            case ..<172_800: "\(age / 3600) h ago"
            default: "\(age / 86_400) days ago"
            }
        return "\(TerminalText.time(at)), \(shown)"
    }

    // MARK: For machines

    /// The same as an object (docs/json.md).
    var json: JSONText {
        let isRead = status.isArchiveRead
        return .object([
            "organization": .string(status.organization), "name": status.name.map(JSONText.string) ?? .null,
            "archive": .string(status.path), "entries": isRead ? .number(status.entries) : .null,
            "events": isRead ? .number(status.events) : .null,
            "head": isRead ? .string(status.head.sha256) : .null, "entry": isRead ? .number(status.head.entry) : .null,
            "last_pull": status.lastPull.map(Self.pull) ?? .null,
            "last_complete_at": status.lastCompleteAt.map(JSONText.string) ?? .null,
            "age_seconds": status.age(now).map { .number(Int(clamping: $0)) } ?? .null,
            "proven": status.proven.map { .object(["from": .string($0.from), "to": .string($0.to)]) } ?? .null,
            "report": status.report.map(Self.report) ?? .null,
            "alarms": .array(
                status.alarms.map { .object(["kind": .string($0.kind.rawValue), "text": .string($0.text)]) }
            ),
        ])
    }

    private static func pull(_ entry: LedgerEntry) -> JSONText {
        .object([
            "at": .string(entry.at), "complete": .boolean(entry.complete == true), "new": .number(entry.new),
            "reasons": .array(entry.incompleteBecause.map(JSONText.string)),
            "requests": .number(entry.requests), "retries": .number(entry.retries),
        ])
    }

    private static func report(_ report: ArchiveStatus.Report) -> JSONText {
        let open = Severity.allCases.map { ($0.rawValue, JSONText.number(report.open($0))) }
        return .object([
            "bundle": .string(report.path), "period": .string(report.manifest.period.name),
            "as_of": .string(report.manifest.asOf), "entry": .number(report.manifest.evidence.entry),
            "evidence_state": report.manifest.evidenceState.map(JSONText.string) ?? .null,
            "open": .object(Dictionary(open) { first, _ in first }),
            "new": report.new.map { .number($0.count) } ?? .null,
            "entries_since": .number(report.entriesSince), "events_since": .number(report.eventsSince),
        ])
    }
}
