import Evidence

/// How the members differ between two lists that follow each other, and which events explain it.
package struct MemberDrift: Sendable {
    /// What differs.
    package enum Change: Sendable, Hashable {
        case joined
        case left
        case role(from: String, to: String)
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
        /// Whether nothing can be said of it: the lists do not tell who the member is, or hold what can't be understood.
        package var isUnclear: Bool
    }

    /// In the order of time and of the lists.
    package private(set) var differences: [Difference] = []

    /// Compares two lists.
    ///
    /// - Parameters:
    ///   - before: The earlier one.
    ///   - after: The later one.
    ///   - invited: E-mails, in lower case, that lists of invitations held at or before the later one.
    ///   - events: Events about members, in order.
    init(
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading,
        invited: Set<ExactText>,
        events: [AccessTrail.Event]
    ) {
        let (old, new) = (MemberLists(before.elements), MemberLists(after.elements))
        let (hasOldUnnamed, hasNewUnnamed) = (old.hasUnnamed(besides: new), new.hasUnnamed(besides: old))
        let isWhole = before.isWhole && after.isWhole
        let explaining = Explaining(before, after, events, old, new)
        func note(_ member: AccessMember, _ change: Change, _ found: ([String], [String]), isUnclear: Bool) {
            differences.append(
                Difference(
                    member: member,
                    change: change,
                    from: before.earliest,
                    to: after.at,
                    events: found.0,
                    possible: found.1,
                    isUnclear: isUnclear || member.key == nil
                )
            )
        }
        for (place, member) in old.members.enumerated() {
            switch new.match(member) {
            case .certain(let other):
                let (role, now) = (member.role ?? "", new.members[other].role ?? "")
                guard !role.isSameInBytes(as: now) else { continue }
                let found = explaining.find(.roleChanged, member, old: place, new: other)
                let isInDoubt = old.hasRoleInDoubt(place) || new.hasRoleInDoubt(other)
                note(new.members[other], .role(from: role, to: now), found, isUnclear: isInDoubt)
            case .perhaps: note(member, .left, ([], []), isUnclear: true)
            case .none:
                let found = explaining.find(.removed, member, old: place, new: nil)
                note(member, .left, found, isUnclear: !isWhole || hasNewUnnamed)
            }
        }
        for (place, member) in new.members.enumerated() {
            switch old.match(member) {
            case .certain: break
            case .perhaps: note(member, .joined, ([], []), isUnclear: true)
            case .none:
                let mail = ExactText((member.email ?? "").lowercasedASCII)
                let found = explaining.find(.invited, member, old: nil, new: place)
                if found.0.isEmpty, !mail.text.isEmpty, invited.contains(mail) { continue }
                note(member, .joined, found, isUnclear: !isWhole || mail.text.isEmpty || hasOldUnnamed)
            }
            if let removal = explaining.standingRemoval(of: place, joined: member.joinedAt) {
                note(member, .staysListed, ([], [removal]), isUnclear: true)
            }
        }
    }
}

/// The events that may explain a difference, by the member that they are about.
private struct Explaining {
    private enum Side: Hashable {
        case old(Int)
        case new(Int)
    }

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
        for event in events where event.at.map({ $0.seconds <= after.at.seconds }) ?? true {
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
    func find(_ kind: AccessTrail.Kind, _ member: AccessMember, old: Int?, new: Int?)
        -> (events: [String], possible: [String])
    {
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
        return (events, possible.map(\.event))
    }

    /// The removal of somebody on the later list whom nobody invited again, though it came before that list's first page.
    func standingRemoval(of place: Int, joined: Instant?) -> String? {
        let events = certain[.new(place), default: []]
        guard let last = events.lastIndex(where: { $0.kind == .removed }), let at = events[last].at else { return nil }
        guard at.seconds < after.earliest.seconds, at.seconds >= before.earliest.seconds else { return nil }
        if events[last...].contains(where: { $0.kind == .invited }) { return nil }
        if let joined, joined.seconds >= at.seconds { return nil }
        return events[last].event
    }
}
