import Foundation

/// What a person reads when the tool cannot go on: what failed and why, what to do, and the exit status.
///
/// Every error of every library becomes one of these in one place (`Problem.init(_:)` in `Problem+Errors.swift`), so
/// that text and status can't drift apart.
struct Problem: Error, Sendable {
    var status: ExitStatus
    /// What failed, on what, and why.
    ///
    /// No capital, no full stop.
    var summary: String
    /// What to do about it, with the command to type where there is one.
    var hint: String?
    /// The status of the service's answer that the summary quotes; nil where it quotes none.
    var quoted: Int?

    init(_ status: ExitStatus, _ summary: String, hint: String? = nil) {
        self.status = status
        self.summary = summary
        self.hint = hint
    }

    /// The one or two lines for standard error.
    var lines: String { lines(of: nil) }

    /// The one or two lines, which say whose work it was of several organizations'.
    func lines(of organization: String?) -> String {
        let whose = organization.map { TerminalText.clean($0) + ": " } ?? ""
        var text = "heedaudit: \(whose)error: " + TerminalText.clean(summary)
        if let hint { text += "\nhint: " + TerminalText.clean(hint) }
        return text
    }

    /// The same as one JSON object, for `--log-format json`.
    var json: String { json(of: nil) }

    /// The same as one JSON object, which says whose work it was of several organizations'.
    func json(of organization: String?) -> String {
        var object: [String: JSONText] = [
            "level": .string("error"), "status": .number(Int(status.rawValue)),
            "error": .string(TerminalText.clean(summary)),
        ]
        if let hint { object["hint"] = .string(TerminalText.clean(hint)) }
        if let organization { object["organization"] = .string(TerminalText.clean(organization)) }
        return JSONText.object(object).rendered
    }

    /// Prints the problem, as text or JSON, and ends the process with its status.
    func end() -> Never {
        tell()
        Foundation.exit(status.rawValue)
    }

    /// Prints the problem: on standard error as text or JSON, and where the answer would have been a JSON object, as one.
    func tell() {
        ProgressBar.clearLine()
        StandardStreams.error(Self.wantsJSON ? json : lines)
        JSONAnswer.tell(self)
    }

    /// Whether errors are asked for as JSON: some come before any configuration is read.
    static var wantsJSON: Bool {
        let arguments = CommandLine.arguments
        let isTyped = zip(arguments, arguments.dropFirst()).contains { $0 == "--log-format" && $1 == "json" }
        if isTyped || arguments.contains("--log-format=json") { return true }
        let isOtherTyped = arguments.contains { $0.hasPrefix("--log-format") }
        return !isOtherTyped && ProcessInfo.processInfo.environment["HEEDAUDIT_LOG_FORMAT"] == "json"
    }
}
