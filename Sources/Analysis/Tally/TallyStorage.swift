import Evidence

/// What the tables of one report share: texts, times, and counts by number. Never changed once it is made.
final class TallyStorage: @unchecked Sendable {
    // Sendable: every stored property is a `let` that is written in `init` only, the arenas inside included (they are
    // noncopyable and expose no mutation through a `let`), so that threads can only read it.
    let actions: Interner
    let actors: Interner
    let resources: Interner
    let labels: Interner
    let times: TimeList
    let emails: [UInt32]
    let names: [UInt32]
    let addressCounts: [UInt32]
    let triples: [TripleTable.Triple]

    init(
        actions: consuming Interner,
        actors: consuming Interner,
        resources: consuming Interner,
        labels: consuming Interner,
        times: consuming TimeList,
        emails: [UInt32],
        names: [UInt32],
        addressCounts: [UInt32],
        triples: [TripleTable.Triple]
    ) {
        self.actions = actions
        self.actors = actors
        self.resources = resources
        self.labels = labels
        self.times = times
        self.emails = emails
        self.names = names
        self.addressCounts = addressCounts
        self.triples = triples
    }

    func actorID(_ number: UInt32) -> TextView { actors.text(Int(number)) }

    func actorEmail(_ number: UInt32) -> TextView { label(emails[Int(number)]) }

    func resourceType(_ number: UInt32) -> TextView { resources.text(Int(number)) }

    func resourceID(_ number: UInt32) -> TextView { resources.text(Int(number), part: 1) }

    func resourceName(_ number: UInt32) -> TextView { label(names[Int(number)]) }

    func action(_ number: UInt32) -> TextView { actions.text(Int(number)) }

    func hasActor(_ number: UInt32) -> Bool {
        !actors.text(Int(number)).isEmpty || !actors.text(Int(number), part: 1).isEmpty
    }

    func hasResource(_ number: UInt32) -> Bool {
        (0..<3).contains { !resources.text(Int(number), part: $0).isEmpty }
    }

    func hasAction(_ number: UInt32) -> Bool { !actions.text(Int(number)).isEmpty }

    private func label(_ place: UInt32) -> TextView { place == 0 ? .missing : labels.text(Int(place - 1)) }
}
