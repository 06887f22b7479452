import Foundation

/// Looks a setting up in its four places: flag, environment, configuration file, default.
struct SettingReader: Sendable {
    /// Where a value came from, said in messages about it.
    enum Origin: Sendable, Equatable {
        case flag(String)
        case environment(String)
        case file(String, line: Int)

        var description: String {
            switch self {
            case .flag(let name): name
            case .environment(let name): name
            case .file(let path, let line): "\(path):\(line)"
            }
        }

        /// A wrong flag is a usage error; a wrong value elsewhere is one of configuration.
        var status: ExitStatus {
            if case .flag = self { .usage } else { .configuration }
        }
    }

    /// A text value and its origin.
    struct Found: Sendable, Equatable {
        var text: String
        var origin: Origin
    }

    let flags: [ConfigurationKey: String]
    let environment: [String: String]
    let file: ConfigurationFile

    /// The value of a key, nil when it is set nowhere.
    ///
    /// An empty environment variable counts as not set.
    func find(_ key: ConfigurationKey) throws -> Found? {
        if let text = flags[key] { return Found(text: text, origin: .flag(key.flag)) }
        let variable = key.environmentVariable
        if let text = environment[variable], !text.isEmpty { return Found(text: text, origin: .environment(variable)) }
        guard let entry = file[key] else { return nil }
        let origin = Origin.file(file.path, line: entry.line)
        switch entry.value {
        case .text(let text): return Found(text: text, origin: origin)
        case .nothing: return nil
        case .list(let items):
            let texts = items.compactMap { item in if case .text(let text) = item { text } else { nil } }
            guard texts.count == items.count else {
                throw Problem(.configuration, "\(origin.description): \(key.rawValue) takes a list of plain values")
            }
            return Found(text: texts.joined(separator: ","), origin: origin)
        case .mapping:
            throw Problem(.configuration, "\(origin.description): \(key.rawValue) takes one value, not a mapping")
        }
    }

    /// Reads a key and turns its text into a value; a text that makes no sense is an error that says what is accepted.
    func read<Value>(
        _ key: ConfigurationKey,
        default fallback: Value,
        accepts: String,
        parse: (String) -> Value?
    ) throws -> Value {
        guard let found = try find(key) else { return fallback }
        guard let value = parse(found.text) else {
            throw Problem(
                found.origin.status,
                "\(found.origin.description): '\(found.text)' is not a value for \(key.rawValue)",
                hint: "\(key.rawValue) takes \(accepts)"
            )
        }
        return value
    }

    /// The text of a key, nil when set nowhere.
    func text(_ key: ConfigurationKey) throws -> String? { try find(key)?.text }

    /// A switch: `true`/`false`, `yes`/`no`, `on`/`off`, `1`/`0`.
    func flag(_ key: ConfigurationKey) throws -> Bool {
        try read(key, default: false, accepts: "true or false") { Self.boolean($0) }
    }

    /// A span of time such as `90s`, `15m`, `24h`, `7d`, at most ten years.
    func duration(_ key: ConfigurationKey, default fallback: Duration) throws -> Duration {
        try read(key, default: fallback, accepts: "a span of time such as 30s, 15m, 24h or 7d, at most 3650d") {
            Self.duration($0)
        }
    }

    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    private static let longestSpan = 3_650 * 86_400

    static func duration(_ text: String) -> Duration? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = text.last else { return nil }
        let digits = units[last] == nil ? text[...] : text.dropLast()
        guard let number = Int(digits), number >= 0 else { return nil }
        let (seconds, isTooLarge) = number.multipliedReportingOverflow(by: units[last] ?? 1)
        return isTooLarge || seconds > longestSpan ? nil : .seconds(seconds)
    }
}
