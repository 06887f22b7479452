import Analysis
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
        guard !isReplaced(key) else { return nil }
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
            guard key.isList else {
                throw Problem(.configuration, "\(origin.description): \(key.rawValue) takes one value, not a list")
            }
            guard texts.count == items.count else {
                throw Problem(.configuration, "\(origin.description): \(key.rawValue) takes a list of plain values")
            }
            return Found(text: texts.joined(separator: ","), origin: origin)
        case .mapping:
            throw Problem(.configuration, "\(origin.description): \(key.rawValue) takes one value, not a mapping")
        }
    }

    /// Where a key's value comes from, whether or not it makes sense; nil when it is set nowhere.
    func origin(_ key: ConfigurationKey) -> Origin? {
        guard !isReplaced(key) else { return nil }
        if flags[key] != nil { return .flag(key.flag) }
        let variable = key.environmentVariable
        if !key.isStructured, environment[variable]?.isEmpty == false { return .environment(variable) }
        guard let entry = file[key], entry.value != .nothing else { return nil }
        return .file(file.path, line: entry.line)
    }

    /// Whether a stronger place says the same in another way: a period by its name, or by its begin and end.
    private func isReplaced(_ key: ConfigurationKey) -> Bool {
        let keys = ConfigurationKey.ofPeriod
        guard keys.contains(key), flags[key] == nil else { return false }
        if keys.contains(where: { flags[$0] != nil }) { return true }
        func isInEnvironment(_ key: ConfigurationKey) -> Bool { environment[key.environmentVariable]?.isEmpty == false }
        return !isInEnvironment(key) && keys.contains(where: isInEnvironment)
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

    /// The path of a file or folder, nil when set nowhere; `~/` is the home folder, and an empty one is an error.
    func path(_ key: ConfigurationKey) throws -> String? { try name(key).map(atHome) }

    /// A path with the home folder in the place of `~`.
    func atHome(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return home + path.dropFirst()
    }

    /// The name of something, nil when set nowhere; an empty one is an error.
    func name(_ key: ConfigurationKey) throws -> String? {
        guard let found = try find(key) else { return nil }
        guard !found.text.isEmpty, !found.text.utf8.contains(0) else {
            throw Problem(
                found.origin.status,
                "\(found.origin.description): \(key.rawValue) is empty",
                hint: "give it a value, or leave it out"
            )
        }
        return found.text
    }

    /// The name of the token's file; a token in its place is an error that does not show it.
    func tokenFile() throws -> String? {
        guard let path = try path(.tokenFile) else { return nil }
        let isToken = path.hasPrefix("ch_") && !path.contains("/") && !FileManager.default.fileExists(atPath: path)
        guard let origin = try find(.tokenFile)?.origin, isToken else { return path }
        TerminalText.hide(path)
        throw Problem(
            origin.status,
            "\(origin.description): token_file names a file, and what stands there looks like a token itself",
            hint: "put the token into a file (chmod 600) and name that; make a new token if others could read this one"
        )
    }

    /// What `body` makes of a setting's text, nil when it is set nowhere; what `body` throws is told with the setting's place.
    func checked<Value>(_ key: ConfigurationKey, _ body: (String) throws -> Value) throws -> Value? {
        guard let found = try find(key) else { return nil }
        do {
            return try body(found.text)
        } catch {
            var problem = Problem(from: error)
            guard found.origin.status != .usage else { throw problem }
            problem.status = .configuration
            problem.summary = "\(found.origin.description): \(problem.summary)"
            throw problem
        }
    }

    /// A switch: `true`/`false`, `yes`/`no`, `on`/`off`, `1`/`0`.
    func flag(_ key: ConfigurationKey, default fallback: Bool = false) throws -> Bool {
        try read(key, default: fallback, accepts: "true or false") { Self.boolean($0) }
    }

    /// A span of time such as `90s`, `15m`, `24h`, `7d`, or seconds alone, at most ten years.
    func duration(
        _ key: ConfigurationKey,
        default fallback: Duration,
        atLeast least: Duration = .zero
    ) throws -> Duration {
        let bounds = least > .zero ? "at least \(least.components.seconds)s, at most 3650d" : "at most 3650d"
        let accepts = "a span of time such as 30s, 15m, 24h or 7d (a number alone is seconds), \(bounds)"
        return try read(key, default: fallback, accepts: accepts) {
            Self.duration($0).flatMap { $0 >= least ? $0 : nil }
        }
    }

    /// A setting that is one of some words; nil where it is set nowhere, or to something else, which is a mistake then.
    func word<Value: RawRepresentable>(
        _ key: ConfigurationKey,
        accepts: String,
        _ mistakes: inout ConfigurationMistakes
    ) -> Value? where Value.RawValue == String {
        mistakes.take(key, or: nil) {
            try read(key, default: nil, accepts: accepts) { Value(rawValue: $0).map(Optional.some) }
        }
    }

    /// A setting that is a severity; nil like a word.
    func severity(_ key: ConfigurationKey, _ mistakes: inout ConfigurationMistakes) -> Severity? {
        word(key, accepts: "critical, high, medium, low or info", &mistakes)
    }

    /// A setting that is a whole number; nil like a word.
    func number(_ key: ConfigurationKey, in range: ClosedRange<Int>, _ mistakes: inout ConfigurationMistakes) -> Int? {
        let accepts = "a number from \(range.lowerBound) to \(range.upperBound)"
        return mistakes.take(key, or: nil) {
            try read(key, default: nil, accepts: accepts) { text in
                Int(text).flatMap { range.contains($0) ? .some($0) : nil }
            }
        }
    }

    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    /// The seconds that `--max-age` names.
    ///
    /// - Throws: `Problem` with status 64 for what is no span of time.
    static func maxAge(_ text: String) throws -> Int64 {
        guard let span = duration(text), span > .zero else {
            throw Problem(
                .usage,
                "'\(text)' is not a value for --max-age",
                hint: "--max-age takes a span of time such as 90m, 26h or 7d (a number alone is seconds), at most 3650d"
            )
        }
        return span.components.seconds
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
