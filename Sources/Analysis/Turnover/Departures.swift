import Evidence

/// Who left the list of members without an event, and acted behind that.
struct Departures {
    /// Somebody who acted behind a list that no longer has them.
    struct Departure {
        /// The last list that has them.
        var listed: AccessCourse<AccessMember>.Reading
        /// The first one that does not; none behind it does, either.
        var gone: AccessCourse<AccessMember>.Reading
        /// When they acted last.
        var at: Instant
    }

    private let readings: [AccessCourse<AccessMember>.Reading]
    private let lists: [MemberLists]
    private let invitations: [AccessCourse<AccessInvitation>.Reading]
    private let events: [AccessTrail.Event]

    /// Takes lists, in order of time, and what the log says of members.
    init(
        _ readings: [AccessCourse<AccessMember>.Reading],
        _ invitations: [AccessCourse<AccessInvitation>.Reading],
        _ events: [AccessTrail.Event]
    ) {
        self.readings = readings
        self.invitations = invitations
        lists = MemberLists.of(readings)
        self.events = events.filter { $0.kind == .removed || $0.kind == .invited }
    }

    /// How somebody left; nil for somebody whom a list still has behind what they did last, or the last one before it,
    /// for whom no list ever had for certain, and for whom an event removes.
    func departure(_ actor: AccessTrail.Actor) -> Departure? {
        guard let at = actor.lastAt, let last = lists.lastIndex(where: { $0.match(actor) != .none }),
            last + 1 < readings.count, readings[last + 1].at.seconds < at.seconds,
            case .certain = lists[last].match(actor),
            !events.contains(where: { $0.kind == .removed && $0.isCertainlyAbout(actor) })
        else { return nil }
        return Departure(listed: readings[last], gone: readings[last + 1], at: at)
    }

    /// Whether somebody who left may have come back before they acted, and gone again before the next list.
    func mayHaveComeBack(_ actor: AccessTrail.Actor, _ departure: Departure) -> Bool {
        let begin = departure.listed.earliest.seconds
        let isInvited = events.contains { event in
            guard event.kind == .invited, event.isCertainlyAbout(actor) else { return false }
            return event.at.map { begin <= $0.seconds && $0.seconds <= departure.at.seconds } ?? true
        }
        return isInvited
            || invitations.contains { reading in
                reading.at.seconds >= begin
                    && reading.elements.contains { actor.mails.contains(ExactText(($0.email ?? "").lowercasedASCII)) }
            }
    }
}
