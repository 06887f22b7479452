import Evidence

/// Privileged actions by people at addresses that are new to them, or may be; numbers from which texts are made when they
/// are asked for, as there can be millions.
///
/// They stand in the order of what actors are called and of addresses, and what actors are called in the same, so that
/// printing them hardly waits for memory.
final class NewUses: Sendable {
    private struct Use {
        /// Where its event's id stands among the ids.
        var begin: Int
        var count: UInt32
        /// The event's place among those of the period, from 1.
        var row: UInt32
        var at: Instant
        var actor: UInt32
        /// The place among the labels of what the actor is called.
        var label: UInt32 = 0
        var address: UInt32
        var action: UInt32
        var isDoubtful: Bool
    }

    private let uses: [Use]
    private let eventIDs: ByteArena
    private let labels: Labels
    private let addresses: Interner
    private let actions: [String]
    private let actors: ActorTexts
    /// By actor, the second of their first event from an address.
    private let firstUse: [Int64]

    private init(
        _ given: consuming [Use],
        _ eventIDs: consuming ByteArena,
        _ addresses: consuming Interner,
        _ actions: [String],
        _ actors: ActorTexts,
        _ firstUse: [Int64]
    ) {
        var uses = given
        labels = Labels(&uses, actors)
        Self.sort(&uses, addresses)
        (self.uses, self.actions, self.actors, self.firstUse) = (uses, actions, actors, firstUse)
        self.eventIDs = eventIDs
        self.addresses = addresses
    }

    /// By what actors are called, then by address: by numbers, as comparing texts would wait for memory at every step.
    private static func sort(_ uses: inout [Use], _ addresses: borrowing Interner) {
        let sorted = KeyOrder(count: addresses.count, parts: 1) { number, _ in addresses.text(number) }.numbers
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        for (place, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(place) }
        uses.sort { left, right in
            if left.label != right.label { return left.label < right.label }
            if left.address != right.address { return ranks[Int(left.address)] < ranks[Int(right.address)] }
            return left.begin < right.begin
        }
    }

    /// How many there are.
    var count: Int { uses.count }

    /// How findings name the actor.
    func actor(_ place: Int) -> TextView { labels.text(uses[place].label) }

    /// Tells what tells actor and address from all others.
    func key(_ place: Int, _ tell: (TextView) -> Void) {
        actors.key(uses[place].actor, tell)
        withTextView(of: "\u{0}", tell)
        SubjectKey.id(addresses.given(Int(uses[place].address)), tell)
    }

    func address(_ place: Int) -> TextView { addresses.text(Int(uses[place].address)) }

    func action(_ place: Int) -> String { actions[Int(uses[place].action)] }

    func event(_ place: Int) -> TextView { eventIDs.view(uses[place].begin, Int(uses[place].count)) }

    /// The event's place among those of the period, from 1.
    func row(_ place: Int) -> Int { Int(uses[place].row) }

    func at(_ place: Int) -> Instant { uses[place].at }

    /// From the actor's first event to this one, between which another may be missing that would clear them.
    func span(_ place: Int) -> InstantRange {
        let (actor, at) = (Int(uses[place].actor), uses[place].at)
        let since = actor < firstUse.count ? firstUse[actor] : .max
        return InstantRange(from: Instant(seconds: min(since, at.seconds)), to: at)
    }

    /// Whether an event without a usable time may come before, which would clear it.
    func isDoubtful(_ place: Int) -> Bool { uses[place].isDoubtful }

    /// What actors are called, in its order; those who are called alike have one label.
    private struct Labels: ~Copyable, Sendable {
        private var texts = ByteArena()
        private var ends: [Int] = []

        /// Tells each use its label.
        init(_ uses: inout [Use], _ names: ActorTexts) {
            // By actor: the place of their label.
            var places: [UInt32?] = []
            var actors: [UInt32] = []
            for place in uses.indices {
                let actor = uses[place].actor
                while places.count <= Int(actor) { places.append(nil) }
                if places[Int(actor)] == nil { actors.append(actor) }
                places[Int(actor)] = 0
            }
            var above: UInt32?
            let order = KeyOrder(count: actors.count, parts: 2) { names.label(actors[$0], part: $1) }
            for actor in order.numbers.lazy.map({ actors[Int($0)] }) {
                if above.map({ names.areCalledAlike($0, actor) }) != true {
                    names.label(actor) { _ = texts.append($0.bytes) }
                    ends.append(texts.count)
                }
                places[Int(actor)] = UInt32(ends.count - 1)
                above = actor
            }
            for place in uses.indices { uses[place].label = places[Int(uses[place].actor)] ?? 0 }
        }

        func text(_ place: UInt32) -> TextView {
            let begin = place == 0 ? 0 : ends[Int(place) - 1]
            return texts.view(begin, ends[Int(place)] - begin)
        }
    }

    /// Takes them in, in the order in which they happen.
    struct Builder: ~Copyable {
        private var uses: [Use] = []
        private var eventIDs = ByteArena()
        private var addresses = Interner()
        private var actions: [String] = []
        /// The places of actions by their numbers, else ``none``: many events share a few.
        private var placesOfActions: [UInt32] = []
        private static let none = UInt32.max

        init() {}

        /// `row`: the event's place among those of the period, from 1.
        mutating func add(_ event: EventView, _ actor: UInt32, _ action: UInt32, row: Int, isDoubtful: Bool) {
            while placesOfActions.count <= action { placesOfActions.append(Self.none) }
            if placesOfActions[Int(action)] == Self.none {
                placesOfActions[Int(action)] = UInt32(actions.count)
                actions.append(event.action.string)
            }
            uses.append(
                Use(
                    begin: eventIDs.append(event.id.bytes),
                    count: UInt32(event.id.count),
                    row: UInt32(row),
                    at: event.instant,
                    actor: actor,
                    address: addresses.intern(event.ipAddressKey),
                    action: placesOfActions[Int(action)],
                    isDoubtful: isDoubtful
                )
            )
        }

        /// All of them, of which nothing is left here; `firstUse`: by actor, the second of their first event from an address.
        mutating func finish(_ actors: ActorTexts, since firstUse: [Int64]) -> NewUses {
            NewUses(
                exchange(&uses, with: []),
                exchange(&eventIDs, with: ByteArena()),
                exchange(&addresses, with: Interner()),
                actions,
                actors,
                firstUse
            )
        }
    }
}
