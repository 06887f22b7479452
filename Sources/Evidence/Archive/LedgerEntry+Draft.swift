extension LedgerEntry {
    /// An entry before its sums are known.
    init(kind: Kind, at now: Instant) { self.init(Told(kind: kind, at: now)) }
}

extension LedgerEntry.Told {
    init(kind: LedgerEntry.Kind, at now: Instant) {
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
            format: LedgerEntry.newestFormat,
            acknowledged: nil,
            clock: nil,
            oldestServed: nil,
            refusedPage: nil,
            unreadableFiles: nil
        )
    }
}

extension LedgerEntry.Anomaly {
    /// Something odd about an event.
    init(kind: String, _ event: EventIdentity, variant: String? = nil) {
        self.init(kind: kind, event: event.shown, identity: event.suffix, variant: variant)
    }

    /// The event concerned; nil for a count.
    var identified: EventIdentity? { event.map { EventIdentity(event: $0, suffix: identity) } }
}

extension LedgerEntry.Superseded {
    /// Names the content of an event in a segment.
    init(_ event: EventIdentity, file: String) {
        self.init(event: event.shown, identity: event.suffix, file: file)
    }

    /// The event concerned.
    var identified: EventIdentity { EventIdentity(event: event, suffix: identity) }
}
