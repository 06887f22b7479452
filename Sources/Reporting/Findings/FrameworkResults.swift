import Analysis
import Evidence

/// The requirements of each framework, with the controls that bear on them and what these found.
struct FrameworkResults {
    /// One requirement of a framework.
    struct Requirement {
        /// Such as `CC6.1`.
        var id: String
        /// The controls that bear on it, by severity and id.
        var controls: [ControlResults.Result]

        /// The gravest verdict of the controls that judged something; not applicable where none did.
        var status: Status {
            let found = Set(controls.filter { $0.worst != nil }.map(\.status))
            return Status.byUrgency.first(where: found.contains) ?? .notApplicable
        }
    }

    /// One framework.
    struct Framework {
        /// Such as `SOC 2`.
        var name: String
        /// Its requirements that any control bears on, in their own order: `CC6.2` before `CC6.10`.
        var requirements: [Requirement]
    }

    /// In the order in which reports name them.
    let all: [Framework]

    /// Sorts the controls' results by framework and requirement.
    init(_ results: ControlResults) {
        var names = ControlCatalogue.frameworkNames.map { ExactText($0) }
        var requirements: [ExactText: [ExactText: [ControlResults.Result]]] = [:]
        for result in results.all {
            for reference in result.frameworks {
                let name = ExactText(reference.name)
                if !names.contains(name) { names.append(name) }
                requirements[name, default: [:]][ExactText(reference.id), default: []].append(result)
            }
        }
        all = names.compactMap { name in
            guard let own = requirements[name] else { return nil }
            return Framework(
                name: name.text,
                requirements: own.map { Requirement(id: $0.key.text, controls: $0.value) }
                    .sorted { Self.precedes($0.id, $1.id) }
            )
        }
    }

    /// A requirement that a control bears on, for the rows of frameworks.csv.
    struct Row {
        var framework: String
        var requirement: String
        var result: ControlResults.Result
    }

    /// Every pair of requirement and control, by framework, requirement and control.
    var rows: [Row] {
        let rows = all.flatMap { framework in
            framework.requirements.flatMap { requirement in
                requirement.controls.map {
                    Row(framework: framework.name, requirement: requirement.id, result: $0)
                }
            }
        }
        return rows.sorted { left, right in
            for (one, other) in [
                (left.framework, right.framework), (left.requirement, right.requirement),
                (left.result.control, right.result.control),
            ] where !one.isSameInBytes(as: other) {
                return one.precedesInBytes(other)
            }
            return false
        }
    }

    /// Compares requirements as people number them: digits by their value, the rest by bytes.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (one, other) = (parts(left), parts(right))
        for (one, other) in zip(one, other) where !one.isSameInBytes(as: other) {
            let (number, otherNumber) = (Int(one), Int(other))
            if let number, let otherNumber, number != otherNumber { return number < otherNumber }
            return one.precedesInBytes(other)
        }
        return one.count < other.count
    }

    /// A text cut where digits begin or end.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var wasDigit: Bool?
        for character in text.unicodeScalars {
            let isDigit = ("0"..."9").contains(character)
            if isDigit == wasDigit, !parts.isEmpty {
                parts[parts.count - 1].unicodeScalars.append(character)
            } else {
                parts.append(String(character))
            }
            wasDigit = isDigit
        }
        return parts
    }
}
