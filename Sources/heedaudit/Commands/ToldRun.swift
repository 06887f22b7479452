import Analysis
import Auditing
import CloudHeed
import Evidence
import Foundation
import Logging
import Publishing
import Synchronization

/// What a run has done so far, for those who are told of it at its end: by the metrics' file and by hooks.
///
/// A signal may want to tell of it while the work goes on.
final class ToldRun: Sendable {
    private struct State {
        var client: ServiceClient?
        var pulled: PullOutcome?
        var reported: ReportOutcome?
    }

    private let state = Mutex(State())

    /// The service's client, which knows what was asked of it; nil before it is asked.
    var client: ServiceClient? {
        get { state.withLock { $0.client } }
        set { state.withLock { $0.client = newValue } }
    }

    /// What the pull brought; nil before it came to its end.
    var pulled: PullOutcome? {
        get { state.withLock { $0.pulled } }
        set { state.withLock { $0.pulled = newValue } }
    }

    /// What the report found; nil before it was made.
    var reported: ReportOutcome? {
        get { state.withLock { $0.reported } }
        set { state.withLock { $0.reported = newValue } }
    }

    /// A run that has done nothing yet.
    init() {}

    /// How long a hook may take when a signal ends the run: whoever sent it waits, and not for long.
    private static let hurry = Duration.seconds(5)
    /// Findings that a hook is told of.
    private static let mostFindings = 100
    /// Lines of a hook's output that are shown.
    private static let linesShown = 5
    /// Bytes of a hook's output that are kept, the last ones.
    private static let mostKept = 16 << 10

    /// Does the work of a command, and tells of it however it ends.
    ///
    /// Nothing that goes wrong with telling changes how the command ends: it is warned of.
    ///
    /// - Throws: What the work throws.
    static func around(
        _ command: String,
        _ configuration: ToolConfiguration,
        _ work: (ToldRun) async throws -> Void
    ) async throws {
        let (told, began) = (ToldRun(), Clock.now())
        let turn = OrganizationTurn.current
        let asked = Interruption.tell { problem in
            var hurried = configuration
            hurried.telling.hookTimeout = min(hurried.telling.hookTimeout, hurry)
            // A signal comes outside of any turn.
            OrganizationTurn.$current.withValue(turn) {
                told.tell(command, began, problem.status.rawValue, problem, hurried)
            }
        }
        var failure: (any Error)?
        do { try await work(told) } catch { failure = error }
        Interruption.tellNobody(asked)
        // Whoever has another turn is told of at the end of the last one.
        if let failure, OrganizationTurn.current?.soFar.isToBeContinued == true { throw failure }
        let isDone = failure == nil || failure is ThresholdReached
        let problem = isDone ? nil : failure.map { Problem(from: $0) }
        let status = problem?.status.rawValue ?? (failure == nil ? 0 : ExitStatus.findings.rawValue)
        told.tell(command, began, status, problem, configuration)
        if let failure { throw failure }
    }

    private func tell(
        _ command: String,
        _ began: Instant,
        _ status: Int32,
        _ problem: Problem?,
        _ configuration: ToolConfiguration
    ) {
        let run = RunRecord(
            command: command,
            began: began,
            ended: Clock.now(),
            status: Int(status),
            cost: client?.counters ?? ServiceClient.Counters()
        )
        note(run, configuration)
        writeMetrics(run, configuration)
        callHooks(run, problem, configuration)
    }

    // MARK: One of several

    /// Notes what was done where a command works through several organizations.
    private func note(_ run: RunRecord, _ configuration: ToolConfiguration) {
        guard let turn = OrganizationTurn.current else { return }
        let archives = turn.wantsMetrics ? archives(run, configuration) : []
        let message = [pulled?.words, reported?.words].compactMap(\.self).joined(separator: "; ")
        turn.note { contents in
            contents.run = run
            contents.archives = archives
            if !message.isEmpty { contents.message = message }
        }
    }

    // MARK: Metrics

    private func archives(_ run: RunRecord, _ configuration: ToolConfiguration) -> [ArchiveStatus] {
        var job = StatusJob(archive: configuration.archive, output: configuration.output)
        job.schedule = configuration.policy.schedule
        // Without an archive there is still a run to tell of.
        let organization = configuration.organization
        return (try? job.run(organization: organization, opened: pulled?.archive, now: run.ended)) ?? []
    }

    private func writeMetrics(_ run: RunRecord, _ configuration: ToolConfiguration) {
        guard let path = configuration.telling.metricsFile else { return }
        do {
            let before = RunMetrics.Samples(file: path)
            try WholeFile.write(RunMetrics.text(run, archives(run, configuration), before: before), to: path)
        } catch {
            configuration.logger.warning("metrics_file: \(Problem(from: error).summary)")
        }
    }

    // MARK: Hooks

    private func callHooks(_ run: RunRecord, _ problem: Problem?, _ configuration: ToolConfiguration) {
        if let problem {
            call(.onError, ["error": problem.object], run, configuration)
        } else {
            call(.onSuccess, [:], run, configuration)
        }
        let least = configuration.telling.notifyFrom
        let new = (reported?.new ?? []).filter { Severity(rawValue: $0.severity).map { $0 >= least } ?? true }
        guard !new.isEmpty else { return }
        let findings = new.prefix(Self.mostFindings).map { key in
            JSONText.object([
                "id": key.id.map(JSONText.string) ?? .null, "control": .string(key.control),
                "severity": .string(key.severity), "status": .string(key.status), "subject": .string(key.subject),
            ])
        }
        call(.onFinding, ["new": .number(new.count), "findings": .array(findings)], run, configuration)
    }

    private func call(
        _ key: ConfigurationKey,
        _ more: [String: JSONText],
        _ run: RunRecord,
        _ configuration: ToolConfiguration
    ) {
        guard let words = configuration.telling.hooks[key] else { return }
        var object = facts(run, configuration).merging(more) { _, new in new }
        object["hook"] = .string(key.rawValue)
        let text = TerminalText.cleanJSON(JSONText.object(object).rendered)
        let limit = configuration.telling.hookTimeout
        let hook = ChildProcess(words, joinsStreams: true, mostKept: Self.mostKept)
        let outcome = hook.run(Array("\(text)\n".utf8), within: Double(limit.components.seconds))
        let logger = configuration.logger
        let trouble: String
        switch outcome.end {
        case .exited(0):
            for line in outcome.lastLines(Self.linesShown) { logger.info("\(key.rawValue): \(line)") }
            return
        case .exited(let status): trouble = "ended with \(status)"
        case .killed(let signal): trouble = "was ended by signal \(signal)"
        case .ranOutOfTime: trouble = "took longer than \(limit.components.seconds) s and was ended"
        case .notStarted(let reason): trouble = "can't be started: \(String(cString: strerror(reason)))"
        }
        logger.warning("\(key.rawValue): \(words[0]) \(trouble)")
        for line in outcome.lastLines(Self.linesShown) { logger.warning("\(key.rawValue): \(line)") }
    }

    private func facts(_ run: RunRecord, _ configuration: ToolConfiguration) -> [String: JSONText] {
        let organization = reported?.organization ?? pulled?.organization ?? configuration.organization
        return [
            "tool": .string(ToolVersion.name), "command": .string(run.command),
            "organization": organization.map(JSONText.string) ?? .null, "began": .string(run.began.rfc3339),
            "ended": .string(run.ended.rfc3339), "status": .number(run.status), "pull": pulled?.json ?? .null,
            "report": reported.map(Self.report) ?? .null,
        ]
    }

    /// Little of a report: there can be millions of findings.
    private static func report(_ outcome: ReportOutcome) -> JSONText {
        .object([
            "period": .string(outcome.period), "events": .number(outcome.events),
            "bundle": (outcome.bundle?.path ?? outcome.latest).map(JSONText.string) ?? .null,
            "published": .boolean(outcome.bundle.map { !$0.reused } ?? false),
            "head": .string(outcome.head.sha256), "entry": .number(outcome.head.entry),
        ])
    }
}

extension ChildProcess.Outcome {
    /// Characters of a line that are shown.
    static let longestLine = 200

    /// The last lines of what it printed.
    func lastLines(_ count: Int) -> [String] {
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(count)
        return lines.map { line in
            let text = TerminalText.clean(String(line.prefix(Self.longestLine + 1)))
            return text.count > Self.longestLine ? text.prefix(Self.longestLine) + "…" : text
        }
    }
}
