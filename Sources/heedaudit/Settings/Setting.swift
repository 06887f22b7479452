/// A row of the table of settings: what documents, the sample file, the man page and `doctor` say about a key.
struct Setting: Sendable {
    /// What a value is.
    enum Kind: String, Sendable {
        case address
        case command
        case file
        case folder
        case list
        case mapping
        case number
        /// A list of mappings, or the file that holds one.
        case records = "list of mappings, or a file"
        case span
        case `switch`
        case text
        case word
    }

    let key: ConfigurationKey
    let kind: Kind
    /// Whether commands have a flag for it.
    let hasFlag: Bool
    /// What holds where it is set nowhere: a value in backticks, or words.
    let fallback: String
    /// A value as the file may hold it; a mapping over several lines begins on the line after the key.
    let example: String
    /// Whether the sample file sets it, rather than shows it in a comment.
    let isInSample: Bool
    /// What it is for, in Markdown.
    let meaning: String

    init(
        _ key: ConfigurationKey,
        _ kind: Kind,
        flag: Bool = false,
        default fallback: String = "none",
        example: String,
        sample isInSample: Bool = false,
        _ meaning: String
    ) {
        (self.key, self.kind, self.hasFlag) = (key, kind, flag)
        (self.fallback, self.example, self.isInSample, self.meaning) = (fallback, example, isInSample, meaning)
    }

    /// Whether only the configuration file can hold the value.
    var isStructured: Bool { kind == .mapping || kind == .records }

    /// The begin of what it is for, as plain text for messages.
    var brief: String {
        let ends = [". ", "; ", ": ", " ("].compactMap { meaning.firstRange(of: $0)?.lowerBound }
        let end = ends.min()
        return String(meaning[..<(end ?? meaning.endIndex)].filter { $0 != "`" })
    }
}

extension ConfigurationKey {
    /// Its row in the table of settings.
    var setting: Setting? { SettingTable.byKey[self] }
}
