/// A document with its pieces put in, ready to be checked, compiled and rendered.
package struct LinkedTemplate: Sendable {
    /// The document's name in the set and in the bundle.
    package let name: String
    let format: OutputFormat
    /// What the document renders, pieces included.
    let nodes: [LinkedNode]
    /// What swift-mustache renders: the document under `main` and every use of a piece under a name of its own, with
    /// streamed sections replaced by marks and the format's escaping set.
    let sources: [String: String]
    /// The streamed sections, by the number in their mark.
    let streams: [StreamedSection]
    /// What was found wrong while putting it together.
    let problems: [TemplateProblem]

    /// The name of a document among its ``sources``.
    static let main = "main"
}

/// A part of a linked template.
indirect enum LinkedNode: Sendable {
    case text(String, TemplatePlace)
    /// A value; bare when it stands outside string literals of JSON.
    case variable(TemplateSyntax.Name, isBare: Bool, TemplatePlace)
    case section(LinkedSection)
    /// A piece in its place. Nil indentation keeps that of the surroundings.
    case piece(indentation: String?, [LinkedNode], TemplatePlace)
}

extension [LinkedNode] {
    /// The first parts of all names.
    var firstNames: Set<String> {
        reduce(into: []) { names, node in
            switch node {
            case .text: break
            case .variable(let name, _, _): names.formUnion(name.path.prefix(1))
            case .section(let section): names.formUnion(section.nodes.firstNames.union(section.name.path.prefix(1)))
            case .piece(_, let nodes, _): names.formUnion(nodes.firstNames)
            }
        }
    }
}

/// A section with pieces put in.
struct LinkedSection: Sendable {
    var name: TemplateSyntax.Name
    var isInverted: Bool
    var nodes: [LinkedNode]
    var place: TemplatePlace
    /// The number of the streamed section that this is.
    var stream: Int?
}

/// A section over a table or the events, rendered by a row program.
struct StreamedSection: Sendable {
    /// The table's name, or `events`.
    var name: String
    var nodes: [LinkedNode]
    /// The sections around it, the outer one first.
    var enclosing: [TemplateSyntax.Name]
    var place: TemplatePlace
}

/// Decides whether a section is streamed.
enum StreamDecision {
    case streamed
    case plain
    case refused(String)
}
