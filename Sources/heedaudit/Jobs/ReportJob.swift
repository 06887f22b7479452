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
    private let zone: CalendarZone
    private let sourceDateEpoch: String?

    /// Checks templates, period and time zone before any work is done.
    init(_ configuration: ToolConfiguration) throws {
        // Who needs a control before all are read waits for them.
        DispatchQueue.global(qos: .userInitiated).async { _ = ControlCatalogue.controls }
        self.configuration = configuration
        sourceDateEpoch = try Clock.sourceDateEpoch()
        zone = try CalendarZone(name: configuration.timeZone)
        if let name = configuration.period {
            period = try .parse(name, zone: zone, now: Clock.now())
        } else {
            period = try .parse(from: configuration.from, to: configuration.to, zone: zone)
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
        let organization = ReportOrganization(of: opened)
        let pins = Pins.inFolder(BundlePublisher.folder(configuration.output, organization.folder))
        var archive = try opened.examined(pins, in: period.range)
        let restoration = archive.restoration(pins)
        if let restoration {
            configuration.logger.warning("\(archive.path): \(restoration.words); \(Restoration.remedy)")
        }
        do {
            return try run(archive, organization, restoration, afterPull: pulled)
        } catch is DisorderedSegments {
            // Of what was handed out in the wrong order nothing is kept: everything is read once more.
            try archive.sortDisordered(in: period.range)
            return try run(archive, organization, restoration, afterPull: pulled)
        }
    }

    private func run(
        _ archive: Archive,
        _ organization: ReportOrganization,
        _ restoration: Restoration?,
        afterPull pulled: PullJob.Outcome?
    ) throws -> Outcome {
        let previous = try PreviousBundle.find(
            named: configuration.compare,
            output: configuration.output,
            folder: organization.folder,
            archive: archive,
            period: period
        )
        let publisher = BundlePublisher(output: configuration.output, mode: configuration.outputMode)
        let facts = bundleFacts(archive, organization, previous)
        if let pulled, pulled.broughtNothing, publisher.hasLatest(organizationFolder: organization.folder) {
            // Most runs end here, and only need to know that the verdicts are still the same.
            let judged = try judge(archive, organization, restoration, previous, .verdicts)
            let latest = LatestBundle(output: configuration.output, facts: facts.judged(judged.document.findings))
            if let latest, latest.isStillTrue(library, configuration.reportEvery, now: Clock.now()) {
                return judged.outcome(archive, bundle: nil)
            }
        }
        // Templates are read while the archive is; who needs one before that reads it.
        DispatchQueue.global(qos: .utility).async { [library] in library.readAhead() }
        let draft = try publisher.begin(facts: facts, library: library)
        let judged = try judge(archive, organization, restoration, previous, .report(draft))
        let values = judged.document.templateValues(named: library.names(in: facts.formats))
        let bundle = try publisher.publish(
            facts: facts.judged(judged.document.findings),
            values: values,
            library: library,
            draft: draft
        )
        LastingMemory.keep((judged, values))
        return judged.outcome(archive, bundle: bundle)
    }

    /// A report as it stands before it is rendered.
    private struct Judged {
        var document: ReportDocument
        var damage: [String]

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
        _ archive: Archive,
        _ organization: ReportOrganization,
        _ restoration: Restoration?,
        _ previous: PreviousBundle?,
        _ purpose: ArchiveReading.Purpose
    ) throws -> Judged {
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
        facts.lostPins = restoration?.words
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
        return Judged(document: document, damage: facts.damage)
    }

    /// What names and describes the bundle of a report, but for its verdicts.
    private func bundleFacts(
        _ archive: Archive,
        _ organization: ReportOrganization,
        _ previous: PreviousBundle?
    ) -> BundleFacts {
        BundleFacts(
            organizationID: organization.id,
            organizationFolder: organization.folder,
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
            inputs: inputs(previous),
            findings: []
        )
    }

    /// The settings of the tool that a report depends on, beside those that the manifest names anyway.
    private func inputs(_ previous: PreviousBundle?) -> [String: String] {
        var inputs: [String: String] = [:]
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
            inputs["action_plan"] = Digest.sha256(policy.plan.map { "\($0)" }.joined(separator: "\n").utf8)
        }
        return inputs
    }
}

extension Waiver {
    /// All of a waiver but where it stands.
    fileprivate var canonical: String {
        [control, subject, reason, approver, expiry].map { "\($0.utf8.count):\($0)" }.joined()
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
        guard let severity else { return }
        let isReached = findings.contains { finding in
            (finding.status == .fail || finding.status == .notProven) && finding.severity >= severity
        }
        if isReached { throw ThresholdReached() }
    }
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
