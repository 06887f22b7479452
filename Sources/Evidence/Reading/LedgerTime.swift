/// Times as the ledger writes them: RFC 3339 in UTC with `T` and `Z`.
enum LedgerTime {
    /// The instant of a text; nil when it is no time.
    ///
    /// A ledger has tens of thousands: the form in which they are written is read here, others as events' times are.
    static func instant(_ text: String) -> Instant? {
        var text = text
        return text.withUTF8(plain) ?? Instant(rfc3339: text)
    }

    /// The instant of a text in the one form in which ``Instant/rfc3339`` writes it; nil for any other.
    static func written(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard let instant = plain(bytes) else { return nil }
        return bytes.count == 20 || bytes[bytes.count - 2] != UInt8(ascii: "0") ? instant : nil
    }

    /// The instant of a text, and whether ``Instant/rfc3339`` writes it so.
    static func read(_ text: String) -> (instant: Instant?, isWritten: Bool) {
        var text = text
        let written = text.withUTF8(written)
        return (written ?? instant(text), written != nil)
    }

    private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard bytes.count >= 20, bytes.count <= 30, bytes[bytes.count - 1] == UInt8(ascii: "Z"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
        else { return nil }
        let date = CivilDate(year: Int64(year), month: month, day: day)
        let days = date.daysSince1970
        // A day that its month does not have comes back as another one.
        guard day <= 28 || CivilDate(daysSince1970: days) == date else { return nil }
        var nanoseconds = 0
        if bytes.count > 20 {
            guard bytes[19] == UInt8(ascii: "."), bytes.count > 21, let fraction = number(bytes[20..<(bytes.count - 1)])
            else { return nil }
            nanoseconds = fraction
            for _ in (bytes.count - 21)..<9 { nanoseconds *= 10 }
        }
        return Instant(
            seconds: days * 86_400 + Int64(hour * 3600 + minute * 60 + second),
            nanoseconds: UInt32(nanoseconds)
        )
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}
