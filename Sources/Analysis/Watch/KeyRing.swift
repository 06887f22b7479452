import Evidence

/// The API keys that were created and not revoked.
///
/// A key is its id; where the event gives none, its name, and that is never the same as an id. A key that is created again
/// under one id is another one until it is revoked: of each creator the first counts. A revocation that does not say which
/// of several keys it is about closes none, and leaves all of them in doubt. Nothing of a key becomes a string before it is
/// known to be open at the end.
struct KeyRing: ~Copyable {
    struct Key {
        /// Where the name begins among the texts, and behind it the event's id.
        var start: Int
        var name: UInt32
        var event: UInt32
        var actor: UInt32
        var mail: UInt32
        /// nil for an event without a usable time.
        var createdAt: Instant?
        /// How many events came before it, and itself.
        var place: Int
        /// The removal behind which its creator stood.
        var away: Int32
        /// One that may be theirs, behind which they stood then.
        var perhaps: Membership.Perhaps
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
    }

    /// What is open under one id.
    struct Open {
        var first: Key?
        /// By other creators, or without a time.
        var others: [Key] = []
        /// Where the latest of these that has a time stands, by its creator: thousands can make one key.
        fileprivate var latest: [UInt32: Int] = [:]
        /// Where the first one that has a time stands.
        fileprivate var firstDated = 0
        /// Where the texts of the first stand and how long they may be, so that those of a later one stand there, too.
        fileprivate var start = 0
        fileprivate var room = 0

        var isEmpty: Bool { first == nil && others.isEmpty }
        var all: [Key] { [first].compactMap { $0 } + others }
    }

    /// What keys are known by, and by their numbers what is open.
    private(set) var ids = Interner()
    private var numbersOfResources = NumberMap()
    private(set) var open: [Open] = []
    /// Keys with neither id nor name, of each creator the first one, and those without a time.
    private(set) var unidentified: [Key] = []
    private var creatorsOfUnidentified: Set<UInt32> = []
    private var revocations = LooseRevocations()
    private(set) var texts = ByteArena()

    init() {}

    /// Asks for the memory of what is known of a resource as a key: first for where it stands, later for what is open.
    func prefetch(_ resource: UInt32, isLater: Bool) {
        guard isLater else { return numbersOfResources.prefetch(resource) }
        if let number = numbersOfResources[resource] { open.prefetch(number) }
    }

    /// A key was created by the actor and e-mail of these numbers, who stands behind the removal `away`.
    ///
    /// `resource`: its own number, if resources are numbered. `row`: the event's place in events.csv, or 0.
    mutating func create(
        _ event: EventView,
        resource: UInt32?,
        by creator: (actor: UInt32, mail: UInt32, away: Int32, perhaps: Membership.Perhaps),
        at place: Int,
        row: Int
    ) {
        var key = Key(
            start: 0,
            name: UInt32(event.resourceName.count),
            event: UInt32(event.id.count),
            actor: creator.actor,
            mail: creator.mail,
            createdAt: event.isUndated ? nil : event.instant,
            place: place,
            away: creator.away,
            perhaps: creator.perhaps,
            row: row
        )
        guard let number = number(of: event, resource) else {
            guard event.isUndated || creatorsOfUnidentified.insert(creator.actor).inserted else { return }
            keep(event, &key)
            return unidentified.append(key)
        }
        note(event, number)
        guard !event.isUndated, open[number].first == nil else {
            guard event.isUndated || isFirst(key, number) else { return }
            keep(event, &key)
            return add(key, number)
        }
        key.start = keepInPlace(number, event)
        open[number].first = key
    }

    private mutating func add(_ key: Key, _ number: Int) {
        if key.createdAt != nil {
            let place = open[number].others.count
            if open[number].latest.isEmpty { open[number].firstDated = place }
            open[number].latest[key.actor] = place
        }
        open[number].others.append(key)
    }

    /// Whether the creator has no other key open under this number, but for those that may have been revoked.
    ///
    /// Of their others the latest alone has to be asked: the ones before may have been revoked, or it would not be kept.
    private func isFirst(_ key: Key, _ number: Int) -> Bool {
        let latest = open[number].latest[key.actor].map { open[number].others[$0] }
        let own = [open[number].first.flatMap { $0.actor == key.actor ? $0 : nil }, latest].compactMap { $0 }
        return own.allSatisfy { revocation(of: $0, number) != nil }
    }

    private mutating func keepInPlace(_ number: Int, _ event: EventView) -> Int {
        let count = event.resourceName.count + event.id.count
        if open[number].room < count {
            (open[number].start, open[number].room) = (texts.count, count)
            keep(event.resourceName)
            keep(event.id)
        } else {
            texts.replace(open[number].start, event.resourceName.bytes)
            texts.replace(open[number].start + event.resourceName.count, event.id.bytes)
        }
        return open[number].start
    }

    private mutating func keep(_ event: EventView, _ key: inout Key) {
        key.start = texts.count
        keep(event.resourceName)
        keep(event.id)
    }

    /// Notes by which names keys can be revoked; until the first key is known by name alone nobody asks.
    private mutating func note(_ event: EventView, _ number: Int) {
        if event.resourceID.isEmpty {
            if !revocations.hasNamedKeys {
                revocations.hasNamedKeys = true
                for number in open.indices where !ids.text(number).isEmpty {
                    for key in open[number].all {
                        let name = texts.view(key.start, Int(key.name))
                        revocations.add(name: name, ofKey: number, isUndated: key.createdAt == nil)
                    }
                }
            }
            if !event.isUndated { revocations.created(named: number) }
        } else if revocations.hasNamedKeys {
            revocations.add(name: event.resourceName, ofKey: number, isUndated: event.isUndated)
        }
    }

    /// A key was revoked: what was created before is closed, but for what has no time.
    mutating func revoke(_ event: EventView, resource: UInt32?, at place: Int) {
        guard let number = number(of: event, resource) else { return revocations.addOfNothing(event, at: place) }
        if event.resourceID.isEmpty {
            if revocations.revoke(named: number, event, at: place) { close(number) }
        } else if event.isUndated {
            revocations.addUndated(ofKey: number, event)
        } else {
            if revocations.hasNamedKeys {
                if open[number].room == 0, open[number].others.isEmpty { revocations.addOfUnknownID(event, at: place) }
                revocations.forgetNames(ofKey: number)
            }
            close(number)
        }
    }

    private mutating func close(_ number: Int) {
        open[number].first = nil
        guard !open[number].latest.isEmpty else { return }
        let dated = open[number].firstDated...
        let undated = open[number].others[dated].filter { $0.createdAt == nil }
        open[number].others.replaceSubrange(dated, with: undated)
        open[number].latest = [:]
    }

    /// An event that may have revoked a key.
    func revocation(of key: Key, _ number: Int) -> WatchedLog.Revocation? {
        guard !revocations.isEmpty else { return nil }
        let name = texts.view(key.start, Int(key.name))
        return revocations.perhaps(ofKey: number, hasID: !ids.text(number).isEmpty, name: name, createdAt: key.place)
    }

    /// The number of a key, looked up unless the resource was met before; nil where the event gives neither id nor name.
    private mutating func number(of event: EventView, _ resource: UInt32?) -> Int? {
        guard !(event.resourceID.isEmpty && event.resourceName.isEmpty) else { return nil }
        guard let resource else { return number(of: event) }
        if let number = numbersOfResources[resource] { return number }
        let number = number(of: event)
        numbersOfResources[resource] = number
        return number
    }

    private mutating func number(of event: EventView) -> Int {
        let key =
            event.resourceID.isEmpty
            ? Interner.Key(first: .missing, second: event.resourceNameKey) : Interner.Key(first: event.resourceIDKey)
        let number = Int(ids.intern(key))
        if number == open.count { open.append(Open()) }
        return number
    }

    private mutating func keep(_ text: TextView) { _ = texts.append(text.bytes) }
}
