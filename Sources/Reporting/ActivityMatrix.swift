import Analysis

/// Who did what how often: the busiest actors against the most frequent actions, the rest summed up.
struct ActivityMatrix {
    private struct Row {
        var actor: RowSample.Row
        var counts: [Int]
        var other: Int
    }

    private let actions: [RowSample.Row]
    private let rows: [Row]
    /// The counts of all actors not shown, by action, and then of all other actions.
    private let rest: [Int]
    private let hasOtherActions: Bool
    private let hasOtherActors: Bool
    private let otherActors: Int
    private let otherActions: Int
    private let most: Int

    static let actorLimit = 50
    static let actionLimit = 30

    /// Sums the tables up; nil where there is nothing to show.
    init?(actions: RowSample, actors: RowSample) {
        guard !actions.rows.isEmpty, !actors.rows.isEmpty else { return nil }
        self.actions = Array(actions.rows.prefix(Self.actionLimit))
        var places: [String: Int] = [:]
        for (index, action) in self.actions.enumerated() { places[action.text("action")] = index }
        let width = self.actions.count
        rows = actors.rows.prefix(Self.actorLimit).map { actor in
            var counts = [Int](repeating: 0, count: width)
            for child in actor.children {
                if let place = places[child["name"]?.text ?? ""] { counts[place] += child["count"]?.number ?? 0 }
            }
            return Row(actor: actor, counts: counts, other: actor.number("count") - counts.reduce(0, +))
        }
        otherActors = actors.total - rows.count
        otherActions = actions.total - width
        hasOtherActors = otherActors > 0
        hasOtherActions = otherActions > 0
        let shown = rows
        rest = self.actions.enumerated().map { index, action in
            action.number("count") - shown.reduce(0) { $0 + $1.counts[index] }
        }
        most = max(1, rows.flatMap(\.counts).max() ?? 1)
    }

    var value: TemplateValue {
        var lines: [TemplateValue] = rows.enumerated().map { index, row in
            line(
                ActorName(row.actor),
                number: index + 1,
                counts: row.counts,
                other: row.other,
                total: row.actor.number("count")
            )
        }
        if hasOtherActors {
            let label = "\(ReportWords.number(otherActors)) other \(otherActors == 1 ? "actor" : "actors")"
            lines.append(line(.init(sum: label), number: nil, counts: rest, other: nil, total: nil))
        }
        return [
            "columns": .list(
                actions.map { action in
                    let name = action.text("action")
                    return ["action": .text(name.isEmpty ? "no action" : name), "is_named": .flag(!name.isEmpty)]
                }
            ),
            "rows": .list(lines), "has_other_actions": .flag(hasOtherActions),
            "other_actions": .text("\(ReportWords.number(otherActions)) other"),
            "shown_actors": .number(rows.count), "shown_actions": .number(actions.count),
        ]
    }

    private func line(_ name: ActorName, number: Int?, counts: [Int], other: Int?, total: Int?) -> TemplateValue {
        [
            "name": .text(name.text), "number": TemplateValue(number), "is_sum": .flag(number == nil),
            "cells": .list(
                counts.map { count in
                    [
                        "count": count == 0 ? .missing : .number(count),
                        "level": .number(number == nil ? 0 : ChartHeatMap.level(count, of: most)),
                    ]
                }
            ),
            "has_other": .flag(hasOtherActions), "other": other == 0 ? .missing : TemplateValue(other),
            "total": TemplateValue(total),
        ]
    }
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

    init(sum: String) {
        text = sum
        isNamed = false
    }
}
