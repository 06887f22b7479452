extension [UInt8] {
    /// Appends a text's bytes at once; `+=` asks for them one by one.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }
}
