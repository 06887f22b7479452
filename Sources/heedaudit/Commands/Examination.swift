import Foundation

/// What `doctor` found: prints a line a check and remembers what is wrong.
struct Examination {
    /// Settings whose value is not known: what rests on them is not looked at.
    private let doubtful: Set<ConfigurationKey>
    /// Whether what is as it should be is left out.
    private let isQuiet: Bool
    private var problems: [Problem] = []

    init(doubtful: Set<ConfigurationKey>, isQuiet: Bool) {
        self.doubtful = doubtful
        self.isQuiet = isQuiet
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
    func isKnown(_ name: String, _ keys: [ConfigurationKey]) -> Bool {
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
    func good(_ name: String, _ text: String) {
        if !isQuiet { line("ok", name, text) }
    }

    /// Something could not be looked at.
    func unknown(_ name: String, _ text: String) { line("unknown", name, text) }

    /// Something works, and hardly as it was meant.
    func warn(_ name: String, _ problem: Problem) { line("warning", name, problem.inALine) }

    /// Something ends a run.
    mutating func bad(_ name: String, _ problem: Problem) {
        problems.append(problem)
        line("problem", name, problem.inALine)
    }

    /// Ends with the status of the first problem.
    func finish() throws {
        guard var first = problems.first else { return }
        let count = problems.count == 1 ? "a problem" : "\(problems.count) problems, first"
        first.summary = "doctor found \(count): \(first.summary)"
        throw first
    }

    private func line(_ word: String, _ name: String, _ text: String) {
        let head = word + String(repeating: " ", count: max(1, 9 - word.count))
        StandardStreams.output(TerminalText.clean("\(head)\(name): \(text)"))
    }
}

extension Problem {
    /// What is wrong and what to do, on one line.
    fileprivate var inALine: String { summary + (hint.map { "; \($0)" } ?? "") }
}
