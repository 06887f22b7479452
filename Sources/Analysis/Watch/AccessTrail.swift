import Evidence

/// What the log tells of members and keys, for those who compare it with the lists: every event about one, and who acted.
///
/// Kept only where there are lists to compare with; memory grows with such events and with actors.
package struct AccessTrail: Sendable {
    /// What an event says of a member or a key.
    package enum Kind: Sendable, Hashable {
        case invited
        case removed
        case roleChanged
        case keyCreated
        case keyRevoked
    }

    /// An event about a member or a key.
    package struct Event: Sendable, Hashable {
        /// What happened.
        var kind: Kind
        /// The event's id.
        var event: String
        /// When; nil for an event without a usable time.
        var at: Instant?
        /// The id of whom or what it is about: of a user, a membership, a key, or an e-mail; empty for none.
        var id: String
        /// Their name or e-mail, or the key's name; empty for none.
        var name: String
        /// The place among ``AccessTrail/actors`` of whoever did it; nil where the log does not say.
        var by: Int?
    }

    /// Something that a role of whoever did it may not allow.
    struct Act: Sendable, Hashable {
        /// The event's id.
        var event: String
        /// When; nil for an event without a usable time.
        var at: Instant?
        /// What it was.
        var acts: RoleActs
    }

    /// Somebody who acted.
    struct Actor: Sendable, Hashable {
        /// Their id; empty where they are known by e-mail alone.
        var id = ""
        /// Their e-mails in lower case, the first ones of very many.
        var mails: Set<ExactText> = []
        /// How findings name them: the e-mail of their latest event that has one, and their id.
        var mail = ""
        /// How many events of the period are theirs.
        var count = 0
        /// How many of these give, take or use rights that matter.
        var privileged = 0
        /// The first events of the period, at most ``AccessTrail/eventsKept``.
        var events: [String] = []
        /// The addresses that they acted from in the period, each once, by the numbers of the log.
        var addresses: [UInt32] = []
        /// When they acted first in the period; nil where no event of it has a usable time.
        var firstAt: Instant?
        /// When they acted last, in the period or before.
        package var lastAt: Instant?
        /// What all that they did in the period was; their own removal is none of it.
        package var did: RoleActs = []
        /// What they did in the period that a role which a list gives them may not allow, in the order of the log; their own
        /// removal is none of it.
        var acts: [Act] = []
    }

    /// How many events of an actor are named.
    static let eventsKept = 12
    private static let mailsKept = 64

    /// In the order of the log.
    var events: [Event] = []
    /// In the order of their first event.
    var actors: [Actor] = []
    private var places: [UInt32: Int] = [:]
    private var labels: [UInt32] = []
    private var watched: [RoleActs] = []
    private let watch: AccessWatch
    private var uses = BitSet()

    /// Nothing was seen; `watch` says whose acts are kept.
    init(_ watch: AccessWatch = AccessWatch()) { self.watch = watch }

    /// Takes in an event, by its place among those that are numbered.
    mutating func add(
        _ event: EventView,
        _ kind: ActionKind,
        isPrivileged: Bool,
        _ numbers: EventNumbering.Numbers,
        _ index: Int,
        isInPeriod: Bool
    ) {
        let actor = numbers.actor[index]
        if !event.isAnonymous {
            act(event, kind, isPrivileged, actor, numbers.email[index], isInPeriod)
            if isInPeriod, !event.ipAddress.isEmpty, let place = places[actor], uses.insert(numbers.use[index]) {
                actors[place].addresses.append(numbers.address[index])
            }
        }
        let by = event.isAnonymous ? nil : places[actor]
        let kept: Kind
        switch kind {
        case .memberInvited: kept = .invited
        case .memberRemoved: kept = .removed
        case .roleChanged: kept = .roleChanged
        case .keyCreated: kept = .keyCreated
        case .keyRevoked: kept = .keyRevoked
        default: return
        }
        events.append(
            Event(
                kind: kept,
                event: event.id.string,
                at: event.at,
                id: event.resourceID.string,
                name: event.resourceName.string,
                by: by
            )
        )
    }

    private mutating func act(
        _ event: EventView,
        _ kind: ActionKind,
        _ isPrivileged: Bool,
        _ actor: UInt32,
        _ label: UInt32,
        _ isInPeriod: Bool
    ) {
        let place = places[actor] ?? actors.count
        if place == actors.count {
            places[actor] = place
            actors.append(Actor(id: event.actorID.string))
            labels.append(EventNumbering.missing)
            watched.append(watch.acts(id: actors[place].id, mails: []))
        }
        if label != EventNumbering.missing, label != labels[place] {
            labels[place] = label
            actors[place].mail = event.actorEmail.string
            if actors[place].mails.count < Self.mailsKept {
                let mail = ExactText(actors[place].mail.lowercasedASCII)
                actors[place].mails.insert(mail)
                watched[place].formUnion(watch.acts(id: "", mails: [mail]))
            }
        }
        if let at = event.at { actors[place].lastAt = at }
        guard isInPeriod else { return }
        actors[place].count += 1
        if isPrivileged { actors[place].privileged += 1 }
        if actors[place].count <= Self.eventsKept { actors[place].events.append(event.id.string) }
        if actors[place].firstAt == nil { actors[place].firstAt = event.at }
        let acts = RoleActs(kind)
        guard !acts.isEmpty, kind != .memberRemoved || !isOwn(event, place) else { return }
        actors[place].did.formUnion(acts)
        guard !watched[place].isDisjoint(with: acts) else { return }
        actors[place].acts.append(Act(event: event.id.string, at: event.at, acts: acts))
    }

    /// Whether an event is about whoever acted.
    private func isOwn(_ event: EventView, _ place: Int) -> Bool {
        let (id, name) = (event.resourceID.string, event.resourceName.string)
        if !id.isEmpty, id.isSameInBytes(as: actors[place].id) { return true }
        return [id, name].contains { !$0.isEmpty && actors[place].mails.contains(ExactText($0.lowercasedASCII)) }
    }
}

extension String {
    /// The text with its ASCII letters in lower case; others stay, byte for byte.
    var lowercasedASCII: String { String(decoding: utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self) }
}

extension StringProtocol {
    /// Whether it is written as an e-mail address is, and no id.
    var isWrittenAsMail: Bool { utf8.isWrittenAsMail }
}

extension Sequence<UInt8> {
    /// Whether these bytes are written as an e-mail address is, and no id.
    var isWrittenAsMail: Bool { contains(UInt8(ascii: "@")) }
}
