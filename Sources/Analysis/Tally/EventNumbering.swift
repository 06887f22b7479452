import Evidence

/// Gives the texts of events small numbers, which the tally counts by and the watch knows actors by.
///
/// Works through a block column by column and a batch at a time, so that the memory of many look-ups is waited for
/// together.
struct EventNumbering: ~Copyable {
    private(set) var actions = Interner()
    /// An actor with an id and one known by e-mail only are never merged.
    private(set) var actors = Interner()
    private var resources = Interner()
    private var addresses = Interner()
    private var uses = PairIndex()
    /// The latest e-mail of each actor, the latest name of each resource.
    private(set) var emails = LabelColumn()
    private(set) var names = LabelColumn()

    /// The numbers of a block's events, by their place in it.
    private(set) var block = Numbers()

    /// A column of numbers for each thing that is numbered.
    struct Numbers {
        var action: [UInt32] = []
        var actor: [UInt32] = []
        var resource: [UInt32] = []
        /// Whether resources were numbered.
        var hasResources = false
        var address: [UInt32] = []
        /// Actor and address together.
        var use: [UInt32] = []
        /// The event's own e-mail, which may not be the actor's latest.
        var email: [UInt32] = []
        /// The resource's name in the event, where resources were numbered.
        var name: [UInt32] = []

        mutating func resize(_ count: Int) {
            guard action.count < count else { return }
            for column in [\Numbers.action, \.actor, \.resource, \.address, \.use, \.email, \.name] {
                self[keyPath: column] = [UInt32](repeating: 0, count: count)
            }
        }
    }

    /// Stands for an e-mail that an event does not have.
    static let missing = HashIndex.none

    init() {}

    /// Numbers the events of a block; `block` has the numbers until the next call.
    ///
    /// Resources are numbered where they are wanted.
    mutating func number(_ events: borrowing EventBlock, resources isWanted: Bool) {
        block.resize(events.count)
        block.hasResources = isWanted
        var start = 0
        while start < events.count {
            let end = min(start + Interner.batch, events.count)
            events.prefetch(end + Interner.batch..<end + 2 * Interner.batch, textsBefore: Interner.batch)
            number(events, start..<end)
            start = end
        }
    }

    private mutating func number(_ events: borrowing EventBlock, _ range: Range<Int>) {
        withUnsafeTemporaryAllocation(of: Interner.Key.self, capacity: Interner.batch) { keys in
            let part = UnsafeMutableBufferPointer(rebasing: keys[..<range.count])
            for index in range { keys[index - range.lowerBound] = Interner.Key(first: events[index].actionKey) }
            actions.intern(part, &block.action, range)
            for index in range { keys[index - range.lowerBound] = Self.actor(events[index]) }
            actors.intern(part, &block.actor, range)
            for index in range { keys[index - range.lowerBound] = Interner.Key(first: events[index].ipAddressKey) }
            addresses.intern(part, &block.address, range)
            uses.number(block.actor[range], block.address[range], into: &block.use)
            for index in range { keys[index - range.lowerBound] = Interner.Key(first: events[index].actorEmailKey) }
            emails.update(part, of: block.actor, range, into: &block.email)
            guard block.hasResources else { return }
            for index in range { keys[index - range.lowerBound] = Self.resource(events[index]) }
            resources.intern(part, &block.resource, range)
            for index in range { keys[index - range.lowerBound] = Interner.Key(first: events[index].resourceNameKey) }
            names.update(part, of: block.resource, range, into: &block.name)
        }
    }

    /// The number of an actor at an address, where an event had both.
    func use(of actor: UInt32, at address: String) -> UInt32? {
        var found: UInt32?
        withTextView(of: address) { found = addresses.find(Interner.Key(first: $0)) }
        return found.flatMap { uses.number(of: actor, $0) }
    }

    @inline(__always)
    private static func actor(_ event: EventView) -> Interner.Key {
        let id = event.actorIDKey
        return id.isEmpty ? Interner.Key(first: .missing, second: event.actorEmailKey) : Interner.Key(first: id)
    }

    /// A resource is known by its type and id, without an id by type and name.
    @inline(__always)
    private static func resource(_ event: EventView) -> Interner.Key {
        let (type, id) = (event.resourceTypeKey, event.resourceIDKey)
        return id.isEmpty
            ? Interner.Key(first: type, second: .missing, third: event.resourceNameKey)
            : Interner.Key(first: type, second: id)
    }

    /// Keys keep their numbers, and have no label until an event of the period names one.
    mutating func forgetLabels() {
        emails.forget()
        names.forget()
    }

    /// Hands over what tables print.
    consuming func finish() -> Texts {
        Texts(
            actions: actions,
            actors: ActorTexts(actors, emails: emails),
            resources: resources,
            names: names
        )
    }

    /// Texts by number.
    struct Texts: ~Copyable {
        let actions: Interner
        let actors: ActorTexts
        let resources: Interner
        let names: LabelColumn
    }
}

/// Lends a part of a column to be filled.
private func fill(_ column: inout [UInt32], _ range: Range<Int>, _ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    column.withUnsafeMutableBufferPointer { column in
        if let start = column.baseAddress { body(start + range.lowerBound) }
    }
}

extension Interner {
    /// Numbers a batch of keys into a part of a column.
    fileprivate mutating func intern(
        _ keys: UnsafeMutableBufferPointer<Key>,
        _ column: inout [UInt32],
        _ range: Range<Int>
    ) {
        fill(&column, range) { intern(keys, $0) }
    }
}

/// The latest label of each key: an actor's e-mail, a resource's name.
struct LabelColumn: ~Copyable {
    private var labels = Interner()
    /// By the key's number: its latest label, plus one.
    private var latest: [UInt32] = []

    init() {}

    /// A label by its own number.
    func label(_ number: Int) -> TextView { labels.text(number) }

    /// No key has a label any more; labels keep their numbers.
    mutating func forget() {
        latest.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    /// A key's label.
    func text(of key: UInt32) -> TextView {
        label(of: key).map { labels.text($0) } ?? .missing
    }

    private func label(of key: UInt32) -> Int? {
        guard Int(key) < latest.count, latest[Int(key)] > 0 else { return nil }
        return Int(latest[Int(key)]) - 1
    }

    /// Takes in the labels of a batch of events with the numbers of their keys; empty ones change nothing.
    ///
    /// `column` gets their numbers, `EventNumbering.missing` for an empty one. Most events repeat the label, and comparing two
    /// texts is cheaper than looking one up.
    mutating func update(
        _ texts: UnsafeMutableBufferPointer<Interner.Key>,
        of keys: [UInt32],
        _ range: Range<Int>,
        into column: inout [UInt32]
    ) {
        for index in range { while latest.count <= Int(keys[index]) { latest.append(0) } }
        for index in range { column[index] = latest[Int(keys[index])] &- 1 }
        fill(&column, range) { labels.keepMatches(texts, $0) }
        for index in range {
            if column[index] == HashIndex.none {
                let text = texts[index - range.lowerBound].first
                guard !text.isEmpty else { continue }
                column[index] = labels.intern(text)
            }
            latest[Int(keys[index])] = column[index] + 1
        }
    }
}
