import Evidence
import Analysis

/// Variables of the environment that look like settings and are none: nobody obeys them.
enum EnvironmentSettings {
    /// Names the configuration file.
    static let configurationFile = "HEEDAUDIT_CONFIG"

    /// Says which commit a build is of; the tool itself does not read it.
    private static let commit = "HEEDAUDIT_COMMIT"

    /// Tells what is wrong with the variables' names; their values are never told.
    static func examine(_ environment: [String: String], _ mistakes: inout ConfigurationMistakes) {
        let names = environment.filter { !$0.value.isEmpty }.keys.sorted()
        for name in names where name.hasPrefix("HEEDAUDIT_") || name.hasPrefix("CLOUDHEED_") {
            examine(name, environment[name] ?? "", &mistakes)
        }
    }

    private static func examine(_ name: String, _ value: String, _ mistakes: inout ConfigurationMistakes) {
        let obeyed = ConfigurationKey.allCases.filter { !$0.isStructured }.map(\.environmentVariable)
        let known = obeyed + [configurationFile, SecretVariables.token]
        guard !known.contains(name), name != commit else { return }
        if let key = ConfigurationKey.allCases.first(where: { $0.environmentVariable == name }) {
            return mistakes.add(
                "\(name) is not obeyed: only the configuration file can hold \(key.rawValue)",
                hint: "write it there, and unset \(name)"
            )
        }
        if ConfigurationFile.isNameOfToken(String(name.drop { $0 != "_" }.dropFirst())) {
            TerminalText.hide(value)
            return mistakes.add(
                "\(name) is no setting and is not obeyed",
                hint: "the token stands in \(SecretVariables.token), or in a file that HEEDAUDIT_TOKEN_FILE names"
            )
        }
        guard let nearest = name.nearest(among: known) else { return }
        let problem = Problem(
            .configuration,
            "\(name) is no setting and is not obeyed",
            hint: "did you mean \(nearest.name)?"
        )
        // A name that is far from all of them, or shares little with a short one, may be somebody else's.
        let own = nearest.name.drop { $0 != "_" }.dropFirst().count
        if nearest.distance <= min(3, own / 2) { mistakes.add(problem) } else { mistakes.warn(problem) }
    }
}
