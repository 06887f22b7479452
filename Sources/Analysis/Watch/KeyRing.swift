import CBytes
import Evidence

/// The API keys that were created and not revoked.
///
/// A key is its id; where the event gives none, its name, and that is never the same as an id. A key that is created again
/// under one id is another one until it is revoked: of each creator the first counts. A revocation that does not say which
/// of several keys it is about closes none, and leaves all of them in doubt. Nothing of a key becomes a string before it is
/// known to be open at the end.
struct KeyRing: ~Copyable {
    private struct Key {
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

    /// What keys are known by, and by their numbers those that are open.
    private var ids = Interner()
    /// By the number of a resource: the number, plus one, of the key that it is; 0 where that is not known yet.
    private var ofResources: [UInt32] = []
    private var open: [Key?] = []
    /// By the number of a key: what else is open under its id, by other creators or without a time.
    private var more: [Int: [Key]] = [:]
    /// Keys with neither id nor name, of each creator the first one, and those without a time.
    private var unidentified: [Key] = []
    private var creatorsOfUnidentified: Set<UInt32> = []
    private var revocations = LooseRevocations()
    /// By the number of a key: where its texts stand and how long they may be, so that those of a later one stand there, too.
    private var places: [(start: Int, count: Int)] = []
    private var texts = ByteArena()

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
        guard !event.isUndated, open[number] == nil else {
            guard event.isUndated || isFirst(key, number) else { return }
            keep(event, &key)
            more[number, default: []].append(key)
            return
        }
        key.start = keepInPlace(number, event)
        open[number] = key
    }

    /// Whether the creator has no other key open under this number, but for those that may have been revoked.
    private func isFirst(_ key: Key, _ number: Int) -> Bool {
        if let other = open[number], isOpen(other, number, by: key.actor) { return false }
        return more[number]?.contains { isOpen($0, number, by: key.actor) } != true
    }

    private func isOpen(_ key: Key, _ number: Int, by actor: UInt32) -> Bool {
        key.actor == actor && key.createdAt != nil && revocation(of: key, number) == nil
    }

    private mutating func keepInPlace(_ number: Int, _ event: EventView) -> Int {
        let count = event.resourceName.count + event.id.count
        if places[number].count < count {
            places[number] = (texts.count, count)
            keep(event.resourceName)
            keep(event.id)
        } else {
            texts.replace(places[number].start, event.resourceName.bytes)
            texts.replace(places[number].start + event.resourceName.count, event.id.bytes)
        }
        return places[number].start
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
                for number in open.indices { noteNames(number) }
            }
            if !event.isUndated { revocations.created(named: number) }
        } else if revocations.hasNamedKeys {
            revocations.add(name: event.resourceName, ofKey: number)
        }
    }

    private mutating func noteNames(_ number: Int) {
        guard !ids.text(number).isEmpty else { return }
        for key in [open[number]].compactMap({ $0 }) + (more[number] ?? []) {
            revocations.add(name: texts.view(key.start, Int(key.name)), ofKey: number)
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
                if places[number].count == 0, more[number] == nil { revocations.addOfUnknownID(event, at: place) }
                close(number)
                revocations.forgetNames(ofKey: number)
                noteNames(number)
            } else {
                close(number)
            }
        }
    }

    private mutating func close(_ number: Int) {
        open[number] = nil
        guard !more.isEmpty, let others = more[number] else { return }
        let undated = others.filter { $0.createdAt == nil }
        more[number] = undated.isEmpty ? nil : undated
    }

    /// An event that may have revoked a key.
    private func revocation(of key: Key, _ number: Int) -> WatchedLog.Revocation? {
        guard !revocations.isEmpty else { return nil }
        let name = texts.view(key.start, Int(key.name))
        return revocations.perhaps(ofKey: number, hasID: !ids.text(number).isEmpty, name: name, createdAt: key.place)
    }

    /// What is looked up for a key that is known by its resource, one after the other.
    enum Lookup {
        case number
        case key
    }

    /// Asks for the memory of a lookup, so that those of many keys are waited for together.
    func prefetch(_ lookup: Lookup, resource: UInt32) {
        guard Int(resource) < ofResources.count else { return }
        switch lookup {
        case .number: ofResources.withUnsafeBufferPointer { heed_prefetch($0.baseAddress.map { $0 + Int(resource) }) }
        case .key:
            let number = Int(ofResources[Int(resource)]) - 1
            guard number >= 0 else { return }
            open.withUnsafeBufferPointer { heed_prefetch($0.baseAddress.map { $0 + number }) }
            places.withUnsafeBufferPointer { heed_prefetch($0.baseAddress.map { $0 + number }) }
        }
    }

    /// The number of a key, looked up unless the resource was met before; nil where the event gives neither id nor name.
    private mutating func number(of event: EventView, _ resource: UInt32?) -> Int? {
        guard !(event.resourceID.isEmpty && event.resourceName.isEmpty) else { return nil }
        guard let resource = resource.map(Int.init) else { return number(of: event) }
        while ofResources.count <= resource { ofResources.append(0) }
        if ofResources[resource] == 0 { ofResources[resource] = UInt32(number(of: event)) + 1 }
        return Int(ofResources[resource]) - 1
    }

    private mutating func number(of event: EventView) -> Int {
        let key =
            event.resourceID.isEmpty
            ? Interner.Key(first: .missing, second: event.resourceNameKey) : Interner.Key(first: event.resourceIDKey)
        let number = Int(ids.intern(key))
        if number == open.count {
            open.append(nil)
            places.append((0, 0))
        }
        return number
    }

    private mutating func keep(_ text: TextView) { _ = texts.append(text.bytes) }

    /// The keys that are open, by id, and whether whoever created them was removed.
    ///
    /// Adds the rows of the events that created them.
    func judge(
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> [WatchedLog.OpenKey] {
        let undated = members.records.removals.indices.filter { members.records.removals[$0].place == 0 }
        let open = self.open.indices.filter { self.open[$0] != nil || more[$0] != nil }
        var found: [(key: Key, number: Int?)] = []
        for place in KeyOrder(count: open.count, { $1 < 2 ? ids.text(open[$0], part: $1) : .missing }).numbers {
            let number = open[Int(place)]
            for key in [self.open[number]].compactMap({ $0 }) + (more[number] ?? []) { found.append((key, number)) }
        }
        for key in unidentified { found.append((key, nil)) }
        var keys: [WatchedLog.OpenKey] = []
        for (key, number) in found {
            var told = told(key, number, actors, &rows)
            if !told.isAnonymous { told.orphan = orphan(key, undated, members, doubts, &rows) }
            keys.append(told)
        }
        return keys
    }

    /// `number`: nil for a key with neither id nor name.
    private func told(_ key: Key, _ number: Int?, _ actors: ActorTexts, _ rows: inout EventRows.Builder)
        -> WatchedLog.OpenKey
    {
        let event = texts.view(key.start + Int(key.name), Int(key.event))
        if key.row > 0 { rows.add(event, key.row) }
        let id = actors.id(key.actor)
        let mail = key.mail == EventNumbering.missing ? .missing : actors.email(key.mail)
        let creator = mail.isEmpty ? id : mail
        let name = texts.view(key.start, Int(key.name)).string
        var told = WatchedLog.OpenKey(
            id: name,
            key: SubjectKey.of("event", event),
            name: name,
            creator: creator.isEmpty ? "nobody named" : creator.string,
            createdAt: key.createdAt,
            event: event.string,
            isAnonymous: creator.isEmpty,
            isUnidentified: number == nil
        )
        guard let number else { return told }
        let given = ids.given(number)
        told.key = given.isEmpty ? SubjectKey.of("name", ids.given(number, part: 1)) : SubjectKey.id(given)
        if !given.isEmpty { told.id = ids.text(number).string }
        told.revocation = revocation(of: key, number)
        return told
    }

    /// Whether whoever created a key was removed afterwards, or before, without having been invited again: for certain
    /// where anything says so.
    private func orphan(
        _ key: Key,
        _ undated: [Int],
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.Orphan? {
        guard !members.records.removals.isEmpty else { return nil }
        var found: (removal: Int32, doubt: WatchedLog.Doubt?, wasAway: Bool)?
        func note(_ removal: Int32, _ doubt: WatchedLog.Doubt?, wasAway: Bool) {
            if found == nil || (found?.doubt != nil && doubt == nil) { found = (removal, doubt, wasAway) }
        }
        let certain = members.latestCertainRemoval(of: key.actor)
        let latest = members.latestRemoval(of: key.actor)
        if certain != Membership.nobody, key.createdAt == nil || members.place(of: certain) > key.place {
            note(certain, key.createdAt == nil ? .order : nil, wasAway: false)
        } else if latest != Membership.nobody, key.createdAt == nil || members.place(of: latest) > key.place {
            note(latest, .sharedMail, wasAway: false)
        }
        if key.away != Membership.nobody, !members.isOfOther(key.away, than: key.actor) {
            let byID = members.standingRemovalByID(of: key.actor)
            let isTheirs =
                members.isCertain(key.away, of: key.actor)
                || (byID != Membership.nobody && members.place(of: byID) < key.place)
            let isExplained = doubts.mayExplain(
                key.actor,
                between: members.place(of: key.away),
                and: key.place,
                members
            )
            note(key.away, isTheirs ? (isExplained ? .invitation : nil) : .sharedMail, wasAway: true)
        }
        if members.holds(key.perhaps) {
            note(
                key.perhaps.removal,
                key.perhaps.mail == Membership.nobody ? .mailOfRemoved : .sharedMail,
                wasAway: true
            )
        }
        let ofCarrier = members.removalOfCarrier(of: key.actor, at: key.place)
        if ofCarrier != Membership.nobody {
            note(ofCarrier, .mailOfRemoved, wasAway: members.place(of: ofCarrier) < key.place)
        }
        if let unknown = undated.first(where: { members.mayBe(members.records.removals[$0].member, key.actor) }) {
            note(Int32(unknown), .order, wasAway: false)
        }
        return found.map {
            WatchedLog.Orphan(removal: members.note(removal: $0.removal, &rows), doubt: $0.doubt, wasAway: $0.wasAway)
        }
    }
}
