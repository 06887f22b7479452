import Analysis
import Evidence
import Publishing
import Reporting

/// What was judged of an archive: the facts, and the verdicts over them.
struct Judgement: Sendable {
    var facts: JudgedFacts
    /// The verdicts, in the order of findings.csv.
    var findings: [Finding]
    /// The answers of a review that count for nothing.
    var refused: [RefusedAnswer]
    /// What the damage is, down to the bytes that were read; empty without any.
    ///
    /// No report of one damage stands in for another.
    var damageDigest: String
    /// The head that a bundle of damaged evidence pins.
    var supported: LedgerHead

    /// Judges.
    ///
    /// - Parameters:
    ///   - evidence: The archive, examined.
    ///   - reading: What was read of it.
    ///   - period: What the report is about.
    ///   - zone: Where its days begin.
    ///   - policy: What the operator decides about the controls.
    ///   - words: What verdicts are said in.
    ///   - now: What the clock says: whether the period has ended rests on it.
    /// - Returns: Facts and verdicts.
    /// - Throws: `EvidenceError` for a segment that can't be read any more, where events have to be looked up for a review.
    static func of(
        _ evidence: ExaminedEvidence,
        _ reading: ArchiveReading,
        period: ReportingPeriod,
        zone: CalendarZone = .utc,
        policy: ControlPolicy,
        words: Words,
        now: Instant
    ) throws -> Judgement {
        let archive = evidence.archive
        var facts = JudgedFacts(archive: archive, reading: reading, period: period, policy: policy)
        (facts.words, facts.zone) = (words, zone)
        // An organization that is not made yet has no log that begins with it.
        facts.organizationCreated = evidence.organization.value("created_at").flatMap(Instant.init(rfc3339:))
            .flatMap { created in facts.asOf.map { created <= $0 } == false ? nil : created }
        if let created = facts.organizationCreated, let begin = facts.provenSpan?.from {
            facts.isProvenFromCreation = begin <= created && !archive.hasSeenExpiry
        }
        facts.periodHasEnded = period.hasEnded(at: now) || reading.times.latest.map(period.hasEnded) == true
        facts.lostPins = evidence.restoration
        for fault in evidence.pinned.faults { facts.unknownPins[fault.kind.rawValue, default: 0] += 1 }
        facts.givenUp = archive.entriesGivenUp
        facts.reviewed = try ReviewEvents.answered(by: policy.review, reading.source)
        let judged = Verdicts.judged(facts)
        return Judgement(
            facts: facts,
            findings: judged.findings,
            refused: judged.refused,
            damageDigest: facts.damage.isEmpty ? "" : digest(of: reading, in: archive),
            supported: archive.supportedHead(evidence.pinned.pins)
        )
    }

    /// What was read of a damaged archive, whose head does not stand for it.
    private static func digest(of reading: ArchiveReading, in archive: Archive) -> String {
        let segments = reading.summary.segments.map { "\($0.reference.file) \($0.sha256)" }
        return Digest.sha256((reading.damage + segments + archive.ledger.digests).joined(separator: "\n").utf8)
    }
}

extension JudgedFacts {
    /// Gathers what controls look at, of an archive and what was read of it.
    fileprivate init(archive: Archive, reading: ArchiveReading, period: ReportingPeriod, policy: ControlPolicy) {
        let pull = archive.lastPull
        // What a wrong clock proves reaches nobody knows how far.
        let times = reading.times.times
        let pulled = archive.entries.lastIndex { $0.kind == .pull }.map { times[$0] }
        self.init(period: period)
        readings = reading.snapshots.readings
        isComplete = pull.map { $0.complete == true }
        incompleteBecause = pull?.incompleteBecause ?? []
        proven = pulled?.isContradicted == true ? nil : pull?.provenSpan
        doubtedPull = pulled.flatMap { $0.isContradicted ? $0.at : nil }
        anomalies = archive.anomalies
        damage = reading.damage
        segmentsChecked = reading.segmentsChecked
        self.entries = archive.entries.count
        self.policy = policy
        asOf = reading.times.latest
        pulledAt = pulled?.at
        runs = archive.pulls.filter { !times[$0].isContradicted }.map { times[$0].at }
        doubtedRuns = reading.times.doubted { archive.entries[$0].kind == .pull }
        log = reading.watched
        access = reading.access.lists.isEmpty ? nil : reading.access.lists
        undated = reading.undated
        implausible = reading.implausible
        unreadable = archive.unreadableCount
        owner = reading.snapshots.owner
        owners = OwnersInTime(reading.snapshots.owners)
        drift = reading.snapshots.drift(reading.watched.settingsEvents)
        driftAround = reading.snapshots.driftAround(reading.watched.settingsEvents)
    }
}

extension Archive {
    /// What its entries tell that is odd.
    var anomalies: [JudgedFacts.Anomaly] {
        rare { entry in
            entry.anomalies.map {
                JudgedFacts.Anomaly(kind: $0.kind, event: $0.event, identity: $0.identity, entry: entry.entry)
            }
        }
    }
}
