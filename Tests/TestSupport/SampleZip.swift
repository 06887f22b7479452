/// A ZIP file of a test: every file stored as it is.
public struct SampleZip {
    private var files: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Begins an empty one.
    public init() {}

    /// Adds a file; `size` and `method` are what its directory says where that is not the truth.
    public mutating func add(_ name: String, _ content: [UInt8], size: Int? = nil, method: Int = 0, flags: Int = 0) {
        let start = files.count
        var fields: [UInt8] = []
        let values = [
            (20, 2), (flags, 2), (method, 2), (0, 4), (Int(Self.crc(content)), 4), (content.count, 4),
            (size ?? content.count, 4), (name.utf8.count, 2), (0, 2),
        ]
        for (value, width) in values { fields += Self.number(value, width) }
        files += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + content
        directory += [0x50, 0x4B, 1, 2, 20, 0] + fields
        directory += [UInt8](repeating: 0, count: 10) + Self.number(start, 4) + Array(name.utf8)
        count += 1
    }

    /// The whole file.
    public var bytes: [UInt8] {
        var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        for _ in 0..<2 { end += Self.number(count, 2) }
        end += Self.number(directory.count, 4)
        end += Self.number(files.count, 4)
        return files + directory + end + [0, 0]
    }

    private static func number(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
