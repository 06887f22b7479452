import CBytes
import Evidence

/// The API keys that were created and not revoked.
///
/// A key that is created again under one id is another one until it is revoked: of each creator the first counts. Nothing of
/// a key becomes a string before it is known to be open at the end.
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
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
    }

    /// The ids of keys, and by their numbers those that are open.
    private var ids = Interner()
    /// By the number of a resource: the number, plus one, of the key that it is; 0 where that is not known yet.
    private var ofResources: [UInt32] = []
    private var open: [Key?] = []
    /// By the number of a key: what else is open under its id, by other creators or without a time.
    private var more: [Int: [Key]] = [:]
    /// By the number of a key: an event without a time that revokes it.
    private var undatedRevocations: [Int: String] = [:]
    /// By the number of a key: where its texts stand and how long they may be, so that those of a later one stand there, too.
    private var places: [(start: Int, count: Int)] = []
    private var texts = ByteArena()

    /// A key was created by the actor and e-mail of these numbers, who stands behind the removal `away`.
    ///
    /// `resource`: its own number, if resources are numbered. `row`: the event's place in events.csv, or 0.
    mutating func create(
        _ event: EventView,
        resource: UInt32?,
        by creator: (actor: UInt32, mail: UInt32, away: Int32),
        at place: Int,
        row: Int
    ) {
        let number = number(of: event, resource)
        var key = Key(
            start: 0,
            name: UInt32(event.resourceName.count),
            event: UInt32(event.id.count),
            actor: creator.actor,
            mail: creator.mail,
            createdAt: event.isUndated ? nil : event.instant,
            place: place,
            away: creator.away,
            row: row
        )
        guard !event.isUndated, open[number] == nil else {
            let isFirst =
                event.isUndated
                || (open[number]?.actor != key.actor
                    && more[number]?.contains { $0.actor == key.actor && $0.createdAt != nil } != true)
            guard isFirst else { return }
            key.start = texts.count
            keep(event.resourceName)
            keep(event.id)
            more[number, default: []].append(key)
            return
        }
        key.start = keepInPlace(number, event)
        open[number] = key
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

    /// A key was revoked: what was created before is closed, but for what has no time.
    mutating func revoke(_ event: EventView, resource: UInt32?) {
        let number = number(of: event, resource)
        if event.isUndated {
            undatedRevocations[number] = event.id.string
            return
        }
        open[number] = nil
        guard !more.isEmpty, let others = more[number] else { return }
        let undated = others.filter { $0.createdAt == nil }
        more[number] = undated.isEmpty ? nil : undated
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

    /// What tells an API key from others: its id, or its name where the event gives no id.
    private static func id(of event: EventView) -> TextView {
        event.resourceID.isEmpty ? event.resourceName : event.resourceID
    }

    /// The number of a key; looked up by its id unless the resource was met before.
    private mutating func number(of event: EventView, _ resource: UInt32?) -> Int {
        guard let resource = resource.map(Int.init) else { return number(of: event) }
        while ofResources.count <= resource { ofResources.append(0) }
        if ofResources[resource] == 0 { ofResources[resource] = UInt32(number(of: event)) + 1 }
        return Int(ofResources[resource]) - 1
    }

    private mutating func number(of event: EventView) -> Int {
        let number = Int(ids.intern(Self.id(of: event)))
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
        var keys: [WatchedLog.OpenKey] = []
        for place in KeyOrder(count: open.count, { $1 == 0 ? ids.text(open[$0]) : .missing }).numbers {
            let number = open[Int(place)]
            for key in [self.open[number]].compactMap({ $0 }) + (more[number] ?? []) {
                var told = told(key, number, actors, &rows)
                if !told.isAnonymous {
                    told.orphan = orphan(
                        key,
                        isRevocable: told.undatedRevocation != nil,
                        undated,
                        members,
                        doubts,
                        &rows
                    )
                }
                keys.append(told)
            }
        }
        return keys
    }

    private func told(_ key: Key, _ number: Int, _ actors: ActorTexts, _ rows: inout EventRows.Builder)
        -> WatchedLog.OpenKey
    {
        let event = texts.view(key.start + Int(key.name), Int(key.event))
        if key.row > 0 { rows.add(event, key.row) }
        let id = actors.id(key.actor)
        let mail = key.mail == EventNumbering.missing ? .missing : actors.email(key.mail)
        let creator = mail.isEmpty ? id : mail
        return WatchedLog.OpenKey(
            id: ids.text(number).string,
            name: texts.view(key.start, Int(key.name)).string,
            creator: creator.isEmpty ? "nobody named" : creator.string,
            createdAt: key.createdAt,
            event: event.string,
            isAnonymous: creator.isEmpty,
            undatedRevocation: undatedRevocations[number]
        )
    }

    /// Whether whoever created a key was removed afterwards, or before, without having been invited again.
    private func orphan(
        _ key: Key,
        isRevocable: Bool,
        _ undated: [Int],
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.Orphan? {
        let latest = members.latestRemoval(of: key.actor)
        if latest != Membership.nobody, key.createdAt == nil || members.records.removals[Int(latest)].place > key.place
        {
            let event = members.note(removal: latest, &rows)
            return WatchedLog.Orphan(removal: event, isCertain: key.createdAt != nil && !isRevocable, wasAway: false)
        }
        if key.away != Membership.nobody, !members.isOfOther(key.away, than: key.actor) {
            let begin = members.records.removals[Int(key.away)].place
            let isExplained = doubts.mayExplain(key.actor, between: begin, and: key.place, members)
            let event = members.note(removal: key.away, &rows)
            return WatchedLog.Orphan(removal: event, isCertain: !isExplained && !isRevocable, wasAway: true)
        }
        guard let unknown = undated.first(where: { members.mayBe(members.records.removals[$0].member, key.actor) })
        else { return nil }
        return WatchedLog.Orphan(
            removal: members.note(removal: Int32(unknown), &rows),
            isCertain: false,
            wasAway: false
        )
    }
}
