import Evidence

/// One of the lists through time: when it was read, and when it could not be.
package struct AccessCourse<Element: Sendable & Hashable>: Sendable {
    /// The list as it was at one time.
    package struct Reading: Sendable, Hashable {
        /// When it was served.
        package var at: Instant
        /// When its first page was.
        package var earliest: Instant
        /// What stands on it.
        package var elements: [Element]
        /// How many elements of it can't be understood.
        package var unreadable: Int
        /// Why these are not all elements that the list has, in words; nil where they are.
        package var missing: String?

        /// Whether what does not stand on it was not there: each element came, and can be understood.
        package var isWhole: Bool { unreadable == 0 && missing == nil }
    }

    /// What is known of the list at an instant.
    package enum Standing: Sendable {
        /// It was read at or before then; `next`: the first reading behind it of which nothing is missing.
        case read(Reading, next: Reading?)
        /// Nobody ever asked for it.
        case notAsked
        /// It was asked for and never read.
        case refused(why: String)
        /// It was read, and could not be read when it was asked for last.
        case lost(Reading, at: Instant, why: String)
        /// It was read later only.
        case later(Reading)
        /// It was read only at times on which the clocks disagree.
        case timeUnknown

        /// The reading that is nearest to the instant, before it or else behind it; nil for none.
        package var nearest: Reading? {
            switch self {
            case .read(let reading, _), .lost(let reading, _, _), .later(let reading): reading
            case .notAsked, .refused, .timeUnknown: nil
            }
        }
    }

    /// Every reading of a known time, in order.
    package private(set) var readings: [Reading] = []
    private var refusals: [(at: Instant, why: String)] = []
    private var isReadAtUnknownTime = false

    /// Takes one list out of all; `lists` in order of time, nil where nobody ever asked.
    package init(_ lists: [AccessLists]?, _ list: (AccessLists) -> AccessLists.List<Element>) {
        for all in lists ?? [] {
            switch list(all) {
            case .read(let elements, let unreadable, let missing) where all.isTimeKnown:
                readings.append(
                    Reading(
                        at: all.servedAt,
                        earliest: all.earliest,
                        elements: elements,
                        unreadable: unreadable,
                        missing: missing
                    )
                )
            case .read: isReadAtUnknownTime = true
            case .unavailable(let why): refusals.append((all.servedAt, why))
            case .notAsked: break
            }
        }
        readings.sort { $0.at < $1.at }
        refusals.sort { $0.at < $1.at }
    }

    /// The readings of which nothing is missing, in order.
    package var complete: [Reading] { readings.filter { $0.missing == nil } }

    /// The reading that tells most at an instant: the last one of which nothing is missing, else the last one.
    package func fullest(at end: Instant?) -> Reading? {
        let before = readings.filter { reading in end.map { reading.at <= $0 } ?? true }
        return before.last { $0.missing == nil } ?? before.last
    }

    /// What is known at an instant; nil: at the end of everything.
    package func standing(at end: Instant?) -> Standing {
        func isBefore(_ at: Instant) -> Bool { end.map { at <= $0 } ?? true }
        let refusal = refusals.last { isBefore($0.at) }
        if let last = readings.last(where: { isBefore($0.at) }) {
            if let refusal, refusal.at > last.at { return .lost(last, at: refusal.at, why: refusal.why) }
            return .read(last, next: readings.first { !isBefore($0.at) && $0.missing == nil })
        }
        if let first = readings.first { return .later(first) }
        if isReadAtUnknownTime { return .timeUnknown }
        return (refusal ?? refusals.last).map { .refused(why: $0.why) } ?? .notAsked
    }
}

/// Each list through time.
package struct AccessCourses: Sendable {
    /// What each pull was answered.
    package let lists: [AccessLists]?
    package let members: AccessCourse<AccessMember>
    package let invitations: AccessCourse<AccessInvitation>
    package let keys: AccessCourse<AccessKey>

    /// Takes what each pull was answered, in order of time; nil where nobody ever asked.
    package init(_ lists: [AccessLists]?) {
        self.lists = lists
        members = AccessCourse(lists) { $0.members }
        invitations = AccessCourse(lists) { $0.invitations }
        keys = AccessCourse(lists) { $0.keys }
    }
}
