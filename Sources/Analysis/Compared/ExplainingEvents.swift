import Evidence

/// The events that may explain how two lists differ, by the member that they are about.
struct ExplainingEvents {
    /// Events that explain a difference, the first of those that may, and what removed somebody whom only older invitations
    /// explain.
    struct Found {
        var events: [String] = []
        var possible: [String] = []
        var possibleCount = 0
        var removal: AccessTrail.Event?
    }

    /// What tells which loose events are about others than a member.
    private struct Kinds: Hashable {
        var event: AccessTrail.Kind
        var ids: Set<String>
        var hasMail: Bool
    }

    /// So many events that may explain a difference are named: there can be as many as differences.
    static let mostNamed = 100

    private let events: MemberEvents
    private let (old, new): (MemberLists, MemberLists)
    private let before: Instant
    private let (from, to, begin): (Int64, Int64, Int64)
    /// Places of events that give something of a list's, and are about somebody who stands on neither of these two, or about
    /// one of several; by kind, made when asked for.
    private var loose: [AccessTrail.Kind: [Int]] = [:]
    /// Of all loose events the first ones that may be about members alike, and how many are.
    private var ofKinds: [Kinds: (first: [Int], count: Int)] = [:]

    init(
        _ events: MemberEvents,
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading,
        _ old: MemberLists,
        _ new: MemberLists
    ) {
        (self.events, self.old, self.new) = (events, old, new)
        self.before = before.earliest
        (from, to, begin) = (before.earliest.seconds, after.at.seconds, after.earliest.seconds)
    }

    /// Events of a kind that explain a member's difference, and those that may: an invitation of any time before, others
    /// between the lists, the seconds of both included.
    mutating func find(_ kind: AccessTrail.Kind, _ member: AccessMember, old: Int?, new: Int?) -> Found {
        let own = (own(self.old, old) + own(self.new, new)).map { events.all[$0] }.filter { event in
            event.kind == kind && (kind == .invited || event.at.map { $0.seconds >= from } ?? true)
        }
        var known: Set<ExactText> = []
        let explaining = own.filter { $0.at != nil && known.insert(ExactText($0.event)).inserted }.map(\.event)
        let undated = own.filter { $0.at == nil }
        let (first, count) = possible(kind, member)
        return Found(
            events: explaining,
            possible: Array((undated.map(\.event) + first.map { events.all[$0].event }).prefix(Self.mostNamed)),
            possibleCount: undated.count + count
        )
    }

    /// The same of somebody who came; nil where a list of invitations explains it.
    ///
    /// Whoever was removed came the first time by what is older: only an invitation behind that explains how they came back.
    mutating func findArrival(_ member: AccessMember, _ place: Int, _ invited: InvitedMails, isStanding: Bool) -> Found?
    {
        let mail = ExactText((member.email ?? "").lowercasedASCII)
        let isListed = !mail.text.isEmpty && invited.hold(mail)
        var found = find(.invited, member, old: nil, new: place)
        guard !found.events.isEmpty || isListed else { return found }
        guard let last = lastRemoval(of: place, joined: member.joinedAt, isStanding: isStanding) else {
            return found.events.isEmpty ? nil : found
        }
        if !last.invitations.isEmpty {
            found.events = last.invitations
        } else if invited.hold(mail, since: last.at) {
            return nil
        } else {
            let possible = found.events + [last.removal.event]
            found.possibleCount += possible.count
            found.possible = Array((possible + found.possible).prefix(Self.mostNamed))
            (found.events, found.removal) = ([], last.removal)
        }
        return found
    }

    /// The same of another role: whoever was removed between the lists, and was invited or joined again, came with another one.
    mutating func findRole(_ member: AccessMember, old: Int, new: Int, joined: Instant?) -> Found {
        var found = find(.roleChanged, member, old: old, new: new)
        guard found.events.isEmpty else { return found }
        let own = Set(own(self.old, old) + own(self.new, new)).sorted().map { events.all[$0] }.filter { $0.at != nil }
        let near = own.drop { $0.kind != .removed || ($0.at?.seconds ?? 0) < from }
        let removal = near.last { $0.kind == .removed }
        let isBack = removal?.at.map { at in joined.map { $0.seconds >= at.seconds } ?? false } ?? false
        let explaining = near.last { $0.kind == .invited } ?? (isBack ? removal : nil)
        found.events = [explaining?.event].compactMap { $0 }
        return found
    }

    /// The last removal of somebody on the later list before they joined, the invitations behind it, and from when on one that
    /// lists tell of is behind it; nil for nobody who was removed, or where list and log contradict each other: a removal
    /// between the lists is standing, and nothing tells when they joined.
    ///
    /// A removal without a time may be of any: what is between the lists counts as behind it.
    private func lastRemoval(of place: Int, joined: Instant?, isStanding: Bool)
        -> (removal: AccessTrail.Event, invitations: [String], at: Instant)?
    {
        if joined == nil, isStanding { return nil }
        let own = own(new, place).map { events.all[$0] }
        let end = joined?.seconds ?? .max
        guard let last = own.lastIndex(where: { $0.kind == .removed && $0.at?.seconds ?? .min <= end }) else {
            return nil
        }
        let isTimeless = own.contains { $0.kind == .removed && $0.at == nil }
        let begin = [own[last].at, isTimeless ? before : nil].compactMap { $0 }.max() ?? before
        let invitations = own[last...].filter { event in
            guard event.kind == .invited, let at = event.at else { return false }
            return !isTimeless || at.seconds >= begin.seconds
        }
        return (own[last], invitations.map(\.event), begin)
    }

    /// By place on the later list: the removal between the lists of somebody whom nobody invited again.
    func standingRemovals() -> [Int: (event: String, at: Instant)] {
        let near = events.places(from: from, to: begin - 1).filter { events.all[$0].kind == .removed }
        let removed = near.compactMap { place -> Int? in
            if case .certain(let member) = new.match(events.all[place]) { member } else { nil }
        }
        var removals: [Int: (event: String, at: Instant)] = [:]
        for member in Set(removed) {
            let own = own(new, member).map { events.all[$0] }
            guard let last = own.lastIndex(where: { $0.kind == .removed }), let at = own[last].at else { continue }
            guard at.seconds < begin, at.seconds >= from else { continue }
            if own[last...].contains(where: { $0.kind == .invited }) { continue }
            removals[member] = (own[last].event, at)
        }
        return removals
    }

    /// Places of the events up to the later list that are about the member at a place for certain, in order.
    private func own(_ list: MemberLists, _ place: Int?) -> [Int] {
        place.map { events.places(of: $0, on: list, upTo: to) } ?? []
    }

    /// The first loose events of a kind that may be about a member, and how many are.
    private mutating func possible(_ kind: AccessTrail.Kind, _ member: AccessMember) -> (first: [Int], count: Int) {
        let from = kind == .invited ? .min : from
        if loose[kind] == nil {
            loose[kind] = events.listed(from: from, to: to).filter { place in
                let event = events.all[place]
                return event.kind == kind && !old.names(event) && !new.names(event)
            }
        }
        let loose = loose[kind] ?? []
        let ids = [member.userID, member.memberID].compactMap { $0 }
        let kinds = Kinds(
            event: kind,
            ids: AccessTrail.Event.kinds(of: ids),
            hasMail: !(member.email ?? "").isEmpty
        )
        func isOther(_ place: Int) -> Bool { events.all[place].isOther(than: kinds.ids, hasMail: kinds.hasMail) }
        if ofKinds[kinds] == nil {
            let listed = loose.filter { !isOther($0) }
            let (hasMail, most) = (kinds.hasMail, Self.mostNamed)
            let others = events.unlisted(kind, kinds.ids, hasMail: hasMail, from: from, to: to, most: most)
            let first = (others.first + listed.prefix(most)).sorted().prefix(most)
            ofKinds[kinds] = (Array(first), others.count + listed.count)
        }
        let (first, count) = ofKinds[kinds] ?? ([], 0)
        // What gives an id or e-mail of theirs is about them whatever else it gives.
        let named = events.places(of: member, byMail: true).filter { place in
            guard events.all[place].kind == kind, isOther(place) else { return false }
            let isLoose = loose.firstPlace { $0 >= place }
            return isLoose < loose.count && loose[isLoose] == place
        }
        guard !named.isEmpty else { return (first, count) }
        return ((first + named).sorted(), count + named.count)
    }
}
