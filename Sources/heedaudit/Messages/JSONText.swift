import Evidence

/// A small JSON value for what the tool prints: keys sorted, so that the same facts give the same bytes.
indirect enum JSONText: Sendable {
    case string(String)
    case number(Int)
    case boolean(Bool)
    case null
    case array([JSONText])
    case object([String: JSONText])
    /// JSON text that is already well-formed, such as an answer of the service.
    case verbatim(String)

    /// The value as text on one line.
    var rendered: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .number(let number): String(number)
        case .boolean(let value): value ? "true" : "false"
        case .null: "null"
        case .array(let items): "[" + items.map(\.rendered).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { Self.quoted($0.key) + ":" + $0.value.rendered }
                .joined(separator: ",") + "}"
        case .verbatim(let text): text
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    result += "\\u" + UInt16(truncatingIfNeeded: scalar.value).hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
