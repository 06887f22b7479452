import Evidence

/// The API keys that were created and not revoked, and the members that were removed.
struct KeyRing: ~Copyable {
    private struct Key {
        var name: String
        var creator: String
        var creatorID: String
        var creatorMail: String
        var createdAt: Instant?
        var event: String
    }

    private struct Removal {
        var id: String
        var names: [String]
        var event: String
        var subject: String
    }

    private var open: [String: Key] = [:]
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
        withView(of: mail.lowercased) { _ = table.intern($0) }
    }

    private static func withView(of text: String, _ body: (TextView) -> Void) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { body(TextView(start: $0.baseAddress, count: $0.count)) }
    }

    mutating func create(_ event: EventView) {
        let mail = event.actorEmail.lowercased
        let creator = event.actorEmail.isEmpty ? event.actorID.string : event.actorEmail.string
        open[Self.id(of: event)] = Key(
            name: event.resourceName.string,
            creator: creator.isEmpty ? "nobody named" : creator,
            creatorID: event.actorID.string,
            creatorMail: mail,
            createdAt: event.isUndated ? nil : event.instant,
            event: event.id.string
        )
    }

    mutating func revoke(_ event: EventView) { open[Self.id(of: event)] = nil }

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

    private static func id(of event: EventView) -> String {
        event.resourceID.isEmpty ? event.resourceName.string : event.resourceID.string
    }

    /// Joins keys and removals: a removed member is matched to an actor by id, else by e-mail (DESIGN section 4).
    mutating func judge(_ actors: borrowing Interner) -> (open: [WatchedLog.OpenKey], unmatched: [WatchedLog.Flag]) {
        var byID: [String: String] = [:]
        var byMail: [String: String] = [:]
        var unmatched = FlagTable()
        for removal in removals {
            if !removal.id.isEmpty { byID[removal.id] = removal.event }
            for name in removal.names { byMail[name] = removal.event }
            if !isKnown(removal, actors) { unmatched.add(removal.subject, removal.event) }
        }
        let keys = open.map { id, key in
            WatchedLog.OpenKey(
                id: id,
                name: key.name,
                creator: key.creator,
                createdAt: key.createdAt,
                event: key.event,
                removal: (key.creatorID.isEmpty ? nil : byID[key.creatorID])
                    ?? (key.creatorMail.isEmpty ? nil : byMail[key.creatorMail])
            )
        }
        return (keys.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }, unmatched.sorted)
    }

    /// Whether somebody acted who goes by the removed member's id or one of their names.
    private func isKnown(_ removal: Removal, _ actors: borrowing Interner) -> Bool {
        if !removal.id.isEmpty {
            var isActor = false
            Self.withView(of: removal.id) { isActor = actors.find(Interner.Key(first: $0)) != nil }
            if isActor { return true }
        }
        for name in removal.names {
            var isMail = false
            Self.withView(of: name) { isMail = mails.find(Interner.Key(first: $0)) != nil }
            if isMail { return true }
        }
        return false
    }
}
