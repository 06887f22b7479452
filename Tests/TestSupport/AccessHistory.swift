import Foundation

/// A random history of an organization's members, invitations and API keys: what its log tells, and what its lists hold
/// whenever they are read.
///
/// As with the service no event says that an invitation was accepted or ended, that a key was rotated or that ownership was
/// transferred; now and then other events are missing, too, or tell what did not come to pass.
package struct AccessHistory: Sendable {
    /// Somebody, and how log and lists name them.
    package struct Person: Sendable {
        /// Which of id and e-mail their own events leave out.
        package enum Habit: Sendable {
            case both
            case id
            case mail
        }

        package var id: String
        package var mail: String
        package var acts = Habit.both
        package var listed = Habit.both
    }

    /// Begin of the period that is judged.
    package static let begin: Int64 = 1_772_323_200
    /// Its end.
    package static let end: Int64 = begin + 31 * 86_400
    /// When the organization was made.
    package static let created: Int64 = begin - 45 * 86_400

    /// The seeds of a test of histories: so many, or as many as `HEEDAUDIT_HISTORIES` says.
    package static func seeds(_ own: UInt64) -> [UInt64] {
        let asked = ProcessInfo.processInfo.environment["HEEDAUDIT_HISTORIES"].flatMap { UInt64($0) }
        return testSeeds(1...max(1, asked ?? own))
    }

    /// Whether a pull takes some time, in which nothing happens.
    package let isSlow: Bool
    /// How long it takes then at most.
    package static let slowSeconds: Int64 = 120
    /// The log, oldest first.
    package private(set) var events: [PlainEvent] = []
    /// What each pull gets, in order.
    package private(set) var pulls: [PlainLists] = []

    private var random: SplitMix
    private var people: [Person] = []
    private var members: [PlainLists.Member] = []
    private var invitations: [PlainLists.Invitation] = []
    private var keys: [PlainLists.Key] = []
    private var count = 0

    /// The history of a seed.
    package init(seed: UInt64) {
        random = SplitMix(state: seed &* 7919)
        isSlow = seed % 3 == 0
        people = (0...7).map { number in
            let mail = "u\(number)@\(number > 4 ? "other" : "acme").example"
            return Person(id: "u\(number)", mail: mail, acts: habit(), listed: habit())
        }
        members = [member(people[0], "owner", Self.created)]
        var at = Self.created + 3600
        // Some logs are read from before the period on, some begin in it, and some are read no more at its end.
        var isRead = chance(5) ? at : Self.begin - [30, 5, 0, -3].pick(&random) * 86_400
        let last = Self.end + [-9, 0, 1, 5].pick(&random) * 86_400
        while at < last {
            step(at)
            if at >= isRead, chance(6) {
                pull(at)
                if isSlow { at += Self.slowSeconds }
                isRead = at + 1
            }
            if !chance(6) { at += chance(4) ? Int64.random(in: 1...3, using: &random) : seconds(200_000) }
        }
        // The last one is read when nothing more happens, as each is that somebody reports on.
        pull(max(at + 1, last) + [0, 0, 400, 90_000].pick(&random))
    }

    // MARK: Chance

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
    private mutating func seconds(_ most: Int64) -> Int64 { Int64.random(in: 1...most, using: &random) }
    private mutating func habit() -> Person.Habit { [.both, .both, .both, .both, .both, .id, .mail].pick(&random) }

    private mutating func next(_ kind: String) -> String {
        count += 1
        return "\(kind)-\(count)"
    }

    // MARK: What happens

    private mutating func step(_ at: Int64) {
        let person = people[1...5].randomElement(using: &random) ?? people[0]
        let place = members.firstIndex { $0.memberID.hasPrefix("m-\(person.id)-") }
        switch Int.random(in: 0..<16, using: &random) {
        case 0, 1: if place == nil { invite(person, at) }
        case 2, 3: accept(at)
        case 4: if chance(2), !invitations.isEmpty { invitations.removeFirst() }
        case 5: if let place { remove(person, place, at) }
        case 6: if let place { changeRole(person, place, at) }
        case 7: if chance(4) { transfer() }
        case 8, 9: makeKey(at)
        case 10: revokeKey(at)
        case 11: rotateOrUseKey(at)
        // Somebody comes past the log.
        case 12: if chance(3), place == nil { members.append(member(person, role(), at)) }
        // Somebody who is nobody, or no member any more, acts.
        case 13: if chance(3) { act(people[5...7].randomElement(using: &random) ?? people[7], at) }
        default: if place != nil || chance(9) { act(person, at) }
        }
    }

    private mutating func role() -> String { ["owner", "admin", "developer", "viewer", "pilot"].pick(&random) }

    private mutating func member(_ person: Person, _ role: String, _ at: Int64) -> PlainLists.Member {
        PlainLists.Member(
            memberID: next("m-\(person.id)"),
            userID: person.listed == .mail ? "" : person.id,
            mail: person.listed == .id ? "" : person.mail,
            role: role,
            joinedAt: at
        )
    }

    private mutating func invite(_ person: Person, _ at: Int64) {
        let ends: [Int64?] = [nil, at + 3 * 86_400, at + 30 * 86_400]
        let status = ["pending", "pending", "", "accepted", "held"].pick(&random)
        invitations.append(
            PlainLists.Invitation(
                id: next("invite"),
                mail: person.mail,
                role: role(),
                status: status,
                createdAt: chance(9) ? nil : at,
                expiresAt: ends.pick(&random)
            )
        )
        tell("member.invited", at, about: person)
    }

    private mutating func accept(_ at: Int64) {
        guard let invitation = invitations.popLast(), let person = people.first(where: { $0.mail == invitation.mail })
        else { return }
        if members.contains(where: { $0.memberID.hasPrefix("m-\(person.id)-") }) { return }
        members.append(member(person, invitation.role, at))
    }

    private mutating func remove(_ person: Person, _ place: Int, _ at: Int64) {
        let member = members[place]
        // The log tells of it now and then, and the list keeps them.
        if chance(12) { return tell("member.removed", at, about: person, member, isTold: true) }
        members.remove(at: place)
        tell("member.removed", at, about: person, member)
    }

    private mutating func changeRole(_ person: Person, _ place: Int, _ at: Int64) {
        let role = role()
        guard members[place].role != role else { return }
        members[place].role = role
        tell("member.role_changed", at, about: person, members[place])
    }

    private mutating func transfer() {
        guard let from = members.firstIndex(where: { $0.role == "owner" }),
            let to = members.firstIndex(where: { $0.role == "admin" })
        else { return }
        (members[from].role, members[to].role) = ("admin", "owner")
    }

    private mutating func makeKey(_ at: Int64) {
        let scopes: [[String]?] = [nil, [], ["databases:read"], ["read", "keys:Read"], ["databases:write", "read"]]
        let key = PlainLists.Key(
            id: next("key"),
            prefix: next("ch"),
            scopes: scopes.pick(&random),
            createdAt: chance(12) ? nil : at,
            lastUsed: time(at, 0...20),
            expires: time(at, 3...60)
        )
        keys.append(key)
        tell("api_key.created", at, key: key.id)
    }

    private mutating func time(_ at: Int64, _ days: ClosedRange<Int64>) -> PlainLists.Time {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .never
        case 1: .unknown
        default: .at(at + Int64.random(in: days, using: &random) * 86_400)
        }
    }

    private mutating func revokeKey(_ at: Int64) {
        guard let place = keys.indices.randomElement(using: &random) else { return }
        let key = keys[place]
        if chance(8) { return tell("api_key.revoked", at, key: key.id, isTold: true) }
        keys.remove(at: place)
        let isMadeAgain = chance(6)
        tell("api_key.revoked", at, key: key.id, isTold: isMadeAgain)
        guard isMadeAgain else { return }
        keys.append(key)
        if key.createdAt != nil { keys[keys.count - 1].createdAt = at }
        tell("api_key.created", at, key: key.id, isTold: true)
    }

    private mutating func rotateOrUseKey(_ at: Int64) {
        guard let place = keys.indices.randomElement(using: &random) else { return }
        keys[place].prefix = next("ch")
        keys[place].lastUsed = .at(at)
    }

    private mutating func act(_ person: Person, _ at: Int64) {
        let action = ["database.created", "database.deleted", "settings.updated", "database.painted"].pick(&random)
        add(action, at, by: person, type: "thing", id: "thing-1", name: "")
    }

    // MARK: What the log tells

    /// Whoever does what takes rights: the first of all mostly, and somebody who may not now and then.
    private mutating func administrator() -> Person {
        let others = people[1...5].filter { person in members.contains { $0.memberID.hasPrefix("m-\(person.id)-") } }
        return others.isEmpty || !chance(4) ? people[0] : others.pick(&random)
    }

    private mutating func tell(
        _ action: String,
        _ at: Int64,
        about person: Person,
        _ member: PlainLists.Member? = nil,
        isTold: Bool = false
    ) {
        guard isTold || !chance(8) else { return }
        let (id, name): (String, String) =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: (person.mail.uppercased(), "")
            case 1: ("", person.mail)
            case 2: (member?.memberID ?? "", person.mail)
            case 3: (person.id, "")
            default: (person.id, person.mail)
            }
        // Somebody leaves by themselves, now and then.
        let by = action == "member.removed" && chance(6) ? person : administrator()
        add(action, at, by: by, type: "member", id: id, name: name)
    }

    private mutating func tell(_ action: String, _ at: Int64, key: String, isTold: Bool = false) {
        guard isTold || !chance(8) else { return }
        add(action, at, by: administrator(), type: "api_key", id: key, name: "")
    }

    private mutating func add(_ action: String, _ at: Int64, by: Person, type: String, id: String, name: String) {
        // Ids follow no order: where instants are equal they decide it.
        var event = PlainEvent(id: "e\(Int.random(in: 100...999, using: &random))-\(events.count)")
        event.seconds = at
        event.fraction = events.last?.seconds == at ? events.last?.fraction ?? "" : ["", "", ".5", ".25"].pick(&random)
        (event.action, event.resourceType, event.resourceID, event.resourceName) = (action, type, id, name)
        event.actorID = by.acts == .mail ? "" : by.id
        // Whoever is known by an e-mail alone is another one in other letters.
        event.actorEmail = by.acts == .id ? "" : by.acts == .both && chance(4) ? by.mail.uppercased() : by.mail
        event.address = chance(5) ? "" : "192.0.2.\(Int.random(in: 1...4, using: &random))"
        events.append(event)
    }

    private mutating func pull(_ at: Int64) {
        pulls.append(
            PlainLists(
                from: at,
                to: at,
                members: chance(12) ? nil : members,
                invitations: chance(12) ? nil : invitations,
                keys: chance(12) ? nil : keys,
                events: events.count
            )
        )
    }
}
