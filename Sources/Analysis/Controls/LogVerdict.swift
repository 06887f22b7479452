import Evidence

extension Control {
    /// The verdict on a log in which nothing was found: a pass only where the ledger proves that nothing can be missing.
    ///
    /// - Parameters:
    ///   - facts: What is known.
    ///   - subject: What the finding is about.
    ///   - passing: The sentence for a pass.
    ///   - gaps: The spans that are not proven.
    /// - Returns: One finding.
    func nothingFound(
        _ facts: JudgedFacts,
        about subject: NamedSubject = .auditLog,
        passing: String,
        gaps: [InstantRange]
    ) -> [Finding] {
        let words = facts.words
        let undated = facts.undatedWords(in: facts.period.range)
        let unmatched = facts.log?.unmatched[id] ?? WatchedLog.Unmatched()
        let unmatchedWords = told(unmatched, words)
        func unproven(_ why: String, _ remedy: String? = nil) -> [Finding] {
            let sentences = [why] + ([undated].compactMap { $0 } + unmatchedWords).map(words.sentence)
            return [
                asking(remedy).finding(
                    .notProven,
                    about: subject,
                    in: words,
                    sentences.joined(separator: " "),
                    eventIDs: unmatched.eventIDs
                )
            ]
        }
        guard facts.log != nil else { return unproven(words("finding.nothing_unread")) }
        guard facts.isComplete != nil else {
            return unproven(words("finding.nothing_imported"), words("remedy.imported"))
        }
        if !facts.damage.isEmpty { return unproven(words("finding.nothing_damaged"), words("remedy.damaged")) }
        guard facts.isComplete == true else { return unproven(words("finding.nothing_incomplete")) }
        guard gaps.isEmpty else { return unproven(words("finding.nothing_gap", words.spans(gaps))) }
        guard undated == nil else { return unproven(words("finding.nothing_undated"), words("remedy.undated")) }
        guard unmatchedWords.isEmpty else {
            return unproven(words("finding.nothing_unmatched"), words("remedy.unmatched"))
        }
        return [finding(.pass, about: subject, in: words, passing)]
    }

    /// What is to be said of events that the control would have judged, had they named somebody or something.
    private func told(_ unmatched: WatchedLog.Unmatched, _ words: Words) -> [String] {
        var told: [String] = []
        if unmatched.byNobody > 0 {
            told.append(words("finding.unmatched_nobody", ["count": .number(unmatched.byNobody)]))
        }
        if !unmatched.eventIDs.isEmpty {
            let count = ["count": Words.Argument.number(unmatched.eventIDs.count)]
            told.append(
                id == "NEW-IP" ? words("finding.unmatched_address", count) : words("finding.unmatched_member", count)
            )
        }
        return told
    }

    /// One finding a flag, or the verdict on nothing found; sentences are made when they are asked for.
    func findings(
        _ flags: [WatchedLog.Flag],
        _ facts: JudgedFacts,
        passing: String,
        detail: @escaping @Sendable (WatchedLog.Flag) -> String,
        short: @escaping @Sendable (WatchedLog.Flag) -> String?
    ) -> [Finding] {
        guard !flags.isEmpty else { return nothingFound(facts, passing: passing, gaps: facts.gaps) }
        let told = Telling.Sentences(detail: { detail(flags[$0]) }, short: { short(flags[$0]) })
        let nobody = facts.words.actor("")
        return flags.indices.map { place in
            finding(
                .fail,
                subject: flags[place].subject.isEmpty ? nobody : flags[place].subject,
                key: flags[place].key,
                .made(told, Int32(clamping: place)),
                eventIDs: flags[place].eventIDs
            )
        }
    }
}

extension JudgedFacts {
    /// The parts of a span of the log that no pull proves, so that an event which would clear somebody may be missing.
    ///
    /// Where nothing at all is proven there are none: the report says then of the whole log that nobody knows.
    func unproven(from: Instant?, to: Instant?) -> [InstantRange] {
        guard provenSpan != nil else { return [] }
        let span = InstantRange(from: from, to: to)
        return historyGaps.filter { $0.overlaps(span) }.map { gap in
            InstantRange(
                from: from.map { max($0, gap.from ?? $0) } ?? gap.from,
                to: to.map { min($0, gap.to ?? $0) } ?? gap.to
            )
        }
    }
}

extension Control {
    /// What is to be said of removed members who match nobody; nothing where there are none.
    func unmatchedRemovals(_ facts: JudgedFacts, _ detail: ([String: Words.Argument]) -> String) -> [Finding] {
        guard let removals = facts.log?.unmatchedRemovals, !removals.isEmpty else { return [] }
        let words = facts.words
        let names = removals.prefix(3).map { $0.subject.isEmpty ? words("subject.no_member") : $0.subject }
        let count = Words.Argument.number(removals.count)
        return [
            asking(words("remedy.members")).finding(
                .notProven,
                about: .removedMembers,
                in: words,
                detail(["count": count, "names": .text(words.some(names, of: removals.count))]),
                short: words("finding.members_short", ["count": count]),
                eventIDs: removals.flatMap(\.eventIDs)
            )
        ]
    }
}
