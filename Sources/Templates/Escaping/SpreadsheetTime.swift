/// A time of ours as spreadsheets know times: `2026-03-17 10:00:00`, in UTC, to the millisecond; or a month.
struct SpreadsheetTime {
    private let bytes: [UInt8]

    /// Whether it is a month of ours, `2026-03`: a date to some of them, and a text in order to the others.
    static func isMonth(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
        let pattern = Array("0000-00".utf8)
        return content.count == pattern.count
            && zip(content, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? $0 &- 0x30 <= 9 : $0 == $1 }
    }

    /// Reads `2026-03-17T10:00:00Z` with any digits of fraction; nil for anything else.
    init?(_ content: UnsafeBufferPointer<UInt8>, _ profile: CSVProfile) {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        guard content.count > pattern.count, content.last == UInt8(ascii: "Z") else { return nil }
        for (byte, expected) in zip(content, pattern) {
            guard expected == UInt8(ascii: "0") ? byte &- 0x30 <= 9 : byte == expected else { return nil }
        }
        var time = Array(content[..<pattern.count])
        time[10] = profile.dayEnd
        let fraction = content[pattern.count..<content.count - 1]
        if let point = fraction.first {
            guard point == UInt8(ascii: "."), fraction.dropFirst().allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
            time.append(profile.fractionPoint)
            time += fraction.dropFirst().prefix(3)
        }
        bytes = time
    }

    func append(to output: inout OutputBuffer) {
        bytes.withUnsafeBufferPointer { output.append($0) }
    }
}
