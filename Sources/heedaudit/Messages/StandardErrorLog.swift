import Foundation
import Logging

/// How log lines look: text for people, JSON lines for machines.
enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
}

/// A log handler that writes one line an entry to standard error.
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    /// Whose turn it is where a command works through several organizations; nil where it does not.
    var organization: String?
    let format: LogFormat

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        ProgressBar.clearLine()
        switch format {
        case .text:
            let tail = fields.map { " \($0.key)=\($0.value)" }.joined()
            let whose = organization.map { "\($0): " } ?? ""
            let line = "heedaudit: \(whose)\(word(for: event.level))\(event.message)\(tail)"
            StandardStreams.error(TerminalText.clean(line))
        case .json:
            var object: [String: JSONText] = [
                "level": .string(event.level.rawValue), "message": .string(TerminalText.clean("\(event.message)")),
                "at": .string(Date().formatted(.iso8601)),
            ]
            if let organization { object["organization"] = .string(TerminalText.clean(organization)) }
            for field in fields { object[field.key] = .string(TerminalText.clean("\(field.value)")) }
            StandardStreams.error(JSONText.object(object).rendered)
        }
    }

    /// Notices need no label; a reader wants to know a warning from an error.
    private func word(for level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "debug: "
        case .info, .notice: ""
        case .warning: "warning: "
        case .error, .critical: "error: "
        }
    }
}
