/// What counts an action of an actor to a resource, once or several times.
protocol CountedTriple {
    /// The actor's number.
    var actor: UInt32 { get }
    /// The resource's number, or its place once it is put in order.
    var resource: UInt32 { get set }
    /// The action's number.
    var action: UInt32 { get }

    /// As a row of a table; `sums` are those of all kept events.
    func triple(_ sums: [KeptEvent.Sum]) -> TripleTable.Triple
}

/// An event as it is kept to be counted later, in 16 bytes; or several of one triple, whose count stands elsewhere.
struct KeptEvent: CountedTriple {
    let actor: UInt32
    var resource: UInt32
    /// The action's number, and whether these are several.
    private let actionAndKind: UInt32
    /// The event's place in the list of times; of several their place among the sums.
    private let time: UInt32

    /// How many events of one triple there are, and the places of the first and the last in the list of times.
    struct Sum {
        var count: UInt32
        var first: UInt32
        var last: UInt32
    }

    private static let isSum: UInt32 = 1 << 31

    var action: UInt32 { actionAndKind & ~Self.isSum }

    /// Keeps one event, or several, of a triple.
    @inline(__always)
    init(_ triple: TripleTable.Triple, _ sums: inout [Sum]) {
        actor = triple.actor
        resource = triple.resource
        if triple.count == 1 {
            actionAndKind = triple.action
            time = triple.first
        } else {
            actionAndKind = triple.action | Self.isSum
            time = UInt32(sums.count)
            sums.append(Sum(count: triple.count, first: triple.first, last: triple.last))
        }
    }

    @inline(__always)
    func triple(_ sums: [Sum]) -> TripleTable.Triple {
        var triple = TripleTable.Triple(actor: actor, resource: resource, action: action, count: 1)
        (triple.first, triple.last) = (time, time)
        if actionAndKind & Self.isSum != 0 {
            let sum = sums[Int(time)]
            (triple.count, triple.first, triple.last) = (sum.count, sum.first, sum.last)
        }
        return triple
    }
}
