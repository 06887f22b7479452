import Evidence

/// What the tables of one report share: texts by number, and times.
///
/// Never changed once it is made.
final class TallyStorage: Sendable {
    private let actions: Interner
    private let actors: ActorTexts
    /// Resources are told by their places here.
    private let resources: ResourceTexts
    let times: TimeList

    init(texts: consuming EventNumbering.Texts, times: consuming TimeList) {
        actions = texts.actions
        actors = texts.actors
        resources = ResourceTexts(texts.resources, names: texts.names)
        self.times = times.finished()
    }

    func actorID(_ number: UInt32) -> TextView { actors.id(number) }

    func actorEmail(_ number: UInt32) -> TextView { actors.latestEmail(of: number) }

    @inline(__always)
    func resource(_ place: UInt32) -> (type: TextView, id: TextView, name: TextView) { resources.texts(place) }

    func action(_ number: UInt32) -> TextView { actions.text(Int(number)) }

    /// The numbers of the keys whose texts are all missing; nil where every event has some.
    var nobody: UInt32? { actors.nobody }
    var nothing: UInt32? { resources.nothing }
    var noAction: UInt32? { actions.find(Interner.Key(first: .missing)) }

    /// By number, the place among all in the byte order of their keys.
    var ranks: (actions: [UInt32], actors: [UInt32], resources: [UInt32]) {
        (Self.ranks(actions.sortedNumbers()), Self.ranks(actors.sortedNumbers()), resources.ranks)
    }

    private static func ranks(_ sorted: [UInt32]) -> [UInt32] {
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
        return ranks
    }

    /// Asks for the memory of the texts and times of rows that are printed next.
    func prefetch(_ rows: ArraySlice<TripleTable.Triple>) {
        for row in rows {
            resources.prefetchEntry(row.resource)
            times.prefetch(row.first, row.last)
        }
        for row in rows { resources.prefetchTexts(row.resource) }
    }
}

/// Who acted, by number; never changed once it is made.
final class ActorTexts: Sendable {
    private let actors: Interner
    private let emails: LabelColumn

    init(_ actors: consuming Interner, emails: consuming LabelColumn) {
        self.actors = actors
        self.emails = emails
    }

    func id(_ actor: UInt32) -> TextView { actors.text(Int(actor)) }

    /// The e-mail by which an actor without an id is known.
    func mailOnly(_ actor: UInt32) -> TextView { actors.text(Int(actor), part: 1) }

    /// What tells an actor from all others, an id from an e-mail included.
    func key(_ actor: UInt32) -> String { textTold { key(actor, $0) } }

    /// Tells the same to who forgets it.
    func key(_ actor: UInt32, _ tell: (TextView) -> Void) {
        let id = actors.given(Int(actor))
        guard id.isEmpty else { return SubjectKey.id(id, tell) }
        withTextView(of: SubjectKey.of("mail", actors.given(Int(actor), part: 1)), tell)
    }

    /// An e-mail by its own number.
    func email(_ number: UInt32) -> TextView { emails.label(Int(number)) }

    func latestEmail(of actor: UInt32) -> TextView { emails.text(of: actor) }

    /// The number of the actor without any text; nil where every event has one.
    var nobody: UInt32? { actors.find(Interner.Key(first: .missing)) }

    func sortedNumbers() -> [UInt32] { actors.sortedNumbers() }
}
