extension Words {
    /// A phrase whose places are found once and filled a million times; it counts nothing.
    struct Filling: Sendable {
        private enum Part: Sendable {
            case text(String)
            /// What stands at a place of the texts that fill it.
            case place(Int)
        }

        private let parts: [Part]
        /// How many bytes stand between the places.
        private let literals: Int

        init(_ phrase: Phrase, _ places: [String]) {
            parts = phrase.other.map { part in
                switch part {
                case .text(let text): .text(text)
                case .place(let name): places.firstIndex(of: name).map { .place($0) } ?? .text("{\(name)}")
                }
            }
            literals = parts.reduce(0) { sum, part in
                if case .text(let text) = part { sum + text.utf8.count } else { sum }
            }
        }

        /// The text; `texts` stand in the places in the order in which these were named.
        func callAsFunction(_ texts: String...) -> String {
            var text = ""
            text.reserveCapacity(texts.reduce(literals) { $0 + $1.utf8.count })
            for part in parts {
                switch part {
                case .text(let literal): text += literal
                case .place(let place): text += texts[place]
                }
            }
            return text
        }
    }
}
