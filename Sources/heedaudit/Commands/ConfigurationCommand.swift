import ArgumentParser

/// `configuration`: the table of settings, for what is made of it (scripts/setting-files, scripts/man-pages).
struct ConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration",
        abstract: "Print the table of settings as a JSON array.",
        shouldDisplay: false
    )

    mutating func run() {
        let rows = SettingTable.groups.flatMap { group in group.rows.map { Self.json($0, of: group.title) } }
        StandardStreams.output(JSONText.array(rows).rendered)
    }

    private static func json(_ setting: Setting, of group: String) -> JSONText {
        var object: [String: JSONText] = [
            "key": .string(setting.key.rawValue), "group": .string(group),
            "type": .string(setting.kind.rawValue), "default": .string(setting.fallback),
            "example": .string(setting.example), "meaning": .string(setting.meaning),
            "in_sample": .boolean(setting.isInSample),
        ]
        if setting.hasFlag { object["flag"] = .string(setting.key.flag) }
        if !setting.isStructured { object["variable"] = .string(setting.key.environmentVariable) }
        return .object(object)
    }
}
