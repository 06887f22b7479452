/// A document with its partials put in, ready to be checked, compiled and rendered.
package struct LinkedTemplate: Sendable {
    /// The document's name in the set and in the bundle.
    package let name: String
    let format: OutputFormat
    /// What the document renders, partials included.
    let nodes: [LinkedNode]
    /// Those of its sections that are over tables or the events, as far as the template alone tells.
    let streams: [LinkedSection]
    /// What was found wrong while putting it together.
    let problems: [TemplateProblem]
}

/// A part of a linked template.
indirect enum LinkedNode: Sendable {
    case text(String, TemplatePlace)
    /// A value; bare when it stands outside string literals of JSON.
    case variable(TemplateSyntax.Name, isBare: Bool, TemplatePlace)
    case section(LinkedSection)
    /// A partial in its place. Nil indentation keeps that of the surroundings.
    case partial(indentation: String?, [LinkedNode], TemplatePlace)
}

extension [LinkedNode] {
    /// The first parts of all names.
    var firstNames: Set<String> {
        reduce(into: []) { names, node in
            switch node {
            case .text: break
            case .variable(let name, _, _): names.formUnion(name.path.prefix(1))
            case .section(let section): names.formUnion(section.nodes.firstNames.union(section.name.path.prefix(1)))
            case .partial(_, let nodes, _): names.formUnion(nodes.firstNames)
            }
        }
    }
}

/// A section with partials put in.
struct LinkedSection: Sendable {
    var name: TemplateSyntax.Name
    var isInverted: Bool
    var nodes: [LinkedNode]
    var place: TemplatePlace
    /// Whether it is over a table or the events, as far as the template alone tells.
    var isStreamed: Bool
}
