import Evidence

/// Who left the list of members without an event, and acted behind that.
struct Departures {
    /// Somebody who acted behind a list that no longer has them.
    struct Departure {
        /// The last list that has them.
        var listed: AccessCourse<AccessMember>.Reading
        /// The first one that does not, if it can be a whole one; none behind it does, either.
        var gone: AccessCourse<AccessMember>.Reading
        /// When they acted last.
        var at: Instant

        /// The event of that, where it is among those that are kept; what came before may have been a member's.
        func events(_ actor: AccessTrail.Actor) -> [String] {
            actor.count == actor.events.count ? actor.events.suffix(1) : []
        }
    }

    private let lists: ListsInTime
    private let removals: Removals
    /// Invitations of the log, and places by whom they name.
    private let invited: [AccessTrail.Event]
    private let byName: EventsByName<[Int]>
    /// By e-mail in lower case: the last second in which a list of invitations has one for it.
    private var listed: [ExactText: Int64] = [:]

    /// Takes lists, in order of time, and what the log says of members.
    init(
        _ lists: ListsInTime,
        _ invitations: [AccessCourse<AccessInvitation>.Reading],
        _ trail: AccessTrail,
        _ removals: Removals
    ) {
        (self.lists, self.removals) = (lists, removals)
        invited = trail.events.filter { $0.kind == .invited }
        byName = EventsByName(invited, []) { $1.append($0) }
        for (place, reading) in invitations.enumerated() {
            // Of lists that follow each other and are the same the last one tells all.
            if place + 1 < invitations.count, invitations[place + 1].elements == reading.elements { continue }
            for invitation in reading.elements {
                let mail = ExactText((invitation.email ?? "").lowercasedASCII)
                listed[mail] = max(listed[mail] ?? .min, reading.at.seconds)
            }
        }
    }

    /// How somebody left; nil for somebody whom a list still has behind what they did last, or the last one before it,
    /// for whom no list ever had for certain, and for whom an event removes since.
    func departure(_ actor: AccessTrail.Actor) -> Departure? {
        let readings = lists.readings
        guard let at = actor.lastAt, let last = lists.last(with: actor),
            last + 1 < readings.count, readings[last + 1].at.seconds < at.seconds,
            case .certain = lists[last].match(actor),
            !removals.areCertainlyAbout(actor, since: readings[last].earliest)
        else { return nil }
        let before = readings[(last + 1)...].prefix { $0.at.seconds < at.seconds }
        return Departure(listed: readings[last], gone: before.first(where: \.isWhole) ?? readings[last + 1], at: at)
    }

    /// Whether somebody who left may have come back before they acted, and gone again before the next list.
    func mayHaveComeBack(_ actor: AccessTrail.Actor, _ departure: Departure) -> Bool {
        let begin = departure.listed.earliest.seconds
        let isInvited = byName.places(ids: [actor.id], mails: actor.mails).map { invited[$0] }.contains { event in
            guard event.isCertainlyAbout(actor) else { return false }
            return event.at.map { begin <= $0.seconds && $0.seconds <= departure.at.seconds } ?? true
        }
        return isInvited || actor.mails.contains { mail in listed[mail].map { begin <= $0 } ?? false }
    }
}
