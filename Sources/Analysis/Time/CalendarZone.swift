import Evidence
import Foundation

/// A time zone for reckoning days and hours, fast for times that come in order.
package struct CalendarZone: Sendable {
    /// Its name, such as `Europe/Berlin`.
    package let name: String
    private let zone: TimeZone
    private let isUTC: Bool
    private var quarter = Int64.min
    private var quarterOffset: Int64 = 0

    /// UTC.
    package static let utc = CalendarZone()

    private init() {
        name = "UTC"
        zone = .gmt
        isUTC = true
    }

    /// Finds a zone by its name in the tz database.
    ///
    /// - Throws: `AnalysisError` with code `.usage`.
    package init(name: String) throws {
        guard let zone = TimeZone(identifier: name) else {
            throw AnalysisError(
                .usage,
                "'\(name)' is no time zone",
                hint: "use a name such as UTC or Europe/Berlin"
            )
        }
        self.name = name
        self.zone = zone
        isUTC = ["UTC", "GMT", "Etc/UTC", "Z"].contains(name)
    }

    /// Seconds that local time is ahead of UTC at an instant.
    package mutating func offset(at seconds: Int64) -> Int64 {
        if isUTC { return 0 }
        // Offsets change at full quarters of an hour only.
        let current = floorDivide(seconds, 900)
        if current != quarter {
            quarter = current
            quarterOffset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(current * 900))))
        }
        return quarterOffset
    }

    /// The instant at which a day begins here.
    package func start(of date: CivilDate) -> Instant {
        var zone = self
        let midnight = date.daysSince1970 * 86_400
        let before = midnight - zone.offset(at: midnight - 86_400)
        let after = midnight - zone.offset(at: midnight + 86_400)
        // Where the clock is set back there can be two midnights, and the first counts.
        let found = [min(before, after), max(before, after)].first { $0 + zone.offset(at: $0) == midnight }
        // Where it is set forward there can be none: the day begins with the change, when the old clock shows midnight.
        return Instant(seconds: found ?? before)
    }

    /// The day it is here at an instant.
    package func date(at instant: Instant) -> CivilDate {
        var zone = self
        return CivilDate(daysSince1970: floorDivide(instant.seconds + zone.offset(at: instant.seconds), 86_400))
    }
}
