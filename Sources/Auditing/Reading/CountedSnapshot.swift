import Analysis
import Evidence
import Reporting

/// What a snapshot of the organization counts.
struct CountedSnapshot: Sendable {
    /// When it was served.
    let at: Instant
    /// The counts by the names of their fields.
    let values: [String: Int]
    /// Whether a complete pull read the log since the one before.
    let isProven: Bool

    /// The fields that count something.
    static let fields = ["member_count", "database_count"]

    /// What a snapshot counts, by the names of the fields.
    static func values(of snapshot: SnapshotFields) -> [String: Int] {
        var values: [String: Int] = [:]
        for name in fields {
            switch snapshot[name] {
            case .number(let text), .text(let text): values[name] = Int(text)
            default: break
            }
        }
        return values
    }
}

extension SnapshotChanges {
    /// Where the counts of members and databases changed, or are not what the log leads to expect.
    func countChanges(_ log: WatchedLog, _ facts: JudgedFacts) -> [ReportChange] {
        let isInOrder = zip(counted, counted.dropFirst()).allSatisfy { !($1 < $0) }
        var first = 0
        return zip(counts, counts.dropFirst()).flatMap { old, new -> [ReportChange] in
            // Snapshots in the order of time are passed once; others are looked through for each pair.
            while isInOrder, first < counted.count, counted[first] < old.at { first += 1 }
            var between = MemberAndDatabaseCounts()
            for place in log.counts.indices.dropFirst(first) where place + 1 < self.counted.count {
                if isInOrder, new.at < self.counted[place + 1] { break }
                guard !(self.counted[place] < old.at), !(new.at < self.counted[place + 1]) else { continue }
                between.created += log.counts[place].created
                between.deleted += log.counts[place].deleted
                between.removed += log.counts[place].removed
                between.invited += log.counts[place].invited
            }
            let doubt = {
                Self.doubt(new.isProven, InstantRange(from: old.at, to: new.at.adding(seconds: 1)), facts)
            }
            return CountedSnapshot.fields.compactMap { field in
                guard let before = old.values[field], let after = new.values[field] else { return nil }
                let told =
                    field == "database_count"
                    ? between.databases(before, after, facts.words, doubt)
                    : between.members(before, after, facts.words, doubt)
                guard let told else { return nil }
                return ReportChange(
                    kind: "count",
                    subject: field,
                    before: String(before),
                    after: facts.words("change.count_now", ["after": .text(String(after)), "words": .text(told)]),
                    at: new.at.rfc3339
                )
            }
        }
    }

    /// Why the log may not tell all that came and went between two snapshots; nil for no reason.
    private static func doubt(_ isProven: Bool, _ span: InstantRange, _ facts: JudgedFacts) -> String? {
        if !facts.damage.isEmpty { return facts.words("finding.damaged_evidence") }
        if !isProven { return facts.words("finding.drift_unread") }
        return facts.undatedWords(in: span)
    }
}

extension MemberAndDatabaseCounts {
    /// What the log says of a count of databases; nil where nothing happened and nothing changed.
    fileprivate func databases(_ before: Int, _ after: Int, _ words: Words, _ doubt: () -> String?) -> String? {
        let (expected, isBeyond) = before.addingReportingOverflow(created - deleted)
        guard !isBeyond, after != before || after != expected else { return nil }
        var places: [String: Words.Argument] = [
            "created": .number(created), "deleted": .number(deleted), "expected": .number(expected),
        ]
        if after == expected { return words("change.databases", places) }
        guard let doubt = doubt() else { return words("change.databases_differ", places) }
        places["doubt"] = .text(doubt)
        return words("change.databases_doubt", places)
    }

    /// The same of members, of whom the log does not say when they join.
    fileprivate func members(_ before: Int, _ after: Int, _ words: Words, _ doubt: () -> String?) -> String? {
        let (left, isBeyond) = before.addingReportingOverflow(-removed)
        guard !isBeyond, after != before || removed > 0 else { return nil }
        let (joined, isFar) = after.subtractingReportingOverflow(left)
        var places: [String: Words.Argument] = ["removed": .number(removed), "invited": .number(invited)]
        if let doubt = doubt() {
            places["doubt"] = .text(doubt)
            return words("change.members_doubt", places)
        }
        if isFar || joined < 0 { return words("change.members_more_gone", places) }
        places["joined"] = .number(joined)
        return words("change.members_joined", places)
    }
}
