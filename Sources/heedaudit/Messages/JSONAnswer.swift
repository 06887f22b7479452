import Evidence
import Foundation
import Synchronization

/// The one JSON object that a command prints on standard output where JSON is asked for: its answer, else its error.
enum JSONAnswer {
    private struct State {
        var isWanted = false
        var isGiven = false
    }

    private static let state = Mutex(State())

    /// JSON is asked for, as the settings say.
    static func want() { state.withLock { $0.isWanted = true } }

    /// Prints the answer.
    ///
    /// In the turn of one of several organizations it becomes a part of the answer for all.
    static func give(_ answer: JSONText) {
        if let turn = OrganizationTurn.current { return turn.note { $0.answer = answer } }
        state.withLock { $0.isGiven = true }
        StandardStreams.output(TerminalText.cleanJSON(answer.rendered))
    }

    /// Prints a problem where JSON is asked for and nothing was printed.
    static func tell(_ problem: Problem) {
        let isDue = state.withLock { state in
            // Of what is printed a part may stand there, though printing failed.
            let isDue = (state.isWanted || isTyped) && !state.isGiven
            state.isGiven = true
            return isDue
        }
        if isDue { StandardStreams.output(TerminalText.cleanJSON(JSONText.object(["error": problem.object]).rendered)) }
    }

    /// Whether JSON is asked for before any settings are read.
    private static var isTyped: Bool {
        let variable = ProcessInfo.processInfo.environment["HEEDAUDIT_JSON"] ?? ""
        return CommandLine.arguments.dropFirst().contains("--json")
            || ["true", "yes", "on", "1"].contains(variable.lowercased())
    }
}

extension Problem {
    /// Status, summary and hint, as published objects have them.
    var object: JSONText {
        .object([
            "status": .number(Int(status.rawValue)), "summary": .string(TerminalText.clean(summary)),
            "hint": hint.map { .string(TerminalText.clean($0)) } ?? .null,
        ])
    }
}
