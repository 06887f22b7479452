import Evidence

/// Finds the removals of actors around what they did, by the order of events.
struct RemovalsAround {
    /// Places of invitations and removals, and that of the last removal.
    private struct Course {
        var places: [Int] = []
        var lastRemoval: Int?
    }

    private let trail: AccessTrail
    private let courses: EventsByName<Course>

    init(_ trail: AccessTrail) {
        self.trail = trail
        courses = EventsByName(trail.events, Course()) { place, course in
            guard [.invited, .removed].contains(trail.events[place].kind) else { return }
            course.places.append(place)
            if trail.events[place].kind == .removed { course.lastRemoval = place }
        }
    }

    /// The same around the last of what an actor did.
    func removal(of actor: AccessTrail.Actor) -> AccessTrail.Event? {
        let place = actor.lastAt.map { last in trail.events.firstPlace { $0.at.map { last < $0 } ?? false } }
        return removal(of: actor, around: place ?? 0)
    }

    /// An event at a place or behind it that removes an actor, or the last one about them before it, if they were not invited
    /// again.
    func removal(of actor: AccessTrail.Actor, around place: Int) -> AccessTrail.Event? {
        let own = courses.values(ids: [actor.id], mails: actor.mails)
        if let last = own.compactMap(\.lastRemoval).max(), last >= place { return trail.events[last] }
        let before = own.compactMap { course in
            course.places[..<course.places.firstPlace { $0 >= place }].last
        }
        return before.max().flatMap { trail.events[$0].kind == .removed ? trail.events[$0] : nil }
    }
}
