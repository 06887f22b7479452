import Analysis
import Evidence
import Reporting
import Templates

/// The columns of the matrix: the controls of the catalogue, and such as only reports of other versions have.
struct FleetControls {
    /// One column.
    struct Column {
        var id: String
        var title: String
        var severity: Severity
        /// How many organizations have each verdict; the rest don't tell.
        var counts: [Status: Int] = [:]
    }

    /// By severity, then control.
    private(set) var columns: [Column]
    /// How many controls of other versions are not among them.
    private(set) var leftOut = 0
    private var places: [ExactText: Int] = [:]
    private let organizations: Int
    private let words: Words

    /// Controls that the catalogue does not have: so many at most.
    private static let mostForeign = 40

    /// Gathers the controls of reports.
    init(_ standings: [FleetStanding], _ words: Words) {
        self.words = words
        organizations = standings.count
        columns = ControlCatalogue.controls(in: words).map { Column(id: $0.id, title: $0.title, severity: $0.severity) }
        var known = Set(columns.map { ExactText($0.id) })
        for verdict in standings.lazy.compactMap(\.report).flatMap({ $0.verdicts.values }) {
            guard known.insert(ExactText(verdict.control)).inserted else { continue }
            if known.count - ControlCatalogue.controls.count > Self.mostForeign {
                leftOut += 1
            } else {
                let id = FleetText.clipped(verdict.control)
                columns.append(Column(id: id, title: id, severity: Severity(rawValue: verdict.severity) ?? .info))
            }
        }
        columns.sort { $0.severity == $1.severity ? $0.id.precedesInBytes($1.id) : $0.severity > $1.severity }
        for standing in standings {
            let verdicts = standing.report?.verdicts ?? [:]
            for place in columns.indices {
                guard let status = verdicts[ExactText(columns[place].id)].flatMap({ Status(rawValue: $0.status) })
                else {
                    continue
                }
                columns[place].counts[status, default: 0] += 1
            }
        }
    }

    /// Verdicts in the order of columns, and what does not tell behind them.
    static func verdictWords(_ words: Words) -> [TemplateValue] {
        shown.map { ["status": .text($0.rawValue), "word": .text(words.status($0))] } + [
            ["status": "unknown", "word": .text(words("fleet.untold"))]
        ]
    }

    private static let shown: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .pass, .notApplicable]

    /// The columns as values.
    var values: [TemplateValue] {
        columns.map { column in
            let told = Self.shown.map { column.counts[$0] ?? 0 }
            let counts = told + [organizations - told.reduce(0, +)]
            return [
                "id": .text(column.id), "title": .text(column.title), "severity": .text(column.severity.rawValue),
                "severity_word": .text(words.severity(column.severity)),
                "counts": .list(
                    counts.map {
                        ["count": .number($0), "count_text": .text(words.number($0)), "is_zero": .flag($0 == 0)]
                    }
                ),
            ]
        }
    }

    /// One organization's verdicts, a cell a column.
    func cells(of report: FleetReport?) -> [TemplateValue] {
        let verdicts = report?.verdicts ?? [:]
        return columns.map { column in
            guard let verdict = verdicts[ExactText(column.id)], let status = Status(rawValue: verdict.status) else {
                return [
                    "kind": "v-U", "word": .text(words("fleet.untold")), "status": .missing,
                    "control": .text(column.id),
                    "subjects": .missing, "open": .missing,
                ]
            }
            return [
                "kind": .text("v-\(status.letter)"), "word": .text(words.status(status)),
                "status": .text(status.rawValue), "control": .text(column.id),
                "subjects": .number(max(0, verdict.subjects)), "open": .number(max(0, verdict.open)),
            ]
        }
    }
}

extension FleetReport {
    /// What each control says, by its id; nothing where the report does not tell.
    var verdicts: [ExactText: ControlVerdict] {
        guard let controls = manifest.controls, controls.count <= Self.mostControls else { return [:] }
        return Dictionary(controls.map { (ExactText($0.control), $0) }) { first, _ in first }
    }
}

extension Status {
    /// A letter for a class of the page.
    fileprivate var letter: String {
        switch self {
        case .pass: "P"
        case .fail: "F"
        case .notProven: "N"
        case .manual: "M"
        case .reviewed: "R"
        case .waived: "W"
        case .notApplicable: "A"
        }
    }
}

/// Texts of manifests that others may have written: what is long is cut, visibly.
enum FleetText {
    private static let most = 300

    /// The text, or its begin and `…`.
    static func clipped(_ text: String) -> String {
        guard text.utf8.count > most else { return text }
        var kept = ""
        for character in text.unicodeScalars {
            guard kept.utf8.count < most else { break }
            kept.unicodeScalars.append(character)
        }
        return kept + "…"
    }
}
