import Analysis
import Evidence

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
            while end < findings.count, findings[end].control.isSameInBytes(as: control) { end += 1 }
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
        var shown: Set<Int> = []
        for status in Status.byUrgency where shown.count < Self.ofControl {
            let alike = chosen.lazy.filter { findings[$0].status == status }
            shown.formUnion(alike.prefix(Self.ofControl - shown.count))
        }
        places += shown.sorted()
        let isHidden = { !shown.contains($0) }
        if let last = shown.max(), let first = chosen.first(where: isHidden), let end = chosen.last(where: isHidden) {
            rests[last] = Rest(count: chosen.count - shown.count, rows: first + 1...end + 1)
        }
    }
}
