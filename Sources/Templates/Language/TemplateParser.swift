/// Reads a template's text into nodes, by the rules of Mustache.
///
/// Refused is what could turn escaping off, and what could hide a tag from the checks.
struct TemplateParser {
    let file: String
    let characters: [Character]
    let lineStarts: [Int]
    private(set) var problems: [TemplateProblem] = []
    private var position = 0
    /// Set by a mistake after which the rest can't be understood.
    private var isLost = false

    private static let nameCharacters = Set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_?()*")
    private static let partialCharacters = nameCharacters.union(["/"])
    private static let deepestNesting = 64

    init(file: String, text: String) {
        self.file = file
        characters = Array(text)
        lineStarts = TemplateSyntax.lineStarts(of: characters)
    }

    /// Reads everything.
    mutating func parse() -> [TemplateSyntax.Node] {
        if let offset = characters.firstIndex(where: { $0.unicodeScalars.contains { $0.value == 0 } }) {
            refuse(offset, .nul, [], nil)
            return []
        }
        if characters.last == "{" {
            refuse(characters.count - 1, .loneBrace, [], "end the file with a line break")
            return []
        }
        return parse(nil, isLineStart: true, depth: 0)
    }

    // MARK: A section's content, or the file's

    /// What was read of a section, or of the file.
    private struct Content {
        var nodes: [TemplateSyntax.Node] = []
        /// Whether nothing but white space stands before the present place on its line.
        var isLineStart: Bool
        /// That white space: it is rendered unless the line's only tag renders nothing.
        var blanks = ""

        mutating func flushBlanks(at offset: Int) {
            guard !blanks.isEmpty else { return }
            nodes.append(.init(kind: .text(blanks), range: offset..<offset))
            blanks = ""
        }
    }

    private enum Found {
        case lineEnd, end
        /// A tag, whose braces begin at a place; the reader stands behind them.
        case tag(start: Int)
    }

    /// Reads to the end of a section, or of the file; `section` is the one that was opened, and where.
    private mutating func parse(
        _ section: (name: TemplateSyntax.Name, openedAt: Int)?,
        isLineStart: Bool,
        depth: Int
    ) -> [TemplateSyntax.Node] {
        var content = Content(isLineStart: isLineStart)
        while position < characters.count, !isLost {
            switch readToTag(&content) {
            case .lineEnd: continue
            case .end: position = characters.count
            case .tag(let start) where current == "/":
                if close(section, start, &content) { return content.nodes }
            case .tag(let start): readTag(start, depth, &content)
            }
        }
        if let section, !isLost {
            let name = section.name.written
            lose(section.openedAt, .notClosed, name, hint: "write {{/\(name)}}")
        }
        return content.nodes
    }

    /// Reads text up to the end of its line, or to just behind the braces of a tag.
    private mutating func readToTag(_ content: inout Content) -> Found {
        if content.isLineStart { content.blanks = readBlanks() }
        let start = position
        let text = readText()
        if current.isNewline, position < characters.count, !tagJustOpened(after: start) {
            let line = content.blanks + text + String(current)
            content.nodes.append(.init(kind: .text(line), range: start..<position + 1))
            content.isLineStart = true
            position += 1
            return .lineEnd
        }
        if !text.isEmpty {
            content.nodes.append(.init(kind: .text(content.blanks + text), range: start..<position))
            content.blanks = ""
            content.isLineStart = false
        }
        guard position < characters.count || tagJustOpened(after: start) else { return .end }
        return .tag(start: position - 2)
    }

    private mutating func readTag(_ start: Int, _ depth: Int, _ content: inout Content) {
        switch current {
        case "#", "^":
            readSection(start, depth, &content)
        case "!":
            skipComment(start: start)
            content.isLineStart = standsAlone(content.isLineStart)
        case ">":
            readPartial(start, &content)
        case "{", "&", "%", "=", "<", "$":
            refuseTag(start: start)
            content.isLineStart = false
        default:
            content.flushBlanks(at: start)
            guard let name = readName(start: start) else { return }
            content.nodes.append(.init(kind: .variable(name), range: start..<position))
            content.isLineStart = false
        }
    }

    private mutating func readSection(_ start: Int, _ depth: Int, _ content: inout Content) {
        guard depth < Self.deepestNesting else {
            return lose(start, .tooDeep, String(Self.deepestNesting))
        }
        let isInverted = current == "^"
        position += 1
        guard let name = readName(start: start) else { return }
        guard name.function != .index else {
            return lose(start, .numberAsCondition, name.written)
        }
        let isAlone = standsAlone(content.isLineStart)
        if !isAlone { content.flushBlanks(at: start) }
        let nodes = parse((name, start), isLineStart: isAlone, depth: depth + 1)
        let section = TemplateSyntax.Section(name: name, isInverted: isInverted, nodes: nodes)
        content.nodes.append(.init(kind: .section(section), range: start..<position))
        content.isLineStart = isAlone
    }

    /// Reads the end of a section.
    /// - Returns: Whether it is that of the one opened.
    private mutating func close(
        _ section: (name: TemplateSyntax.Name, openedAt: Int)?,
        _ start: Int,
        _ content: inout Content
    ) -> Bool {
        position += 1
        guard let name = readName(start: start) else { return false }
        guard let section else {
            lose(start, .notOpened, name.written)
            return false
        }
        guard name == section.name else {
            lose(
                start,
                .crossed,
                name.written,
                section.name.written,
                hint: "the section opened in line \(TemplateSyntax.place(at: section.openedAt, lineStarts).line)"
            )
            return false
        }
        if !standsAlone(content.isLineStart) { content.flushBlanks(at: start) }
        return true
    }

    private mutating func readPartial(_ start: Int, _ content: inout Content) {
        position += 1
        guard let name = readPartialName(start: start) else { return }
        let indentation = content.blanks
        content.flushBlanks(at: start)
        let end = position
        let isAlone = standsAlone(content.isLineStart)
        let kind = TemplateSyntax.Node.Kind.partial(name: name, indentation: isAlone ? indentation : nil)
        content.nodes.append(.init(kind: kind, range: start..<end))
        content.blanks = ""
        content.isLineStart = isAlone
    }

    // MARK: Reading

    private var current: Character { position < characters.count ? characters[position] : "\0" }

    private mutating func readBlanks() -> String {
        let start = position
        while current == " " || current == "\t" { position += 1 }
        return String(characters[start..<position])
    }

    /// Reads to a line break, or to just behind `{{`.
    private mutating func readText() -> String {
        let start = position
        while position < characters.count {
            if current == "\n" || current == "\r\n" { break }
            if current == "{", position + 1 < characters.count, characters[position + 1] == "{" {
                position += 2
                return String(characters[start..<position - 2])
            }
            position += 1
        }
        return String(characters[start..<position])
    }

    private func tagJustOpened(after start: Int) -> Bool {
        position >= start + 2 && characters[position - 1] == "{" && characters[position - 2] == "{"
    }

    private mutating func readRun(of allowed: Set<Character>) -> String? {
        while position < characters.count, current.isWhitespace { position += 1 }
        let start = position
        while allowed.contains(current) { position += 1 }
        let text = String(characters[start..<position])
        while position < characters.count, current.isWhitespace { position += 1 }
        guard current == "}", position + 1 < characters.count, characters[position + 1] == "}" else { return nil }
        position += 2
        return text
    }

    private mutating func readName(start: Int) -> TemplateSyntax.Name? {
        guard start + 2 >= characters.count || !characters[start + 2].isNewline else {
            lose(start, .brokenTag, hint: "write {{name}} on one line")
            return nil
        }
        guard let text = readRun(of: Self.nameCharacters) else {
            lose(start, .noName, hint: "names are letters, digits and . - _ ?")
            return nil
        }
        guard let name = TemplateSyntax.Name(inTag: text) else {
            let functions = TemplateSyntax.Function.allCases.map { "\($0.rawValue)()" }.joined(separator: " ")
            lose(start, .noFunction, text, functions)
            return nil
        }
        return name
    }

    private mutating func readPartialName(start: Int) -> String? {
        guard let name = readRun(of: Self.partialCharacters), !name.isEmpty else {
            lose(start, .partialName, hint: "write {{>name}}")
            return nil
        }
        if name.contains("*") {
            refuse(start, .partialByValue, [], "name the partial")
        }
        return name
    }

    private mutating func skipComment(start: Int) {
        while position + 1 < characters.count {
            if characters[position] == "}", characters[position + 1] == "}" {
                position += 2
                return
            }
            position += 1
        }
        lose(start, .openComment, hint: "write }} at its end")
    }

    /// Whether the tag just read is alone on its line; if so, the line's end is read too.
    private mutating func standsAlone(_ newLine: Bool) -> Bool {
        guard newLine else { return false }
        if position >= characters.count { return true }
        var end = position
        while end < characters.count, characters[end] == " " || characters[end] == "\t" { end += 1 }
        guard end < characters.count, characters[end].isNewline else { return false }
        position = end + 1
        return true
    }

    // MARK: Refusals

    private mutating func refuseTag(start: Int) {
        let sign = current
        let (rule, hint): (TemplateRule, String?) =
            switch sign {
            case "{": (.unescapedBraces, "write {{name}}: values are escaped for the format of the file")
            case "&": (.unescapedAmpersand, "write {{name}}: values are escaped for the format of the file")
            case "%": (.contentType, "escaping follows the extension of the file")
            case "=": (.delimiters, nil)
            default: (.inheritance, "use a partial: {{>name}}")
            }
        refuse(start, rule, [String(sign)], hint)
        skipComment(start: start)
        if sign == "{", current == "}" { position += 1 }
        // What stands in an inherited block would be read with tags that close nothing.
        if sign == "<" || sign == "$" || sign == "=" { isLost = true }
    }

    private mutating func lose(_ offset: Int, _ rule: TemplateRule, _ arguments: String..., hint: String? = nil) {
        refuse(offset, rule, arguments, hint)
        isLost = true
    }

    private mutating func refuse(_ offset: Int, _ rule: TemplateRule, _ arguments: [String], _ hint: String?) {
        let (line, column) = TemplateSyntax.place(at: offset, lineStarts)
        let message = rule.message(arguments)
        problems.append(TemplateProblem(file: file, line: line, column: column, message: message, hint: hint))
    }
}
