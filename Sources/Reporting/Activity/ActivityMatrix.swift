import Templates
import Analysis

/// The matrix of who did what how often as the page shows it: an empty cell is none.
struct ActivityMatrix {
    private let matrix: ActionMatrix
    private let scale: HeatScale

    /// Takes what was counted; nil where there is nothing to show.
    init?(_ matrix: ActionMatrix?) {
        guard let matrix, !matrix.rows.isEmpty, !matrix.actions.isEmpty else { return nil }
        self.matrix = matrix
        let width = matrix.actions.count
        scale = HeatScale(matrix.rows.filter { $0.actor != nil }.flatMap { $0.counts.prefix(width) })
    }

    var value: TemplateValue {
        [
            "columns": .list(
                matrix.actions.map { name in
                    [
                        "action": .text(name.isEmpty ? "no action" : ShownText.clipped(name)),
                        "is_named": .flag(!name.isEmpty),
                    ]
                }
            ),
            "rows": .list(matrix.rows.map(line)), "has_other_actions": .flag(matrix.otherActions > 0),
            "other_actions": .text("\(ReportWords.number(matrix.otherActions)) other"),
            "shown_actors": .number(matrix.rows.count { $0.actor != nil }),
            "shown_actions": .number(matrix.actions.count),
        ]
    }

    private func line(_ row: ActionMatrix.Row) -> TemplateValue {
        let width = matrix.actions.count
        return [
            "name": .text(name(of: row)), "number": TemplateValue(row.actor.map { $0 + 1 }),
            "is_sum": .flag(row.actor == nil),
            "cells": .list(
                row.counts.prefix(width).map { count in
                    [
                        "count": Self.filled(count),
                        "level": .number(row.actor == nil ? 0 : scale.level(count)),
                    ]
                }
            ),
            "has_other": .flag(matrix.otherActions > 0),
            "other": matrix.otherActions > 0 ? Self.filled(row.counts[width]) : .missing,
            "total": Self.filled(row.total),
        ]
    }

    private func name(of row: ActionMatrix.Row) -> String {
        guard row.actor != nil else {
            return "\(ReportWords.number(matrix.otherActors)) other \(matrix.otherActors == 1 ? "actor" : "actors")"
        }
        return ShownText.clipped(ActorName(id: row.id, email: row.email).text)
    }

    private static func filled(_ count: Int) -> TemplateValue { count == 0 ? .missing : .number(count) }
}

/// How an actor is called where there is room for one name.
struct ActorName {
    let text: String
    /// Whether the log names the actor at all.
    let isNamed: Bool

    init(_ row: RowSample.Row) {
        self.init(id: row.text("actor_id"), email: row.text("actor_email"))
    }

    init(id: String, email: String) {
        isNamed = !id.isEmpty || !email.isEmpty
        text = !email.isEmpty ? email : !id.isEmpty ? id : "no actor"
    }
}
