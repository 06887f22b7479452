import Evidence
import Foundation

/// The one place where pulls and reports ask what time it is.
enum Clock {
    /// Now, to the second.
    static func now() -> Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

    /// The last second of the year 9999: RFC 3339 has four digits for a year.
    private static let endOfYears: Int64 = 253_402_300_799

    /// `SOURCE_DATE_EPOCH` as RFC 3339, nil when it is not set.
    ///
    /// - Throws: `Problem` with status 78 for a value that is no whole number of seconds.
    static func sourceDateEpoch() throws -> String? {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return nil }
        guard let seconds = Int64(text), (0...endOfYears).contains(seconds) else {
            throw Problem(
                .configuration,
                "SOURCE_DATE_EPOCH '\(text)' is not a number of seconds up to the year 9999",
                hint: "https://reproducible-builds.org/specs/source-date-epoch/"
            )
        }
        return Instant(seconds: seconds).rfc3339
    }
}
