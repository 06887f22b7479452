import Evidence

/// What a finding says of its review.
struct ReviewSentence {
    let words: Words
    /// The answers.
    let rows: [Review.Row]
    /// How many answers are asked for.
    let count: Int

    /// The sentence behind a finding's detail, by what the review makes of the finding.
    func text(_ status: Status) -> String {
        switch status {
        case .reviewed:
            return words("review.in_order", ["count": .number(count), "people": .text(people), "days": .text(days)])
        case .fail:
            let bad = rows.filter { $0.result == .notOK }
            return words(
                "review.not_in_order",
                ["count": .number(count), "bad": .number(bad.count), "which": .text(names(of: bad))]
            )
        default:
            let open = count - rows.count { $0.result != nil }
            guard open == 0 else { return words("review.open", ["count": .number(open), "total": .number(count)]) }
            let unsigned = rows.count { !$0.isSigned }
            return words("review.unsigned", ["count": .number(unsigned), "total": .number(count)])
        }
    }

    private static let mostNamed = 10

    private func names(of bad: [Review.Row]) -> String {
        let names = bad.prefix(Self.mostNamed).map(\.event).filter { !$0.isEmpty }
        guard !names.isEmpty else { return "" }
        let events = Words.Argument.text(names.joined(separator: ", "))
        let more = bad.count - names.count
        return more > 0
            ? words("review.which_and_more", ["events": events, "more": .number(more)])
            : words("review.which", ["events": events])
    }

    private var people: String {
        let names = Set(rows.map { ExactText($0.reviewedBy) }).sorted().map(\.text)
        let shown = names.prefix(3).joined(separator: ", ")
        let more = names.count - 3
        return more > 0
            ? words("review.people_and_more", ["people": .text(shown), "more": .number(more)]) : shown
    }

    private var days: String {
        let days = rows.map(\.reviewedOn)
        guard let first = days.min(), let last = days.max() else { return "" }
        return first == last
            ? words("review.on", ["day": .text(first)])
            : words("review.between", ["from": .text(first), "to": .text(last)])
    }
}
