import Analysis
import Templates

/// The stations of a resource's life, as far as its actions tell: created, resized, deleted and their like.
struct ResourceLife {
    private let row: RowSample.Row

    /// Ends of actions' names that begin, change and end a life, in the order in which they are told.
    private static let verbs: [(verb: String, kind: Kind)] = [
        ("created", .once), ("invited", .once), ("resized", .often), ("role_changed", .often), ("removed", .end),
        ("revoked", .end), ("deleted", .end),
    ]

    /// What a row has to be read with: see ``RowSample``.
    static let endings = verbs.map(\.verb)

    private enum Kind {
        case once, often, end
    }

    init(_ row: RowSample.Row) {
        self.row = row
    }

    /// Each with `word`, and `at_text` (the day) or, where it happened more than once, `count`.
    func stations(_ words: Words) -> [TemplateValue] {
        Self.verbs.compactMap { verb, kind in
            guard let child = row.named[verb] else { return nil }
            let count = child.number("count")
            let time = child.text(kind == .end ? "last_at" : "first_at")
            var station: [String: TemplateValue] = [
                "word": .text(words("table.life_\(verb)")), "at_text": .text(String(time.prefix(10))),
                "is_end": .flag(kind == .end),
            ]
            station["count"] = count > 1 ? .text(words.number(count)) : .missing
            return .object(station)
        }
    }
}
