import CSimdJSON

/// An object of an answer, taken apart no further than its members.
///
/// Whatever RFC 8259 calls JSON is read, whatever its numbers, nesting and bytes inside of texts are: it is evidence, and nobody
/// but its reader need understand it.
package struct JSONObject: Sendable {
    /// Its text as received.
    package let bytes: [UInt8]
    /// The id of the `organization` in which an answer shows it; nil where it stands in none that has one.
    package private(set) var organization: String?
    /// Where the values stand in it, by name; of members of one name the first counts.
    private let values: [[UInt8]: Range<Int>]

    /// Takes a JSON text apart.
    ///
    /// - Throws: `UnreadableBody` for what is no JSON, or no object.
    init(_ bytes: [UInt8]) throws {
        var values: [[UInt8]: Range<Int>] = [:]
        let isWhole = JSONParts.forEach(in: bytes) { name, value in
            guard let name = name.map({ Self.written(bytes[$0].dropFirst().dropLast()) }) else { return true }
            if values[name] == nil { values[name] = value }
            return true
        }
        guard isWhole else { throw UnreadableBody.notJSON }
        guard bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else {
            throw UnreadableBody.otherShape("a JSON object was expected")
        }
        self.bytes = bytes
        self.values = values
    }

    /// Whether it has a member of a name, whatever its value.
    func has(_ name: String) -> Bool { values[Array(name.utf8)] != nil }

    /// Whether a member says anything: it is there, and neither null nor false, nor empty.
    func says(_ name: String) -> Bool {
        value(name)?.withUnsafeBufferPointer { value in
            value.baseAddress.map { heed_says_nothing($0, value.count) == 0 } ?? false
        } ?? false
    }

    /// A member that is a text, with U+FFFD for what is no character.
    func text(_ name: String) -> String? {
        guard let value = value(name), value.count > 1, value.first == UInt8(ascii: "\"") else { return nil }
        return String(decoding: Self.written(value.dropFirst().dropLast()), as: UTF8.self)
    }

    /// A member that is a whole number.
    func number(_ name: String) -> Int? { value(name).flatMap { Int(String(decoding: $0, as: UTF8.self)) } }

    /// A member that is a whole number from 0, also as `250.0`, `2.5e2` or a text of digits.
    func count(_ name: String) -> Int? {
        let number = value(name)?.withUnsafeBufferPointer { value in
            value.baseAddress.map { heed_whole_number($0, value.count) } ?? -1
        }
        return number.flatMap { $0 < 0 ? nil : Int($0) }
    }

    /// A member that is an object.
    func object(_ name: String) -> JSONObject? {
        guard let value = value(name), value.first == UInt8(ascii: "{") else { return nil }
        return try? JSONObject(Array(value))
    }

    /// A member's value as written.
    func value(_ name: String) -> ArraySlice<UInt8>? { values[Array(name.utf8)].map { bytes[$0] } }

    /// What the content of a string says.
    fileprivate static func written(_ content: some Collection<UInt8>) -> [UInt8] {
        let content = Array(content)
        return [UInt8](unsafeUninitializedCapacity: 3 * content.count + 1) { out, count in
            guard let start = out.baseAddress else { return }
            count = content.withUnsafeBufferPointer { content in
                content.baseAddress.map {
                    heed_json_write($0, content.count, Int32(HEED_WRITING_MENDED), start)
                } ?? 0
            }
        }
    }
}

extension JSONObject {
    /// What an answer speaks of; the name is that of its object in an envelope, and of its snapshot in the ledger.
    package enum Subject: String, CaseIterable, Sendable {
        case organization
        case settings

        /// Where it is asked for.
        var path: String {
            switch self {
            case .organization: "/v1/organization"
            case .settings: "/v1/organization/settings"
            }
        }

        /// Members by which it is known without any envelope.
        fileprivate var known: [String] {
            switch self {
            case .organization: ["id"]
            case .settings:
                ["require_2fa", "allowed_regions", "ip_allowlist_required", "default_tier", "sso_enabled"]
            }
        }
    }

    private static let deepest = 4

    /// The object that an answer speaks of: the answer itself, or what stands in its `data`, or under the subject's name,
    /// settings also in their organization.
    ///
    /// - Throws: `UnreadableBody` for an error, or an envelope without anything in it.
    func about(_ subject: Subject, depth: Int = 0) throws -> JSONObject {
        // Of what stands beside an error nobody knows what it is worth.
        if let name = ["error", "errors"].first(where: says) {
            throw UnreadableBody.otherShape("its \"\(name)\" stands in place of the \(subject.rawValue)")
        }
        if subject.known.contains(where: has) { return self }
        for name in [subject.rawValue, "data", "organization"] where depth < Self.deepest {
            guard let inner = object(name) else { continue }
            var found = try inner.about(subject, depth: depth + 1)
            if name == "organization" { found.organization = found.organization ?? inner.text("id") }
            return found
        }
        if let name = ["error", subject.rawValue, "data"].first(where: has) {
            throw UnreadableBody.otherShape("its \"\(name)\" stands in place of the \(subject.rawValue)")
        }
        return self
    }
}
