import Analysis
import Evidence
import Publishing
import Reporting

extension ReportDocument {
    /// Puts together what the archive, its reading and the verdicts say.
    init(
        tool: String,
        generatedAt: String?,
        evidence: ExaminedEvidence,
        reading: ArchiveReading,
        judged: Judgement,
        previous: PreviousBundle?,
        zoneName: String,
        words: Words
    ) {
        let (archive, facts, findings) = (evidence.archive, judged.facts, judged.findings)
        let comparison = previous.map {
            FindingComparison(previous: $0.manifest.openFindings ?? [], current: findings)
        }
        let standing = reading.snapshots.standing
        let settings = standing?.digests[.settings].flatMap { try? archive.snapshot($0) }
        let readings = facts.readings.filter { !$0.isTimeKnown || facts.period.range.contains($0.at) }
        self.init(
            tool: tool,
            asOf: archive.head.at,
            organization: evidence.organization,
            settings: settings.flatMap {
                ReportSetting.settings(
                    of: $0,
                    findings: findings,
                    in: readings,
                    approved: facts.policy.approvedRegions
                )
            },
            period: WrittenPeriod(
                name: facts.period.name,
                from: facts.period.range.from?.rfc3339,
                to: facts.period.range.to?.rfc3339,
                timeZone: zoneName
            ),
            completeness: ReportCompleteness(archive: archive, reading: reading, facts: facts),
            activity: reading.aggregates,
            findings: findings,
            evidence: ReportEvidence(archive: archive, source: reading.source),
            recentEvents: reading.recent,
            events: reading.source
        )
        self.words = words
        if let judged = facts.asOf { judgedAsOf = judged.rfc3339 }
        if self.settings != nil { settingsReadAt = standing?.at }
        if let generatedAt { self.generatedAt = generatedAt }
        changes = ReportChange.of(facts.drift, words)
        changes += reading.snapshots.countChanges(reading.watched, facts)
        if let comparison { changes += ReportChange.since(comparison, reading.watched, findings: findings, words) }
        self.comparison.snapshots = reading.snapshots.counted.count
        self.comparison.bundle = previous?.manifest.bundle
        (actionPlan, review) = (facts.policy.plan, judged.review)
        (eventRows, notableEvents) = (reading.watched.rows, reading.notable)
        if let lists = facts.access { access = AccessState(lists, reading.watched, at: facts.end, last: facts.last) }
        noteAccess(reading, facts, since: previous)
        (access.membersMissing, access.keysMissing) = (facts.membersMissing, facts.keysMissing)
    }
}

extension ReportCompleteness {
    /// Says in which state the evidence is, and why.
    init(archive: Archive, reading: ArchiveReading, facts: JudgedFacts) {
        let pull = archive.lastPull
        let gaps = facts.gaps
        let isProven = pull?.complete == true && gaps.isEmpty
        let goesOn = facts.isRunning && facts.period.range.to != nil
        let state: State = pull == nil ? .unknown : !isProven ? .incomplete : goesOn ? .running : .complete
        let words = facts.words
        var reasons =
            state == .unknown ? [words("change.imported")] : (pull?.incompleteBecause ?? []).map(words.ledger)
        if facts.doubtedPull != nil { reasons.append(words("change.doubted")) }
        let gapReason = reasons.first ?? words("change.unproven")
        self.init(state: state)
        if !isProven {
            self.reasons = reasons
            self.gaps = gaps.map { Gap(from: $0.from?.rfc3339, to: $0.to?.rfc3339, reason: gapReason) }
        }
        (from, to) = (facts.provenSpan?.from?.rfc3339, facts.provenSpan?.to?.rfc3339)
        (received, total, duplicates) = (pull?.received, pull?.totalAtEnd, pull?.duplicates)
        undated = facts.undated.count
        undatedPossible = [facts.undated, facts.implausible].reduce(0) {
            $0 + $1.possible(in: facts.period.range).count
        }
        unreadable = facts.unreadable
        damage = facts.damage.map(words.ledger)
        replacedCharacters = reading.summary.replacedCharacters
        if let pull, pull.mode == .full, let total = pull.totalAtEnd, pull.complete != true {
            let missing = total &- (pull.received &- pull.duplicates)
            self.missing = (1...max(1, total)).contains(missing) ? missing : nil
        }
        readAt = pull?.at
        goesOnFrom = facts.goesOnFrom?.rfc3339
        madeAt = isProven ? facts.madeInPeriod?.rfc3339 : nil
        isRestored = facts.lostPins != nil
        losses = facts.givenUp.map { Loss(entries: $0.entries, by: $0.by, at: $0.at, reason: $0.reason) }
    }
}
