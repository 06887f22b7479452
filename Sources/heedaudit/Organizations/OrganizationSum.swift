import Auditing
import Evidence
import Logging
import Publishing

/// What a command came to that worked through several organizations: a line each and a sum, or one JSON object.
struct OrganizationSum: Sendable {
    /// How one organization's work ended.
    struct End: Sendable {
        var organization: String
        var status: ExitStatus
        /// Why it was not done; nil where it was.
        var problem: Problem?
        var ended: Instant
        /// What came of it.
        var contents: OrganizationTurn.Contents

        /// What was done, or why it was not, in one line.
        var message: String { problem?.summary ?? contents.message ?? "done" }

        /// The same for those who look over all organizations, without what the service says: that may be about another one.
        private var messageForAll: String {
            if let status = problem?.quoted { return "the service answered \(status)" }
            return problem != nil && [.unusableData, .noPermission].contains(status) ? "" : message
        }

        /// What an overview shows of it.
        var member: FleetMember {
            let texts = [TerminalText.clean(messageForAll), contents.howFar ?? ""].filter { !$0.isEmpty }
            return FleetMember(
                id: organization,
                status: Int(status.rawValue),
                message: texts.joined(separator: "; "),
                lastRun: ended
            )
        }
    }

    var command: String
    var began: Instant
    var ended: Instant
    /// In the order of the file.
    var ends: [End]

    /// The most serious status.
    var status: ExitStatus {
        let met = Set(ends.map(\.status))
        return ExitStatus.bySeriousness.first(where: met.contains) ?? .done
    }

    private var undone: [End] { ends.filter { $0.problem != nil } }

    /// Tells a line each and the sum on standard error, and where JSON is asked for, one object on standard output.
    func tell(_ common: ToolConfiguration, _ members: [ToolConfiguration]) {
        for (end, configuration) in zip(ends, members) {
            let far = end.contents.howFar.map { "; \($0)" } ?? ""
            if end.problem == nil {
                configuration.logger.notice("\(end.message)\(far)")
            } else {
                configuration.logger.error("not done (\(end.status.rawValue)): \(end.message)\(far)")
            }
        }
        tellSum(common)
        if common.json { JSONAnswer.give(json) }
    }

    /// Tells the sum alone, on standard error.
    func tellSum(_ common: ToolConfiguration) {
        if undone.isEmpty { common.logger.notice("\(words)") } else { common.logger.error("\(words)") }
    }

    /// `run of 200 organizations in 40 s: 197 done, 1 done with findings, 2 not done (69, 77)`.
    private var words: String {
        let found = ends.count { $0.status == .findings }
        let done = ends.count - undone.count - found
        var parts = ["\(Counted.digits(done)) done"]
        if found > 0 { parts.append("\(Counted.digits(found)) done with findings that reach fail_on") }
        if !undone.isEmpty {
            let counts = ExitStatus.bySeriousness.compactMap { status -> String? in
                let count = undone.count { $0.status == status }
                return count == 0 ? nil : "\(Counted.digits(count)) with \(status.rawValue)"
            }
            parts.append("\(Counted.digits(undone.count)) not done: \(counts.joined(separator: ", "))")
        }
        let seconds = max(0, ended.seconds - began.seconds)
        return
            "\(command) of \(Counted.text(ends.count, "organization")) in \(seconds) s: \(parts.joined(separator: ", "))"
    }

    // MARK: For machines

    private var json: JSONText {
        .object([
            "command": .string(command), "began": .string(began.rfc3339), "ended": .string(ended.rfc3339),
            "status": .number(Int(status.rawValue)), "done": .number(ends.count - undone.count),
            "not_done": .number(undone.count), "organizations": .array(ends.map(Self.object)),
        ])
    }

    private static func object(_ end: End) -> JSONText {
        .object([
            "organization": .string(end.organization), "status": .number(Int(end.status.rawValue)),
            "message": .string(TerminalText.clean(end.message)), "ended": .string(end.ended.rfc3339),
            "how_far": end.contents.howFar.map(JSONText.string) ?? .null,
            "answer": end.contents.answer ?? .null, "error": end.problem?.object ?? .null,
        ])
    }

    /// Writes the metrics of all organizations into one file, in which those of others that are `listed` stay.
    func writeMetrics(_ path: String, listed: Set<String>, _ logger: Logger) {
        let runs = ends.compactMap { end in end.contents.run.map { (run: $0, organization: end.organization) } }
        guard !runs.isEmpty else { return }
        do {
            let before = RunMetrics.Samples(file: path)
            let text = RunMetrics.text(runs, ends.flatMap(\.contents.archives), listed: listed, before: before)
            try WholeFile.write(text, to: path)
        } catch {
            logger.warning("metrics_file: \(Problem(from: error).summary)")
        }
    }
}
