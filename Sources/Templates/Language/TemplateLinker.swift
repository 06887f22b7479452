import Analysis

/// Puts the pieces into a document and prepares what swift-mustache will render.
struct TemplateLinker {
    private let library: TemplateLibrary
    private let format: OutputFormat
    private let decide: (TemplateSyntax.Name, [TemplateSyntax.Name]) -> StreamDecision
    private var sources: [String: String] = [:]
    private var streams: [StreamedSection] = []
    private var problems: [TemplateProblem] = []
    private var syntaxes: [String: TemplateSyntax] = [:]
    private var json = JSONPosition()

    private static let deepestPiece = 16
    private static let mostPieces = 5000
    /// A name in swift-mustache's notation for a streamed section's mark.
    static func markName(_ number: Int) -> String { "heedaudit-stream-\(number)" }

    /// Links a document.
    /// - Parameters:
    ///   - file: The document.
    ///   - format: Its format.
    ///   - library: Where its pieces are.
    ///   - decide: Whether a section, given the names of the sections around it, is streamed.
    /// - Returns: The document with its pieces put in, and what was found wrong.
    static func link(
        _ file: TemplateLibrary.File,
        format: OutputFormat,
        library: TemplateLibrary,
        decide: @escaping (TemplateSyntax.Name, [TemplateSyntax.Name]) -> StreamDecision
    ) -> LinkedTemplate {
        var linker = TemplateLinker(library: library, format: format, decide: decide)
        let nodes = linker.link(file: file, as: LinkedTemplate.main, enclosing: [], path: [], inRow: false)
        if format == .json, linker.json.isInString {
            linker.problems.append(
                TemplatePlace(file: file.name, line: 1, column: 1).problem("a string literal is not closed")
            )
        }
        return LinkedTemplate(
            name: file.name,
            format: format,
            nodes: nodes,
            sources: linker.sources,
            streams: linker.streams,
            problems: linker.problems
        )
    }

    private init(
        library: TemplateLibrary,
        format: OutputFormat,
        decide: @escaping (TemplateSyntax.Name, [TemplateSyntax.Name]) -> StreamDecision
    ) {
        self.library = library
        self.format = format
        self.decide = decide
    }

    // MARK: Files

    private mutating func link(
        file: TemplateLibrary.File,
        as name: String,
        enclosing: [TemplateSyntax.Name],
        path: [String],
        inRow: Bool
    ) -> [LinkedNode] {
        let syntax = syntax(of: file)
        var edits: [Edit] = []
        let nodes = link(
            syntax.nodes,
            of: syntax,
            enclosing: enclosing,
            path: path + [file.name],
            inRow: inRow,
            edits: &edits
        )
        let start = "{{% CONTENT_TYPE:\(format.contentTypeName)}}\n"
        sources[name] = start + Self.apply(edits, to: syntax.characters)
        return nodes
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
            problems.append(syntax.place(at: Self.firstInvalid(file.bytes, in: syntax)).problem("not UTF-8"))
        }
        problems += syntax.problems
        syntaxes[file.name] = syntax
        return syntax
    }

    private static func firstInvalid(_ bytes: [UInt8], in syntax: TemplateSyntax) -> Int {
        syntax.characters.firstIndex { $0.unicodeScalars.contains("\u{FFFD}") } ?? 0
    }

    // MARK: Nodes

    private mutating func link(
        _ nodes: [TemplateSyntax.Node],
        of syntax: TemplateSyntax,
        enclosing: [TemplateSyntax.Name],
        path: [String],
        inRow: Bool,
        edits: inout [Edit]
    ) -> [LinkedNode] {
        var linked: [LinkedNode] = []
        for node in nodes {
            let place = syntax.place(at: node.range.lowerBound)
            switch node.kind {
            case .text(let text):
                if format == .json { json.read(text) }
                linked.append(.text(text, place))
            case .variable(let name):
                let isBare = format == .json && !json.isInString
                if isBare {
                    edits.append(Edit(range: node.range, text: "", isBareValue: true))
                }
                linked.append(.variable(name, isBare: isBare, place))
            case .section(let section):
                linked.append(
                    link(
                        section,
                        node: node,
                        of: syntax,
                        enclosing: enclosing,
                        path: path,
                        inRow: inRow,
                        edits: &edits,
                        place: place
                    )
                )
            case .partial(let name, let indentation):
                let nodes = piece(
                    name,
                    node: node,
                    place: place,
                    enclosing: enclosing,
                    path: path,
                    inRow: inRow,
                    edits: &edits
                )
                linked.append(.piece(indentation: indentation, nodes, place))
            }
        }
        return linked
    }

    private mutating func link(
        _ section: TemplateSyntax.Section,
        node: TemplateSyntax.Node,
        of syntax: TemplateSyntax,
        enclosing: [TemplateSyntax.Name],
        path: [String],
        inRow: Bool,
        edits: inout [Edit],
        place: TemplatePlace
    ) -> LinkedNode {
        var result = LinkedSection(name: section.name, isInverted: section.isInverted, nodes: [], place: place)
        let isStreamed = !inRow && !section.isInverted && isStreamed(section.name, enclosing, place)
        let before = json
        var inner = edits
        result.nodes = link(
            section.nodes,
            of: syntax,
            enclosing: section.isInverted ? enclosing : enclosing + [section.name],
            path: path,
            inRow: inRow || isStreamed,
            edits: &inner
        )
        if json.isInString != before.isInString {
            problems.append(place.problem("a section that begins inside a string literal and ends outside, or reverse"))
        }
        guard isStreamed else {
            edits = inner
            return .section(result)
        }
        let mark = Self.markName(streams.count)
        result.stream = streams.count
        streams.append(
            StreamedSection(name: section.name.text, nodes: result.nodes, enclosing: enclosing, place: place)
        )
        // The mark's section opens as alone on its line as the one it stands for, so that white space stays the same.
        let text = "{{#\(mark)}}" + (section.opensAlone ? "\n" : "") + "{{.}}{{/\(mark)}}"
        edits.append(Edit(range: node.range, text: text))
        return .section(result)
    }

    private mutating func isStreamed(
        _ name: TemplateSyntax.Name,
        _ enclosing: [TemplateSyntax.Name],
        _ place: TemplatePlace
    ) -> Bool {
        switch decide(name, enclosing) {
        case .streamed: return true
        case .plain: return false
        case .refused(let message):
            problems.append(place.problem(message))
            return false
        }
    }

    private mutating func piece(
        _ name: String,
        node: TemplateSyntax.Node,
        place: TemplatePlace,
        enclosing: [TemplateSyntax.Name],
        path: [String],
        inRow: Bool,
        edits: inout [Edit]
    ) -> [LinkedNode] {
        guard let file = library.partial(named: name, format: format) else {
            problems.append(
                place.problem("there is no piece partials/\(name)", hint: "pieces are files in the folder partials/")
            )
            return []
        }
        guard !path.contains(file.name) else {
            problems.append(place.problem("\(file.name) includes itself"))
            return []
        }
        guard path.count < Self.deepestPiece, sources.count < Self.mostPieces else {
            problems.append(place.problem("too many pieces inside each other"))
            return []
        }
        let unique = "piece\(sources.count)"
        sources[unique] = ""
        edits.append(Edit(range: node.range, text: "{{>\(unique)}}"))
        return link(file: file, as: unique, enclosing: enclosing, path: path, inRow: inRow)
    }

    // MARK: Changes to the text

    private struct Edit {
        var range: Range<Int>
        var text: String
        /// Whether the tag stays and is put between two changes of escaping.
        var isBareValue = false
    }

    private static func apply(_ edits: [Edit], to characters: [Character]) -> String {
        var text = ""
        var position = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            text += String(characters[position..<edit.range.lowerBound])
            if edit.isBareValue {
                text += "{{% CONTENT_TYPE:\(MustacheRendering.bareJSONName)}}" + String(characters[edit.range])
                text += "{{% CONTENT_TYPE:\(OutputFormat.json.contentTypeName)}}"
            } else {
                text += edit.text
            }
            position = edit.range.upperBound
        }
        return text + String(characters[position...])
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
