import Evidence
import Foundation

/// What `doctor` found: prints a line a check, or one JSON object at the end, and remembers what is wrong.
struct Examination {
    /// What became of a check.
    private enum State: String, CaseIterable {
        case ok, warning, unknown, problem
    }

    /// Settings whose value is not known: what rests on them is not looked at.
    private let doubtful: Set<ConfigurationKey>
    /// Whether what is as it should be is left out.
    private let isQuiet: Bool
    private let isJSON: Bool
    /// Whose the folders of reports are, where one of several organizations is looked at; nil for a look at all folders.
    var owners: FolderOwners?
    private var problems: [Problem] = []
    private var checks: [JSONText] = []
    private var counts: [State: Int] = [:]

    init(doubtful: Set<ConfigurationKey>, isQuiet: Bool, isJSON: Bool) {
        self.doubtful = doubtful
        self.isQuiet = isQuiet
        self.isJSON = isJSON
    }

    /// Looks at something, unless a setting that it rests on is not known.
    mutating func check(_ name: String, needs keys: ConfigurationKey..., body: () throws -> String) {
        guard isKnown(name, keys) else { return }
        do {
            good(name, try body())
        } catch {
            bad(name, Problem(from: error))
        }
    }

    /// Whether settings are known; a line says that something was not looked at where they are not.
    mutating func isKnown(_ name: String, _ keys: [ConfigurationKey]) -> Bool {
        let missing = keys.filter(doubtful.contains).map(\.rawValue)
        guard !missing.isEmpty else { return true }
        unknown(name, "not looked at: \(missing.joined(separator: ", ")) can't be used, see above")
        return false
    }

    /// Whether a setting is known.
    func isKnown(_ key: ConfigurationKey) -> Bool { !doubtful.contains(key) }

    /// How many problems there are so far.
    var problemCount: Int { problems.count }

    /// Something is as it should be.
    mutating func good(_ name: String, _ text: String) { tell(.ok, name, text) }

    /// Something could not be looked at.
    mutating func unknown(_ name: String, _ text: String) { tell(.unknown, name, text) }

    /// Something works, and hardly as it was meant.
    mutating func warn(_ name: String, _ text: String, hint: String?) { tell(.warning, name, text, hint) }

    /// The same of what would be a problem elsewhere.
    mutating func warn(_ name: String, _ problem: Problem) { warn(name, problem.summary, hint: problem.hint) }

    /// Something ends a run.
    mutating func bad(_ name: String, _ problem: Problem) {
        problems.append(problem)
        tell(.problem, name, problem.summary, problem.hint)
    }

    /// The same in words of its own.
    mutating func bad(_ name: String, _ status: ExitStatus, _ text: String, hint: String? = nil) {
        bad(name, Problem(status, text, hint: hint))
    }

    /// Prints the JSON object where it is asked for, and ends with the status of the first problem.
    func finish() throws {
        let (first, sums) = (problems.first, sums)
        OrganizationTurn.current?.note { $0.message = sums }
        if isJSON {
            let object: [String: JSONText] = [
                "checks": .array(checks), "problems": .number(problems.count),
                "status": .number(Int(first?.status.rawValue ?? 0)),
            ]
            JSONAnswer.give(.object(object))
        } else if !isQuiet {
            StandardStreams.output(sums)
        }
        guard var first else { return }
        let count = problems.count == 1 ? "a problem" : "\(problems.count) problems, first"
        first.summary = "doctor found \(count): \(first.summary)"
        throw first
    }

    private static func colour(of state: State) -> Terminal.Colour {
        switch state {
        case .ok: .green
        case .warning: .yellow
        case .unknown: .faint
        case .problem: .boldRed
        }
    }

    /// `9 checks: 8 fine, 1 warning`.
    private var sums: String {
        let parts = State.allCases.compactMap { state -> String? in
            guard let count = counts[state] else { return nil }
            return switch state {
            case .ok: "\(count) fine"
            case .warning: Counted.text(count, "warning")
            case .unknown: "\(count) not looked at"
            case .problem: Counted.text(count, "problem")
            }
        }
        return "\(Counted.text(counts.values.reduce(0, +), "check")): \(parts.joined(separator: ", "))"
    }

    private mutating func tell(_ state: State, _ name: String, _ text: String, _ remedy: String? = nil) {
        counts[state, default: 0] += 1
        if isJSON {
            checks.append(
                .object([
                    "name": .string(name), "state": .string(state.rawValue), "text": .string(TerminalText.clean(text)),
                    "what_to_do": remedy.map { .string(TerminalText.clean($0)) } ?? .null,
                ])
            )
        } else if state != .ok || !isQuiet {
            let head = state.rawValue + String(repeating: " ", count: max(1, 9 - state.rawValue.count))
            let line = TerminalText.clean("\(name): \(text)" + (remedy.map { "; \($0)" } ?? ""))
            StandardStreams.output(Terminal.output.paint(head, Self.colour(of: state)) + line)
        }
    }
}
