/// What a template may name, known before there are any values: what `templates check` holds templates against.
package struct TemplateVocabulary: Sendable {
    /// The names inside a value; a plain one has none.
    indirect enum Value: Sendable {
        case plain
        /// An object, or a list of objects or of texts, which have no members.
        case members([String: Value], isList: Bool)
    }

    /// The version of these names, told by a template as `{{! heedaudit-values: 1 }}`.
    let version: Int
    /// What became of names at a version, for templates that were written for an earlier one.
    let changes: [Int: String]
    /// The names at the top.
    private(set) var root: [String: Value]
    /// The streamed tables, without rows: they tell their columns.
    let tables: TemplateValues

    /// Reads the names from a notation: words, the members of an object in braces behind its own, those of a list's elements
    /// in brackets.
    package init(notation: String, tables: TemplateValues, version: Int, changes: [Int: String] = [:]) {
        let spaced = notation.map { "[]{}".contains($0) ? " \($0) " : String($0) }
        var words = spaced.joined().split(whereSeparator: \.isWhitespace).map(String.init)[...]
        root = Self.read(&words)
        self.tables = tables
        self.version = version
        self.changes = changes
    }

    private static func read(_ words: inout ArraySlice<String>) -> [String: Value] {
        var members: [String: Value] = [:]
        while let word = words.popFirst(), word != "]", word != "}" {
            if let sign = words.first, sign == "[" || sign == "{" {
                words.removeFirst()
                members[word] = .members(read(&words), isList: sign == "[")
            } else if members[word] == nil {
                members[word] = .plain
            }
        }
        return members
    }

    /// Adds plain names to those inside a value.
    mutating func add(_ names: Set<String>, to value: String) {
        guard case .members(var members, let isList)? = root[value] else { return }
        for name in names where members[name] == nil { members[name] = .plain }
        root[value] = .members(members, isList: isList)
    }

    /// Every name anywhere in the tree, to find the nearest to a misspelt one.
    var everyName: Set<String> { Self.namesInside(root) }

    private static func namesInside(_ members: [String: Value]) -> Set<String> {
        members.reduce(into: []) { names, member in
            names.insert(member.key)
            if case .members(let inner, _) = member.value { names.formUnion(namesInside(inner)) }
        }
    }

    /// The values that have a name among their members: `organization`, or `matrix.rows`; those with the shortest paths first.
    func places(of name: String) -> [String] {
        Self.places(of: name, in: root, "").sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    private static func places(of name: String, in members: [String: Value], _ path: String) -> [String] {
        members.flatMap { member, value -> [String] in
            guard case .members(let inner, _) = value else { return [] }
            let place = path.isEmpty ? member : "\(path).\(member)"
            return (inner[name] == nil ? [] : [place]) + places(of: name, in: inner, place)
        }
    }
}
