import ArgumentParser

/// `configuration`: the table of settings, for what is made of it (scripts/setting-files, scripts/man-pages).
struct ConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration",
        abstract: "Print the table of settings as a JSON array.",
        shouldDisplay: false
    )

    mutating func run() {
        StandardStreams.output(JSONText.array(SettingTable.all.map(Self.json)).rendered)
    }

    private static func json(_ setting: Setting) -> JSONText {
        var object: [String: JSONText] = [
            "key": .string(setting.key.rawValue), "group": .string(setting.group.rawValue),
            "type": .string(setting.kind.rawValue), "default": .string(setting.fallback),
            "example": .string(setting.example), "meaning": .string(setting.meaning),
            "in_sample": .boolean(setting.isInSample),
        ]
        if setting.hasFlag { object["flag"] = .string(setting.key.flag) }
        if !setting.isStructured { object["variable"] = .string(setting.key.environmentVariable) }
        return .object(object)
    }
}
