import Evidence

extension AccessWatch {
    /// Watches what the roles that lists give to members do not allow.
    package init(_ lists: [AccessLists]?) {
        self.init()
        var last: [AccessMember] = []
        for members in (lists ?? []).compactMap(\.members.elements) where members != last {
            for member in members {
                let forbidden = AccessRole(member).forbidden
                for id in [member.userID, member.memberID].compactMap({ $0 }) where !id.isEmpty {
                    byID[ExactText(id), default: []].formUnion(forbidden)
                }
                guard let mail = member.email, !mail.isEmpty else { continue }
                byMail[ExactText(mail.lowercasedASCII), default: []].formUnion(forbidden)
            }
            last = members
        }
    }
}

/// Which roles members had, by the lists before and behind what they did.
struct RoleCourse {
    /// What the lists say of an act.
    enum Verdict: Equatable {
        /// The role allows it, or nothing tells whose it is.
        case allowed
        case forbidden(role: String)
        case unproven(Why, role: String)
    }

    /// Why it can't be told whether a role allowed an act.
    enum Why: Equatable {
        /// A member with another id has the actor's e-mail, or several members have it.
        case mail
        case undated
        /// The service does not document the role.
        case undocumented
        /// The list gives the role in a form that is not understood.
        case unclear
        /// A list has the member more than once, with different roles.
        case twice
        /// By the list they joined behind the act: the role says nothing of what was before.
        case joined
        /// The lists differ, or an event between list and act may have changed the role.
        case changed
        /// The log between list and act is not whole.
        case unread
        /// A list of behind the period alone has them, and what happened between is not looked at.
        case beyond
    }

    /// Somebody of whom the lists around something that they did do not tell what their role allowed.
    struct Unknown {
        /// When they did it; nil for what has no usable time.
        var at: Instant?
        /// The role that the service does not document; nil where none of the lists has them for certain as a member of then.
        var role: String?
        /// The lists right before it and behind it.
        var around: [AccessCourse<AccessMember>.Reading]
    }

    private let lists: ListsInTime
    /// When events about members happened.
    private let times: EventsByName<EventTimes>
    /// Removals and changes of role of whom no list names.
    private var loose = LooseEvents()
    /// Removals by the id of the event.
    private let removals: [ExactText: [AccessTrail.Event]]

    /// When the list was read that is the last one up to which the events go.
    private let last: Instant

    /// Takes the lists of a period, and what the log says of members up to its end.
    init(_ members: MembersOfPeriod) {
        let events = members.trail.events
        (lists, last) = (members.lists, members.last.at)
        let about = events.filter { [.invited, .removed, .roleChanged].contains($0.kind) }
        for event in about where event.kind != .invited && !lists.name(event) { loose.add(event) }
        times = EventsByName(about, EventTimes()) { $1.add(about[$0].at) }
        removals = Dictionary(grouping: about.filter { $0.kind == .removed }) { ExactText($0.event) }
    }

    /// Judges what an actor did, in the order of their acts; `isRead` tells whether the log of a span was read whole.
    func judge(_ actor: AccessTrail.Actor, _ isRead: (_ from: Instant, _ to: Instant) -> Bool) -> [Verdict] {
        let members = lists.lists.map { Self.member($0, actor) }
        let names = members.reduce(into: Set<ExactText>()) { $0.formUnion($1?.names ?? []) }
        let ids = [actor.id] + names.map(\.text)
        let mails = actor.mails.union(names.filter(\.text.isWrittenAsMail))
        let own = times.values(ids: Set(ids.map { ExactText($0) }).map(\.text), mails: mails)
        let kinds = AccessTrail.Event.kinds(of: ids)
        // Whoever leaves needs no right to, by whatever the list knows them.
        let certain = members.reduce(into: Set<ExactText>()) {
            $0.formUnion($1?.isCertain == true ? $1?.names ?? [] : [])
        }
        func isLeaving(_ act: AccessTrail.Act) -> Bool {
            removals[ExactText(act.event), default: []].contains { event in
                event.names(ids: ids, mails: mails) && event.names(ids: certain.map(\.text), mails: certain)
            }
        }
        return actor.acts.map { act in
            if isLeaving(act) { return .allowed }
            guard let at = act.at else {
                let forbidding = members.compactMap { $0 }.first { $0.forbids(act) }
                return forbidding.map { .unproven(.undated, role: $0.name(act)) } ?? .allowed
            }
            // A list and an act of one second come in an order that nothing tells: such a list is on neither side.
            let before = lists.last { $0.seconds < at.seconds }
            let behind = lists.first { at.seconds < $0.seconds }
            let (first, second) = (
                before.flatMap { members[lists.places[$0]] }, behind.flatMap { members[lists.places[$0]] }
            )
            let told = [first, second].map { $0.flatMap { $0.joined(behind: at) ? nil : $0 } }
            let from = told[0] == nil ? at : before.map { lists.readings[$0].earliest } ?? at
            let to = told[1] == nil ? at : behind.map { lists.readings[$0].at } ?? at
            let found = told.compactMap { $0 }
            if found.isEmpty {
                let late = [second, first].compactMap { $0 }.first { $0.forbids(act) }
                return late.map { .unproven(.joined, role: $0.name(act)) } ?? .allowed
            }
            let forbidding = found.filter { $0.forbids(act) }
            guard let role = forbidding.last?.name(act) else { return .allowed }
            if let why = Self.doubt(found, forbidding, act) { return .unproven(why, role: role) }
            func count(_ times: EventTimes) -> Int { times.count(from: from.seconds, to: to.seconds) }
            let mayHaveChanged =
                own.contains { count($0) > 0 } || loose.count(kinds, hasMail: !mails.isEmpty, count) > 0
            if mayHaveChanged { return .unproven(.changed, role: role) }
            if told[0] == nil, last < to { return .unproven(.beyond, role: role) }
            return isRead(from, to) ? .forbidden(role: role) : .unproven(.unread, role: role)
        }
    }

    /// Why nothing tells whether a role allowed what an actor did first or last; nil where lists tell, and for somebody who
    /// did nothing that the service documents.
    ///
    /// Who did what a role on the lists forbids is judged by each act of theirs.
    func unknown(_ actor: AccessTrail.Actor) -> Unknown? {
        guard !actor.did.isEmpty else { return nil }
        guard let first = actor.firstAt, let last = actor.lastAt else {
            let around = lists.last(with: actor).map { [lists.readings[$0]] } ?? []
            return around.isEmpty ? Unknown(around: []) : nil
        }
        for at in Set([first, last]).sorted() {
            let places = [lists.last { $0.seconds < at.seconds }, lists.first { at.seconds < $0.seconds }]
                .compactMap { $0 }
            let around = places.map { lists.readings[$0] }
            let found = places.compactMap { Self.member(lists[$0], actor) }.filter { !$0.joined(behind: at) }
            guard found.contains(where: \.isCertain) else { return Unknown(at: at, around: around) }
            let members = found.flatMap(\.members)
            if let member = members.first(where: { AccessRole($0) == .undocumented }) {
                return Unknown(at: at, role: member.role ?? "", around: around)
            }
        }
        return nil
    }

    /// Why the lists do not tell which role somebody had who did what one of them forbids; nil where they do.
    private static func doubt(_ found: [Listed], _ forbidding: [Listed], _ act: AccessTrail.Act) -> Why? {
        if found.contains(where: { !$0.isCertain }) { return .mail }
        if forbidding.contains(where: { $0.allows(act) }) { return .twice }
        if forbidding.count < found.count { return .changed }
        let roles = forbidding.flatMap { $0.forbidding(act) }.map { AccessRole($0) }
        return roles.contains(.unclear) ? .unclear : roles.contains(.undocumented) ? .undocumented : nil
    }

    /// An actor, as often as a list has them.
    private struct Listed {
        var members: [AccessMember]
        var isCertain: Bool

        /// By what the list knows them: their ids, and their e-mail in lower case.
        var names: Set<ExactText> {
            let names = members.flatMap { [$0.userID, $0.memberID, $0.email?.lowercasedASCII] }
            return Set(names.compactMap { $0 }.filter { !$0.isEmpty }.map { ExactText($0) })
        }

        func forbidding(_ act: AccessTrail.Act) -> [AccessMember] {
            members.filter { !AccessRole($0).forbidden.isDisjoint(with: act.acts) }
        }
        /// The role that does not allow an act.
        func name(_ act: AccessTrail.Act) -> String { forbidding(act).first?.role ?? "" }
        func forbids(_ act: AccessTrail.Act) -> Bool { !forbidding(act).isEmpty }
        func allows(_ act: AccessTrail.Act) -> Bool { forbidding(act).count < members.count }
        func joined(behind at: Instant) -> Bool {
            members.allSatisfy { $0.joinedAt.map { at.seconds < $0.seconds } ?? false }
        }
    }

    /// Who an actor is on a list; nil where they are nobody there.
    private static func member(_ list: MemberLists, _ actor: AccessTrail.Actor) -> Listed? {
        switch list.match(actor) {
        case .none: return nil
        case .certain(let place): return Listed(members: list.all(place), isCertain: true)
        case .perhaps:
            return list.least(of: actor).map { Listed(members: [$0], isCertain: false) }
        }
    }
}
