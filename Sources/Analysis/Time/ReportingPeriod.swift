import Evidence

/// The span of time a report is about, with the name it goes by.
package struct ReportingPeriod: Sendable, Hashable {
    /// What kind of span it is: only bundles of one kind are compared with each other.
    package enum Kind: String, Sendable, Hashable {
        case month
        case quarter
        case year
        case all
        case range
    }

    /// `2026-03`, `2026-Q1`, `2026`, `all`, or begin and end.
    package var name: String
    /// What kind of span it is.
    package var kind: Kind
    /// The span, half-open.
    package var range: InstantRange

    /// Everything that is archived.
    package static let all = ReportingPeriod(name: "all", kind: .all, range: .all)

    private static let accepted =
        "2026-03, 2026-Q1, 2026, this-month, last-month, last-quarter, last-year and all are periods"

    /// Reads a period's name.
    ///
    /// - Parameters:
    ///   - text: A name such as `2026-Q1` or `last-month`.
    ///   - zone: Where days begin.
    ///   - now: What `this` and `last` are reckoned from.
    /// - Returns: The period, with the name it goes by in reports.
    /// - Throws: `AnalysisError` with code `.usage`.
    package static func parse(_ text: String, zone: CalendarZone, now: Instant) throws -> ReportingPeriod {
        let today = zone.date(at: now)
        let monthNumber = today.year * 12 + Int64(today.month) - 1
        switch text {
        case "all": return all
        case "this-month": return try month(monthNumber, zone).checked()
        case "last-month": return try month(monthNumber - 1, zone).checked()
        case "last-quarter": return try quarter(floorDivide(monthNumber, 3) - 1, zone).checked()
        case "last-year": return try year(today.year - 1, zone).checked()
        default: break
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].utf8.count == 4, let year = digits(parts[0]), year >= 1 else {
            throw AnalysisError(.usage, "'\(text)' is no period", hint: accepted)
        }
        guard parts.count == 2 else { return try Self.year(year, zone).checked() }
        let second = parts[1]
        if second.utf8.count == 2, second.first == "Q", let number = digits(second.dropFirst()),
            (1...4).contains(number)
        {
            return try quarter(year * 4 + number - 1, zone).checked()
        }
        if second.utf8.count == 2, let number = digits(second), (1...12).contains(number) {
            return try month(year * 12 + number - 1, zone).checked()
        }
        throw AnalysisError(.usage, "'\(text)' is no period", hint: accepted)
    }

    /// Makes a period of its ends, each a date or an RFC 3339 time; a missing one is unbounded.
    ///
    /// - Throws: `AnalysisError` with code `.usage` for an end that is no time, or one before the begin.
    package static func parse(from: String?, to: String?, zone: CalendarZone) throws -> ReportingPeriod {
        if from == nil, to == nil { return all }
        let begin = try from.map { try instant($0, zone, "--from") }
        let end = try to.map { try instant($0, zone, "--to") }
        if let begin, let end, !(begin < end) {
            throw AnalysisError(
                .usage,
                "the period ends (\(to ?? "")) before it begins (\(from ?? ""))",
                hint: "--to is the first instant no longer inside: --from 2026-03-01 --to 2026-04-01 is March"
            )
        }
        let name = (from ?? "begin").filter(isPlain) + "--" + (to ?? "end").filter(isPlain)
        return try ReportingPeriod(name: name, kind: .range, range: InstantRange(from: begin, to: end)).checked()
    }

    /// The period, if reports can tell both of its ends: RFC 3339 has the years 0000 to 9999, in UTC.
    private func checked() throws -> ReportingPeriod {
        let told = Instant(seconds: -62_167_219_200)..<Instant(seconds: 253_402_300_800)
        for end in [range.from, range.to].compactMap({ $0 }) where !told.contains(end) {
            throw AnalysisError(
                .usage,
                "the period '\(name)' \(end < told.lowerBound ? "begins before the year 0000" : "ends behind the year 9999") in UTC",
                hint: "times have years of four digits"
            )
        }
        return self
    }

    /// Whether the period has begun at an instant; one without a begin always has.
    package func hasBegun(at now: Instant) -> Bool { range.from.map { !(now < $0) } ?? true }

    /// Whether the period has ended at an instant; one without an end never has.
    package func hasEnded(at now: Instant) -> Bool { range.to.map { !(now < $0) } ?? false }

    /// A number of plain digits; `Int64` itself would take a sign.
    private static func digits(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "+")
    }

    private static func instant(_ text: String, _ zone: CalendarZone, _ flag: String) throws -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = digits(parts[0]), let month = digits(parts[1]).map(Int.init),
            let day = digits(parts[2]).map(Int.init)
        {
            let date = CivilDate(year: year, month: month, day: day)
            // A date that does not exist comes back as another one.
            if (1...12).contains(month), CivilDate(daysSince1970: date.daysSince1970) == date {
                return zone.start(of: date)
            }
        }
        throw AnalysisError(
            .usage,
            "'\(text)' is no time for \(flag)",
            hint: "use a date such as 2026-03-01, or RFC 3339: 2026-03-01T00:00:00Z"
        )
    }

    private static func month(_ number: Int64, _ zone: CalendarZone) -> ReportingPeriod {
        let name = "\(four(floorDivide(number, 12)))-\(two(number - floorDivide(number, 12) * 12 + 1))"
        return ReportingPeriod(name: name, kind: .month, range: months(number, 1, zone))
    }

    private static func quarter(_ number: Int64, _ zone: CalendarZone) -> ReportingPeriod {
        let year = floorDivide(number, 4)
        return ReportingPeriod(
            name: "\(four(year))-Q\(number - year * 4 + 1)",
            kind: .quarter,
            range: months(number * 3, 3, zone)
        )
    }

    private static func year(_ year: Int64, _ zone: CalendarZone) -> ReportingPeriod {
        ReportingPeriod(name: four(year), kind: .year, range: months(year * 12, 12, zone))
    }

    private static func months(_ first: Int64, _ count: Int64, _ zone: CalendarZone) -> InstantRange {
        func begin(_ number: Int64) -> Instant {
            let year = floorDivide(number, 12)
            return zone.start(of: CivilDate(year: year, month: Int(number - year * 12) + 1, day: 1))
        }
        return InstantRange(from: begin(first), to: begin(first + count))
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func four(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
