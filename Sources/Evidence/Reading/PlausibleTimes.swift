/// When an event of a log can have happened: from the year 2000 to a day ahead of the later of both clocks.
///
/// An event of another time is archived and named (`implausible_time`), and nothing is concluded from it.
package struct PlausibleTimes: Sendable, Hashable {
    /// 2000-01-01T00:00:00Z.
    static let earliest = Instant(seconds: 946_684_800)

    private let latest: Instant

    /// The times that are plausible where the later of both clocks says `now`.
    package init(now: Instant) {
        latest = now.adding(seconds: 86_400)
    }

    /// Whether something can have happened then.
    package func contains(_ instant: Instant) -> Bool { instant >= Self.earliest && instant <= latest }
}
