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
    func nothingFound(_ facts: JudgedFacts, subject: String, passing: String, gaps: [InstantRange]) -> [Finding] {
        let undated = facts.undatedWords(in: facts.period.range)
        let unmatched = facts.log?.unmatched[id] ?? WatchedLog.Unmatched()
        let unmatchedWords = words(unmatched)
        func unproven(_ why: String) -> [Finding] {
            let more = [undated, unmatchedWords].compactMap { $0 }.map { " \($0)." }.joined()
            return [finding(.notProven, subject: subject, why + more, eventIDs: unmatched.eventIDs)]
        }
        guard facts.log != nil else { return unproven("The log was not looked at.") }
        guard facts.isComplete != nil else {
            return unproven("Nothing was found in the imported events; nothing tells whether they are all.")
        }
        if !facts.damage.isEmpty {
            return unproven("Nothing was found in what can be read of a damaged archive.")
        }
        guard facts.isComplete == true else {
            return unproven("Nothing was found in what is archived; the newest pull is not complete.")
        }
        guard gaps.isEmpty else {
            return unproven("Nothing was found; not proven is \(gaps.map(\.words).joined(separator: "; ")).")
        }
        guard undated == nil else { return unproven("Nothing was found in the events of the period.") }
        guard unmatchedWords == nil else { return unproven("Nothing was found in the events that could be matched.") }
        return [finding(.pass, subject: subject, passing)]
    }

    /// What is to be said of events that the control would have judged, had they named somebody or something; nil for none.
    private func words(_ unmatched: WatchedLog.Unmatched) -> String? {
        var words: [String] = []
        if unmatched.byNobody > 0 {
            words.append("\(counted(unmatched.byNobody, "event")) that concern it name no actor (see ACT-ANON)")
        }
        if !unmatched.eventIDs.isEmpty {
            let why =
                id == "NEW-IP"
                ? "without an address"
                : "about nobody, or somebody of whom nothing is known that the actor is known by, too"
            words.append("\(counted(unmatched.eventIDs.count, "event")) could not be matched: \(why)")
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    /// One finding a flag, or the verdict on nothing found.
    func findings(
        _ flags: [WatchedLog.Flag],
        _ facts: JudgedFacts,
        passing: String,
        detail: (WatchedLog.Flag) -> String
    ) -> [Finding] {
        guard !flags.isEmpty else {
            return nothingFound(facts, subject: "audit log", passing: passing, gaps: facts.gaps)
        }
        return flags.map { finding(.fail, subject: $0.subject, key: $0.key, detail($0), eventIDs: $0.eventIDs) }
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

/// Spans in words, the first ones of many.
func named(_ spans: [InstantRange]) -> String {
    spans.prefix(3).map(\.words).joined(separator: "; ") + (spans.count > 3 ? " and \(spans.count - 3) others" : "")
}

/// A number and its noun: `1 event`, `2 events`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
