import Evidence

/// In which order people write day and month with slashes between.
package enum DateOrder: String, Sendable, Hashable, CaseIterable {
    /// 31/12/2026.
    case dayFirst = "dmy"
    /// 12/31/2026.
    case monthFirst = "mdy"
}

/// A day as spreadsheets and people write it.
enum SpreadsheetDate: Equatable {
    /// One day, however it is read.
    case day(CivilDate)
    /// Numbers with slashes or dashes between: what they are with the day first, and with the month first.
    case slashed(dayFirst: CivilDate?, monthFirst: CivilDate?)

    /// Reads a text; nil for what is no day.
    ///
    /// Understood: 2026-12-31 with or without a time, 31.12.2026, 12/31/2026, `31 Dec 2026`, `31. Dezember 2026`,
    /// `31 déc. 2026`, and the number of days since 1899-12-30 that spreadsheets keep, of the years 2000 to 2199. Years of
    /// two digits are those of this century.
    init?(_ text: String) {
        guard text.utf8.count <= 64, let words = DateWords(text) else { return nil }
        if let month = words.month {
            guard words.numbers.count == 2, let date = Self.named(words.numbers, month) else { return nil }
            self = .day(date)
            return
        }
        switch words.numbers.count {
        case 1:
            guard let date = Self.single(words.numbers[0]) else { return nil }
            self = .day(date)
        case 2:
            // A number with a fraction is a serial number with a time.
            guard [",", "."].contains(words.separators[0]), words.numbers[0].count == 5,
                let date = Self.single(words.numbers[0])
            else { return nil }
            self = .day(date)
        case 3:
            guard let date = Self.numeric(words.numbers, words.separators) else { return nil }
            self = date
        default: return nil
        }
    }

    /// Whether a text gives the year in two digits.
    static func hasShortYear(_ text: String) -> Bool {
        guard let words = DateWords(text), words.numbers.count > 1 else { return false }
        return words.numbers.allSatisfy { $0.count <= 2 }
    }

    /// The day that is meant, by the order that the table tells; nil where it can't be told.
    func day(_ order: DateOrder?) -> CivilDate? {
        switch self {
        case .day(let date): date
        case .slashed(let dayFirst, let monthFirst):
            switch order {
            case .dayFirst: dayFirst
            case .monthFirst: monthFirst
            case nil:
                switch (dayFirst, monthFirst) {
                case (let date?, nil), (nil, let date?): date
                case (let one, let other): one == other ? one : nil
                }
            }
        }
    }

    /// The order that alone makes sense of it; nil where both or neither do.
    var order: DateOrder? {
        guard case .slashed(let dayFirst, let monthFirst) = self else { return nil }
        return switch (dayFirst, monthFirst) {
        case (_?, nil): .dayFirst
        case (nil, _?): .monthFirst
        default: nil
        }
    }

    /// Day and year beside a month's name.
    private static func named(_ numbers: [String], _ month: Int) -> CivilDate? {
        let (day, year) = numbers[0].count == 4 ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
        return date(year, month, day)
    }

    /// 20261231, or a serial number.
    private static func single(_ number: String) -> CivilDate? {
        if number.count == 8 {
            return date(String(number.prefix(4)), Int(number.dropFirst(4).prefix(2)) ?? 0, String(number.suffix(2)))
        }
        guard number.count <= 6, let days = Int64(number), serials.contains(days) else { return nil }
        return CivilDate(daysSince1970: days - daysFrom1899To1970)
    }

    /// Serial numbers of 2000-01-01 to 2199-12-31: a smaller number is more likely a slip than a day of the last century.
    private static let serials: ClosedRange<Int64> = 36_526...109_574
    private static let daysFrom1899To1970: Int64 = 25_569

    private static func numeric(_ numbers: [String], _ separators: [Character]) -> SpreadsheetDate? {
        guard separators[0] == separators[1] else { return nil }
        if numbers[0].count == 4 {
            return date(numbers[0], Int(numbers[1]) ?? 0, numbers[2]).map { .day($0) }
        }
        switch separators[0] {
        case ".": return date(numbers[2], Int(numbers[1]) ?? 0, numbers[0]).map { .day($0) }
        // 26-12-31 may begin with its year as well as with its day.
        case "-" where numbers[2].count != 4: return nil
        case "/", "-":
            let dayFirst = date(numbers[2], Int(numbers[1]) ?? 0, numbers[0])
            let monthFirst = date(numbers[2], Int(numbers[0]) ?? 0, numbers[1])
            return dayFirst == nil && monthFirst == nil ? nil : .slashed(dayFirst: dayFirst, monthFirst: monthFirst)
        default: return nil
        }
    }

    /// A day that the calendar has; a year has two or four digits.
    private static func date(_ year: String, _ month: Int, _ day: String) -> CivilDate? {
        guard year.count == 2 || year.count == 4, day.count <= 2, let day = Int(day), let number = Int64(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let date = CivilDate(year: year.count == 2 ? 2000 + number : number, month: month, day: day)
        // A day that a month does not have is another month's.
        return CivilDate(daysSince1970: date.daysSince1970) == date ? date : nil
    }
}

extension CivilDate {
    /// `2026-12-31`.
    var text: String {
        String(Instant(seconds: daysSince1970 * 86_400).text(fractionDigits: 0).prefix(10))
    }
}
