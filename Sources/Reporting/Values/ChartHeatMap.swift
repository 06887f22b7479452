import Analysis
import Templates

/// Events by weekday and hour: squares in five strengths, and the same numbers for a table.
///
/// Coordinates are those of a 960 by 232 viewBox; all are whole numbers.
struct ChartHeatMap {
    private let heat: [[Int]]
    private let total: Int
    private let scale: HeatScale
    private let timeZone: String
    private let words: Words

    private static let left = 56
    private static let above = 24
    private static let cellWidth = 37
    private static let cellHeight = 29

    /// Draws the events of a week's hours; nil when no event has a time.
    init?(_ document: ReportDocument) {
        heat = document.activity.heat
        total = heat.joined().reduce(0, +)
        scale = HeatScale(heat.joined())
        timeZone = document.period.timeZone
        words = document.words
        guard total > 0, heat.count == 7, heat.allSatisfy({ $0.count == 24 }) else { return nil }
    }

    var value: TemplateValue {
        [
            "cells": .list(cells), "hours": .list(hours), "weekdays": .list(weekdays), "table": .list(table),
            "legend": .list(legend), "description": .text(description), "time_zone": .text(timeZone),
            "caption": .text(words("chart.heat_caption", ["zone": .text(timeZone)])),
        ]
    }

    private var cells: [TemplateValue] {
        heat.indices.flatMap { day in
            heat[day].indices.map { hour -> TemplateValue in
                let count = heat[day][hour]
                return [
                    "x": .number(Self.left + hour * Self.cellWidth), "y": .number(Self.above + day * Self.cellHeight),
                    "level": .number(scale.level(count)), "count": .number(count),
                    "label": .text("\(words.weekday(day + 1)) \(Self.clock(hour)): \(words.number(count))"),
                ]
            }
        }
    }

    private var hours: [TemplateValue] {
        stride(from: 0, to: 24, by: 3).map { hour in
            [
                "x": .number(Self.left + hour * Self.cellWidth + Self.cellWidth / 2 - 1), "label": .number(hour),
                "label_text": .text(Self.clock(hour)),
            ]
        }
    }

    private var weekdays: [TemplateValue] {
        heat.indices.map { day in
            [
                "y": .number(Self.above + day * Self.cellHeight + Self.cellHeight / 2 + 4),
                "label": .text(words.weekday(day + 1)), "name": .text(weekday(day)),
            ]
        }
    }

    /// A row an hour: the weekdays' counts.
    private var table: [TemplateValue] {
        (0..<24).map { hour in
            [
                "hour": .text(Self.clock(hour)),
                "counts": .list(
                    heat.map { ["count": .number($0[hour]), "count_text": .text(words.number($0[hour]))] }
                ),
            ]
        }
    }

    /// What each shade stands for.
    private var legend: [TemplateValue] {
        scale.classes.map { shade in
            let (least, most) = (words.number(shade.least), words.number(shade.most))
            return ["level": .number(shade.level), "label": .text(least == most ? least : "\(least)–\(most)")]
        }
    }

    /// `09:00`.
    private static func clock(_ hour: Int) -> String { (hour % 24 < 10 ? "0" : "") + "\(hour % 24):00" }

    private func weekday(_ day: Int) -> String { words("chart.weekday_\(day + 1)") }

    /// The chart in words.
    private var description: String {
        let most = heat.joined().max() ?? 0
        let hours = heat.indices.flatMap { day in heat[day].indices.map { (day: day, hour: $0) } }
        let busiest = hours.filter { heat[$0.day][$0.hour] == most }
        guard let first = busiest.first else { return "" }
        let places: [String: Words.Argument] = [
            "count": .number(most), "hours": .number(busiest.count), "day": .text(weekday(first.day)),
            "from": .text(Self.clock(first.hour)), "to": .text(Self.clock(first.hour + 1)),
            "zone": .text(timeZone),
        ]
        if total == 1 { return words("chart.heat_one", places) }
        let weekend = heat[5].reduce(0, +) + heat[6].reduce(0, +)
        return [
            busiest.count == 1 ? words("chart.heat_peak", places) : words("chart.heat_peaks", places),
            words(
                "chart.heat_weekend",
                ["share": .text(Self.percent(weekend, of: total)), "count": .number(weekend)]
            ),
            words("chart.heat_zone", places),
        ].joined(separator: " ")
    }

    /// A share in hundredths that is never 0 for some, nor 100 for not all.
    private static func percent(_ part: Int, of total: Int) -> String {
        let percent = Int((Double(part) * 100 / Double(max(1, total))).rounded())
        if part > 0, percent == 0 { return "< 1 %" }
        if part < total, percent == 100 { return "> 99 %" }
        return "\(percent) %"
    }
}
