import Evidence
import Yams

/// An entry of `organizations`: whose it is, and what it sets for itself.
struct OrganizationEntry: Sendable {
    /// The organization's id.
    let id: String
    /// The line on which the entry begins.
    let line: Int
    /// What holds for this organization in the place of what the file says for all.
    let own: [ConfigurationKey: ConfigurationFile.Entry]

    /// Keys that are the whole command's.
    static let common: Set<ConfigurationKey> = [
        .organization, .organizations, .jobs, .json, .logFormat, .quiet, .verbose,
    ]

    /// Reads the list.
    ///
    /// - Parameters:
    ///   - node: The value of `organizations`.
    ///   - line: Where the key stands.
    ///   - path: The file, for messages.
    ///   - mistakes: Gets what is wrong with the entries but for the values of their keys.
    /// - Returns: The entries that have an id of their own.
    static func list(of node: Node, line: Int, path: String, _ mistakes: inout [Problem]) -> [OrganizationEntry] {
        let hint = "begin each organization with '- id: ' and its token_file"
        guard case .sequence(let items) = node, !items.isEmpty else {
            let problem = "\(path):\(line): organizations is a list with at least one organization"
            mistakes.append(Problem(.configuration, problem, hint: "\(hint), or leave the key out"))
            return []
        }
        var entries: [OrganizationEntry] = []
        var known: [ExactText: Int] = [:]
        for item in items {
            let line = item.mark?.line ?? line
            guard case .mapping(let members) = item else {
                let problem = "\(path):\(line): organizations: an entry is no mapping"
                mistakes.append(Problem(.configuration, problem, hint: hint))
                continue
            }
            guard let entry = entry(of: members, line: line, path: path, &mistakes) else { continue }
            if let first = known[ExactText(entry.id)] {
                let problem = "\(path):\(line): organization '\(entry.id)' stands twice, first on line \(first)"
                mistakes.append(Problem(.configuration, problem, hint: "take one of them out"))
                continue
            }
            known[ExactText(entry.id)] = line
            entries.append(entry)
        }
        return entries
    }

    private static func entry(of members: Node.Mapping, line: Int, path: String, _ mistakes: inout [Problem])
        -> OrganizationEntry?
    {
        let id = members.first { $0.key.string == "id" }?.value.string ?? ""
        let shown = id.isEmpty ? "organizations" : "organization '\(id)'"
        var own: [ConfigurationKey: ConfigurationFile.Entry] = [:]
        for (keyNode, valueNode) in members where keyNode.string != "id" {
            let name = keyNode.string ?? ""
            let place = "\(path):\(keyNode.mark?.line ?? line)"
            guard let key = ConfigurationKey(rawValue: name) else {
                if ConfigurationFile.isNameOfToken(name) { valueNode.string.map(TerminalText.hide) }
                mistakes.append(ConfigurationFile.unknownKey(name, at: "\(place): \(shown)"))
                continue
            }
            guard !common.contains(key) else {
                let problem = "\(place): \(shown): \(name) can't be set for one organization"
                mistakes.append(Problem(.configuration, problem, hint: "write it before organizations, for all"))
                continue
            }
            own[key] = ConfigurationFile.entry(valueNode, line: keyNode.mark?.line ?? line)
        }
        guard !id.isEmpty, !id.utf8.contains(0) else {
            let problem = "\(path):\(line): organizations: an entry has no id"
            mistakes.append(Problem(.configuration, problem, hint: "'heedaudit organization show' tells it"))
            return nil
        }
        return OrganizationEntry(id: id, line: line, own: own)
    }
}

extension ConfigurationFile {
    /// The settings that hold for one of its organizations: its own, and where it has none, those for all.
    func settings(of entry: OrganizationEntry) -> ConfigurationFile {
        var merged = entries.merging(entry.own) { _, own in own }
        let isPeriodOwn = ConfigurationKey.ofPeriod.contains { entry.own[$0] != nil }
        if isPeriodOwn { for key in ConfigurationKey.ofPeriod { merged[key] = entry.own[key] } }
        merged[.organizations] = nil
        merged[.organization] = Entry(value: .text(entry.id), line: entry.line)
        return ConfigurationFile(path: path, entries: merged)
    }
}

extension SettingReader {
    /// Looks settings up for one organization of the file.
    func reader(for entry: OrganizationEntry) -> SettingReader {
        // Who chooses organizations by flag or variable has chosen this one.
        var (flags, environment) = (flags, environment)
        flags[.organization] = nil
        environment[ConfigurationKey.organization.environmentVariable] = nil
        return SettingReader(flags: flags, environment: environment, file: file.settings(of: entry))
    }
}
