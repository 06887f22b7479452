import Evidence

/// When people are expected to work: days of the week, begin and end, in a time zone.
package struct WorkingHours: Sendable, Hashable {
    /// Days on which the hours begin, 1 for Monday to 7 for Sunday.
    package var days: Set<Int>
    /// Minutes behind midnight at which they begin.
    package var from: Int
    /// Minutes behind midnight at which they end; at or before `from`, they end on the next day.
    package var to: Int
    /// Name of the time zone.
    package var timeZone: String

    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Reads working hours as the configuration writes them.
    ///
    /// - Parameters:
    ///   - days: `mon-fri`, or names separated by commas.
    ///   - from: Such as `08:00`.
    ///   - to: Such as `18:30`; `24:00` is midnight at the day's end.
    ///   - timeZone: Such as `Europe/Berlin`.
    /// - Throws: `AnalysisError` with code `.configuration`.
    package init(days: String, from: String, to: String, timeZone: String) throws {
        self.days = try Self.days(days)
        self.from = try Self.minutes(from, "from")
        self.to = try Self.minutes(to, "to")
        self.timeZone = timeZone
        do {
            _ = try CalendarZone(name: timeZone)
        } catch {
            throw AnalysisError(
                .configuration,
                "working_hours: '\(timeZone)' is no time zone",
                hint: "use a name such as UTC or Europe/Berlin"
            )
        }
    }

    private static func days(_ text: String) throws -> Set<Int> {
        var days: Set<Int> = []
        for part in text.lowercased().split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { name in
                names.firstIndex(of: String(name.filter { $0 != " " }.prefix(3)))
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else {
                throw AnalysisError(
                    .configuration,
                    "working_hours: '\(text)' names no days",
                    hint: "use mon-fri, or mon, tue, sat"
                )
            }
            var day = first
            while day != last {
                days.insert(day + 1)
                day = (day + 1) % 7
            }
            days.insert(last + 1)
        }
        return days
    }

    private static func minutes(_ text: String, _ name: String) throws -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
            (0..<60).contains(minute), hour * 60 + minute <= 1440
        else {
            throw AnalysisError(.configuration, "working_hours: '\(text)' for \(name) is no time", hint: "use 08:00")
        }
        return hour * 60 + minute
    }

    /// Whether an instant lies in the hours, by a clock of their zone.
    func contain(_ instant: Instant, _ clock: inout CalendarZone) -> Bool {
        let local = instant.seconds + clock.offset(at: instant.seconds)
        let day = floorDivide(local, 86_400)
        let minute = Int((local - day * 86_400) / 60)
        // 1970-01-01 was a Thursday.
        let weekday = Int(floorModulo(day + 3, 7)) + 1
        if to > from { return days.contains(weekday) && minute >= from && minute < to }
        let before = weekday == 1 ? 7 : weekday - 1
        return (days.contains(weekday) && minute >= from) || (days.contains(before) && minute < to)
    }
}
