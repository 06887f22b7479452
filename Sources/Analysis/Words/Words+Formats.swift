import Evidence

/// How numbers, times and lists read in running text and in tables that people read.
extension Words {
    /// A number in groups of three digits.
    package func number(_ number: Int) -> String { Counted.digits(number, separator: self("format.thousands")) }

    /// `1 event`, `2 events`; `noun` is a name of the group `count`.
    package func count(_ number: Int, _ noun: String) -> String { self("count.\(noun)", ["count": .number(number)]) }

    /// A time as tables write it, `2026-03-17 10:00:00`: RFC 3339 in UTC without `T` and `Z`.
    ///
    /// Anything that is no such time stays as it is.
    package func time(_ text: String) -> String {
        // By bytes: looking for the borders of characters takes most of what a sentence of a finding does.
        let bytes = text.utf8
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes.dropFirst(10).first == UInt8(ascii: "T"),
            bytes.allSatisfy({ $0 < 0x80 })
        else { return text }
        return String(Substring(bytes.prefix(10))) + " " + Substring(bytes.dropFirst(11).dropLast())
    }

    /// A time for columns that say UTC in their heading, to the minute: `2026-03-17 10:00`.
    package func minute(_ text: String) -> String {
        let time = time(text)
        return time == text ? text : String(time.prefix(16))
    }

    /// A time for running text, to the minute: `2026-03-17 10:00 UTC`, or the day alone where it is midnight.
    package func moment(_ text: String) -> String {
        let time = time(text)
        guard time != text else { return text }
        return time.hasSuffix(" 00:00:00")
            ? String(Substring(time.utf8.prefix(10))) : Substring(time.utf8.prefix(16)) + " UTC"
    }

    /// The same of an instant.
    package func moment(_ instant: Instant) -> String { textTold { tellMoment(instant, $0) } }

    /// Tells the same to who prints it and forgets it.
    func tellMoment(_ instant: Instant, _ tell: (TextView) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { text in
            _ = instant.write(fractionDigits: 0, to: text)
            text[10] = UInt8(ascii: " ")
            for (place, byte) in " UTC".utf8.enumerated() { text[16 + place] = byte }
            let isDay = instant.nanoseconds == 0 && floorModulo(instant.seconds, 86_400) == 0
            tell(TextView(start: text.baseAddress.map { UnsafePointer($0) }, count: isDay ? 10 : 20))
        }
    }

    /// A time as exactly as it was told, for what somebody chose: seconds and their fraction where they are not zero.
    package func exactly(_ text: String) -> String {
        let time = time(text)
        return time == text || time.hasSuffix(":00") ? moment(text) : time + " UTC"
    }

    /// Two times of one sentence, for its places `from` and `to`: more exact than to the minute where these would read alike.
    package func between(_ from: String, _ to: String) -> [String: Argument] {
        let isAlike = from != to && moment(from) == moment(to)
        return isAlike
            ? ["from": .text(exactly(from)), "to": .text(exactly(to))]
            : ["from": .text(moment(from)), "to": .text(moment(to))]
    }

    /// The same of instants.
    func between(_ from: Instant, _ to: Instant) -> [String: Argument] { between(from.rfc3339, to.rfc3339) }

    /// `2026-03-17`, in UTC.
    package func day(_ instant: Instant) -> String { String(instant.rfc3339.prefix(10)) }

    /// A span of time that begins and ends, or is open where an end is nil.
    package func span(from: String?, to: String?) -> String {
        switch (from, to) {
        case (let from?, let to?): self("format.span", between(from, to))
        case (let from?, nil): self("format.span_from", ["from": .text(moment(from))])
        case (nil, let to?): self("format.span_to", ["to": .text(moment(to))])
        case (nil, nil): self("format.span_whole")
        }
    }

    /// The time that a report is about, in words: its end is not in it.
    package func period(from: String?, to: String?) -> String {
        switch (from, to) {
        case (nil, nil): self("period.whole")
        case (let from?, nil): self("period.from", ["from": .text(exactly(from))])
        case (nil, let to?): self("period.to", ["to": .text(exactly(to))])
        case (let from?, let to?):
            self("period.between", ["from": .text(exactly(from)), "to": .text(exactly(to))])
        }
    }

    /// How long something took, in the unit that reads best.
    func duration(seconds: Int64) -> String {
        switch seconds {
        case ..<120: count(Int(max(0, seconds)), "second")
        case ..<7200: count(Int(seconds / 60), "minute")
        case ..<172_800: count(Int(seconds / 3600), "hour")
        default: count(Int(clamping: seconds / 86_400), "day")
        }
    }

    /// `Mon`, of a day of the week counted from 1, Monday.
    package func weekday(_ day: Int) -> String { (1...7).contains(day) ? self("format.weekday_\(day)") : "" }

    /// The parts of a list in a sentence: `a, b and c`.
    package func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return self("format.list", ["first": .text(parts.dropLast().joined(separator: ", ")), "last": .text(last)])
    }

    /// A reason as a sentence: a capital at its start and a full stop at its end.
    package func sentence(_ text: String) -> String {
        guard let first = text.first, let last = text.last else { return "" }
        return first.uppercased() + text.dropFirst() + (".!?".contains(last) ? "" : ".")
    }
}
