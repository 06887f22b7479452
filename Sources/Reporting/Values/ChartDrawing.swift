import Analysis
import Templates

/// Draws the chart of events over time: numbers for an inline SVG, and the same numbers for a table beside it.
///
/// Coordinates are written with one decimal.
struct ChartDrawing {
    private let chart: ChartTimeline
    private let size: (width: Double, height: Double)
    /// The space between the drawing and the edges of its viewBox.
    private let edge: (left: Double, right: Double, above: Double, below: Double)
    private let top: Int

    /// The chart of the section on activity, in a viewBox of 960 by 240.
    static func large(_ chart: ChartTimeline) -> TemplateValue {
        ChartDrawing(chart, (960, 240), (56, 8, 12, 30)).value
    }

    /// The chart of the first screen, in a viewBox of 600 by 64 that may be stretched.
    static func small(_ chart: ChartTimeline) -> TemplateValue {
        ChartDrawing(chart, (600, 64), (0, 0, 2, 0)).smallValue
    }

    private init(
        _ chart: ChartTimeline,
        _ size: (Double, Double),
        _ edge: (Double, Double, Double, Double)
    ) {
        self.chart = chart
        self.size = size
        self.edge = edge
        top = Self.roundedUp(chart.bars.map(\.count).max() ?? 1)
    }

    /// The least of 4, 8, 12, 16, 20, 24, 32, 40, 48, 60, 80 … that is not below a count; a quarter of it is a whole number.
    private static func roundedUp(_ count: Int) -> Int {
        var unit = 4
        while unit < count {
            for tenths in [12, 15, 20, 30, 40, 50, 60, 80] {
                let top = unit * tenths / 10
                if top >= count, top.isMultiple(of: 4) { return top }
            }
            unit *= 10
        }
        return unit
    }

    private var value: TemplateValue {
        [
            "unit": .text(chart.unit.name), "bars": .list(chart.bars.map(value(of:))), "grid": .list(grid),
            "ticks": .list(ticks), "unproven": .list(chart.shades.compactMap(value(of:))),
            "legend": .list(legend), "base": .text(Self.decimal(base)), "left": .text(Self.decimal(edge.left)),
            "right": .text(Self.decimal(size.width - edge.right)), "description": .text(chart.description),
            "pieces": DatedText.pieces(of: chart.description),
            "table": .list(
                chart.bars.map { bar in
                    [
                        "label": .text(bar.label), "count": .number(bar.count),
                        "count_text": .text(chart.words.number(bar.count)),
                        "note": TemplateValue(chart.note(on: bar)),
                    ]
                }
            ),
        ]
    }

    private var smallValue: TemplateValue {
        [
            "bars": .list(chart.bars.map(value(of:))), "unproven": .list(chart.shades.compactMap(value(of:))),
            "legend": .list(legend), "first": .text(ChartTimeline.dayText(chart.days.lowerBound)),
            "last": .text(ChartTimeline.dayText(chart.days.upperBound)), "peak": .text(chart.peak),
            "description": .text(chart.description), "pieces": DatedText.pieces(of: chart.peak),
        ]
    }

    /// What shades and paler bars mean, each that is there.
    private var legend: [TemplateValue] {
        var entries: [TemplateValue] = []
        if chart.bars.contains(where: { $0.isPartial && $0.count > 0 }) {
            entries.append(["kind": "partial", "label": .text(chart.words("chart.legend_partial"))])
        }
        for kind in [ChartTimeline.Shade.Kind.missing, .unknown, .ahead]
        where chart.shades.contains(where: { $0.kind == kind }) {
            entries.append(["kind": .text(kind.rawValue), "label": .text(chart.label(of: kind))])
        }
        return entries
    }

    private var base: Double { size.height - edge.below }

    private func x(_ day: Double) -> Double {
        edge.left + (size.width - edge.left - edge.right) * day / Double(max(1, chart.dayCount))
    }

    private func y(_ count: Int) -> Double {
        base - (base - edge.above) * Double(count) / Double(max(1, top))
    }

    private func value(of bar: ChartTimeline.Bar) -> TemplateValue {
        let (start, end) = (x(Double(bar.start)), x(Double(bar.end)))
        let gap = end - start > 4 ? 1.0 : 0.2
        // A single day or a few would be a wall: the bar stands narrower in the middle of its time.
        let width = max(0.4, min(48, end - start) - gap)
        let height = max(bar.count > 0 ? 1.5 : 0, base - y(bar.count))
        return [
            "x": .text(Self.decimal((start + end - width) / 2)), "y": .text(Self.decimal(base - height)),
            "width": .text(Self.decimal(width)), "height": .text(Self.decimal(height)),
            "label": .text(bar.label), "count": .number(bar.count),
            "count_text": .text(chart.words.number(bar.count)), "is_partial": .flag(bar.isPartial),
        ]
    }

    private func value(of shade: ChartTimeline.Shade) -> TemplateValue? {
        let start = x(shade.start)
        let width = x(shade.end) - start
        guard width > 0.05 else { return nil }
        return [
            "x": .text(Self.decimal(start)), "width": .text(Self.decimal(max(1, width))),
            "y": .text(Self.decimal(edge.above)), "height": .text(Self.decimal(base - edge.above)),
            "kind": .text(shade.kind.rawValue), "reason": .text(shade.reason),
        ]
    }

    private var grid: [TemplateValue] {
        (0...4).map { line in
            [
                "y": .text(Self.decimal(y(top * line / 4))), "text_y": .text(Self.decimal(y(top * line / 4) + 4)),
                "label": .text(chart.words.number(top * line / 4)),
            ]
        }
    }

    /// At most eight labels under the bars, far enough from each other and from the edges.
    private var ticks: [TemplateValue] {
        let bars = chart.bars
        let step = max(1, (bars.count + 7) / 8)
        return stride(from: 0, to: bars.count, by: step).compactMap { index -> TemplateValue? in
            let start = x(Double(bars[index].start))
            guard start < size.width - 70 || bars.count <= 3 else { return nil }
            return ["x": .text(Self.decimal(start)), "label": .text(tick(at: bars[index]))]
        }
    }

    /// A bar's begin in the fewest characters.
    private func tick(at bar: ChartTimeline.Bar) -> String {
        chart.unit == .week ? ChartTimeline.dayText(chart.days.lowerBound + bar.start) : bar.label
    }

    /// A coordinate with one decimal.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths % 10))"
    }
}
