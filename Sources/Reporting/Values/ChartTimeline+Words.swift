import Analysis

/// The chart of events over time in words: for those who don't see it, and as its caption.
extension ChartTimeline {
    private var total: Int { bars.reduce(0) { $0 + $1.count } }

    /// From when to when, as words of a sentence.
    private var span: String {
        let (first, last) = (Self.dayText(days.lowerBound), Self.dayText(days.upperBound))
        return first == last
            ? words("chart.on", ["day": .text(first)])
            : words("chart.from_to", ["from": .text(first), "to": .text(last)])
    }

    /// The chart in sentences, the last of them about what is shaded.
    var description: String {
        guard total > 0 else {
            return ([words("chart.nothing", ["span": .text(span)])] + shadeSentences).joined(separator: " ")
        }
        var sentences = [words("chart.total", ["count": .number(total), "span": .text(span)])]
        if bars.count > 1 {
            sentences.append(each)
            if total > 1 { sentences.append(peak) }
            sentences.append(silent)
        }
        return (sentences + [partial].compactMap(\.self) + shadeSentences).joined(separator: " ")
    }

    /// Which bar is the highest, as a sentence; that there is no event where there is none.
    var peak: String {
        let most = bars.map(\.count).max() ?? 0
        let highest = bars.filter { $0.count == most }
        guard most > 0, let first = highest.first else { return words("chart.nothing", ["span": .text(span)]) }
        let places: [String: Words.Argument] = [
            "most": .text(mostInOne), "count": .number(most), "label": .text(first.label),
            "more": .number(highest.count - 1),
        ]
        return highest.count > 1 ? words("chart.peaks", places) : words("chart.peak", places)
    }

    private var mostInOne: String {
        switch unit {
        case .day: words("chart.most_day")
        case .week: words("chart.most_week")
        case .month: words("chart.most_month")
        case .years(1): words("chart.most_year")
        case .years(let years): words("chart.most_years", ["years": .text(String(years))])
        }
    }

    /// What a bar is.
    private var each: String {
        switch unit {
        case .day: words("chart.each_day")
        case .week: words("chart.each_week")
        case .month: words("chart.each_month")
        case .years(1): words("chart.each_year")
        case .years(let years): words("chart.each_years", ["years": .text(String(years))])
        }
    }

    /// How many bars stand for no event, those behind the last reading left out.
    private var silent: String {
        let end = shades.last { $0.kind == .ahead }?.start ?? Double(dayCount)
        let count = bars.count { $0.count == 0 && Double($0.start) < end }
        return count == 0 ? words("chart.no_silent") : words("chart.silent", ["count": .number(count)])
    }

    private var partial: String? {
        let labels = bars.filter(\.isPartial).map(\.label)
        guard !labels.isEmpty, bars.count > 1 else { return nil }
        return words("chart.partial", ["bars": .text(words.list(labels))])
    }

    private var shadeSentences: [String] {
        var sentences: [String] = []
        for shade in shades {
            let sentence = sentence(about: shade)
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        return sentences
    }

    private func sentence(about shade: Shade) -> String {
        switch shade.kind {
        case .missing: words("chart.shaded_missing")
        case .ahead: words("chart.shaded_ahead")
        case .unknown: isDamaged ? words("chart.shaded_damaged") : words("chart.shaded_unknown")
        }
    }

    /// What a kind of shade means, in a few words of a legend.
    func label(of kind: Shade.Kind) -> String {
        switch kind {
        case .missing: words("chart.legend_missing")
        case .ahead: words("chart.legend_ahead")
        case .unknown: isDamaged ? words("chart.legend_damaged") : words("chart.legend_unknown")
        }
    }

    /// What to know about a bar's number.
    func note(on bar: Bar) -> String? {
        var notes = bar.isPartial ? [words("chart.legend_partial")] : []
        for shade in shades where shade.start < Double(bar.end) && shade.end > Double(bar.start) {
            let label = label(of: shade.kind)
            if !notes.contains(label) { notes.append(label) }
        }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
}
