import Templates
import Analysis
import Evidence

/// The bar chart of events over time: numbers for an inline SVG, and the same numbers for a table beside it.
///
/// Coordinates are those of a 960 by 240 viewBox, written with one decimal.
struct ChartTimeline {
    /// One bar.
    struct Bar {
        var label: String
        var count: Int
        /// Days from the chart's first day to the bar's, and to the one after.
        var start: Int
        var end: Int
    }

    /// How long a bar's time is: `day`, `week`, `month`, `year` or `10 years`.
    let unit: String
    let bars: [Bar]
    private let firstDay: Int
    private let dayCount: Int
    private let top: Int
    /// The first and last day that the bars are about.
    private let days: ClosedRange<Int>
    private let zone: CalendarZone
    private let gaps: [ReportCompleteness.Gap]

    static let width = 960.0
    static let height = 240.0
    private static let left = 56.0
    private static let right = 8.0
    private static let above = 12.0
    private static let below = 30.0
    private static let mostBars = 110

    /// Draws the days of a report; nil when no event has a time.
    init?(_ document: ReportDocument) {
        let days = document.activity.days
        guard let first = days.first?.day, let last = days.last?.day else { return nil }
        zone = (try? CalendarZone(name: document.period.timeZone)) ?? .utc
        let from = document.period.from.flatMap { Instant(rfc3339: $0) }.map(zone.day(at:)) ?? first
        let to = document.period.to.flatMap { Instant(rfc3339: $0) }.map(zone.lastDay(before:)) ?? last
        let start = min(first, from)
        let end = max(last, to, start)
        self.days = start...end
        let (unit, cuts) = Self.cuts(from: start, to: end)
        firstDay = cuts.first?.day ?? start
        dayCount = (cuts.last?.day ?? end + 1) - firstDay
        self.unit = unit
        var bars = zip(cuts, cuts.dropFirst()).map { this, next in
            Bar(label: this.label, count: 0, start: this.day - cuts[0].day, end: next.day - cuts[0].day)
        }
        var index = 0
        for day in days {
            while index < bars.count - 1, day.day - cuts[0].day >= bars[index].end { index += 1 }
            bars[index].count += day.count
        }
        self.bars = bars
        top = Self.roundedUp(bars.map(\.count).max() ?? 1)
        gaps = document.completeness.state == .incomplete ? document.completeness.gaps : []
    }

    /// Where bars begin, and last where the last one ends.
    private static func cuts(from start: Int, to end: Int) -> (unit: String, cuts: [(day: Int, label: String)]) {
        let days = end - start + 1
        if days <= mostBars {
            return ("day", (start...end + 1).map { ($0, ReportWords.day($0)) })
        }
        if days <= mostBars * 7 {
            let monday = start - (start + 3 + 7 * 200_000) % 7
            let weeks = (end - monday) / 7 + 1
            return ("week", (0...weeks).map { (monday + 7 * $0, "week of \(ReportWords.day(monday + 7 * $0))") })
        }
        let first = CivilDate(daysSince1970: Int64(start))
        let last = CivilDate(daysSince1970: Int64(end))
        let months = Int(last.year - first.year) * 12 + last.month - first.month + 1
        if months <= mostBars {
            return (
                "month",
                (0...months).map { offset in
                    let month = first.month - 1 + offset
                    let date = CivilDate(year: first.year + Int64(month / 12), month: month % 12 + 1, day: 1)
                    return (Int(date.daysSince1970), String(ReportWords.day(Int(date.daysSince1970)).prefix(7)))
                }
            )
        }
        var step: Int64 = 1
        while (last.year - first.year) / step + 1 > Int64(mostBars) { step *= 10 }
        let year = first.year - first.year % step
        let count = (last.year - year) / step + 1
        return (
            step == 1 ? "year" : "\(step) years",
            (0...count).map { offset in
                let date = CivilDate(year: year + offset * step, month: 1, day: 1)
                return (Int(date.daysSince1970), String(date.year))
            }
        )
    }

    /// The least of 4, 8, 12, 20, 40, 80 … that is not below a count; a quarter of it is a whole number.
    private static func roundedUp(_ count: Int) -> Int {
        var unit = 4
        while unit < count {
            for factor in [2, 3, 5] where unit * factor >= count { return unit * factor }
            unit *= 10
        }
        return unit
    }

    // MARK: Values

    var value: TemplateValue {
        [
            "unit": .text(unit), "bars": .list(bars.map(value(of:))), "grid": .list(grid), "ticks": .list(ticks),
            "unproven": .list(gaps.compactMap(value(of:))), "base": .text(Self.decimal(Self.height - Self.below)),
            "left": .text(Self.decimal(Self.left)), "right": .text(Self.decimal(Self.width - Self.right)),
            "description": .text(description),
            "table": .list(
                bars.filter { $0.count > 0 }.map { ["label": .text($0.label), "count": .number($0.count)] }
            ),
        ]
    }

    /// The chart in words.
    var description: String {
        let total = bars.reduce(0) { $0 + $1.count }
        guard let most = bars.max(by: { $0.count < $1.count }) else { return "" }
        let events = "\(ReportWords.count(total, "event")) with a time"
        let (first, last) = (ReportWords.day(days.lowerBound), ReportWords.day(days.upperBound))
        guard bars.count > 1 else { return "\(events), \(first == last ? "on \(first)" : "from \(first) to \(last)")." }
        let silent = bars.filter { $0.count == 0 }.count
        return "\(events), from \(first) to \(last), one bar a \(unit). "
            + "Most in one \(unit): \(ReportWords.number(most.count)) (\(most.label)). "
            + (silent == 0
                ? "Every \(unit) of that time has events." : "Bars without an event: \(ReportWords.number(silent)).")
    }

    private func x(_ day: Double) -> Double {
        Self.left + (Self.width - Self.left - Self.right) * day / Double(max(1, dayCount))
    }

    private func y(_ count: Int) -> Double {
        let room = Self.height - Self.above - Self.below
        return Self.height - Self.below - room * Double(count) / Double(max(1, top))
    }

    private func value(of bar: Bar) -> TemplateValue {
        let start = x(Double(bar.start))
        let width = x(Double(bar.end)) - start
        let gap = width > 4 ? 1.0 : 0.2
        let height = max(bar.count > 0 ? 1.5 : 0, y(0) - y(bar.count))
        return [
            "x": .text(Self.decimal(start + gap / 2)), "y": .text(Self.decimal(y(0) - height)),
            "width": .text(Self.decimal(max(0.4, min(48, width) - gap))), "height": .text(Self.decimal(height)),
            "label": .text(bar.label), "count": .number(bar.count),
        ]
    }

    private func value(of gap: ReportCompleteness.Gap) -> TemplateValue? {
        func position(_ time: String?, _ open: Double) -> Double {
            guard let instant = time.flatMap({ Instant(rfc3339: $0) }) else { return open }
            return min(max(0, zone.days(at: instant) - Double(firstDay)), Double(dayCount))
        }
        let start = x(position(gap.from, 0))
        let width = x(position(gap.to, Double(dayCount))) - start
        guard width > 0.05 else { return nil }
        return [
            "x": .text(Self.decimal(start)), "width": .text(Self.decimal(max(1, width))),
            "y": .text(Self.decimal(Self.above)),
            "height": .text(Self.decimal(Self.height - Self.above - Self.below)), "reason": .text(gap.reason),
        ]
    }

    private var grid: [TemplateValue] {
        (0...4).map { line in
            [
                "y": .text(Self.decimal(y(top * line / 4))), "text_y": .text(Self.decimal(y(top * line / 4) + 4)),
                "label": .text(ReportWords.number(top * line / 4)),
            ]
        }
    }

    /// At most eight labels under the bars, far enough from each other and from the edges.
    private var ticks: [TemplateValue] {
        let step = max(1, (bars.count + 7) / 8)
        return stride(from: 0, to: bars.count, by: step).compactMap { index -> TemplateValue? in
            let bar = bars[index]
            let middle = x(Double(bar.start))
            guard middle < Self.width - 70 || bars.count <= 3 else { return nil }
            return [
                "x": .text(Self.decimal(middle)),
                "label": .text(bar.label.hasPrefix("week of ") ? String(bar.label.dropFirst(8)) : bar.label),
            ]
        }
    }

    /// A coordinate with one decimal.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths % 10))"
    }
}

extension CalendarZone {
    /// The day, counted from 1970-01-01, that it is here at an instant.
    fileprivate func day(at instant: Instant) -> Int { Int(date(at: instant).daysSince1970) }

    /// The last day of a span that ends with an instant, itself outside.
    fileprivate func lastDay(before end: Instant) -> Int {
        day(at: end.nanoseconds > 0 ? end : Instant(seconds: end.seconds - 1))
    }

    /// Days and their parts since 1970-01-01 began here.
    fileprivate func days(at instant: Instant) -> Double {
        var zone = self
        return Double(instant.seconds + zone.offset(at: instant.seconds)) / 86_400
    }
}
