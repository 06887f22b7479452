import Analysis
import CBytes
import Dispatch
import Evidence
import Publishing
import Reporting
import Templates

/// A report from the archive alone: what is read is judged, what is judged is reported, what is reported is published.
///
/// Each step is made of the values of the one before; only the last one writes.
package struct ReportJob: Sendable {
    let settings: ReportSettings
    let context: AuditContext
    let period: ReportingPeriod
    let zone: CalendarZone
    /// What the clock says: read to see whether the period, or an entry of the ledger, lies ahead, and for nothing else that is
    /// judged.
    let now: Instant
    private let library: TemplateLibrary
    /// The names at the top that the documents asked for use; a run with nothing new does not look for them.
    private let used: Ahead<Set<String>>
    private let said: Ahead<Words>
    /// The key that signs the bundle; nil for none.
    let signer: SigningKey?

    /// Checks templates, period and time zone before any work is done.
    ///
    /// - Parameters:
    ///   - settings: What is asked for.
    ///   - context: Who asks, and who is told that templates name what there is not.
    /// - Returns: The job, to be run.
    /// - Throws: `AnalysisError` for a period or time zone, `ReportingError` for a template, `EvidenceError` for a signing key.
    package static func prepared(_ settings: ReportSettings, _ context: AuditContext) throws -> ReportJob {
        // Who needs a control before all are read waits for them.
        DispatchQueue.global(qos: .userInitiated).async { _ = ControlCatalogue.controls }
        let zone = try CalendarZone(name: settings.timeZone)
        let now = context.now()
        let period = try settings.reportingPeriod(zone, now: now)
        let library = try TemplateLibrary(overlay: settings.templates)
        // The built-in templates are checked by the tests.
        if settings.templates != nil, let problem = library.check().first {
            throw ReportingError(.template, problem.description, hint: problem.hint ?? "see docs/templates.md")
        }
        for problem in library.unknownNames() {
            context.warn("\(problem.description)\(problem.hint.map { "; \($0)" } ?? "")")
        }
        for (name, format) in library.unasked(in: Set(settings.formats)) {
            context.warn(
                "the template \(name) is not rendered: it takes the place of the built-in one; add \(format) to --format"
            )
        }
        return ReportJob(
            settings: settings,
            context: context,
            period: period,
            zone: zone,
            now: now,
            library: library,
            used: Ahead(begins: false) { library.names(in: Set(settings.formats)) },
            said: try words(of: library, settings, context),
            signer: try settings.signingKey.map(SigningKey.init(path:))
        )
    }

    private var names: Set<String> { used.value }

    /// What the report says; waits until it is read.
    private var words: Words { said.value }

    private static func words(
        of library: TemplateLibrary,
        _ settings: ReportSettings,
        _ context: AuditContext
    ) throws -> Ahead<Words> {
        let language = settings.language
        // Nothing can be wrong with these, so nobody waits for them before there is something to say.
        if language == "en", settings.templates == nil { return Ahead { .english } }
        let words = try library.words(language)
        if let first = words.missing.first {
            context.warn(
                "words/\(language).yaml leaves out \(words.missing.count) texts, which are English: \(first) is the first"
            )
        }
        return Ahead { words }
    }

    /// Makes the report; behind a pull that brought nothing, only where there is a reason to.
    ///
    /// - Parameter pulled: What the pull brought that the report follows; nil for a report that is asked for.
    /// - Returns: What was published, if anything, and the verdicts.
    /// - Throws: What any of the steps throws; nothing half-written is left behind.
    package func run(afterPull pulled: PullOutcome?) throws -> ReportOutcome {
        let opened =
            try pulled?.archive ?? ArchiveRoot(path: settings.archive).open(organization: settings.organization)
        var evidence = try ExaminedEvidence.of(opened, settings, range: period.range)
        if let restoration = evidence.restoration {
            context.warn("\(opened.path): \(restoration.words); \(Restoration.remedy)")
        }
        tellPins(evidence.pinned, in: BundlePublisher.folder(settings.output, evidence.folder))
        if evidence.archive.leavesToReading {
            do {
                return try run(evidence, afterPull: pulled)
            } catch let error where error is UnexaminedSegments || error is DisorderedSegments {
                // All that is wrong is told, not only what the reading met.
                evidence.archive = try opened.examined(evidence.pinned.pins, in: period.range)
            }
        }
        do {
            return try run(evidence, afterPull: pulled)
        } catch is DisorderedSegments {
            // Of what was handed out in the wrong order nothing is kept: everything is read once more.
            try evidence.archive.sortDisordered(in: period.range)
            return try run(evidence, afterPull: pulled)
        }
    }

    private func run(_ evidence: ExaminedEvidence, afterPull pulled: PullOutcome?) throws -> ReportOutcome {
        let previous = try PreviousBundle.find(
            named: settings.compare,
            output: settings.output,
            folder: evidence.folder,
            archive: evidence.archive,
            period: period,
            now: now
        )
        // What a run with nothing new writes would be thrown away.
        let begun = pulled?.broughtNothing == true ? nil : try begin(evidence)
        let reading = try read(evidence, since: previous?.since, begun)
        tellAhead(reading.times, evidence.archive)
        let tables = reading.tables
        begun?.begin { tables.value.tables }
        let judged = try Judgement.of(
            evidence,
            reading,
            period: period,
            zone: zone,
            policy: settings.policy,
            words: words,
            now: now
        )
        let completeness = ReportCompleteness(archive: evidence.archive, reading: reading, facts: judged.facts)
        var facts = bundleFacts(evidence, previous, judged, reading.times)
        facts.words = words
        facts.summary = .init(completeness: completeness, events: reading.summary.events)
        // Documents need buffers of their own: what reading and judging needed goes before.
        heed_give_memory_back()
        let isNew = pulled?.broughtNothing != true || !latestSaysTheSame(facts)
        if isNew { tellOverview(&facts, previous, judged) }
        let before = settings.namesNew && isNew ? latest(facts)?.openFindings ?? [] : nil
        let bundle =
            isNew ? try publish(try report(evidence, reading, judged, previous), facts, evidence, pulled, begun) : nil
        tellUnused(judged)
        return ReportOutcome(
            bundle: bundle,
            latest: bundle == nil ? latest(facts).map { "\(folder(facts))/\($0.bundle)" } : nil,
            organization: evidence.archive.organization,
            organizationName: facts.organization.name,
            period: facts.period.name,
            events: reading.summary.events,
            completeness: completeness,
            head: evidence.archive.head,
            findings: judged.findings,
            damage: judged.facts.damage,
            new: before.map { FindingComparison(previous: $0, now: facts.openFindings).new } ?? []
        )
    }

    /// Reads what the report needs.
    ///
    /// - Throws: `UnexaminedSegments` where the archive has to be looked over first.
    private func read(_ evidence: ExaminedEvidence, since: Instant?, _ begun: BegunBundle?) throws -> ArchiveReading {
        let isExamined = !evidence.archive.leavesToReading
        do {
            let reading = try ArchiveReading.read(
                evidence.archive,
                period: period,
                zone: zone,
                policy: settings.policy,
                firstSeenSince: since,
                keeping: begun == nil ? .shown : kept,
                // A pull may have gone before.
                now: max(now, context.now()),
                sorts: begun != nil
            ) { try begun?.append($0) }
            guard isExamined || reading.isAsWritten else { throw UnexaminedSegments() }
            return reading
        } catch let error where !isExamined && (error is EvidenceError || error is DisorderedSegments) {
            throw UnexaminedSegments()
        }
    }

    /// Segments that are not what the ledger says, of an archive of which the reading was to show that they are.
    private struct UnexaminedSegments: Error {}

    /// Begins a bundle of what is about to be read.
    private func begin(_ evidence: ExaminedEvidence) throws -> BegunBundle {
        try BegunBundle(
            settings.publisher,
            evidence.folder,
            library: library,
            of: Set(settings.formats),
            profile: settings.csvProfile
        )
    }

    private func latestSaysTheSame(_ facts: BundleFacts) -> Bool {
        guard let latest = latest(facts) else { return false }
        return LatestBundle(manifest: latest).isStillTrue(facts, library, settings.reportEvery, now: context.now())
    }

    private func latest(_ facts: BundleFacts) -> Manifest? {
        BundlePublisher(output: settings.output).latest(organizationFolder: facts.folder)
    }

    private func folder(_ facts: BundleFacts) -> String {
        BundlePublisher.folder(settings.output, facts.folder)
    }

    private func report(
        _ evidence: ExaminedEvidence,
        _ reading: ArchiveReading,
        _ judged: Judgement,
        _ previous: PreviousBundle?
    ) throws -> ReportDocument {
        var document = ReportDocument(
            tool: context.tool,
            generatedAt: settings.generatedAt,
            evidence: evidence,
            reading: reading,
            judged: judged,
            previous: previous,
            zoneName: zone.name,
            words: words
        )
        document.signer = signer?.name
        if asksForReview {
            document.reviewEvents = try ReviewEvents.of(judged.findings, among: reading.reviewable, reading.source)
        }
        return document
    }

    /// Whether a document of the report lists the events that people are asked to look at.
    private var asksForReview: Bool { names.contains("review") }

    /// The events that documents of the report tell one by one.
    private var kept: ArchiveReading.Keeping {
        let shown = names.isDisjoint(with: ReportDocument.namesOfShownEvents) ? [] : ArchiveReading.Keeping.shown
        return asksForReview ? shown.union(.reviewable) : shown
    }

    private func publish(
        _ document: ReportDocument,
        _ facts: BundleFacts,
        _ evidence: ExaminedEvidence,
        _ pulled: PullOutcome?,
        _ begun: BegunBundle?
    ) throws -> PublishedBundle {
        var document = document
        if names.contains("oscal") { document.bundle = BundlePublisher.name(facts: facts, library: library).name }
        return try settings.publisher.publish(
            facts: facts,
            values: document.templateValues(named: names),
            library: library,
            latest: LatestRule(
                mayLookBack: pulled == nil && settings.mayLookBack,
                isHeld: { evidence.archive.ledger.holds(entry: $0, head: $1) }
            ),
            begun: begun
        )
    }
}
