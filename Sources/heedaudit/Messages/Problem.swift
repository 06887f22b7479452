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

    init(_ status: ExitStatus, _ summary: String, hint: String? = nil) {
        self.status = status
        self.summary = summary
        self.hint = hint
    }

    /// The one or two lines for standard error.
    var lines: String {
        var text = "heedaudit: error: " + Self.oneLine(summary)
        if let hint { text += "\nhint: " + Self.oneLine(hint) }
        return text
    }

    /// The same as one JSON object, for `--log-format json`.
    var json: String {
        var object: [String: JSONText] = [
            "level": .string("error"), "status": .number(Int(status.rawValue)), "error": .string(Self.oneLine(summary)),
        ]
        if let hint { object["hint"] = .string(Self.oneLine(hint)) }
        return JSONText.object(object).rendered
    }

    /// A message never spans lines and carries no control characters, whatever the text in it came from.
    static func oneLine(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isBidirectional = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            clean.append(isControl || isBidirectional ? " " : scalar)
        }
        return String(clean)
    }
}
