extension [UInt8] {
    /// Appends a text's bytes at once; `+=` asks for them one by one.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Whether a range holds a text.
    func holds(_ text: String, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8.count else { return false }
        var text = text
        return withUnsafeBytes { bytes in text.withUTF8 { bytes[range].elementsEqual($0) } }
    }
}
