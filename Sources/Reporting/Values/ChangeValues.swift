import Analysis
import Evidence
import Templates

/// What differs from before, for files that hold all of it and for a page that shows some.
struct ChangeValues {
    private let changes: [ReportChange]
    private let words: Words

    /// How many changes of a kind the HTML shows.
    private static let ofAKind = 200

    init(_ document: ReportDocument) {
        changes = document.changes
        words = document.words
    }

    /// What templates can name.
    var scalars: [String: TemplateValue] {
        let shown = shown
        let hidden = changes.count - shown.count
        return [
            "changes": .list(changes.map(value)),
            "shown_changes": .list(shown.map(\.shortened).map(value)),
            "more_changes": hidden > 0 ? .text(words.number(hidden)) : .missing,
            "more_changes_text": hidden > 0
                ? .text(words("table.more_changes", ["count": .number(hidden)])) : .missing,
            "changes_paper": TemplateValue(TablePart(shown.count, of: changes.count).paper(words, "changes.csv")),
            "has_changes": .flag(!changes.isEmpty),
        ]
    }

    /// The first changes of each kind, so that no kind hides another.
    private var shown: [ReportChange] {
        var counts: [ExactText: Int] = [:]
        return changes.filter { change in
            counts[ExactText(change.kind), default: 0] += 1
            return counts[ExactText(change.kind), default: 0] <= Self.ofAKind
        }
    }

    private func value(of change: ReportChange) -> TemplateValue {
        let kind = "table.kind_" + change.kind.replacing(" ", with: "_")
        return [
            "kind": .text(change.kind), "kind_word": .text(words.has(kind) ? words(kind) : change.kind),
            "subject": .text(change.subject), "before": TemplateValue(change.before),
            "before_text": TemplateValue(text(change.before, change)), "after": TemplateValue(change.after),
            "after_text": TemplateValue(text(change.after, change)), "at": TemplateValue(time: change.at),
            "at_text": TemplateValue(change.at.map(words.minute)), "actor": TemplateValue(change.actor),
            "event": TemplateValue(change.eventID),
        ]
    }

    /// A value for reading: a finding's is its verdict.
    private func text(_ value: String?, _ change: ReportChange) -> String? {
        guard let value, change.kind == "finding" else { return value }
        return Status(rawValue: value).map(words.status) ?? value
    }
}

extension ReportChange {
    /// The change as a page can bear it: long texts are cut, and say so.
    fileprivate var shortened: ReportChange {
        var change = self
        change.subject = ShownText.clipped(subject)
        change.before = before.map(ShownText.clipped)
        change.after = after.map(ShownText.clipped)
        change.actor = actor.map(ShownText.clipped)
        return change
    }
}
