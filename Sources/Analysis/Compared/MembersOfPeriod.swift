import Evidence

/// The lists of members that tell of a period, beside what the log says of members.
struct MembersOfPeriod: Sendable {
    /// The list that was read last up to the end.
    let last: AccessCourse<AccessMember>.Reading
    /// The last list before the period, those of it, and the first one behind its end of which nothing is missing.
    let lists: ListsInTime
    let trail: AccessTrail

    /// Takes the lists of a period that begins then, as they stood at an end; nil where none was read last up to it.
    init?(_ course: AccessCourse<AccessMember>, from begin: Instant?, to end: Instant?, _ trail: AccessTrail) {
        guard case .read(let last, let next) = course.standing(at: end) else { return nil }
        let readings = course.readings.filter { $0.at <= last.at } + [next].compactMap { $0 }
        // Which older ones are at hand rests on what the lists of invitations and keys were worth.
        let first = readings.lastIndex { reading in begin.map { reading.at < $0 } ?? false } ?? 0
        (self.last, lists, self.trail) = (last, ListsInTime(Array(readings[first...])), trail)
    }
}
