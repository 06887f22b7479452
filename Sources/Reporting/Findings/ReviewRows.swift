import Analysis
import Evidence
import Templates

/// The rows of review.csv: every event that a finding asks a person to look at, with what was answered so far.
struct ReviewRows {
    let findings: [Finding]
    /// The findings that ask, told by their places, their events, and where these are among those chosen, from 1.
    let asked: [(place: Int, events: [String], chosen: [UInt32])]
    /// The number of the first row of each of these.
    let begins: [Int]
    private let rowCount: Int
    private let answers: [Review.Key: [Review.Row]]
    private let events: ChosenEvents

    private static let columns =
        RowColumn.texts("finding_id control event_id") + [RowColumn(name: "created_at", kind: .time)]
        + RowColumn.texts(
            "actor action resource ip_address detail ticket approved_by reviewed_by reviewed_on result"
        )

    /// Of findings in the order of reports.
    init(_ findings: [Finding], answers: [Review.Row], events: ChosenEvents) {
        self.findings = findings
        self.answers = Dictionary(grouping: answers, by: \.key)
        self.events = events
        asked = findings.indices.filter { Reviews.asks(findings[$0]) }.map { place in
            let (own, chosen) = Self.events(of: findings[place], among: events)
            return (place, own, chosen)
        }
        var begins: [Int] = []
        var count = 0
        for finding in asked {
            begins.append(count)
            count += finding.events.count
        }
        self.begins = begins
        rowCount = count
    }

    private static func events(of finding: Finding, among events: ChosenEvents) -> ([String], [UInt32]) {
        func places(_ ids: [String]) -> [UInt32] {
            var finder = events.finder
            return ids.map { id in finder.place(of: id).map { UInt32($0) + 1 } ?? 0 }
        }
        let ids = finding.eventIDs
        let chosen = places(ids)
        // Nearly always each stands behind the one before, and none is there twice.
        if chosen.first ?? 0 > 0, zip(chosen, chosen.dropFirst()).allSatisfy({ $0 < $1 }) { return (ids, chosen) }
        let each = Reviews.events(of: finding)
        return (each, places(each))
    }

    /// The rows.
    var rows: MadeRows {
        MadeRows(Self.columns, count: rowCount) { rows, builder in
            var group = (begins.firstIndex { $0 > rows.lowerBound } ?? begins.count) - 1
            var id: String?
            for row in rows {
                while group + 1 < begins.count, begins[group + 1] <= row {
                    group += 1
                    id = nil
                }
                let (finding, place) = (findings[asked[group].place], row - begins[group])
                // Reckoned once for all rows of a finding.
                let known = id ?? finding.id
                id = known
                let (event, chosen) = (asked[group].events[place], asked[group].chosen[place])
                add(finding, known, event, chosen > 0 ? Int(chosen) - 1 : nil, to: &builder)
            }
        }
    }

    private func add(
        _ finding: Finding,
        _ id: String,
        _ eventID: String,
        _ place: Int?,
        to builder: inout TextRows.Builder
    ) {
        let answer = answers.isEmpty ? nil : self.answer(about: Review.Key(finding: id, event: eventID), place)
        for text in [id, finding.control, eventID] { builder.add(text) }
        events.forEachText(at: place) { builder.add($0) }
        builder.add(finding.detail)
        for text in [answer?.ticket, answer?.approvedBy, answer?.reviewedBy, answer?.reviewedOn] {
            builder.add(text ?? "")
        }
        builder.add(answer?.result?.rawValue ?? "")
    }

    /// What was answered about an event; of several whose ids are written alike by the row that tells of it.
    private func answer(about key: Review.Key, _ place: Int?) -> Review.Row? {
        guard let rows = answers[key], rows.count > 1, place != nil else { return answers[key]?.first }
        var texts: [String] = []
        events.forEachText(at: place) { texts.append($0.string) }
        let event = Review.Seen(texts)
        return rows.first { $0.seen.mayBe(event) }
    }
}
