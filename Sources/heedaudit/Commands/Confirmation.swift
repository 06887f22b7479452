import CloudHeed
import Evidence
import Foundation

/// Shows what is about to be changed and asks for a yes.
enum Confirmation {
    /// - Throws: `Problem` with status 64 when nobody says yes; nothing may be sent then.
    static func ask(_ differences: [String], warnings: [String], yes: Bool) throws {
        for line in differences { StandardStreams.error("  " + TerminalText.clean(line)) }
        for warning in warnings { StandardStreams.error("warning: " + warning) }
        if yes { return }
        guard StandardStreams.canAsk else {
            throw Problem(.usage, "declined: nobody is there to ask, nothing was sent", hint: "scripts say --yes")
        }
        StandardStreams.errorText("Change it? [y/N] ")
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        guard answer == "y" || answer == "yes" else { throw Problem(.usage, "declined: nothing was sent") }
    }
}

/// Prints an answer of the service: as it came, or a line a field.
enum AnswerPrinter {
    /// Prints an answer; `object` is what it speaks of, without envelope.
    static func print(_ body: [UInt8], _ object: JSONObject, asJSON: Bool) {
        if asJSON {
            StandardStreams.output(TerminalText.cleanJSON(String(decoding: body, as: UTF8.self)))
            return
        }
        let fields = fields(object.bytes)
        let width = fields.map(\.name.count).max() ?? 0
        for field in fields {
            let padding = String(repeating: " ", count: width - field.name.count)
            StandardStreams.output("\(TerminalText.clean(field.name))\(padding)  \(TerminalText.clean(field.value))")
        }
    }

    /// The members of a JSON object in the order of their names, values in one line.
    static func fields(_ body: [UInt8]) -> [(name: String, value: String)] {
        (SnapshotFields(body)?.all ?? []).map { (name: $0.name, value: $0.value.text ?? "") }
    }
}
