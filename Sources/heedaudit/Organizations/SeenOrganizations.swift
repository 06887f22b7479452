import CloudHeed
import Evidence

/// The organizations that a token sees, as the configuration lists them.
struct SeenOrganizations {
    private let organizations: [Organization]
    private let tokenFile: String?

    /// What a token sees; one without an id is none that could be named.
    init(_ organizations: [Organization], tokenFile: String?) {
        self.organizations = organizations.filter { !($0.id ?? "").isEmpty }
        self.tokenFile = tokenFile
    }

    /// Lines to be put into the configuration file.
    var yaml: String {
        var lines = ["organizations:"]
        for organization in organizations {
            lines.append("  - id: \(Self.quoted(organization.id ?? ""))")
            if let name = organization.name { lines[lines.count - 1] += "  # \(TerminalText.clean(name).prefix(120))" }
            if let tokenFile { lines.append("    token_file: \(Self.quoted(tokenFile))") }
            if organizations.count > 1 { lines.append("    organization_header: true") }
        }
        return lines.joined(separator: "\n")
    }

    /// The same as an object (docs/json.md).
    var json: JSONText {
        func text(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }
        return .object([
            "organizations": .array(
                organizations.map {
                    .object([
                        "id": text($0.id), "name": text($0.name), "slug": text($0.slug), "plan": text($0.plan),
                    ])
                }
            )
        ])
    }

    /// A plain word as it is, all else between quotes.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_./".utf8.contains($0)
        }
        let begin = text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) || $0 == 47 } ?? false
        guard !isPlain || !begin else { return text }
        return TerminalText.cleanJSON(JSONText.string(text).rendered)
    }
}
