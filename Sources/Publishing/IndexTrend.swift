import Analysis
import Evidence

/// What became of open findings from report to report: a small chart, its numbers in words for who can't see it.
struct IndexTrend {
    let words: Words
    /// The reports that are compared, the oldest first.
    private let reports: [Manifest]

    /// How many reports are shown.
    private static let mostReports = 24
    private static let (height, top, base, step) = (150, 22, 112, 40)

    /// Takes the newest reports of the kind of period that most of them are of: of each period the one of the newest evidence,
    /// and of reports on all of the log one for each state of it.
    ///
    /// - Parameters:
    ///   - heads: The bundles, those of the newest evidence first.
    ///   - words: What the chart says.
    ///   - manifest: The whole of a bundle's manifest by its place.
    init(heads: [ManifestHead], words: Words, manifest: (Int) -> Manifest?) {
        self.words = words
        var seen: Set<String> = []
        let distinct = heads.indices.filter { place in
            let bundle = heads[place]
            let isAll = bundle.period.from == nil && bundle.period.to == nil
            return seen.insert("\(bundle.period.kind) \(isAll ? bundle.evidence.head : bundle.period.name)").inserted
        }
        let kinds = Dictionary(grouping: distinct) { heads[$0].period.kind }
        let most = kinds.values.map(\.count).max()
        // Of several kinds with as many reports that of the newest one.
        let alike =
            distinct.first { kinds[heads[$0].period.kind]?.count == most }.flatMap { kinds[heads[$0].period.kind] }
            ?? []
        // Periods in their order; reports on all of the log in the order of the evidence, in which they stand.
        let sorted = alike.enumerated().sorted {
            (heads[$0.element].period.to ?? "", -$0.offset) < (heads[$1.element].period.to ?? "", -$1.offset)
        }
        reports = sorted.suffix(Self.mostReports).compactMap { manifest($0.element) }
    }

    /// The section; empty with fewer than two reports to compare.
    var html: String {
        guard reports.count > 1 else { return "" }
        let width = max(reports.count * Self.step, 4 * Self.step)
        let most = reports.map { total($0) }.max() ?? 0
        let bars = reports.enumerated().map { bar($0.element, x: $0.offset * Self.step, most: most) }
        return """
            <section>
            <h2 id="trend-title">\(IndexPage.escaped(words("index.trend")))</h2>
            <figure class="chart trend">
            <figcaption>\(IndexPage.escaped(words("index.trend_about")))</figcaption>
            <div class="pan" role="region" aria-labelledby="trend-title" tabindex="0">
            <svg viewBox="0 0 \(width) \(Self.height)" width="\(width)" height="\(Self.height)" role="img" \
            aria-label="\(IndexPage.escaped(spoken))">
            <path class="grid" d="M0 \(Self.base)h\(width)"/>
            \(bars.joined())</svg>
            </div>
            </figure>
            </section>

            """
    }

    private func total(_ report: Manifest) -> Int { Severity.allCases.reduce(0) { $0 &+ report.open($1) } }

    private var spoken: String {
        reports.map { "\(label($0)): \(words.number(total($0)))" }.joined(separator: "; ")
    }

    /// The period, or of reports on all of the log the day of the evidence.
    private func label(_ report: Manifest) -> String {
        let isAll = report.period.from == nil && report.period.to == nil
        let text = isAll ? String(report.asOf.prefix(10)) : report.period.name
        return text.count > Self.longestLabel ? text.prefix(Self.longestLabel - 1) + "…" : text
    }

    private static let longestLabel = 24

    /// A bar, the most severe at its foot, with its number above and its label turned below.
    private func bar(_ report: Manifest, x: Int, most: Int) -> String {
        var (text, y) = ("", Self.base)
        let room = Self.base - Self.top
        for severity in Severity.allCases {
            let count = report.open(severity)
            guard count > 0, most > 0 else { continue }
            let height = max(2, Int(Double(count) / Double(most) * Double(room)))
            y = max(Self.top - 8, y - height)
            text += "<rect class=\"\(severity.rawValue)\" x=\"\(x + 8)\" y=\"\(y)\" width=\"24\" height=\"\(height)\"/>"
        }
        let number = IndexPage.escaped(words.number(total(report)))
        text += "<text x=\"\(x + 20)\" y=\"\(y - 5)\">\(number)</text>"
        return text + "<text x=\"\(x + 20)\" y=\"\(Self.base + 16)\">\(IndexPage.escaped(shortLabel(report)))</text>\n"
    }

    /// What fits under a bar: `10` of October, with the year where one begins; the month and day of a report on everything.
    private func shortLabel(_ report: Manifest) -> String {
        let label = label(report)
        if report.period.kind == "month" || report.period.kind == "quarter" { return String(label.dropFirst(2)) }
        return label.utf8.count == 10 ? String(label.dropFirst(5)) : String(label.prefix(6))
    }
}
