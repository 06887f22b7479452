import Evidence

/// What a person is asked about by a finding that names no event.
///
/// An answer counts as long as the finding says the same, whenever that was read; one about other facts is none about these.
struct AskedStatement: Sendable, Hashable {
    /// How the finding begins, up to the time at which it was read; in one way or another.
    let heads: [String]
    /// When what it rests on was read last; nil where that is not known.
    let readAt: Instant?
    /// Whether all that a person has to judge is named.
    let isWhole: Bool

    /// Stands for times in sentences that are compared.
    static let time = Words.Argument.text(String(mark))

    private static let mark: Character = "\u{0}"

    /// Takes the sentences in which a fact is told, with ``time`` for times.
    init(_ fact: String, in sentences: [String], readAt: Instant?, isWhole: Bool = true) {
        // One that tells the time before the fact does not tell the fact from others.
        heads = sentences.map { String($0.prefix { $0 != Self.mark }) }.filter { $0.contains(fact) }
        (self.readAt, self.isWhole) = (readAt, isWhole)
    }

    /// Takes all that a finding says.
    init(_ detail: String) { self.init(detail, in: [detail], readAt: nil) }
}
