import Analysis
import Templates

/// What part of a long list a page shows, and where the rest of it is.
struct TablePart {
    /// In which order the list stands.
    enum Order {
        /// As in its file, so that the rest begins behind what is shown.
        case asInFile
        case newestFirst
        /// Picked out of a file that has them all.
        case picked
    }

    private let count: Int
    /// How long the list would be whole; nil where that is not known.
    private let total: Int?

    /// How many rows of a long table are printed.
    private static let printed = 25

    init(_ count: Int, of total: Int?) {
        self.count = count
        self.total = total
    }

    private var isCut: Bool { total.map { count < $0 } ?? true }

    /// What templates can name.
    func value(_ words: Words, file: String, order: Order = .asInFile) -> TemplateValue {
        [
            "count": .text(words.number(count)), "total": TemplateValue(total.map(words.number)),
            "is_cut": .flag(isCut), "next": .text(words.number(count + 1)), "any": .flag((total ?? count) > 0),
            "caption": .text(caption(words, file, order)), "paper": TemplateValue(paper(words, file)),
        ]
    }

    private func caption(_ words: Words, _ file: String, _ order: Order) -> String {
        var places: [String: Words.Argument] = [
            "count": .number(total ?? count), "shown": .number(count), "next": .number(count + 1), "file": .text(file),
        ]
        switch order {
        case _ where !isCut: return words("table.all", places)
        case .asInFile: return words("table.cut", places)
        case .newestFirst: return words("table.newest", places)
        case .picked:
            places["count"] = .number(count)
            return words("table.picked", places)
        }
    }

    /// What print leaves out; nil where it shows everything too.
    func paper(_ words: Words, _ file: String) -> String? {
        guard count > Self.printed else { return nil }
        return words("table.paper", ["shown": .number(Self.printed), "file": .text(file)])
    }
}
