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
            for line in Self.table(chosen, Terminal.output) { StandardStreams.output(line) }
        } else {
            for control in chosen { StandardStreams.output(Self.text(control, Terminal.output)) }
        }
    }

    private func control(_ id: String) throws -> Control {
        if let control = ControlCatalogue.control(id.uppercased()) { return control }
        let nearest = id.uppercased().nearest(among: ControlCatalogue.controls.map(\.id))
        throw Problem(.usage, "there is no control '\(id)'", hint: nearest.map { "did you mean \($0.name)?" })
    }

    /// A line a control, or more where the terminal is too narrow for its title.
    static func table(_ controls: [Control], _ terminal: Terminal) -> [String] {
        let ids = (controls.map(\.id.count).max() ?? 0) + 2
        let severities = (controls.map(\.severity.rawValue.count).max() ?? 0) + 2
        return controls.map { control in
            terminal.labelled(
                control.id.padded(to: ids) + control.severity.rawValue.padded(to: severities),
                control.title
            )
        }
    }

    /// All of a control, its texts broken to fit the terminal.
    static func text(_ control: Control, _ terminal: Terminal) -> String {
        var parts = [("why", control.rationale), ("test", control.test), ("not shown", control.limits)]
        if let threshold = control.threshold {
            let words = "the configuration may set it to \(bound(of: threshold)) \(threshold.limit)"
            parts.append(("threshold", "\(threshold.value) \(threshold.unit); \(words)"))
        }
        parts += [("remedy", control.remedies.fail), ("unproven", control.remedies.notProven)]
        if let manual = control.remedies.manual { parts.append(("by hand", manual)) }
        parts += grouped(control).map { ($0.name, $0.ids.joined(separator: ", ")) }
        let width = (parts.map(\.0.count).max() ?? 0) + 2
        let lines = parts.map { terminal.labelled("  " + $0.padded(to: width), $1) }
        return (["\(control.id)  \(control.title)  (\(control.severity.rawValue))"] + lines).joined(separator: "\n")
    }

    private static func json(_ control: Control) -> JSONText {
        var object: [String: JSONText] = [
            "id": .string(control.id), "title": .string(control.title), "severity": .string(control.severity.rawValue),
            "basis": .string(control.basis.rawValue), "rationale": .string(control.rationale),
            "test": .string(control.test), "limits": .string(control.limits),
            "remediation": .string(control.remedies.fail),
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
                "bound": .string(bound(of: threshold)),
            ])
        }
        return .object(object)
    }

    private static func bound(of threshold: Control.Threshold) -> String {
        threshold.isLooserWhenLess ? "at least" : "at most"
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
