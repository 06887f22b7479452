import Analysis

/// Puts the partials into a document.
struct TemplateLinker {
    private let library: TemplateLibrary
    private let format: OutputFormat
    private var streams: [LinkedSection] = []
    private var problems: [TemplateProblem] = []
    private var syntaxes: [String: TemplateSyntax] = [:]
    private var json = JSONPosition()
    private var partials = 0

    private static let deepestPartial = 16
    private static let mostPartials = 5000

    /// What stands around a node.
    private struct Surroundings {
        /// The files that the node stands in, the document first.
        var path: [String] = []
        /// The sections that push values, the outer one first.
        var sections: [TemplateSyntax.Name] = []
        var isInRow = false
    }

    /// Links a document.
    /// - Parameters:
    ///   - file: The document.
    ///   - format: Its format.
    ///   - library: Where its partials are.
    /// - Returns: The document with its partials put in, and what was found wrong.
    static func link(
        _ file: TemplateLibrary.File,
        format: OutputFormat,
        library: TemplateLibrary
    ) -> LinkedTemplate {
        var linker = TemplateLinker(library: library, format: format)
        let nodes = linker.link(file: file, in: Surroundings())
        if format.escaping == .json, linker.json.isInString {
            linker.problems.append(
                TemplatePlace(file: file.name, line: 1, column: 1).problem(.jsonOpenText)
            )
        }
        return LinkedTemplate(
            name: file.name,
            format: format,
            nodes: nodes,
            streams: linker.streams,
            problems: linker.problems
        )
    }

    private init(library: TemplateLibrary, format: OutputFormat) {
        self.library = library
        self.format = format
    }

    // MARK: Files

    private mutating func link(file: TemplateLibrary.File, in surroundings: Surroundings) -> [LinkedNode] {
        let syntax = syntax(of: file)
        var surroundings = surroundings
        surroundings.path.append(file.name)
        return link(syntax.nodes, of: syntax, in: surroundings)
    }

    private mutating func syntax(of file: TemplateLibrary.File) -> TemplateSyntax {
        if let known = syntaxes[file.name] { return known }
        let syntax = library.parsed.syntax(of: file)
        if ValuesDeclaration.mayStand(in: file.bytes),
            let problem = ValuesDeclaration.problem(in: syntax, library.vocabulary)
        {
            problems.append(problem)
        }
        if !file.isUTF8 {
            let invalid = syntax.characters.firstIndex { $0.unicodeScalars.contains("\u{FFFD}") } ?? 0
            problems.append(syntax.place(at: invalid).problem(.notUTF8))
        }
        problems += syntax.problems
        syntaxes[file.name] = syntax
        return syntax
    }

    // MARK: Nodes

    private mutating func link(
        _ nodes: [TemplateSyntax.Node],
        of syntax: TemplateSyntax,
        in surroundings: Surroundings
    ) -> [LinkedNode] {
        nodes.map { node in
            let place = syntax.place(at: node.range.lowerBound)
            switch node.kind {
            case .text(let text):
                if format.escaping == .json { json.read(text) }
                return .text(text, place)
            case .variable(let name):
                return .variable(name, isBare: format.escaping == .json && !json.isInString, place)
            case .section(let section):
                return .section(link(section, of: syntax, in: surroundings, place))
            case .partial(let name, let indentation):
                return .partial(indentation: indentation, partial(name, in: surroundings, place), place)
            }
        }
    }

    private mutating func link(
        _ section: TemplateSyntax.Section,
        of syntax: TemplateSyntax,
        in surroundings: Surroundings,
        _ place: TemplatePlace
    ) -> LinkedSection {
        let isStreamed =
            !surroundings.isInRow && !section.isInverted
            && TemplateValues.isStreamed(section.name, within: surroundings.sections)
        var inner = surroundings
        if !section.isInverted { inner.sections.append(section.name) }
        inner.isInRow = inner.isInRow || isStreamed
        let before = json
        let nodes = link(section.nodes, of: syntax, in: inner)
        if json.isInString != before.isInString {
            problems.append(place.problem(.jsonHalfText))
        }
        let linked = LinkedSection(
            name: section.name,
            isInverted: section.isInverted,
            nodes: nodes,
            place: place,
            isStreamed: isStreamed
        )
        if isStreamed { streams.append(linked) }
        return linked
    }

    private mutating func partial(
        _ name: String,
        in surroundings: Surroundings,
        _ place: TemplatePlace
    ) -> [LinkedNode] {
        guard let file = library.partial(named: name, format: format) else {
            problems.append(
                place.problem(.noPartial, name, hint: "partials are files in the folder partials/")
            )
            return []
        }
        guard !surroundings.path.contains(file.name) else {
            problems.append(place.problem(.partialInItself, file.name))
            return []
        }
        guard surroundings.path.count < Self.deepestPartial, partials < Self.mostPartials else {
            problems.append(place.problem(.tooManyPartials))
            return []
        }
        partials += 1
        return link(file: file, in: surroundings)
    }
}

/// Whether the reader of a JSON text is inside a string literal.
struct JSONPosition: Hashable {
    private(set) var isInString = false
    private var isEscaped = false

    mutating func read(_ text: String) {
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isInString
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            }
        }
    }
}
