import Evidence

/// What a finding is known by from report to report: the beginning of a digest of its control and its key.
struct FindingID {
    // The first 48 bits of the digest.
    private let number: UInt64

    init(control: String, key: String) {
        var bytes = Array(control.utf8)
        bytes.append(0)
        bytes += key.utf8
        number = bytes.withUnsafeBytes { bytes in
            SHA256.hash(bytes) { $0.prefix(6).reduce(0) { $0 << 8 | UInt64($1) } }
        }
    }

    /// `f-0123456789ab`.
    var text: String {
        let digits = String(number, radix: 16)
        return "f-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }
}
