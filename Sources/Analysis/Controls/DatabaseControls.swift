import Evidence

/// Controls over the deletion of databases.
enum DatabaseControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "DB-DELETE": deletions,
        "DB-BURST": bursts,
    ]

    static func deletions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (events, words) = (facts.log?.deletions ?? [], facts.words)
        guard !events.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.deletions_none"), gaps: facts.gaps)
        }
        let detail = words(
            "finding.deletions",
            ["count": .number(events.count), "when": .text(words.during(facts.log?.deletionSpan))]
        )
        return [control.finding(.manual, about: .auditLog, in: words, detail, eventIDs: events)]
    }

    static func bursts(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (size, words) = (facts.policy.threshold(control), facts.words)
        let bursts = facts.log?.bursts ?? []
        guard !bursts.isEmpty else {
            return control.nothingFound(
                facts,
                passing: words("finding.bursts_none", ["limit": .number(size)]),
                gaps: facts.gaps
            )
        }
        // An actor is judged once, whatever the number of their bursts, and by what is certain where something is.
        let actors = Dictionary(grouping: bursts) { ExactText($0.key) }.values.map { bursts in
            let certain = bursts.filter { !$0.isDoubtful }
            return certain.isEmpty ? bursts : certain
        }
        let told = Telling.Sentences(detail: { detail(actors[$0], size, words) }, short: { short(actors[$0], words) })
        let unmatched = control.asking(words("remedy.unmatched"))
        return actors.indices.map { place in
            let bursts = actors[place]
            let isDoubtful = bursts.first?.isDoubtful == true
            return (isDoubtful ? unmatched : control).finding(
                isDoubtful ? .notProven : .fail,
                subject: bursts.first?.actor ?? "",
                key: bursts.first?.key,
                .made(told, Int32(clamping: place)),
                eventIDs: bursts.flatMap(\.eventIDs)
            )
        }
    }

    private static let told = 5

    /// The first bursts of an actor, a sentence each.
    private static func detail(_ bursts: [WatchedLog.Burst], _ size: Int, _ words: Words) -> String {
        var sentences = bursts.prefix(told).map { sentence($0, size, words) }
        if bursts.count > told {
            sentences.append(words("finding.bursts_more", ["count": .number(bursts.count - told)]))
        }
        return sentences.joined(separator: " ")
    }

    private static func sentence(_ burst: WatchedLog.Burst, _ size: Int, _ words: Words) -> String {
        let places: [String: Words.Argument] = [
            "actor": .text(words.actor(burst.actor)), "databases": .text(databases(burst, words)),
            "deletions": .text(words.count(burst.eventIDs.count, "deletion")),
            "duration": .text(duration(burst, words)),
            "limit": .number(size),
        ].merging(words.between(burst.from, burst.to)) { $1 }
        if burst.isDoubtful { return words("finding.burst_perhaps", places) }
        return burst.eventIDs.count == burst.databases
            ? words("finding.burst", places) : words("finding.burst_deletions", places)
    }

    /// The burst of most databases.
    private static func short(_ bursts: [WatchedLog.Burst], _ words: Words) -> String? {
        guard let largest = bursts.max(by: { $0.databases < $1.databases }), !largest.isDoubtful else { return nil }
        return words(
            "finding.burst_short",
            [
                "actor": .text(words.name(largest.actor)), "databases": .text(databases(largest, words)),
                "duration": .text(duration(largest, words)),
                "day": .text(words.day(largest.from)),
            ]
        )
    }

    /// Begun minutes count, so that it agrees with the times at which it begins and ends.
    private static func duration(_ burst: WatchedLog.Burst, _ words: Words) -> String {
        let seconds = burst.to.seconds - burst.from.seconds
        return words.duration(seconds: seconds < 120 ? max(1, seconds) : (seconds + 59) / 60 * 60)
    }

    private static func databases(_ burst: WatchedLog.Burst, _ words: Words) -> String {
        burst.mayBeMore ? words.count(burst.databases, "database_least") : words.count(burst.databases, "database")
    }
}
