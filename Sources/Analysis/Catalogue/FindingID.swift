import Evidence

/// What a finding is known by from report to report: the beginning of a digest of its control and its key.
struct FindingID {
    // The first 48 bits of the digest.
    private let number: UInt64

    init(control: String, key: String) {
        var maker = Maker(control: control)
        self = maker.id { withTextView(of: key, $0) }
    }

    private init(of bytes: [UInt8]) {
        number = bytes.withUnsafeBytes { bytes in
            SHA256.hash(bytes) { $0.prefix(6).reduce(0) { $0 << 8 | UInt64($1) } }
        }
    }

    /// Makes the ids of many findings of a control, in the same memory.
    struct Maker {
        private var bytes: [UInt8]
        private let begin: Int

        init(control: String) {
            bytes = Array(control.utf8) + [0]
            begin = bytes.count
        }

        /// The id of the finding whose key is told piece after piece.
        mutating func id(_ telling: ((TextView) -> Void) -> Void) -> FindingID {
            bytes.removeLast(bytes.count - begin)
            telling { bytes += $0.bytes }
            return FindingID(of: bytes)
        }
    }

    /// `f-0123456789ab`.
    var text: String {
        String(unsafeUninitializedCapacity: 14) { text in
            (text[0], text[1]) = (UInt8(ascii: "f"), UInt8(ascii: "-"))
            for place in 0..<12 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(44 - 4 * place) & 15)
                text[2 + place] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
            return 14
        }
    }
}
