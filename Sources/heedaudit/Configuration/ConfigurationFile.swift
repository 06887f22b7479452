import Analysis
import Evidence
import Foundation
import Yams

/// The configuration file, parsed: one value a key, each with the line it stands on.
struct ConfigurationFile: Sendable {
    /// A value as the file holds it.
    indirect enum Value: Sendable, Equatable {
        case text(String)
        case list([Value])
        case mapping([String: Value])
        case nothing
    }

    /// A value and where it stands, for messages.
    struct Entry: Sendable, Equatable {
        var value: Value
        var line: Int
        /// The lines of a mapping's members by their keys, and of a list's by their places.
        var lines: [String: Int] = [:]
    }

    /// The file's path as given.
    let path: String
    /// What is wrong with its keys.
    let mistakes: [Problem]
    /// The organizations that it lists, in their order; empty where it lists none.
    let organizations: [OrganizationEntry]
    let entries: [ConfigurationKey: Entry]

    /// The places looked at when `--config` names none, in this order.
    static let defaultPaths = ["./heedaudit.yaml", "/etc/heedaudit/heedaudit.yaml"]

    /// The file's entry for a key, nil when the file doesn't set it.
    subscript(key: ConfigurationKey) -> Entry? { entries[key] }

    /// A configuration without a file.
    static let none = ConfigurationFile(path: "", entries: [:])

    /// A file that was read already, with other entries.
    init(path: String, entries: [ConfigurationKey: Entry]) {
        self.path = path
        self.entries = entries
        (mistakes, organizations) = ([], [])
    }

    /// Reads the file that `--config` or `HEEDAUDIT_CONFIG` names, else the first default one that exists.
    ///
    /// - Throws: `Problem` with status 78 for a file that is named but missing, that is not obeyed, or that is not YAML.
    static func load(named path: String?) throws -> ConfigurationFile {
        if let path { return try ConfigurationFile(readingFrom: path) }
        for candidate in defaultPaths where FileManager.default.fileExists(atPath: candidate) {
            if candidate == defaultPaths[0] { try checkOwner(of: candidate, named: "by --config") }
            return try ConfigurationFile(readingFrom: candidate)
        }
        return none
    }

    /// A file that was not named, but lies where the command is typed, may be anybody's: it says where the token goes, or what
    /// is accepted.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - place: How somebody who trusts it names it.
    /// - Throws: `Problem` where others than its owner, root or the user can write it.
    static func checkOwner(of path: String, named place: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, ![0, geteuid()].contains(status.st_uid) || status.st_mode & 0o022 != 0 else {
            return
        }
        throw Problem(
            .configuration,
            "\(path) is not obeyed: others than you and root can write it",
            hint: "type: chmod go-w \(path) (and own it), or name it \(place) if you trust it"
        )
    }

    private init(readingFrom path: String) throws {
        let text: String
        do {
            guard let read = try BoundedYAML.text(of: path) else {
                throw EvidenceError(.cannotRead, "can't read \(path): it is not UTF-8")
            }
            text = read
        } catch let error as EvidenceError {
            throw Problem(
                .configuration,
                "configuration: \(error.summary)",
                hint: error.hint ?? "check the path given to --config, and that the file is text this user may read"
            )
        }
        try self.init(path: path, text: text)
    }

    /// Parses configuration text.
    ///
    /// `path` is used in messages only.
    init(path: String, text: String) throws {
        self.path = path
        let root: Node?
        do {
            root = try BoundedYAML.compose(text, named: path)
        } catch let error as YamlError {
            throw Problem(.configuration, "\(path) is not YAML: \(Self.describe(error))")
        }
        guard let root else {
            entries = [:]
            (mistakes, organizations) = ([], [])
            return
        }
        guard case .mapping(let mapping) = root else {
            throw Problem(
                .configuration,
                "\(path):1: expected keys and values such as 'archive: /var/lib/heedaudit/archive'"
            )
        }
        var entries: [ConfigurationKey: Entry] = [:]
        var mistakes: [Problem] = []
        var organizations: [OrganizationEntry] = []
        for (keyNode, valueNode) in mapping {
            let line = keyNode.mark?.line ?? 1
            let name = keyNode.string ?? ""
            if let key = ConfigurationKey(rawValue: name) {
                entries[key] = Self.entry(valueNode, line: line)
                if key == .organizations {
                    organizations = OrganizationEntry.list(of: valueNode, line: line, path: path, &mistakes)
                }
            } else {
                if Self.isNameOfToken(name) { valueNode.string.map(TerminalText.hide) }
                mistakes.append(Self.unknownKey(name, at: "\(path):\(line)"))
            }
        }
        self.entries = entries
        self.mistakes = mistakes
        self.organizations = organizations
    }

    /// What a key's value says, and where.
    static func entry(_ node: Node, line: Int) -> Entry {
        Entry(value: value(of: node), line: line, lines: lines(of: node))
    }

    /// What is wrong with a key that there is not.
    static func unknownKey(_ name: String, at place: String) -> Problem {
        if isNameOfToken(name) {
            return Problem(
                .configuration,
                "\(place): '\(name)' is no key: a token does not belong into this file, which others may read",
                hint:
                    "put it into a file of its own (chmod 600) and name that by token_file; make a new token if others "
                    + "could read this one"
            )
        }
        let nearest = ConfigurationKey.nearest(to: name)
        return Problem(
            .configuration,
            "\(place): unknown key '\(name)'",
            hint: nearest.map { key in
                "did you mean '\(key.rawValue)'?" + (key.setting.map { " (\($0.brief))" } ?? "")
            }
        )
    }

    /// Whether somebody who writes such a name has a token in mind, and not the name of a file.
    static func isNameOfToken(_ name: String) -> Bool {
        let plain = name.lowercased().replacing("-", with: "_")
        let words = ["token", "api_key", "apikey", "secret", "password", "bearer", "authorization", "credential"]
        return words.contains { plain.hasSuffix($0) || plain.hasSuffix($0 + "s") }
    }

    /// The lines of a value's members.
    private static func lines(of node: Node) -> [String: Int] {
        var lines: [String: Int] = [:]
        switch node {
        case .mapping(let mapping): for (key, _) in mapping { lines[key.string ?? ""] = key.mark?.line }
        case .sequence(let sequence):
            for (place, item) in sequence.enumerated() { lines[String(place)] = item.mark?.line }
        default: break
        }
        return lines
    }

    private static func value(of node: Node) -> Value {
        switch node {
        case .scalar(let scalar):
            let isPlainNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            return isPlainNull ? .nothing : .text(scalar.string)
        case .sequence(let sequence): return .list(sequence.map(value(of:)))
        case .mapping(let mapping):
            var members: [String: Value] = [:]
            for (key, value) in mapping { members[key.string ?? ""] = Self.value(of: value) }
            return .mapping(members)
        case .alias: return .nothing
        }
    }

    /// What is wrong with a text that is not YAML, without showing the text.
    static func describe(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            "a key stands twice: \(duplicates.joined(separator: ", "))"
        // What else there is shows the text, and a token may stand in it.
        case .reader(let problem, _, _, _): problem
        default: "its text can't be taken apart"
        }
    }
}
