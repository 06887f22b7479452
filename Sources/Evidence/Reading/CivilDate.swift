import CSimdJSON

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Hashable, Sendable {
    /// Year, 0 to 9999 in everything we read.
    package var year: Int64
    /// Month, 1 to 12.
    package var month: Int
    /// Day of the month, 1 to 31.
    package var day: Int

    /// Names a day by its parts, which are not checked.
    package init(year: Int64, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days from 1970-01-01 in either direction that are reckoned with, a hundred million years and more.
    private static let mostDays: Int64 = 1 << 36

    /// The date of a day counted from 1970-01-01.
    package init(daysSince1970 days: Int64) {
        let date = heed_date_of_day(min(max(days, -Self.mostDays), Self.mostDays))
        self.init(year: date.year, month: Int(date.month), day: Int(date.day))
    }

    /// How many days after 1970-01-01 the date is.
    package var daysSince1970: Int64 {
        heed_day_of_date(
            heed_date(
                year: min(max(year, -Self.mostDays), Self.mostDays),
                month: Int32(truncatingIfNeeded: month),
                day: Int32(truncatingIfNeeded: day)
            )
        )
    }
}

/// How often `divisor` goes into a number, rounded down also below zero.
@inlinable package func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number / divisor - (number % divisor < 0 ? 1 : 0)
}

/// What is left of a number then, never negative.
@inlinable package func floorModulo(_ number: Int64, _ divisor: Int64) -> Int64 {
    number - floorDivide(number, divisor) * divisor
}
