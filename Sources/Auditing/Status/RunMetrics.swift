import Analysis
import CloudHeed
import Evidence
import Publishing

/// A run, and what the archive holds behind it, in Prometheus's text format.
///
/// The names are published and stay. One file holds the last run of each command, for a report that succeeds makes nothing of a
/// pull that failed; `run`, which does the work of both, takes the place of both. What is known of an organization stands there
/// whether or not the run came to its end.
package struct RunMetrics {
    private var text = ""
    /// What stays of the file before, by the names of families.
    private var kept: [String: [String]] = [:]

    /// Writes the file's text.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - archives: What the archive holds of each organization.
    ///   - before: What the file holds so far.
    /// - Returns: The text, every line ended.
    package static func text(_ run: RunRecord, _ archives: [ArchiveStatus], before: Samples = .none) -> String {
        var metrics = RunMetrics()
        metrics.kept = before.kept { $0["organization"] == nil && run.leaves($0["command"]) }
        metrics.add([(run, nil)])
        metrics.add(archives)
        return metrics.text
    }

    /// Writes the text of a file that holds the runs of several organizations, each with a label that names it.
    ///
    /// - Parameters:
    ///   - runs: The runs, and whose they are.
    ///   - archives: What the archives hold of each organization.
    ///   - listed: The organizations whose samples may stay where they were not worked on.
    ///   - before: What the file holds so far.
    /// - Returns: The text, every line ended.
    package static func text(
        _ runs: [(run: RunRecord, organization: String)],
        _ archives: [ArchiveStatus],
        listed: Set<String> = [],
        before: Samples = .none
    ) -> String {
        var metrics = RunMetrics()
        let worked = Dictionary(runs.map { ($0.organization, $0.run) }) { _, last in last }
        metrics.kept = before.kept { labels in
            guard let organization = labels["organization"] else { return false }
            return worked[organization]?.leaves(labels["command"]) ?? listed.contains(organization)
        }
        metrics.add(runs.map { ($0.run, $0.organization) })
        metrics.add(archives)
        return metrics.text
    }

    // MARK: The run

    private mutating func add(_ runs: [(run: RunRecord, organization: String?)]) {
        let values: [(String, String, (RunRecord) -> Int64)] = [
            ("run_timestamp_seconds", "When the last run ended, in seconds since 1970.", { $0.ended.seconds }),
            ("run_status", "Exit status of the last run; 0 and 1 mean that its work was done.", { Int64($0.status) }),
            ("run_duration_seconds", "How long the last run took.", { $0.duration }),
            ("run_requests", "Requests that the last run sent, retries included.", { Int64($0.cost.requests) }),
            ("run_retries", "Requests that the last run repeated.", { Int64($0.cost.retries) }),
            ("run_throttled", "How often the service answered 429 in the last run.", { Int64($0.cost.throttled) }),
        ]
        for (name, help, value) in values {
            family(
                name,
                help,
                runs.map { run, organization in
                    ([("command", run.command)] + (organization.map { [("organization", $0)] } ?? []), value(run))
                }
            )
        }
    }

    // MARK: The archive

    private mutating func add(_ archives: [ArchiveStatus]) {
        func one(_ value: (ArchiveStatus) -> Int64?) -> [([(String, String)], Int64)] {
            archives.compactMap { status in value(status).map { ([("organization", status.organization)], $0) } }
        }
        func seconds(_ text: String?) -> Int64? { text.flatMap(Instant.init(rfc3339:))?.seconds }
        let known: [(String, String, (ArchiveStatus) -> Int64?)] = [
            ("events", "Events that are archived.", { $0.isArchiveRead ? Int64($0.events) : nil }),
            ("ledger_entries", "Entries of the ledger.", { $0.isArchiveRead ? Int64($0.entries) : nil }),
            ("pull_timestamp_seconds", "When the newest pull ended.", { seconds($0.lastPull?.at) }),
            (
                "pull_complete", "1 where the newest pull is complete, else 0.",
                { $0.lastPull.map { $0.complete == true ? 1 : 0 } }
            ),
            ("complete_pull_timestamp_seconds", "When the newest complete pull ended.", { seconds($0.lastCompleteAt) }),
            ("proven_to_timestamp_seconds", "The end of the time that is proven.", { seconds($0.proven?.to) }),
            (
                "report_timestamp_seconds", "The time of the evidence of the newest report.",
                { seconds($0.report?.manifest.asOf) }
            ),
        ]
        for (name, help, value) in known { family(name, help, one(value)) }
        family("findings", "Findings of the newest report, by severity and verdict.", archives.flatMap(findings))
        family("alarms", "1 where an alarm stands, else 0.", archives.flatMap(alarms))
    }

    /// Every severity and verdict, those without findings included: a line that comes and goes is no series.
    private func findings(_ status: ArchiveStatus) -> [([(String, String)], Int64)] {
        guard let counts = status.report?.manifest.findings else { return [] }
        return Severity.allCases.flatMap { severity in
            Status.allCases.map { verdict in
                let alike = counts.filter { $0.severity == severity.rawValue && $0.status == verdict.rawValue }
                return (
                    [
                        ("organization", status.organization), ("severity", severity.rawValue),
                        ("verdict", verdict.rawValue),
                    ],
                    Int64(alike.reduce(0) { $0 &+ $1.count })
                )
            }
        }
    }

    private func alarms(_ status: ArchiveStatus) -> [([(String, String)], Int64)] {
        ArchiveStatus.Alarm.Kind.allCases.map { kind in
            (
                [("organization", status.organization), ("kind", kind.rawValue)],
                status.alarms.contains { $0.kind == kind } ? 1 : 0
            )
        }
    }

    // MARK: The format

    private mutating func family(_ name: String, _ help: String, _ samples: [([(String, String)], Int64)]) {
        let kept = kept[name] ?? []
        guard !samples.isEmpty || !kept.isEmpty else { return }
        text += "# HELP heedaudit_\(name) \(help)\n# TYPE heedaudit_\(name) gauge\n"
        for (labels, value) in samples {
            let shown = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += "heedaudit_\(name){\(shown)} \(value)\n"
        }
        for line in kept { text += "\(line)\n" }
    }

    /// A label's value: the format escapes backslash, quote and line feed, and takes everything else as it stands.
    static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
