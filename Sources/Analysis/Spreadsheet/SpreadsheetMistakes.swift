import Evidence

/// What is wrong with a table that comes back, all of it, in the order of its rows.
struct SpreadsheetMistakes {
    /// What is wrong, and where.
    private(set) var told: [String] = []
    /// How many there are beside those that are told.
    private(set) var more = 0
    private var hint: String?

    /// More mistakes are only counted: the table of another tool may have one in every row.
    private static let mostTold = 20

    init() {}

    /// Tells a mistake, and what to do about it.
    mutating func add(_ what: String, hint: String) {
        self.hint = self.hint ?? hint
        if told.count < Self.mostTold { told.append(what) } else { more += 1 }
    }

    /// Throws all of them as one error; nothing where there is none.
    ///
    /// - Throws: `AnalysisError` with code `.configuration`.
    func report() throws {
        guard !told.isEmpty else { return }
        throw AnalysisError(
            .configuration,
            told.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""),
            hint: hint
        )
    }
}
