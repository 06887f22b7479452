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
        let fields =
            Self.number(20, 2) + Self.number(flags, 2) + Self.number(method, 2) + Self.number(0, 4)
            + Self.number(Int(Self.crc(content)), 4) + Self.number(content.count, 4)
            + Self.number(size ?? content.count, 4) + Self.number(name.utf8.count, 2) + Self.number(0, 2)
        files += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + content
        directory +=
            [0x50, 0x4B, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 10) + Self.number(start, 4)
            + Array(name.utf8)
        count += 1
    }

    /// The whole file.
    public var bytes: [UInt8] {
        files + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Self.number(count, 2) + Self.number(count, 2)
            + Self.number(directory.count, 4) + Self.number(files.count, 4) + [0, 0]
    }

    private static func number(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { part, _ in part & 1 == 1 ? part >> 1 ^ 0xEDB8_8320 : part >> 1 }
        }
    }
}
