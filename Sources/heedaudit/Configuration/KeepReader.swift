import Publishing

/// Reads `keep`: how many bundles stay when a run has published another.
enum KeepReader {
    /// The most of one kind.
    static let most = 100_000

    private static let names = ["last", "daily", "monthly", "yearly"]

    /// The rule of the configuration file; nil where it has none.
    static func rule(_ file: ConfigurationFile) throws -> RetentionRule? {
        guard let entry = file[.keep], entry.value != .nothing else { return nil }
        guard case .mapping(let members) = entry.value else {
            throw problem(file, entry.line, "keep takes keys and values")
        }
        var rule = RetentionRule()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let line = entry.lines[name] ?? entry.line
            guard names.contains(name) else { throw problem(file, line, "keep: unknown key '\(name)'") }
            guard case .text(let text) = value, let number = Int(text), (0...most).contains(number) else {
                throw problem(file, line, "keep: \(name) is not a number up to \(most)")
            }
            switch name {
            case "last": rule.last = number
            case "daily": rule.daily = number
            case "monthly": rule.monthly = number
            default: rule.yearly = number
            }
        }
        guard !rule.isEmpty else { throw problem(file, entry.line, "keep keeps nothing") }
        return rule
    }

    private static func problem(_ file: ConfigurationFile, _ line: Int, _ text: String) -> Problem {
        Problem(
            .configuration,
            "\(file.path):\(line): \(text)",
            hint: "such as keep: {last: 7, daily: 30, monthly: 24, yearly: 10}; leave it out to remove nothing"
        )
    }
}
