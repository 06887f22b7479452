import Evidence
import Analysis

/// Looks for names that no report has: most are misspelt, and would render nothing without a word.
struct NameCheck {
    private let vocabulary: TemplateVocabulary
    private let everyName: Set<String>
    /// Where known names are members, as far as somebody asked.
    private var places: [String: [String]] = [:]
    private var problems: [TemplateProblem] = []

    /// Names for which the nearest is looked for: somebody who mistypes more than that has another kind of problem.
    private static let mostHints = 200

    /// The names that a document uses and no report has, by place.
    static func check(_ document: LinkedTemplate, against vocabulary: TemplateVocabulary) -> [TemplateProblem] {
        var check = NameCheck(vocabulary)
        check.walk(document.nodes, stack: [vocabulary.root])
        return check.problems
    }

    private init(_ vocabulary: TemplateVocabulary) {
        self.vocabulary = vocabulary
        everyName = vocabulary.everyName
    }

    private mutating func walk(_ nodes: [LinkedNode], stack: [[String: TemplateVocabulary.Value]]) {
        for node in nodes {
            switch node {
            case .text: break
            case .variable(let name, _, let place): _ = value(of: name, stack, place)
            case .partial(_, let nodes, _): walk(nodes, stack: stack)
            case .section(let section):
                let value = value(of: section.name, stack, section.place)
                if case .members(let members, _) = value, !section.isInverted {
                    walk(section.nodes, stack: stack + [members])
                } else {
                    walk(section.nodes, stack: stack)
                }
            }
        }
    }

    /// What a name means; one that means nothing is noted.
    private mutating func value(
        of name: TemplateSyntax.Name,
        _ stack: [[String: TemplateVocabulary.Value]],
        _ place: TemplatePlace
    ) -> TemplateVocabulary.Value? {
        let path = name.path
        // `{{.}}` and functions of a row's place.
        guard let first = path.first else { return nil }
        let frames = name.isLocal ? stack.suffix(1) : stack[...]
        guard var value = frames.reversed().lazy.compactMap({ $0[first] }).first else {
            note(name, first, among: Set(frames.flatMap(\.keys)), place)
            return nil
        }
        for part in path.dropFirst() {
            guard case .members(let members, _) = value, let inner = members[part] else {
                let known: [String: TemplateVocabulary.Value] =
                    if case .members(let members, _) = value { members } else { [:] }
                note(name, part, among: Set(known.keys), place)
                return nil
            }
            value = inner
        }
        return value
    }

    private mutating func note(
        _ name: TemplateSyntax.Name,
        _ part: String,
        among known: Set<String>,
        _ place: TemplatePlace
    ) {
        problems.append(
            place.problem(
                .unknownName,
                name.written,
                part,
                hint: hint(part, known) ?? "docs/templates.md lists every value"
            )
        )
    }

    /// Where the name is known, else the nearest one; nil for neither.
    private mutating func hint(_ part: String, _ known: Set<String>) -> String? {
        guard problems.count < Self.mostHints else { return nil }
        if let near = Self.nearest(to: part, among: known) { return "the nearest name is '\(near)'" }
        guard everyName.contains(part) else {
            return Self.nearest(to: part, among: everyName).map { "the nearest name is '\($0)'" }
        }
        let found = places[part] ?? vocabulary.places(of: part)
        places[part] = found
        if found.isEmpty { return "it is a value of the report itself, not of this one: without the path before it" }
        let named = found.prefix(Self.mostPlaces).joined(separator: ", ")
        return "it is a value of \(named)\(found.count > Self.mostPlaces ? " and others" : "")"
    }

    private static let mostPlaces = 3

    /// The name with the fewest letters to change, if it is at most half of them.
    private static func nearest(to name: String, among known: Set<String>) -> String? {
        name.nearest(among: known).flatMap { $0.distance * 2 <= max(2, name.count) ? $0.name : nil }
    }
}

/// The version of the values that a template says it was written for: `{{! heedaudit-values: 1 }}`.
enum ValuesDeclaration {
    /// Whether the word stands anywhere in a file: few have it, and looking for more than that takes a while.
    static func mayStand(in bytes: [UInt8]) -> Bool { bytes.range(of: "heedaudit-values") != nil }

    static func problem(in syntax: TemplateSyntax, _ vocabulary: TemplateVocabulary) -> TemplateProblem? {
        problem(in: syntax, current: vocabulary.version, changes: vocabulary.changes)
    }

    /// What is wrong with a file's declaration; nil when it has none or is compatible.
    static func problem(
        in syntax: TemplateSyntax,
        current: Int,
        changes: [Int: String]
    ) -> TemplateProblem? {
        let text = String(syntax.characters)
        guard let match = text.firstMatch(of: /\{\{!\s*heedaudit-values:\s*([^}]*?)\s*\}\}/) else { return nil }
        let place = syntax.place(at: text.distance(from: text.startIndex, to: match.range.lowerBound))
        guard let version = Int(match.1), version > 0 else {
            return place.problem(
                .noVersion,
                String(match.1),
                hint: "write {{! heedaudit-values: \(current) }}"
            )
        }
        if version > current {
            return place.problem(
                .newerVersion,
                String(version),
                String(current),
                hint: "use a newer heedaudit, or the template that goes with this one"
            )
        }
        let since = changes.filter { $0.key > version && $0.key <= current }.sorted { $0.key < $1.key }
        guard !since.isEmpty else { return nil }
        let words = since.map { "version \($0.key): \($0.value)" }.joined(separator: "; ")
        return place.problem(
            .olderVersion,
            String(version),
            words,
            hint: "change the template, then write {{! heedaudit-values: \(current) }}"
        )
    }
}
