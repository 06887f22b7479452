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
        func unproven(_ why: String) -> [Finding] {
            [finding(.notProven, subject: subject, why + (undated.map { " \($0)." } ?? ""))]
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
        return [finding(.pass, subject: subject, passing)]
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

/// A number and its noun: `1 event`, `2 events`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
