/// A sentence or label with places for what it is told about: `{actor} deleted {databases}`.
struct Phrase: Sendable, Hashable {
    /// A piece of a phrase.
    enum Part: Sendable, Hashable {
        case text(String)
        /// A place, by name.
        case place(String)
    }

    /// The parts where `{count}` is not one, or where nothing is counted.
    let other: [Part]
    /// The parts where `{count}` is one; nil where that is said alike.
    let one: [Part]?

    /// Reads a phrase as a file of words writes it.
    init(_ other: String, one: String? = nil) {
        self.other = Self.parts(of: other)
        self.one = one.map(Self.parts)
    }

    /// The names of its places.
    var places: Set<String> {
        Set((other + (one ?? [])).compactMap { if case .place(let name) = $0 { name } else { nil } })
    }

    /// Braces around anything but a name are text.
    private static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            let isName = !name.isEmpty && name.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) }
            let before = isName ? rest[..<open] : rest[...close]
            if !before.isEmpty { parts.append(.text(String(before))) }
            if isName { parts.append(.place(String(name))) }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}
