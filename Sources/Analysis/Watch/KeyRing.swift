import CBytes
import Evidence

/// The API keys that were created and not revoked, and the members that were removed.
///
/// Nothing of a key becomes a string before it is known to be open at the end.
struct KeyRing: ~Copyable {
    private struct Key {
        /// Where the name begins among the texts, and behind it the event's id.
        var start: Int
        var name: UInt32
        var event: UInt32
        var actor: UInt32
        var mail: UInt32
        var createdAt: Instant?
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
    }

    private struct Removal {
        /// Where the member's id begins among the texts, and behind it their name and the event's id.
        var start: Int
        var id: UInt32
        var name: UInt32
        var event: UInt32
        /// As of a key.
        var row: Int
    }

    /// The ids of keys, and by their numbers those that are open.
    private var ids = Interner()
    /// By the number of a resource: the number, plus one, of the key that it is; 0 where that is not known yet.
    private var ofResources: [UInt32] = []
    private var open: [Key?] = []
    /// By the number of a key: where its texts stand and how long they may be, so that those of a later one stand there, too.
    private var places: [(start: Int, count: Int)] = []
    private var texts = ByteArena()
    private var removals: [Removal] = []
    /// Who acted, by e-mail in lower case.
    private var mails = Interner()
    private var metMails = MetNumbers()

    /// Somebody acted; `mail` is the number of the event's e-mail.
    mutating func meet(_ event: EventView, _ mail: UInt32) {
        guard mail != EventNumbering.missing, metMails.meet(mail) else { return }
        event.actorEmail.withLowercase { _ = mails.intern($0) }
    }

    /// A key was created by the actor and e-mail of these numbers.
    ///
    /// `resource`: its own number, if resources are numbered. `row`: the event's place in events.csv, or 0.
    mutating func create(_ event: EventView, resource: UInt32?, actor: UInt32, mail: UInt32, row: Int) {
        let number = number(of: event, resource)
        let count = event.resourceName.count + event.id.count
        if places[number].count < count {
            texts.reserve(count)
            places[number] = (texts.count, count)
            keep(event.resourceName)
            keep(event.id)
        } else {
            texts.replace(places[number].start, event.resourceName.bytes)
            texts.replace(places[number].start + event.resourceName.count, event.id.bytes)
        }
        open[number] = Key(
            start: places[number].start,
            name: UInt32(event.resourceName.count),
            event: UInt32(event.id.count),
            actor: actor,
            mail: mail,
            createdAt: event.isUndated ? nil : event.instant,
            row: row
        )
    }

    mutating func revoke(_ event: EventView, resource: UInt32?) { open[number(of: event, resource)] = nil }

    /// A member was removed; `row` as in ``create(_:resource:actor:mail:row:)``.
    mutating func remove(_ event: EventView, row: Int) {
        let (id, name) = (event.resourceID, event.resourceName)
        removals.append(
            Removal(
                start: texts.count,
                id: UInt32(id.count),
                name: UInt32(name.count),
                event: UInt32(event.id.count),
                row: row
            )
        )
        keep(id)
        keep(name)
        keep(event.id)
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
    static func id(of event: EventView) -> TextView {
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

    /// Joins keys and removals: a removed member is matched to an actor by id, else by e-mail (DESIGN section 4).
    ///
    /// Adds the rows of the events that created open keys.
    func judge(
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> (open: [WatchedLog.OpenKey], unmatched: [WatchedLog.Flag]) {
        /// The latest removal by the member's id, and by what else they go by, in lower case.
        var byID = TextNumbers()
        var byMail = TextNumbers()
        var unmatched = FlagTable()
        for (number, removal) in removals.enumerated() {
            let (id, name) = (id(removal), name(removal))
            var isKnown = !id.isEmpty && actors.has(id: id)
            if !id.isEmpty { byID.set(id, number) }
            for text in [name, id] where !text.isEmpty {
                text.withLowercase { text in
                    byMail.set(text, number)
                    isKnown = isKnown || mails.find(Interner.Key(first: text)) != nil
                }
            }
            guard !isKnown else { continue }
            unmatched.add((name.isEmpty ? id : name).string, event(removal).string)
            addRow(removal, &rows)
        }
        let open = self.open.indices.filter { self.open[$0] != nil }
        let keys = KeyOrder(count: open.count) { $1 == 0 ? ids.text(open[$0]) : .missing }.numbers.compactMap { place in
            judge(open[Int(place)], actors, byID, byMail, &rows)
        }
        return (keys, unmatched.sorted)
    }

    /// A key that is open, and the removal of whoever created it.
    private func judge(
        _ number: Int,
        _ actors: ActorTexts,
        _ byID: borrowing TextNumbers,
        _ byMail: borrowing TextNumbers,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.OpenKey? {
        guard let key = open[number] else { return nil }
        let event = texts.view(key.start + Int(key.name), Int(key.event))
        if key.row > 0 { rows.add(event, key.row) }
        let creatorID = actors.id(key.actor)
        let mail = key.mail == EventNumbering.missing ? .missing : actors.email(key.mail)
        let creator = mail.isEmpty ? creatorID : mail
        var removal = creatorID.isEmpty ? nil : byID.find(creatorID)
        if removal == nil, !mail.isEmpty { removal = mail.withLowercase { byMail.find($0) } }
        if let removal { addRow(removals[removal], &rows) }
        return WatchedLog.OpenKey(
            id: ids.text(number).string,
            name: texts.view(key.start, Int(key.name)).string,
            creator: creator.isEmpty ? "nobody named" : creator.string,
            createdAt: key.createdAt,
            event: event.string,
            removal: removal.map { self.event(removals[$0]).string }
        )
    }

    private func id(_ removal: Removal) -> TextView { texts.view(removal.start, Int(removal.id)) }

    private func name(_ removal: Removal) -> TextView { texts.view(removal.start + Int(removal.id), Int(removal.name)) }

    private func event(_ removal: Removal) -> TextView {
        texts.view(removal.start + Int(removal.id + removal.name), Int(removal.event))
    }

    private func addRow(_ removal: Removal, _ rows: inout EventRows.Builder) {
        if removal.row > 0 { rows.add(event(removal), removal.row) }
    }
}
