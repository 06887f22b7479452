extension Unicode.Scalar {
    /// Whether whoever shows a text would obey the character instead of showing it: control and escape characters, marks,
    /// embeddings, overrides and isolates of direction, line and paragraph separators, the byte-order mark.
    ///
    /// None of them lies beyond U+FFFF.
    package var isObeyed: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
