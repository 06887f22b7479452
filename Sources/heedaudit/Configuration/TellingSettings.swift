import Analysis

/// Who is told of runs.
struct TellingSettings: Sendable {
    /// A file for Prometheus; nil for none.
    var metricsFile: String?
    /// Commands by the key that names them: a program and its arguments.
    var hooks: [ConfigurationKey: [String]] = [:]
    /// New findings of this severity and above are told.
    var notifyFrom = Severity.high
    /// How long a hook may take.
    var hookTimeout = Duration.seconds(60)

    /// The keys that name commands.
    static let hookKeys: [ConfigurationKey] = [.onSuccess, .onFinding, .onError]

    init() {}

    /// Reads them, and tells what is wrong with them.
    init(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        metricsFile = mistakes.take(.metricsFile, or: nil) { try reader.path(.metricsFile) }
        for key in Self.hookKeys {
            if let words = mistakes.take(key, or: nil, { try reader.words(key) }) { hooks[key] = words }
        }
        notifyFrom = reader.severity(.notifyFrom, &mistakes) ?? notifyFrom
        hookTimeout = mistakes.take(.hookTimeout, or: hookTimeout) {
            try reader.duration(.hookTimeout, default: hookTimeout, atLeast: .seconds(1))
        }
    }
}

extension SettingReader {
    /// A command: a list of words, or one text that is split at blanks; nil when set nowhere.
    ///
    /// - Throws: `Problem` for one without a program.
    func words(_ key: ConfigurationKey) throws -> [String]? {
        guard let found = try find(key) else { return nil }
        var words = found.text.split(whereSeparator: \.isWhitespace).map(String.init)
        if case .file = found.origin, case .list(let items)? = file[key]?.value {
            words = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
        }
        guard let program = words.first, !program.isEmpty, !words.contains(where: { $0.utf8.contains(0) }) else {
            throw Problem(
                found.origin.status,
                "\(found.origin.description): \(key.rawValue) names no program",
                hint: "give a list of words, such as [/usr/local/bin/tell, --severe], or leave it out"
            )
        }
        words[0] = atHome(program)
        return words
    }
}
