import Analysis
import Evidence

/// The bar chart of events over time: what bars there are, and which of that time is not proven.
///
/// It is about the period; where that is open, about the time that is proven and that of the events.
struct ChartTimeline {
    /// How long a bar's time is.
    enum Unit: Hashable {
        case day, week, month
        /// So many years, a power of ten.
        case years(Int)

        /// Its name for templates, the same in every language.
        var name: String {
            switch self {
            case .day: "day"
            case .week: "week"
            case .month: "month"
            case .years(1): "year"
            case .years(let years): "\(years) years"
            }
        }
    }

    /// One bar.
    struct Bar {
        /// When it is: `2026-03-01`, `week of 2026-03-02`, `2026-03`, `2026`.
        var label: String
        var count: Int
        /// Days from the chart's first day to the bar's, and to the one after, as far as they are inside the chart.
        var start: Int
        var end: Int
        /// Whether the period, or what is proven, begins or ends inside its time.
        var isPartial: Bool
    }

    /// A span of the chart in which a place without events does not mean that nothing happened.
    struct Shade {
        enum Kind: String {
            /// Events may be missing.
            case missing
            /// Nobody can say whether these are all events.
            case unknown
            /// Behind the last reading, in a period that goes on.
            case ahead
        }

        var kind: Kind
        /// Days from the chart's first day on.
        var start: Double
        var end: Double
        var reason: String
    }

    let unit: Unit
    let bars: [Bar]
    let shades: [Shade]
    /// The first and the last day that the bars are about, counted from 1970-01-01.
    let days: ClosedRange<Int>
    let isDamaged: Bool
    let words: Words

    private static let mostBars = 110

    /// How many days the chart shows.
    var dayCount: Int { days.count }

    /// Draws the days of a report; nil when neither an event nor the period nor what is proven tells a time.
    init?(_ document: ReportDocument) {
        words = document.words
        let zone = (try? CalendarZone(name: document.period.timeZone)) ?? .utc
        let events = document.activity.days
        let proven = (Self.instant(document.completeness.from), Self.instant(document.completeness.to))
        let ends = (Self.instant(document.period.from) ?? proven.0, Self.instant(document.period.to) ?? proven.1)
        let firsts = [events.first?.day, ends.0.map(zone.day(at:))].compactMap(\.self)
        let lasts = [events.last?.day, ends.1.map(zone.lastDay(before:))].compactMap(\.self)
        guard let start = firsts.min(), let last = lasts.max() else { return nil }
        days = start...max(start, last)
        let edges = [ends.0, ends.1, proven.0, proven.1].compactMap(\.self).map { zone.position(of: $0) }
        (unit, bars) = Self.bars(days, of: events, edges: edges, words)
        isDamaged = !document.completeness.damage.isEmpty
        shades = ChartShades(document, days: days, zone: zone).spans
    }

    private static func instant(_ time: String?) -> Instant? { time.flatMap { Instant(rfc3339: $0) } }

    private static func bars(
        _ days: ClosedRange<Int>,
        of events: [Aggregates.DayCount],
        edges: [Double],
        _ words: Words
    ) -> (Unit, [Bar]) {
        let (unit, cuts) = cuts(from: days.lowerBound, to: days.upperBound)
        var bars = zip(cuts, cuts.dropFirst()).map { this, next in
            Bar(
                label: label(of: this, unit, words),
                count: 0,
                start: max(0, this - days.lowerBound),
                end: min(days.count, next - days.lowerBound),
                isPartial: this < days.lowerBound || next > days.upperBound + 1
                    || edges.contains { Double(this) < $0 && $0 < Double(next) }
            )
        }
        var index = 0
        for event in events {
            while index < bars.count - 1, event.day - days.lowerBound >= bars[index].end { index += 1 }
            bars[index].count += event.count
        }
        return (unit, bars)
    }

    /// Where bars begin, and last where the last one ends; in days since 1970-01-01.
    private static func cuts(from start: Int, to end: Int) -> (unit: Unit, cuts: [Int]) {
        if end - start < mostBars { return (.day, Array(start...end + 1)) }
        if end - start < mostBars * 7 {
            let monday = start - Int(floorModulo(Int64(start) + 3, 7))
            return (.week, (0...(end - monday) / 7 + 1).map { monday + 7 * $0 })
        }
        let first = CivilDate(daysSince1970: Int64(start))
        let last = CivilDate(daysSince1970: Int64(end))
        let months = Int(last.year - first.year) * 12 + last.month - first.month + 1
        if months <= mostBars {
            return (
                .month,
                (0...months).map { offset in
                    let month = first.month - 1 + offset
                    return Int(
                        CivilDate(year: first.year + Int64(month / 12), month: month % 12 + 1, day: 1).daysSince1970
                    )
                }
            )
        }
        var step: Int64 = 1
        while last.year / step - first.year / step + 1 > Int64(mostBars) { step *= 10 }
        let year = first.year - first.year % step
        return (
            .years(Int(step)),
            (0...(last.year - year) / step + 1).map {
                Int(CivilDate(year: year + $0 * step, month: 1, day: 1).daysSince1970)
            }
        )
    }

    private static func label(of day: Int, _ unit: Unit, _ words: Words) -> String {
        switch unit {
        case .day: dayText(day)
        case .week: words("chart.week_of", ["day": .text(dayText(day))])
        case .month: String(dayText(day).prefix(7))
        case .years: String(CivilDate(daysSince1970: Int64(day)).year)
        }
    }

    /// `2026-03-17`, of a day counted from 1970-01-01.
    static func dayText(_ day: Int) -> String {
        String(Instant(seconds: Int64(day) * 86_400).text(fractionDigits: 0).prefix(10))
    }
}

/// The spans of a chart that are shaded, each once and in order.
private struct ChartShades {
    var spans: [ChartTimeline.Shade] = []

    /// Shades nearer to each other than this part of the chart are one: nobody could see the space between.
    private static let leastSpace = 1.0 / 900

    init(_ document: ReportDocument, days: ClosedRange<Int>, zone: CalendarZone) {
        let completeness = document.completeness
        let words = document.words
        let whole = Double(days.count)
        func position(_ time: String?, _ open: Double) -> Double {
            guard let instant = time.flatMap({ Instant(rfc3339: $0) }) else { return open }
            return min(max(0, zone.position(of: instant) - Double(days.lowerBound)), whole)
        }
        let ahead = position(completeness.goesOnFrom, whole)
        defer { add(.ahead, max(ahead, spans.last?.end ?? 0), whole, words("chart.reason_ahead")) }
        if !completeness.damage.isEmpty {
            add(.unknown, 0, ahead, words("chart.reason_damaged"))
            return
        }
        switch completeness.state {
        case .complete: break
        case .running: add(.ahead, position(completeness.to, whole), whole, words("chart.reason_ahead"))
        case .unknown: add(.unknown, 0, ahead, words("chart.reason_unknown"))
        case .incomplete:
            let reason = completeness.reasons.first ?? words("chart.reason_missing")
            let gaps = completeness.gaps.isEmpty ? [.init(from: nil, to: nil, reason: reason)] : completeness.gaps
            let places = gaps.map { (start: position($0.from, 0), end: position($0.to, whole), reason: $0.reason) }
            for place in places.sorted(by: { $0.start < $1.start }) {
                add(.missing, place.start, place.end, place.reason, joining: whole * Self.leastSpace)
            }
        }
    }

    private mutating func add(
        _ kind: ChartTimeline.Shade.Kind,
        _ start: Double,
        _ end: Double,
        _ reason: String,
        joining space: Double = 0
    ) {
        guard end > start else { return }
        if let last = spans.last, start - last.end < space {
            spans[spans.count - 1].end = max(last.end, end)
        } else {
            spans.append(.init(kind: kind, start: start, end: end, reason: reason))
        }
    }
}

extension CalendarZone {
    /// The day, counted from 1970-01-01, that it is here at an instant.
    fileprivate func day(at instant: Instant) -> Int { Int(date(at: instant).daysSince1970) }

    /// The last day of a span that ends with an instant, itself outside.
    fileprivate func lastDay(before end: Instant) -> Int {
        day(at: end.nanoseconds > 0 ? end : Instant(seconds: end.seconds - 1))
    }

    /// Days and their parts since 1970-01-01 began here; the begin of a day is a whole number also where it is no midnight.
    fileprivate func position(of instant: Instant) -> Double {
        var zone = self
        let date = date(at: instant)
        if start(of: date) == instant { return Double(date.daysSince1970) }
        return Double(instant.seconds + zone.offset(at: instant.seconds)) / 86_400
    }
}
