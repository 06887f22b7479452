import Evidence

/// How the members differ between two lists that follow each other, and which events explain it.
package struct MemberDrift: Sendable {
    /// What differs.
    package enum Change: Sendable, Hashable {
        case joined
        case left
        case role(from: String, to: String)
        /// They stood on both lists; the log says that they were removed in between, the later list that they joined since.
        case cameBack
        /// The log says that they were removed, and not invited again; the list holds them.
        case staysListed
    }

    /// A member who differs.
    package struct Difference: Sendable, Hashable {
        /// As the later list gives them, or the earlier one where they left.
        package var member: AccessMember
        /// What differs.
        package var change: Change
        /// When the first page of the earlier list was served.
        package var from: Instant
        /// When the later list was served.
        package var to: Instant
        /// The events that explain it, in order.
        package var events: [String]
        /// Events that may explain it: they are about nobody of either list, about one of several, or have no time.
        package var possible: [String]
        /// What removed them before they came, where all invitations that are known of are older and may have been used by then;
        /// nil where that says nothing of it.
        package var removal: AccessTrail.Event?
        /// Whether nothing can be said of it: the lists do not tell who the member is, or hold what can't be understood.
        package var isUnclear: Bool

        /// Whether their role differs.
        var isOfRole: Bool { if case .role = change { true } else { false } }
    }

    /// In the order of time and of the lists.
    package private(set) var differences: [Difference] = []

    /// Compares two lists.
    ///
    /// - Parameters:
    ///   - before: The earlier one.
    ///   - after: The later one.
    ///   - invited: What lists of invitations told up to the later one.
    ///   - events: Events about members, in order.
    init(
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading,
        invited: ListedInvitations,
        events: [AccessTrail.Event]
    ) {
        let (old, new) = (MemberLists(before.elements), MemberLists(after.elements))
        let (hasOldUnnamed, hasNewUnnamed) = (old.hasUnnamed(besides: new), new.hasUnnamed(besides: old))
        let isWhole = before.isWhole && after.isWhole
        let explaining = Explaining(before, after, events, old, new)
        func note(_ member: AccessMember, _ change: Change, _ found: Explaining.Found, isUnclear: Bool) {
            differences.append(
                Difference(
                    member: member,
                    change: change,
                    from: before.earliest,
                    to: after.at,
                    events: found.events,
                    possible: found.possible,
                    removal: found.removal,
                    isUnclear: isUnclear || member.key == nil
                )
            )
        }
        func noteArrival(_ member: AccessMember, _ place: Int, _ change: Change, isUnclear: Bool) {
            guard let found = explaining.findArrival(member, place, invited) else { return }
            note(member, change, found, isUnclear: isUnclear || !isWhole || (member.email ?? "").isEmpty)
        }
        for (place, member) in old.members.enumerated() {
            switch new.match(member) {
            case .certain(let other):
                let (role, now) = (member.role ?? "", new.members[other].role ?? "")
                guard !role.isSameInBytes(as: now) else { continue }
                let found = explaining.findRole(member, old: place, new: other, joined: new.members[other].joinedAt)
                let isInDoubt = old.hasRoleInDoubt(place) || new.hasRoleInDoubt(other)
                note(new.members[other], .role(from: role, to: now), found, isUnclear: isInDoubt)
            case .perhaps: note(member, .left, Explaining.Found(), isUnclear: true)
            case .none:
                let found = explaining.find(.removed, member, old: place, new: nil)
                note(member, .left, found, isUnclear: !isWhole || hasNewUnnamed)
            }
        }
        for (place, member) in new.members.enumerated() {
            let removal = explaining.standingRemoval(of: place)
            switch old.match(member) {
            case .certain:
                // Whom an event removed between lists that both have them, and who joined since, came again.
                guard let removal, let joined = member.joinedAt, joined.seconds >= removal.at.seconds else { break }
                noteArrival(member, place, .cameBack, isUnclear: joined.seconds == removal.at.seconds)
            case .perhaps: note(member, .joined, Explaining.Found(), isUnclear: true)
            case .none: noteArrival(member, place, .joined, isUnclear: hasOldUnnamed)
            }
            if let removal, member.joinedAt.map({ $0.seconds < removal.at.seconds }) ?? true {
                note(member, .staysListed, Explaining.Found(possible: [removal.event]), isUnclear: true)
            }
        }
    }
}

/// The events that may explain a difference, by the member that they are about.
private struct Explaining {
    /// Events that explain a difference, those that may, and what removed somebody whom only older invitations explain.
    struct Found {
        var events: [String] = []
        var possible: [String] = []
        var removal: AccessTrail.Event?
    }

    private enum Side: Hashable {
        case old(Int)
        case new(Int)
    }

    /// Those up to the later list, in order.
    private let all: [AccessTrail.Event]
    private var certain: [Side: [AccessTrail.Event]] = [:]
    /// Those about somebody who stands on neither list, or about one of several.
    private var loose: [AccessTrail.Event] = []
    private let before: AccessCourse<AccessMember>.Reading
    private let after: AccessCourse<AccessMember>.Reading

    init(
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading,
        _ events: [AccessTrail.Event],
        _ old: MemberLists,
        _ new: MemberLists
    ) {
        (self.before, self.after) = (before, after)
        all = events.filter { $0.at.map { $0.seconds <= after.at.seconds } ?? true }
        for event in all {
            var isFound = false
            if case .certain(let place) = old.match(event) {
                certain[.old(place), default: []].append(event)
                isFound = true
            }
            if case .certain(let place) = new.match(event) {
                certain[.new(place), default: []].append(event)
                isFound = true
            }
            if !isFound { loose.append(event) }
        }
    }

    /// Events of a kind that explain a member's difference, and those that may: an invitation of any time before, others
    /// between the lists, the seconds of both included.
    func find(_ kind: AccessTrail.Kind, _ member: AccessMember, old: Int?, new: Int?) -> Found {
        func isNear(_ event: AccessTrail.Event) -> Bool {
            guard event.kind == kind else { return false }
            return kind == .invited || event.at.map { $0.seconds >= before.earliest.seconds } ?? true
        }
        let own = [old.map(Side.old), new.map(Side.new)].compactMap { $0 }.flatMap { certain[$0, default: []] }
            .filter(isNear)
        var known: Set<ExactText> = []
        let events = own.filter { $0.at != nil && known.insert(ExactText($0.event)).inserted }.map(\.event)
        let ids = [member.userID, member.memberID].compactMap { $0 }
        let mails = Set([member.email ?? ""].filter { !$0.isEmpty }.map { ExactText($0.lowercasedASCII) })
        let possible =
            own.filter { $0.at == nil } + loose.filter { isNear($0) && $0.mayBeAbout(ids: ids, mails: mails) }
        return Found(events: events, possible: possible.map(\.event))
    }

    /// The same of somebody who came; nil where a list of invitations explains it.
    ///
    /// Whoever was removed came the first time by what is older: only an invitation behind that explains how they came back.
    func findArrival(_ member: AccessMember, _ place: Int, _ invited: ListedInvitations) -> Found? {
        let mail = ExactText((member.email ?? "").lowercasedASCII)
        let isListed = !mail.text.isEmpty && invited.hold(mail)
        var found = find(.invited, member, old: nil, new: place)
        guard !found.events.isEmpty || isListed else { return found }
        guard let last = lastRemoval(of: place, joined: member.joinedAt) else {
            return found.events.isEmpty ? nil : found
        }
        if !last.invitations.isEmpty {
            found.events = last.invitations
        } else if invited.hold(mail, since: last.at) {
            return nil
        } else {
            found.possible = found.events + [last.removal.event] + found.possible
            (found.events, found.removal) = ([], last.removal)
        }
        return found
    }

    /// The same of another role: whoever was removed between the lists, and was invited or joined again, came with another one.
    func findRole(_ member: AccessMember, old: Int, new: Int, joined: Instant?) -> Found {
        var found = find(.roleChanged, member, old: old, new: new)
        guard found.events.isEmpty else { return found }
        let own = Set((certain[.old(old), default: []] + certain[.new(new), default: []]).map { ExactText($0.event) })
        let events = all.filter { own.contains(ExactText($0.event)) && $0.at != nil }
        let near = events.drop { $0.kind != .removed || ($0.at?.seconds ?? 0) < before.earliest.seconds }
        let removal = near.last { $0.kind == .removed }
        let isBack = removal?.at.map { at in joined.map { $0.seconds >= at.seconds } ?? false } ?? false
        let explaining = near.last { $0.kind == .invited } ?? (isBack ? removal : nil)
        found.events = [explaining?.event].compactMap { $0 }
        return found
    }

    /// The last removal of somebody on the later list before they joined, the invitations behind it, and from when on one that
    /// lists tell of is behind it; nil for nobody who was removed, or where list and log contradict each other.
    ///
    /// A removal without a time may be of any: what is between the lists counts as behind it.
    func lastRemoval(of place: Int, joined: Instant?)
        -> (removal: AccessTrail.Event, invitations: [String], at: Instant)?
    {
        if joined == nil, standingRemoval(of: place) != nil { return nil }
        let own = certain[.new(place), default: []]
        let end = joined?.seconds ?? .max
        guard let last = own.lastIndex(where: { $0.kind == .removed && $0.at?.seconds ?? .min <= end }) else {
            return nil
        }
        let isTimeless = own.contains { $0.kind == .removed && $0.at == nil }
        let begin = [own[last].at, isTimeless ? before.earliest : nil].compactMap { $0 }.max() ?? before.earliest
        let invitations = own[last...].filter { event in
            guard event.kind == .invited, let at = event.at else { return false }
            return !isTimeless || at.seconds >= begin.seconds
        }
        return (own[last], invitations.map(\.event), begin)
    }

    /// The removal between the lists of somebody on the later one whom nobody invited again.
    func standingRemoval(of place: Int) -> (event: String, at: Instant)? {
        let events = certain[.new(place), default: []]
        guard let last = events.lastIndex(where: { $0.kind == .removed }), let at = events[last].at else { return nil }
        guard at.seconds < after.earliest.seconds, at.seconds >= before.earliest.seconds else { return nil }
        if events[last...].contains(where: { $0.kind == .invited }) { return nil }
        return (events[last].event, at)
    }
}
