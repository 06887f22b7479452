import Templates
import Analysis

/// The matrix of who did what how often as the page shows it: an empty cell is none.
struct ActivityMatrix {
    private let matrix: ActionMatrix
    private let scale: HeatScale
    private let words: Words

    /// Takes what was counted; nil where there is nothing to show.
    init?(_ matrix: ActionMatrix, _ words: Words) {
        guard !matrix.rows.isEmpty, !matrix.actions.isEmpty else { return nil }
        self.matrix = matrix
        self.words = words
        let width = matrix.actions.count
        scale = HeatScale(matrix.rows.filter { $0.actor != nil }.flatMap { $0.counts.prefix(width) })
    }

    var value: TemplateValue {
        let actors = matrix.rows.count { $0.actor != nil }
        return [
            "columns": .list(
                matrix.actions.map { name in
                    [
                        "action": .text(name.isEmpty ? words("table.no_action") : ShownText.clipped(name)),
                        "is_named": .flag(!name.isEmpty),
                    ]
                }
            ),
            "rows": .list(matrix.rows.map(line)), "has_other_actions": .flag(matrix.otherActions > 0),
            "other_actions": .text(words("table.other_actions", ["count": .number(matrix.otherActions)])),
            "shown_actors": .number(actors), "shown_actions": .number(matrix.actions.count),
            "caption": .text(
                words(
                    "table.matrix_caption",
                    [
                        "actors": .text(words("table.matrix_actors", ["count": .number(actors)])),
                        "actions": .text(words("table.matrix_actions", ["count": .number(matrix.actions.count)])),
                        "file": .text("actor_actions.csv"),
                    ]
                )
            ),
        ]
    }

    private func line(_ row: ActionMatrix.Row) -> TemplateValue {
        let width = matrix.actions.count
        let other = matrix.otherActions > 0 ? row.counts[width] : 0
        return [
            "name": .text(name(of: row)), "number": TemplateValue(row.actor.map { $0 + 1 }),
            "is_sum": .flag(row.actor == nil),
            "cells": .list(
                row.counts.prefix(width).map { count in
                    [
                        "count": Self.filled(count), "count_text": text(count),
                        "level": .number(row.actor == nil ? 0 : scale.level(count)),
                    ]
                }
            ),
            "has_other": .flag(matrix.otherActions > 0), "other": Self.filled(other), "other_text": text(other),
            "total": Self.filled(row.total), "total_text": text(row.total),
        ]
    }

    private func name(of row: ActionMatrix.Row) -> String {
        guard row.actor != nil else { return words("table.other_actors", ["count": .number(matrix.otherActors)]) }
        let name = ActorName(id: row.id, email: row.email)
        return name.isNamed ? ShownText.clipped(name.text) : words("table.no_actor")
    }

    private static func filled(_ count: Int) -> TemplateValue { count == 0 ? .missing : .number(count) }

    private func text(_ count: Int) -> TemplateValue { count == 0 ? .missing : .text(words.number(count)) }
}

/// How an actor is called where there is room for one name.
struct ActorName {
    /// Empty where the log does not name the actor.
    let text: String
    /// Whether the log names the actor at all.
    let isNamed: Bool

    init(_ row: RowSample.Row) {
        self.init(id: row.text("actor_id"), email: row.text("actor_email"))
    }

    init(id: String, email: String) {
        isNamed = !id.isEmpty || !email.isEmpty
        text = !email.isEmpty ? email : id
    }
}
