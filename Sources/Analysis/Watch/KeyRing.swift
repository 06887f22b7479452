import Evidence

/// The API keys that were created and not revoked, and the members that were removed.
///
/// Nothing of a key becomes a string before it is known to be open at the end.
struct KeyRing: ~Copyable {
    private struct Key {
        var name: Range<Int>
        var event: Range<Int>
        var actor: UInt32
        var mail: UInt32
        var createdAt: Instant?
        /// Where the event stands in events.csv; 0 before the period.
        var row: Int
    }

    private struct Removal {
        var id: String
        var names: [String]
        var event: String
        var subject: String
    }

    /// The ids of keys, and by their numbers those that are open.
    private var ids = Interner()
    /// By the number of a resource: the number, plus one, of the key that it is; 0 where that is not known yet.
    private var ofResources: [UInt32] = []
    private var open: [Key?] = []
    private var texts = ByteArena()
    private var removals: [Removal] = []
    /// Who acted, by e-mail in lower case.
    private var mails = Interner()
    private var metMails = MetNumbers()

    /// Somebody acted; `mail` is the number of the event's e-mail.
    mutating func meet(_ event: EventView, _ mail: UInt32) {
        if mail != EventNumbering.missing, metMails.meet(mail) { Self.intern(event.actorEmail, into: &mails) }
    }

    /// Interns an e-mail address without the case of its ASCII letters.
    private static func intern(_ mail: TextView, into table: inout Interner) {
        guard mail.bytes.contains(where: { $0 >= 65 && $0 <= 90 }) else {
            _ = table.intern(mail)
            return
        }
        withTextView(of: mail.lowercased) { _ = table.intern($0) }
    }

    /// A key was created by the actor and e-mail of these numbers (`resource`: its own, if resources are numbered); `row` is the event's place in events.csv, or 0.
    mutating func create(_ event: EventView, resource: UInt32?, actor: UInt32, mail: UInt32, row: Int) {
        let number = number(of: event, resource)
        open[number] = Key(
            name: keep(event.resourceName),
            event: keep(event.id),
            actor: actor,
            mail: mail,
            createdAt: event.isUndated ? nil : event.instant,
            row: row
        )
    }

    mutating func revoke(_ event: EventView, resource: UInt32?) { open[number(of: event, resource)] = nil }

    mutating func remove(_ event: EventView) {
        let (id, name) = (event.resourceID, event.resourceName)
        removals.append(
            Removal(
                id: id.string,
                names: [name.lowercased, id.lowercased].filter { !$0.isEmpty },
                event: event.id.string,
                subject: name.isEmpty ? id.string : name.string
            )
        )
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
        if number == open.count { open.append(nil) }
        return number
    }

    private mutating func keep(_ text: TextView) -> Range<Int> {
        let start = texts.append(text.bytes)
        return start..<start + text.count
    }

    private func string(_ kept: Range<Int>) -> String { texts.view(kept.lowerBound, kept.count).string }

    /// Joins keys and removals: a removed member is matched to an actor by id, else by e-mail (DESIGN section 4).
    ///
    /// Adds the rows of the events that created open keys.
    func judge(
        _ storage: TallyStorage,
        _ rows: inout EventRows.Builder
    ) -> (open: [WatchedLog.OpenKey], unmatched: [WatchedLog.Flag]) {
        var byID: [String: String] = [:]
        var byMail: [String: String] = [:]
        var unmatched = FlagTable()
        for removal in removals {
            if !removal.id.isEmpty { byID[removal.id] = removal.event }
            for name in removal.names { byMail[name] = removal.event }
            if !isKnown(removal, storage) { unmatched.add(removal.subject, removal.event) }
        }
        var keys: [WatchedLog.OpenKey] = []
        for number in ids.sortedNumbers().lazy.map(Int.init) {
            guard let key = open[number] else { continue }
            if key.row > 0 { rows.add(texts.view(key.event.lowerBound, key.event.count), key.row) }
            let creatorID = storage.actorID(key.actor).string
            let mail = key.mail == EventNumbering.missing ? .missing : storage.email(key.mail)
            let creator = mail.isEmpty ? creatorID : mail.string
            keys.append(
                WatchedLog.OpenKey(
                    id: ids.text(number).string,
                    name: string(key.name),
                    creator: creator.isEmpty ? "nobody named" : creator,
                    createdAt: key.createdAt,
                    event: string(key.event),
                    removal: (creatorID.isEmpty ? nil : byID[creatorID])
                        ?? (mail.isEmpty ? nil : byMail[mail.lowercased])
                )
            )
        }
        return (keys, unmatched.sorted)
    }

    /// Whether somebody acted who goes by the removed member's id or one of their names.
    private func isKnown(_ removal: Removal, _ storage: TallyStorage) -> Bool {
        var isKnown = false
        if !removal.id.isEmpty {
            withTextView(of: removal.id) { isKnown = storage.hasActor(withID: $0) }
        }
        for name in removal.names where !isKnown {
            withTextView(of: name) { isKnown = mails.find(Interner.Key(first: $0)) != nil }
        }
        return isKnown
    }
}
