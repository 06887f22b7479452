extension LedgerEntry {
    /// An entry before its sums are known.
    init(kind: Kind, at now: Instant) {
        self.init(
            entry: 0,
            previous: "",
            at: now.text(fractionDigits: 0),
            tool: "",
            kind: kind,
            mode: nil,
            organization: "",
            complete: nil,
            incompleteBecause: [],
            proven: nil,
            order: nil,
            attempts: 1,
            requests: 0,
            retries: 0,
            pages: 0,
            pageSize: nil,
            passes: nil,
            leftWhileRead: nil,
            totalAtStart: nil,
            totalAtEnd: nil,
            received: 0,
            unique: 0,
            duplicates: 0,
            alreadyArchived: 0,
            new: 0,
            undated: 0,
            segments: [],
            variants: [],
            snapshots: nil,
            anomalies: [],
            superseded: [],
            sources: nil,
            clock: nil,
            oldestServed: nil,
            unreadableFiles: nil
        )
    }
}
