import Evidence
import Analysis
import ArgumentParser

/// `controls`: the catalogue with its framework mappings.
struct ControlsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controls",
        abstract: "List the controls and the frameworks they map to."
    )

    @Argument(
        help: ArgumentHelp("Controls to show in full, such as ORG-MFA; without one, a line each.", valueName: "id")
    )
    var ids: [String] = []

    @Flag(help: "Print one JSON array.")
    var json = false

    mutating func run() throws {
        let chosen = try ids.isEmpty ? ControlCatalogue.controls : ids.map(control)
        if json {
            StandardStreams.output(JSONText.array(chosen.map(Self.json)).rendered)
        } else if ids.isEmpty {
            for control in chosen {
                let id = control.id.padding(to: 14)
                StandardStreams.output(id + control.severity.rawValue.padding(to: 10) + control.title)
            }
        } else {
            for control in chosen { StandardStreams.output(Self.text(control)) }
        }
    }

    private func control(_ id: String) throws -> Control {
        if let control = ControlCatalogue.control(id.uppercased()) { return control }
        let nearest = id.uppercased().nearest(among: ControlCatalogue.controls.map(\.id))
        throw Problem(.usage, "there is no control '\(id)'", hint: nearest.map { "did you mean \($0.name)?" })
    }

    private static func text(_ control: Control) -> String {
        let frameworks = grouped(control).map { "  \($0.name.padding(to: 16))\($0.ids.joined(separator: ", "))" }
        return """
            \(control.id)  \(control.title)  (\(control.severity.rawValue))
              why       \(control.rationale)
              test      \(control.test)\(threshold(control))
              remedy    \(control.remedies.fail)
              unproven  \(control.remedies.notProven)\(manual(control))
            \(frameworks.joined(separator: "\n"))
            """
    }

    private static func manual(_ control: Control) -> String {
        control.remedies.manual.map { "\n  by hand   \($0)" } ?? ""
    }

    private static func threshold(_ control: Control) -> String {
        guard let threshold = control.threshold else { return "" }
        let bound = threshold.isLooserWhenLess ? "at least" : "at most"
        return
            "\n  threshold \(threshold.value) \(threshold.unit); the configuration may set it to \(bound) \(threshold.limit)"
    }

    private static func json(_ control: Control) -> JSONText {
        var object: [String: JSONText] = [
            "id": .string(control.id), "title": .string(control.title), "severity": .string(control.severity.rawValue),
            "basis": .string(control.basis.rawValue), "rationale": .string(control.rationale),
            "test": .string(control.test), "remediation": .string(control.remedies.fail),
            "remediation_not_proven": .string(control.remedies.notProven),
            "frameworks": .object(
                Dictionary(
                    uniqueKeysWithValues: grouped(control).map {
                        ($0.name, JSONText.array($0.ids.map(JSONText.string)))
                    }
                )
            ),
        ]
        if let manual = control.remedies.manual { object["remediation_manual"] = .string(manual) }
        if let threshold = control.threshold {
            object["threshold"] = .object([
                "unit": .string(threshold.unit), "value": .number(threshold.value), "limit": .number(threshold.limit),
            ])
        }
        return .object(object)
    }

    private static func grouped(_ control: Control) -> [(name: String, ids: [String])] {
        var groups: [(name: String, ids: [String])] = []
        for reference in control.frameworks {
            if let index = groups.firstIndex(where: { $0.name == reference.name }) {
                groups[index].ids.append(reference.id)
            } else {
                groups.append((name: reference.name, ids: [reference.id]))
            }
        }
        return groups
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
