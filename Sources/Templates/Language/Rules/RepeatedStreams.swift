/// Looks for streamed lists inside of other lists, which would have to be read once for each of their elements.
enum RepeatedStreams {
    /// What rendering would refuse, whatever the values are.
    static func check(_ document: LinkedTemplate, against vocabulary: TemplateVocabulary) -> [TemplateProblem] {
        var check = Check(vocabulary)
        check.walk(document.nodes, [vocabulary.root], list: nil)
        return check.problems
    }

    private struct Check {
        let vocabulary: TemplateVocabulary
        var problems: [TemplateProblem] = []

        init(_ vocabulary: TemplateVocabulary) { self.vocabulary = vocabulary }

        /// `list`: the list around, as it is written.
        mutating func walk(_ nodes: [LinkedNode], _ stack: [[String: TemplateVocabulary.Value]], list: String?) {
            for node in nodes {
                switch node {
                case .text, .variable: break
                case .partial(_, let nodes, _): walk(nodes, stack, list: list)
                case .section(let section): enter(section, stack, list)
                }
            }
        }

        private mutating func enter(
            _ section: LinkedSection,
            _ stack: [[String: TemplateVocabulary.Value]],
            _ list: String?
        ) {
            guard !section.isInverted, let (value, isAtRoot) = meaning(of: section.name, stack) else {
                return walk(section.nodes, stack, list: list)
            }
            if isAtRoot, section.name.path.count == 1, TemplateValues.streamedNames.contains(section.name.text) {
                // What its rows may hold is looked at when they are compiled.
                if let list { problems.append(section.place.problem(.repeatedStream, section.name.written, list)) }
                return
            }
            guard case .members(let members, let isList) = value else { return walk(section.nodes, stack, list: list) }
            walk(section.nodes, stack + [members], list: isList ? section.name.written : list)
        }

        /// What a name means, and whether it is one of the report's own.
        private func meaning(
            of name: TemplateSyntax.Name,
            _ stack: [[String: TemplateVocabulary.Value]]
        ) -> (TemplateVocabulary.Value, isAtRoot: Bool)? {
            guard let first = name.path.first else { return nil }
            let frames = name.isLocal ? stack.suffix(1) : stack[...]
            guard let place = frames.lastIndex(where: { $0[first] != nil }), var value = frames[place][first] else {
                return nil
            }
            for part in name.path.dropFirst() {
                guard case .members(let members, _) = value, let inner = members[part] else { return nil }
                value = inner
            }
            return (value, place == 0)
        }
    }
}
