import Evidence

extension Words {
    /// A phrase whose places are found once and filled a million times; it counts nothing.
    struct Filling: Sendable {
        /// Bytes of ``literals``, or what stands at a place of the texts that fill it.
        private enum Part: Sendable {
            case text(start: Int, count: Int)
            case place(Int)
        }

        private let parts: [Part]
        /// What stands between the places.
        private let literals: [UInt8]

        init(_ phrase: Phrase, _ places: [String]) {
            var literals: [UInt8] = []
            func text(_ text: String) -> Part {
                literals += text.utf8
                return .text(start: literals.count - text.utf8.count, count: text.utf8.count)
            }
            parts = phrase.other.map { part in
                switch part {
                case .text(let literal): text(literal)
                case .place(let name): places.firstIndex(of: name).map { .place($0) } ?? text("{\(name)}")
                }
            }
            self.literals = literals
        }

        /// The text; `texts` stand in the places in the order in which these were named.
        func callAsFunction(_ texts: String...) -> String {
            textTold { tell in self.tell(tell) { withTextView(of: texts[$0], tell) } }
        }

        /// Tells the text piece after piece; `fill` tells what stands in a place, by its number.
        func tell(_ tell: (TextView) -> Void, filling fill: (Int) -> Void) {
            literals.withUnsafeBufferPointer { literals in
                for part in parts {
                    switch part {
                    case .text(let start, let count):
                        tell(TextView(start: literals.baseAddress.map { $0 + start }, count: count))
                    case .place(let place): fill(place)
                    }
                }
            }
        }
    }
}
