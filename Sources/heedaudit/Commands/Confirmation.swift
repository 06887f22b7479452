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
    static func print(_ body: [UInt8], asJSON: Bool) {
        if asJSON {
            StandardStreams.output(TerminalText.cleanJSON(String(decoding: body, as: UTF8.self)))
            return
        }
        let fields = fields(body)
        let width = fields.map(\.name.count).max() ?? 0
        for field in fields {
            let padding = String(repeating: " ", count: width - field.name.count)
            StandardStreams.output("\(TerminalText.clean(field.name))\(padding)  \(TerminalText.clean(field.value))")
        }
    }

    /// The members of a JSON object in the order of their names, values in one line.
    static func fields(_ body: [UInt8]) -> [(name: String, value: String)] {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else { return [] }
        return object.sorted { $0.key < $1.key }.map { (name: $0.key, value: text($0.value)) }
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return text
        case let list as [Any]: return list.map(text).joined(separator: "; ")
        case is NSNull: return ""
        default:
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys])
            return data.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
        }
    }
}
