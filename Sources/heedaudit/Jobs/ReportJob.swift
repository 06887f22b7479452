import Publishing
import Templates
import Analysis
import Dispatch
import Evidence
import Foundation
import Logging
import Reporting

/// A report from the archive alone: reads the events once to count them, judges, and publishes a bundle.
struct ReportJob {
    /// What a report did.
    struct Outcome: Sendable {
        /// What was published; nil when there was nothing new.
        var bundle: PublishedBundle?
        var organization: String
        var head: LedgerHead
        var findings: [Finding]
        /// What is wrong with the archive, in words.
        var damage: [String]
    }

    private let configuration: ToolConfiguration
    private let library: TemplateLibrary
    private let period: ReportingPeriod
    /// What the clock says: read to see whether the period has ended, and for nothing else that is judged.
    private let now: Instant
    private let zone: CalendarZone
    private let sourceDateEpoch: String?

    /// Checks templates, period and time zone before any work is done.
    init(_ configuration: ToolConfiguration) throws {
        // Who needs a control before all are read waits for them.
        DispatchQueue.global(qos: .userInitiated).async { _ = ControlCatalogue.controls }
        self.configuration = configuration
        sourceDateEpoch = try Clock.sourceDateEpoch()
        zone = try CalendarZone(name: configuration.timeZone)
        now = Clock.now()
        if let name = configuration.period {
            period = try .parse(name, zone: zone, now: now)
        } else {
            period = try .parse(from: configuration.from, to: configuration.to, zone: zone)
        }
        guard period.hasBegun(at: now) else {
            throw Problem(
                .usage,
                "the period '\(period.name)' has not begun: it begins at \(period.range.from?.rfc3339 ?? "")",
                hint: "this machine's clock says \(now.rfc3339)"
            )
        }
        library = try TemplateLibrary(overlay: configuration.templates)
        // The built-in templates are checked by the tests.
        if configuration.templates != nil, let problem = library.check().first {
            throw Problem(.configuration, problem.description, hint: problem.hint ?? "see docs/templates.md")
        }
        for problem in library.unknownNames() {
            configuration.logger.warning("\(problem.description)\(problem.hint.map { "; \($0)" } ?? "")")
        }
    }

    /// Renders the report; behind a pull that brought nothing, only when there is a reason to.
    func run(afterPull pulled: PullJob.Outcome?) throws -> Outcome {
        let opened = try ArchiveRoot(path: configuration.archive)
            .open(organization: pulled?.organization ?? configuration.organization)
        var evidence = try source(opened)
        if let restoration = evidence.restoration {
            configuration.logger.warning("\(opened.path): \(restoration.words); \(Restoration.remedy)")
        }
        do {
            return try run(evidence, afterPull: pulled)
        } catch is DisorderedSegments {
            // Of what was handed out in the wrong order nothing is kept: everything is read once more.
            try evidence.archive.sortDisordered(in: period.range)
            return try run(evidence, afterPull: pulled)
        }
    }

    private func source(_ opened: Archive) throws -> Source {
        let organization = ReportOrganization(of: opened)
        let folder = OrganizationFolder.name(
            for: opened.organization,
            slug: organization.folder,
            in: configuration.output
        )
        let pins = Pins.inFolder(BundlePublisher.folder(configuration.output, folder))
        let archive = try opened.examined(pins, in: period.range)
        return Source(
            archive: archive,
            organization: organization,
            folder: folder,
            pins: pins,
            restoration: archive.restoration(pins)
        )
    }

    /// Whether the period has ended, by the clock, or by the archive where the clock is behind that.
    private func hasEnded(_ archive: Archive) -> Bool {
        period.hasEnded(at: now) || EntryTimes(archive.entries).latest.map(period.hasEnded) == true
    }

    /// What a report is made of, beside the settings of the tool.
    private struct Source {
        var archive: Archive
        var organization: ReportOrganization
        /// The name of the organization's folder below the output.
        var folder: String
        /// What the bundles in it pin.
        var pins: [Pin]
        /// What these pins say is gone; nil for nothing.
        var restoration: Restoration?
    }

    private func run(_ evidence: Source, afterPull pulled: PullJob.Outcome?) throws -> Outcome {
        let (archive, organization, folder) = (evidence.archive, evidence.organization, evidence.folder)
        let previous = try PreviousBundle.find(
            named: configuration.compare,
            output: configuration.output,
            folder: folder,
            archive: archive,
            period: period
        )
        let publisher = BundlePublisher(output: configuration.output, mode: configuration.outputMode)
        let facts = bundleFacts(archive, organization, folder, previous)
        if let pulled, pulled.broughtNothing, publisher.hasLatest(organizationFolder: folder) {
            // Most runs end here, and only need to know that the verdicts are still the same.
            let judged = try judge(evidence, previous, .verdicts)
            let latest = LatestBundle(output: configuration.output, facts: facts.judged(judged))
            if let latest, latest.isStillTrue(library, configuration.reportEvery, now: Clock.now()) {
                tellUnused(judged)
                return judged.outcome(archive, bundle: nil)
            }
        }
        let judged = try judge(evidence, previous, .report)
        let values = judged.document.templateValues(named: library.names(in: facts.formats))
        let bundle = try publisher.publish(
            facts: facts.judged(judged),
            values: values,
            library: library,
            latest: LatestRule(
                mayLookBack: pulled == nil && configuration.periodIsFlag,
                isHeld: { archive.ledger.holds(entry: $0, head: $1) }
            )
        )
        LastingMemory.keep((judged, values))
        tellUnused(judged)
        return judged.outcome(archive, bundle: bundle)
    }

    /// Names the rows of an action plan that are about no finding of the report: no answer is dropped in silence.
    private func tellUnused(_ judged: Judged) {
        let rows = ActionPlan.unused(configuration.policy.plan, findings: judged.document.findings)
        for row in rows.prefix(Self.rowsTold) {
            let finding = row.finding.isEmpty ? "" : " (\(row.finding))"
            configuration.logger.warning(
                "\(row.source): the report has no finding \(row.control) \(row.subject)\(finding); the row is not used"
            )
        }
        if rows.count > Self.rowsTold {
            configuration.logger.warning("the action plan: \(rows.count - Self.rowsTold) rows more are not used")
        }
    }

    private static let rowsTold = 20

    /// A report as it stands before it is rendered.
    fileprivate struct Judged {
        var document: ReportDocument
        var damage: [String]
        /// What the damage is, down to the bytes that were read; empty without any.
        var damageDigest: String
        /// What a bundle of damaged evidence pins.
        var supported: LedgerHead
        var restoration: Restoration?

        func outcome(_ archive: Archive, bundle: PublishedBundle?) -> Outcome {
            Outcome(
                bundle: bundle,
                organization: archive.organization,
                head: archive.head,
                findings: document.findings,
                damage: damage
            )
        }
    }

    private func judge(
        _ evidence: Source,
        _ previous: PreviousBundle?,
        _ purpose: ArchiveReading.Purpose
    ) throws -> Judged {
        let (archive, organization) = (evidence.archive, evidence.organization)
        let read = try ArchiveReading(
            archive,
            period: period,
            zone: zone,
            policy: configuration.policy,
            firstSeenSince: previous?.since,
            purpose
        )
        var facts = JudgedFacts(
            archive: archive,
            organization: organization,
            reading: read,
            period: period,
            policy: configuration.policy
        )
        facts.periodHasEnded = hasEnded(archive)
        facts.lostPins = evidence.restoration?.words
        facts.givenUp = archive.entriesGivenUp
        let document = ReportDocument(
            tool: ToolVersion.name,
            generatedAt: sourceDateEpoch,
            archive: archive,
            organization: organization,
            reading: read,
            facts: facts,
            findings: Verdicts.judge(facts),
            previous: previous,
            zoneName: zone.name
        )
        return Judged(
            document: document,
            damage: facts.damage,
            damageDigest: facts.damage.isEmpty ? "" : Self.digest(of: read, in: archive),
            supported: archive.supportedHead(evidence.pins),
            restoration: evidence.restoration
        )
    }

    /// What was read of a damaged archive, whose head does not stand for it: no report of one damage stands in for another.
    private static func digest(of reading: ArchiveReading, in archive: Archive) -> String {
        let segments = reading.summary.segments.map { "\($0.reference.file) \($0.sha256)" }
        return Digest.sha256((reading.damage + segments + archive.ledger.digests).joined(separator: "\n").utf8)
    }

    /// What names and describes the bundle of a report, but for its verdicts and the state of its evidence.
    private func bundleFacts(
        _ archive: Archive,
        _ organization: ReportOrganization,
        _ folder: String,
        _ previous: PreviousBundle?
    ) -> BundleFacts {
        BundleFacts(
            organizationID: organization.id,
            organizationFolder: folder,
            organizationName: organization.value("name") ?? organization.id,
            periodName: period.name,
            periodKind: period.kind.rawValue,
            periodFrom: period.range.from?.rfc3339,
            periodTo: period.range.to?.rfc3339,
            timeZone: zone.name,
            asOf: archive.head.at,
            generatedAt: sourceDateEpoch ?? archive.head.at,
            tool: ToolVersion.name,
            evidenceHead: archive.head.sha256,
            evidenceEntry: archive.head.entry,
            formats: Set(configuration.formats),
            csvProfile: configuration.csvProfile,
            inputs: inputs(archive, previous),
            findings: []
        )
    }

    /// The settings of the tool that a report depends on, beside those that the manifest names anyway.
    private func inputs(_ archive: Archive, _ previous: PreviousBundle?) -> [String: String] {
        var inputs = ["period_state": hasEnded(archive) ? "ended" : "running"]
        let policy = configuration.policy
        if let regions = policy.approvedRegions { inputs["approved_regions"] = regions.joined(separator: ",") }
        if let generated = sourceDateEpoch { inputs["generated_at"] = generated }
        if let previous { inputs[LatestBundle.comparedWith] = previous.manifest.bundle }
        for key in [ConfigurationKey.workingHours, .thresholds] {
            if let value = configuration.structured[key] { inputs[key.rawValue] = value.canonical }
        }
        if !policy.waivers.isEmpty {
            inputs["waivers"] = Digest.sha256(policy.waivers.map(\.canonical).sorted().joined(separator: "\n").utf8)
        }
        if !policy.plan.isEmpty {
            inputs["action_plan"] = Digest.sha256(policy.plan.map(\.answer).joined(separator: "\n").utf8)
        }
        return inputs
    }
}

extension BundleFacts {
    /// The same bundle with the verdicts of its report and the state of its evidence.
    fileprivate func judged(_ report: ReportJob.Judged) -> BundleFacts {
        var facts = judged(report.document.findings)
        if let restoration = report.restoration {
            facts.evidenceState = .restored
            facts.inputs["restored"] = Digest.sha256(restoration.words.utf8)
        }
        guard !report.damage.isEmpty else { return facts }
        facts.evidenceState = .damaged
        facts.inputs["damage"] = report.damageDigest
        (facts.evidenceHead, facts.evidenceEntry) = (report.supported.sha256, report.supported.entry)
        return facts
    }
}

extension ActionPlan.Row {
    /// All that a row says, wherever it stands.
    fileprivate var answer: String {
        var row = self
        row.source = ""
        return "\(row)"
    }
}

extension Waiver {
    /// All of a waiver, where it stands included: a finding about one that expired names the place.
    fileprivate var canonical: String {
        [control, subject, reason, approver, expiry, source].map { "\($0.utf8.count):\($0)" }.joined()
    }
}

extension ReportJob.Outcome {
    /// One line a file, or one JSON object; the head goes to standard error, where logs keep it.
    func print(_ configuration: ToolConfiguration) {
        if configuration.json {
            StandardStreams.output(json.rendered)
        } else if !configuration.quiet {
            if let bundle {
                for file in bundle.files { StandardStreams.output("\(bundle.path)/\(file.name)") }
            } else {
                StandardStreams.output("nothing new")
            }
        }
        tellThreshold(configuration)
        configuration.logger.notice("evidence head \(head.sha256) entry \(head.entry)")
    }

    private var json: JSONText {
        var object: [String: JSONText] = [
            "organization": .string(organization), "head": .string(head.sha256), "entry": .number(head.entry),
            "published": .boolean(bundle.map { !$0.reused } ?? false),
            "findings": .array(
                findings.map { finding in
                    .object([
                        "control": .string(finding.control), "status": .string(finding.status.rawValue),
                        "severity": .string(finding.severity.rawValue), "subject": .string(finding.subject),
                    ])
                }
            ),
        ]
        if let bundle {
            object["bundle"] = .string(bundle.path)
            object["files"] = .array(
                bundle.files.map { file in
                    .object([
                        "name": .string(file.name), "bytes": .number(file.bytes), "sha256": .string(file.sha256),
                    ])
                }
            )
        }
        return .object(object)
    }

    /// Ends with the status that the findings and the archive call for.
    ///
    /// - Throws: `Problem` with status 65 for a damaged archive, `ThresholdReached` for findings at or above a severity.
    func checkThreshold(_ severity: Severity?) throws {
        if let first = damage.first {
            throw Problem(
                .unusableData,
                "the archive is damaged: \(first)",
                hint: "run 'heedaudit verify'; the report says so, too"
            )
        }
        if severity.map({ !reaching($0).isEmpty }) == true { throw ThresholdReached() }
    }

    /// The findings that `--fail-on` is about.
    private func reaching(_ severity: Severity) -> [Finding] {
        findings.filter { ($0.status == .fail || $0.status == .notProven) && $0.severity >= severity }
    }

    /// Says what reaches `--fail-on`, a line a finding: who mails what a cron job prints, mails words and no status.
    func tellThreshold(_ configuration: ToolConfiguration) {
        guard let severity = configuration.failOn else { return }
        let findings = reaching(severity)
        var begin = 0
        while begin < findings.count {
            let end = findings[begin...].firstIndex { $0.control != findings[begin].control } ?? findings.count
            for finding in findings[begin..<min(end, begin + Self.linesOfControl)] {
                let word = finding.status == .fail ? "failed" : "not proven"
                configuration.logger.warning(
                    "\(finding.severity.rawValue) \(finding.control) \(word): \(finding.subject): \(finding.detail)"
                )
            }
            let rest = end - begin - Self.linesOfControl
            if rest > 0 {
                configuration.logger.warning("\(findings[begin].control): \(rest) findings more, in findings.csv")
            }
            begin = end
        }
    }

    private static let linesOfControl = 10
}

extension ConfigurationFile.Value {
    /// One text for one meaning: members in the order of their names.
    var canonical: String {
        switch self {
        case .text(let text): text
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .mapping(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.canonical)" }.joined(separator: ",")
                + "}"
        case .nothing: "~"
        }
    }
}
