import Evidence

/// Revocations of API keys that do not say by id, at a known time, which key they are about.
struct LooseRevocations: ~Copyable {
    private struct Loose {
        /// How many events came before it, and itself; beyond all where it has no usable time.
        var place: Int
        var event: String
        var isUndated: Bool

        init(_ event: EventView, _ place: Int) {
            self.place = event.isUndated ? .max : place
            self.event = event.id.string
            isUndated = event.isUndated
        }
    }

    /// The keys of one name that have no id.
    private struct Named {
        var created = 0
        var revoked = 0
    }

    private(set) var isEmpty = true
    /// Whether a key without an id was created, so that names matter.
    var hasNamedKeys = false
    /// Of keys without an id, by number.
    private var named: [Int: Named] = [:]
    /// Names, and by their numbers how many keys with an id are open that have it.
    private var names = Interner()
    private var ofIDs: [Int] = []
    /// Those that keys with a time were made by, by the numbers of the keys.
    private var namesOfKeys: [Int: [UInt32]] = [:]
    /// The latest that gives a name alone, and may be of any key that has it.
    private var byName: [UInt32: Loose] = [:]
    /// The latest that gives a name and an id which was never created.
    private var ofUnknownID: [UInt32: Loose] = [:]
    /// The same without a name.
    private var ofUnknownIDAlone: Loose?
    /// The latest with a name that no key has which is known by name alone.
    private var ofUnknownName: Loose?
    /// The latest with neither id nor name.
    private var ofNothing: Loose?
    /// By the number of a key with an id: one without a time that gives it.
    private var undated: [Int: Loose] = [:]

    init() {}

    // MARK: Keys

    mutating func created(named number: Int) { named[number, default: Named()].created += 1 }

    /// `isUndated`: of a key that no revocation closes.
    mutating func add(name: TextView, ofKey number: Int, isUndated: Bool) {
        let name = names.intern(name)
        while ofIDs.count <= Int(name) { ofIDs.append(0) }
        ofIDs[Int(name)] += 1
        if !isUndated { namesOfKeys[number, default: []].append(name) }
    }

    mutating func forgetNames(ofKey number: Int) {
        for name in namesOfKeys.removeValue(forKey: number) ?? [] { ofIDs[Int(name)] -= 1 }
    }

    // MARK: Revocations

    mutating func addOfNothing(_ event: EventView, at place: Int) {
        isEmpty = false
        Self.keep(event, place, &ofNothing)
    }

    mutating func addUndated(ofKey number: Int, _ event: EventView) {
        undated[number] = Loose(event, 0)
        addOfUnknownID(event, at: 0)
    }

    /// One by an id that was never created: that of a key that was known by name alone, maybe.
    mutating func addOfUnknownID(_ event: EventView, at place: Int) {
        isEmpty = false
        if event.resourceName.isEmpty {
            Self.keep(event, place, &ofUnknownIDAlone)
        } else {
            Self.keep(event, place, &ofUnknownID[names.intern(event.resourceName)])
        }
    }

    /// One by a name alone.
    ///
    /// - Returns: Whether it closes all keys without an id of that name, for as many were revoked as were created, and no
    ///   key with an id has the name.
    mutating func revoke(named number: Int, _ event: EventView, at place: Int) -> Bool {
        let name = names.intern(event.resourceName)
        if !event.isUndated, let keys = named[number], Int(name) >= ofIDs.count || ofIDs[Int(name)] == 0 {
            if keys.revoked + 1 >= keys.created {
                named[number] = nil
                return true
            }
            named[number]?.revoked += 1
        } else if named[number] == nil {
            Self.keep(event, place, &ofUnknownName)
        }
        isEmpty = false
        Self.keep(event, place, &byName[name])
        return false
    }

    private static func keep(_ event: EventView, _ place: Int, _ latest: inout Loose?) {
        if latest?.isUndated != true { latest = Loose(event, place) }
    }

    // MARK: At the end

    /// The event that may have revoked a key which was created at a place.
    func perhaps(ofKey key: Int, hasID: Bool, name: TextView, createdAt place: Int) -> WatchedLog.Revocation? {
        let number = name.isEmpty ? nil : names.find(Interner.Key(first: name))
        let byThisName = number.flatMap { byName[$0] }
        let all =
            hasID
            ? [undated[key], name.isEmpty ? ofUnknownName : nil, byThisName, ofNothing]
            : [byThisName, number.flatMap { ofUnknownID[$0] }, ofUnknownIDAlone, ofNothing]
        return all.compactMap { $0 }.first { $0.place > place }
            .map { WatchedLog.Revocation(event: $0.event, isUndated: $0.isUndated) }
    }
}
