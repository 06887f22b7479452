import Analysis
import Evidence
import Publishing
import Reporting

extension ReportJob {
    /// Says what is not known of what bundles pin: it was not looked at, is not certain, or is gone.
    func tellPins(_ pinned: FolderPins, in folder: String) {
        for fault in pinned.faults {
            let what =
                switch fault.kind {
                case .unread: "what a bundle pins was not compared with the ledger: "
                case .unsealed: "what a bundle pins may not be what it pinned: "
                case .gone: "what a bundle pinned is not known: "
                }
            context.warn(what + fault.error.summary)
        }
        // Those that are known as gone are told by `verify`.
        for pin in pinned.newlyGone {
            let gone = FolderPins.told(gone: "\(folder)/\(pin.bundle)")
            context.warn("\(gone); what it pinned is compared with the ledger")
        }
    }

    /// Says that clocks were ahead, or this one is behind: one of them has to be mended.
    func tellAhead(_ times: EntryTimes, _ archive: Archive) {
        guard let place = times.times.lastIndex(where: \.isAhead) else { return }
        context.warn(
            "\(archive.path): entry \(archive.entries[place].entry) of the ledger is dated "
                + "\(times.times[place].at.rfc3339), which has not come yet by this machine's clock: one of the times is "
                + "wrong, and what the entry proves is not counted; check the clock, then pull"
        )
    }

    /// What names and describes the bundle of a report.
    func bundleFacts(
        _ evidence: ExaminedEvidence,
        _ previous: PreviousBundle?,
        _ judged: Judgement,
        _ times: EntryTimes
    ) -> BundleFacts {
        let (archive, organization) = (evidence.archive, evidence.organization)
        var facts = BundleFacts(
            organization: .init(
                id: organization.id,
                name: organization.value("name") ?? organization.id,
                plan: organization.value("plan")
            ),
            folder: evidence.folder,
            period: .init(period),
            timeZone: zone.name,
            asOf: archive.head.at,
            generatedAt: settings.generatedAt ?? archive.head.at,
            tool: context.tool,
            evidence: .init(head: archive.head.sha256, entry: archive.head.entry),
            inputs: inputs(previous, judged, times),
            findings: Self.counts(judged.findings)
        )
        (facts.formats, facts.csvProfile) = (Set(settings.formats), settings.csvProfile)
        facts.openFindings = OpenFindings(of: judged.findings)
        facts.signer = signer
        if evidence.restoration != nil { facts.evidenceState = .restored }
        if !judged.facts.damage.isEmpty {
            facts.evidenceState = .damaged
            (facts.evidence.head, facts.evidence.entry) = (judged.supported.sha256, judged.supported.entry)
        }
        return facts
    }

    /// Adds what an overview of organizations shows of a report.
    func tellOverview(_ facts: inout BundleFacts, _ previous: PreviousBundle?, _ judged: Judgement) {
        let findings = judged.findings
        let asOf = judged.facts.asOf?.rfc3339 ?? facts.asOf
        facts.controls = ControlVerdict.all(of: findings)
        facts.summary?.overdue = ControlVerdict.overdue(settings.policy.plan, findings, asOf: asOf, in: zone)
        if let before = previous?.manifest.openFindings {
            let comparison = FindingComparison(previous: before, now: facts.openFindings)
            facts.summary?.new = comparison.new.count
            facts.summary?.closed = comparison.closed.count
        }
    }

    /// How many findings there are of each status and severity.
    private static func counts(_ findings: [Finding]) -> [BundleFacts.FindingCount] {
        var counts: [Status: [Severity: Int]] = [:]
        // By place: passing a finding on costs more than counting it.
        for place in findings.indices {
            counts[findings[place].status, default: [:]][findings[place].severity, default: 0] += 1
        }
        return counts.flatMap { status, severities in
            severities.map { severity, count in
                BundleFacts.FindingCount(status: status.rawValue, severity: severity.rawValue, count: count)
            }
        }
        .sorted { ($0.status, $0.severity) < ($1.status, $1.severity) }
    }

    /// What a report depends on, beside the evidence and what the manifest names anyway.
    private func inputs(_ previous: PreviousBundle?, _ judged: Judgement, _ times: EntryTimes) -> [String: String] {
        let policy = settings.policy
        var inputs = settings.writtenPolicy
        inputs["period_state"] = judged.facts.periodHasEnded ? "ended" : "running"
        if times.aheadCount > 0 {
            inputs["entries_ahead"] = String(times.aheadCount)
            inputs["judged_as_of"] = judged.facts.asOf?.rfc3339
        }
        inputs["approved_regions"] = policy.approvedRegions?.joined(separator: ",")
        inputs["approved_domains"] = policy.approvedDomains?.joined(separator: ",")
        inputs["expect_every"] = policy.schedule.map { "\($0.every)s" }
        inputs["language"] = settings.language
        inputs["signer"] = signer?.name
        inputs["generated_at"] = settings.generatedAt
        inputs[LatestBundle.comparedWith] = previous?.manifest.bundle
        if !policy.waivers.isEmpty {
            inputs["waivers"] = Self.digest(of: policy.waivers.map(\.canonical).sorted())
        }
        if !policy.plan.isEmpty {
            let others = ActionPlan.unused(policy.plan, findings: judged.findings).others
            let rows = policy.plan.map(\.answer).sorted() + others.map { "other \($0.answer)" }.sorted()
            inputs["action_plan"] = Self.digest(of: rows)
        }
        if !policy.review.isEmpty { inputs["review"] = Self.digest(of: answers(judged)) }
        inputs["restored"] = judged.facts.lostPins.map { Self.digest(of: [$0.words]) }
        let unknown = judged.facts.unknownPins.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        if !unknown.isEmpty { inputs["unread_pins"] = unknown.joined(separator: ", ") }
        if !judged.facts.damage.isEmpty { inputs["damage"] = judged.damageDigest }
        return inputs
    }

    /// What a review says: its answers, what of them does not count, and what tells those apart that name one event.
    private func answers(_ judged: Judgement) -> [String] {
        let rows = settings.policy.review
        let byKey = Dictionary(grouping: rows, by: \.key)
        let told = rows.map { row in row.answer + (byKey[row.key]?.count == 1 ? "" : "\(row.seen)") }
        return told.sorted() + judged.refused.map { "\($0.row.answer) \($0.reason)" }.sorted()
    }

    private static func digest(of lines: [String]) -> String { Digest.sha256(lines.joined(separator: "\n").utf8) }
}

extension ActionPlan.Row {
    /// All that a row says, wherever it stands.
    fileprivate var answer: String {
        var row = self
        (row.source, row.events) = ("", [])
        return "\(row)"
    }
}

extension Review.Row {
    /// All that people wrote into a row, wherever it stands.
    fileprivate var answer: String {
        var row = self
        (row.source, row.seen) = ("", Review.Seen())
        return "\(row)"
    }
}

extension Waiver {
    /// All of a waiver, where it stands included: a finding about one that expired names the place.
    fileprivate var canonical: String {
        [control, subject, reason, approver, expiry, source].map { "\($0.utf8.count):\($0)" }.joined()
    }
}
