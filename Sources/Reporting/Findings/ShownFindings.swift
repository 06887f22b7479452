import Analysis

/// Which of the findings the page shows: of each control as many as it bears, so that no control hides another.
struct ShownFindings {
    /// What a control has beside what is shown of it.
    struct Rest {
        /// How many findings.
        var count: Int
        /// Between which rows of findings.csv they stand, counted from 1.
        var rows: ClosedRange<Int>
    }

    /// Places of the findings shown, in order.
    private(set) var places: [Int] = []
    /// By the place of the last finding shown of a control: what else the control has.
    private(set) var rests: [Int: Rest] = [:]

    /// How many findings of a control are shown.
    static let ofControl = 10

    /// Chooses; findings come in the order of reports, in which those of a control stand together.
    init(_ findings: [Finding], where isChosen: (Status) -> Bool) {
        var begin = 0
        while begin < findings.count {
            let control = findings[begin].control
            var end = begin + 1
            while end < findings.count, findings[end].control.utf8.elementsEqual(control.utf8) { end += 1 }
            add((begin..<end).filter { isChosen(findings[$0].status) }, of: findings)
            begin = end
        }
    }

    /// How many are not shown.
    var hidden: Int { rests.values.reduce(0) { $0 + $1.count } }

    private mutating func add(_ chosen: [Int], of findings: [Finding]) {
        guard chosen.count > Self.ofControl else {
            places += chosen
            return
        }
        // What failed before what is not proven before what a person has to look at.
        let urgency = Dictionary(uniqueKeysWithValues: Status.byUrgency.enumerated().map { ($1, $0) })
        let byUrgency = chosen.sorted {
            (urgency[findings[$0].status] ?? 0, $0) < (urgency[findings[$1].status] ?? 0, $1)
        }
        let shown = byUrgency.prefix(Self.ofControl).sorted()
        let rest = byUrgency.dropFirst(Self.ofControl)
        places += shown
        if let last = shown.last, let first = rest.min(), let end = rest.max() {
            rests[last] = Rest(count: rest.count, rows: first + 1...end + 1)
        }
    }
}
