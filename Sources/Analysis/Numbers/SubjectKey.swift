import Evidence

/// What tells the subject of a finding from all others, whatever else the log holds.
///
/// An ordinary id stands for itself. What is told by something else (an actor by e-mail, an API key by name) begins with a
/// byte by which no ordinary id does, and so does an id that is odd: one of which not every byte is shown, or that could be
/// taken for another key.
enum SubjectKey {
    private static let mark = "\u{1}"

    static func id(_ given: TextView) -> String { textTold { id(given, $0) } }

    static func id(_ given: TextView, _ tell: (TextView) -> Void) {
        guard given.bytes.first == 1 || isOdd(given) else { return tell(given) }
        withTextView(of: "\(mark)id:\(given.bytes.hex)", tell)
    }

    static func of(_ kind: String, _ given: TextView) -> String {
        if given.isEmpty { return "" }
        return isOdd(given) ? "\(mark)\(kind)-bytes:\(given.bytes.hex)" : "\(mark)\(kind):\(given.string)"
    }

    /// 255 begins what stands behind an odd text; 0 divides the parts of a key.
    private static func isOdd(_ given: TextView) -> Bool { given.bytes.contains { $0 == 0xFF || $0 == 0 } }
}
