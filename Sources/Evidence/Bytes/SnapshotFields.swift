/// The fields of an answer of the service that is one JSON object, in the order of their names' bytes.
///
/// Whoever reads a snapshot reads it by this: what a report shows, what controls judge, and what differs between two.
package struct SnapshotFields: Sendable {
    /// The fields.
    package let all: [JSONValue.Member]

    /// Reads a snapshot as received; nil when the bytes are not a JSON object.
    package init?(_ snapshot: [UInt8]) {
        guard let members = JSONValue(snapshot)?.members else { return nil }
        self.init(members: members)
    }

    /// The fields of an object that was read.
    package init(members: [JSONValue.Member]) {
        all = members.sorted { $0.name.precedesInBytes($1.name) }
    }

    /// The value of a field; nil where there is none of that name, byte for byte.
    package subscript(name: String) -> JSONValue? { all.first { $0.name.isSameInBytes(as: name) }?.value }

    /// A field that is not the same in two snapshots.
    package struct Difference: Sendable {
        /// Its name.
        package var name: String
        /// Its earlier value; nil where there was no such field.
        package var before: JSONValue?
        /// Its later value.
        package var after: JSONValue?
    }

    /// The fields that differ from an earlier snapshot, in the order of their names' bytes; lists are compared as sets.
    package func differences(from earlier: SnapshotFields) -> [Difference] {
        let old = Dictionary(earlier.all.map { (ExactText($0.name), $0.value) }) { first, _ in first }
        let new = Dictionary(all.map { (ExactText($0.name), $0.value) }) { first, _ in first }
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            if let from = old[name], let to = new[name], from.isSame(as: to) { return nil }
            return Difference(name: name.text, before: old[name], after: new[name])
        }
    }
}

extension JSONValue {
    /// The value as JSON in one line.
    package var json: String {
        switch self {
        case .null, .flag, .number, .raw: text ?? "null"
        case .text(let text): Self.quoted(text)
        case .list(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.name.precedesInBytes($1.name) }
                .map { "\(Self.quoted($0.name)):\($0.value.json)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = ["\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"]
        return "\"" + text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined() + "\""
    }

    /// The value in one line; nil for null.
    ///
    /// Lists are joined by `; `, objects written `{name: value}`.
    package var text: String? {
        switch self {
        case .null: nil
        case .flag(let flag): String(flag)
        case .number(let number): number
        case .text(let text), .raw(let text): text
        case .list(let elements): elements.map { $0.text ?? "null" }.joined(separator: "; ")
        case .object(let members):
            "{"
                + members.sorted { $0.name.precedesInBytes($1.name) }.map { "\($0.name): \($0.value.text ?? "null")" }
                .joined(separator: ", ") + "}"
        }
    }
}
