import Evidence

/// What the tables of one report share: texts by number, and times.
///
/// Never changed once it is made.
final class TallyStorage: @unchecked Sendable {
    // Sendable: every stored property is a `let` that is written in `init` only, the arenas inside included (they are
    // noncopyable and expose no mutation through a `let`), so that threads can only read it.
    private let texts: EventNumbering.Texts
    let times: TimeList

    init(texts: consuming EventNumbering.Texts, times: consuming TimeList) {
        self.texts = texts
        self.times = times.finished()
    }

    func actorID(_ number: UInt32) -> TextView { texts.actors.text(Int(number)) }

    func hasActor(withID id: TextView) -> Bool { texts.actors.find(Interner.Key(first: id)) != nil }

    /// An e-mail by its own number.
    func email(_ number: UInt32) -> TextView { texts.emails.label(Int(number)) }

    func actorEmail(_ number: UInt32) -> TextView { texts.emails.text(of: number) }

    func resourceType(_ number: UInt32) -> TextView { texts.resources.text(Int(number)) }

    func resourceID(_ number: UInt32) -> TextView { texts.resources.text(Int(number), part: 1) }

    func resourceName(_ number: UInt32) -> TextView { texts.names.text(of: number) }

    func action(_ number: UInt32) -> TextView { texts.actions.text(Int(number)) }

    /// The numbers of the keys whose texts are all missing; nil where every event has some.
    var nobody: UInt32? { texts.actors.find(Interner.Key(first: .missing)) }
    var nothing: UInt32? { texts.resources.find(Interner.Key(first: .missing)) }
    var noAction: UInt32? { texts.actions.find(Interner.Key(first: .missing)) }

    /// By number, the place among all in the byte order of their keys.
    var ranks: (actions: [UInt32], actors: [UInt32], resources: [UInt32]) {
        (
            Self.ranks(texts.actions.sortedNumbers()), Self.ranks(texts.actors.sortedNumbers()),
            Self.ranks(texts.resources.sortedNumbers())
        )
    }

    private static func ranks(_ sorted: [UInt32]) -> [UInt32] {
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
        return ranks
    }

    /// Asks for the memory of the texts and times of rows that are printed next.
    func prefetch(_ rows: ArraySlice<TripleTable.Triple>) {
        for row in rows {
            texts.resources.prefetchEntry(Int(row.resource))
            texts.names.prefetch(of: row.resource)
            times.prefetch(row.first, row.last)
        }
        for row in rows {
            texts.resources.prefetchText(Int(row.resource))
            texts.names.prefetchEntry(of: row.resource)
        }
        for row in rows { texts.names.prefetchText(of: row.resource) }
    }
}
