/// A time or a day of ours as a workbook keeps it: days since 1899-12-30, and parts of a day.
struct WorkbookTime {
    /// The days.
    let serial: Double
    /// Whether it has a fraction of a second.
    let hasFraction: Bool

    /// Reads `2026-03-17T10:00:00Z` with any digits of fraction, of which milliseconds are kept; nil for anything else, and
    /// for what workbooks have no number for.
    init?(time content: UnsafeBufferPointer<UInt8>) {
        guard content.count >= 20, content[19..<content.count].last == UInt8(ascii: "Z"),
            content[10] == UInt8(ascii: "T"), content[13] == UInt8(ascii: ":"), content[16] == UInt8(ascii: ":"),
            let days = Self.days(content), let hour = Self.number(content, 11, 2),
            let minute = Self.number(content, 14, 2),
            let second = Self.number(content, 17, 2), hour < 24, minute < 60, second < 60
        else { return nil }
        var milliseconds = 0
        if content.count > 20 {
            let digits = content[20..<(content.count - 1)]
            guard content[19] == UInt8(ascii: "."), !digits.isEmpty, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else {
                return nil
            }
            for place in 0..<3 {
                milliseconds =
                    milliseconds * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0)
            }
        }
        let ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
        serial = Double(days) + Double(ofDay) / 86_400_000
        hasFraction = milliseconds > 0
    }

    /// Reads `2026-03-17`; nil for anything else.
    init?(day content: UnsafeBufferPointer<UInt8>) {
        guard content.count == 10, let days = Self.days(content) else { return nil }
        serial = Double(days)
        hasFraction = false
    }

    /// The number of the day that a text begins with.
    private static func days(_ content: UnsafeBufferPointer<UInt8>) -> Int? {
        guard content[4] == UInt8(ascii: "-"), content[7] == UInt8(ascii: "-"), let year = number(content, 0, 4),
            let month = number(content, 5, 2), let day = number(content, 8, 2), (1...12).contains(month), day > 0,
            day <= lengths[month - 1] + (month == 2 && isLeap(year) ? 1 : 0)
        else { return nil }
        let before = year - 1
        var days = before * 365 + before / 4 - before / 100 + before / 400 + day
        for other in 0..<(month - 1) { days += lengths[other] }
        if month > 2, isLeap(year) { days += 1 }
        days -= daysTo1899
        // Workbooks have a 29 February 1900, which was none: before it their days have other numbers.
        return days >= firstOfMarch1900 ? days : nil
    }

    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    private static let daysTo1899 = 693_594
    private static let firstOfMarch1900 = 61

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func number(_ content: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var number = 0
        for byte in content[start..<(start + count)] {
            guard byte &- 0x30 <= 9 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }
}
