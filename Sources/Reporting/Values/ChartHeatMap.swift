import Templates

/// Events by weekday and hour: squares in five strengths, and the same numbers for a table.
///
/// Coordinates are those of a 960 by 232 viewBox; all are whole numbers.
struct ChartHeatMap {
    private let heat: [[Int]]
    private let most: Int
    private let timeZone: String

    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let left = 56
    private static let above = 24
    private static let cellWidth = 37
    private static let cellHeight = 29

    /// Draws the events of a week's hours; nil when no event has a time.
    init?(_ document: ReportDocument) {
        heat = document.activity.heat
        most = heat.joined().max() ?? 0
        timeZone = document.period.timeZone
        guard most > 0, heat.count == 7, heat.allSatisfy({ $0.count == 24 }) else { return nil }
    }

    var value: TemplateValue {
        [
            "cells": .list(cells), "hours": .list(hours), "weekdays": .list(weekdays), "table": .list(table),
            "description": .text(description), "time_zone": .text(timeZone),
        ]
    }

    private var cells: [TemplateValue] {
        heat.indices.flatMap { day in
            heat[day].indices.map { hour -> TemplateValue in
                let count = heat[day][hour]
                return [
                    "x": .number(Self.left + hour * Self.cellWidth), "y": .number(Self.above + day * Self.cellHeight),
                    "level": .number(ActivityMatrix.level(count, of: most)), "count": .number(count),
                    "label": .text("\(Self.weekdays[day]) \(hour):00: \(ReportWords.count(count, "event"))"),
                ]
            }
        }
    }

    private var hours: [TemplateValue] {
        stride(from: 0, to: 24, by: 3).map { hour in
            ["x": .number(Self.left + hour * Self.cellWidth + Self.cellWidth / 2 - 1), "label": .number(hour)]
        }
    }

    private var weekdays: [TemplateValue] {
        Self.weekdays.indices.map { day in
            [
                "y": .number(Self.above + day * Self.cellHeight + Self.cellHeight / 2 + 4),
                "label": .text(String(Self.weekdays[day].prefix(3))), "name": .text(Self.weekdays[day]),
            ]
        }
    }

    /// A row an hour: the weekdays' counts.
    private var table: [TemplateValue] {
        (0..<24).map { hour in
            [
                "hour": .text("\(hour):00"),
                "counts": .list(heat.map { ["count": .number($0[hour])] }),
            ]
        }
    }

    /// The chart in words.
    private var description: String {
        let total = heat.joined().reduce(0, +)
        let weekend = heat[5].reduce(0, +) + heat[6].reduce(0, +)
        var busiest = (day: 0, hour: 0)
        for day in heat.indices {
            for hour in heat[day].indices where heat[day][hour] > heat[busiest.day][busiest.hour] {
                busiest = (day, hour)
            }
        }
        let percent = Int((Double(weekend) * 100 / Double(max(1, total))).rounded())
        return "Busiest hour of the week: \(Self.weekdays[busiest.day]) \(busiest.hour):00 to \(busiest.hour + 1):00 "
            + "with \(ReportWords.count(most, "event")). Saturday and Sunday: \(percent) % of all. "
            + "Hours are those of \(timeZone)."
    }
}
