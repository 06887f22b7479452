import Analysis

/// What is wrong with the settings, all of it, in the order in which it was met; and the settings that nobody can rely on
/// for it.
struct ConfigurationMistakes: Sendable {
    /// What no command works with.
    private(set) var all: [Problem] = []
    /// What works, and hardly as it was meant.
    private(set) var warnings: [Problem] = []
    /// Settings whose value is not known.
    private(set) var doubtful: Set<ConfigurationKey> = []

    /// Tells a mistake, and whose value is not known for it.
    mutating func add(_ problem: Problem, _ keys: ConfigurationKey...) {
        all.append(problem)
        doubtful.formUnion(keys)
    }

    /// The same in words of its own.
    mutating func add(_ summary: String, hint: String? = nil, _ key: ConfigurationKey? = nil) {
        all.append(Problem(.configuration, summary, hint: hint))
        key.map { _ = doubtful.insert($0) }
    }

    /// Tells what works, and hardly as it was meant.
    mutating func warn(_ problem: Problem) { warnings.append(problem) }

    /// The same in words of its own.
    mutating func warn(_ summary: String, hint: String? = nil) { warn(Problem(.configuration, summary, hint: hint)) }

    /// Tells that the value of these settings is not known.
    mutating func doubt(_ keys: [ConfigurationKey]) { doubtful.formUnion(keys) }

    /// The value of a setting; the fallback, and a mistake told, where it has none.
    mutating func take<Value>(
        _ key: ConfigurationKey,
        or fallback: Value,
        _ body: () throws -> Value
    ) -> Value {
        do {
            return try body()
        } catch {
            add(Problem(from: error), key)
            return fallback
        }
    }

    /// All of them as the one error of a command; nil for none.
    var asOne: Problem? {
        guard var problem = all.first else { return nil }
        guard all.count > 1 else { return problem }
        let more = all.count - 1
        problem.summary += " (and \(more) more \(more == 1 ? "mistake" : "mistakes") in the settings)"
        problem.hint = [problem.hint, "'heedaudit doctor' names them all"].compactMap { $0 }.joined(separator: "; ")
        return problem
    }
}
