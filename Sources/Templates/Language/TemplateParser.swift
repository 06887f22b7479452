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
            refuse(offset, "a NUL character")
            return []
        }
        if characters.last == "{" {
            refuse(characters.count - 1, "a lone { ends the file", hint: "end the file with a line break")
            return []
        }
        return parse(section: nil, openedAt: 0, newLine: true, depth: 0)
    }

    // MARK: A section's content, or the file's

    private mutating func parse(
        section: TemplateSyntax.Name?,
        openedAt: Int,
        newLine: Bool,
        depth: Int
    ) -> [TemplateSyntax.Node] {
        var nodes: [TemplateSyntax.Node] = []
        var newLine = newLine
        var blanks = ""
        func flush(_ nodes: inout [TemplateSyntax.Node], at offset: Int) {
            guard !blanks.isEmpty else { return }
            nodes.append(.init(kind: .text(blanks), range: offset..<offset))
            blanks = ""
        }
        while position < characters.count, !isLost {
            if newLine { blanks = readBlanks() }
            let textStart = position
            let text = readText()
            if current.isNewline, position < characters.count, !tagJustOpened(after: textStart) {
                nodes.append(.init(kind: .text(blanks + text + String(current)), range: textStart..<position + 1))
                newLine = true
                position += 1
                continue
            }
            if !text.isEmpty {
                nodes.append(.init(kind: .text(blanks + text), range: textStart..<position))
                blanks = ""
                newLine = false
            }
            guard position < characters.count || tagJustOpened(after: textStart) else { break }
            let start = position - 2
            switch current {
            case "#", "^":
                guard depth < Self.deepestNesting else {
                    lose(start, "sections nested more than \(Self.deepestNesting) deep")
                    break
                }
                let isInverted = current == "^"
                position += 1
                guard let name = readName(start: start) else { break }
                guard name.function != .index else {
                    lose(start, "{{\(name.written)}} is a number and no condition")
                    break
                }
                let alone = standsAlone(newLine)
                if !alone { flush(&nodes, at: start) }
                let content = parse(
                    section: name,
                    openedAt: start,
                    newLine: alone && newLine,
                    depth: depth + 1
                )
                let section = TemplateSyntax.Section(
                    name: name,
                    isInverted: isInverted,
                    opensAlone: alone,
                    nodes: content
                )
                nodes.append(.init(kind: .section(section), range: start..<position))
                newLine = alone
            case "/":
                position += 1
                guard let name = readName(start: start) else { break }
                guard let section else {
                    lose(start, "{{/\(name.written)}} closes a section that was not opened")
                    break
                }
                guard name == section else {
                    lose(
                        start,
                        "{{/\(name.written)}} where {{/\(section.written)}} must come first",
                        hint: "the section opened in line \(line(of: openedAt))"
                    )
                    break
                }
                if !standsAlone(newLine) { flush(&nodes, at: start) }
                return nodes
            case "!":
                skipComment(start: start)
                newLine = standsAlone(newLine)
            case ">":
                position += 1
                guard let name = readPartialName(start: start) else { break }
                let indentation = blanks
                flush(&nodes, at: start)
                let end = position
                let alone = standsAlone(newLine)
                nodes.append(
                    .init(kind: .partial(name: name, indentation: alone ? indentation : nil), range: start..<end)
                )
                blanks = ""
                newLine = alone
            case "{", "&", "%", "=", "<", "$":
                refuseTag(start: start)
                newLine = false
            default:
                flush(&nodes, at: start)
                guard let name = readName(start: start) else { break }
                nodes.append(.init(kind: .variable(name), range: start..<position))
                newLine = false
            }
        }
        if let section, !isLost {
            lose(openedAt, "{{#\(section.written)}} is not closed", hint: "write {{/\(section.written)}}")
        }
        return nodes
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
            lose(start, "a tag whose name is not on the same line", hint: "write {{name}} on one line")
            return nil
        }
        guard let text = readRun(of: Self.nameCharacters) else {
            lose(start, "a tag that is not a name between {{ and }}", hint: "names are letters, digits and . - _ ?")
            return nil
        }
        guard let name = Self.name(text) else {
            lose(start, "{{\(text)}} is neither a name nor one of \(Self.functions)")
            return nil
        }
        return name
    }

    private static let functions = TemplateSyntax.Function.allCases.map { "\($0.rawValue)()" }.joined(separator: " ")

    /// A name, or a function in place of one.
    private static func name(_ text: String) -> TemplateSyntax.Name? {
        guard text.contains("(") || text.contains(")") else { return .init(text) }
        guard text.hasSuffix("()") else { return nil }
        return TemplateSyntax.Function(rawValue: String(text.dropLast(2))).map { .init($0) }
    }

    private mutating func readPartialName(start: Int) -> String? {
        guard let name = readRun(of: Self.partialCharacters), !name.isEmpty else {
            lose(start, "a piece's name is missing or misspelt", hint: "write {{>name}}")
            return nil
        }
        if name.contains("*") {
            refuse(start, "a piece whose name is told by a value can't be checked", hint: "name the piece")
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
        lose(start, "a comment that is not closed", hint: "write }} at its end")
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
        let (message, hint): (String, String?) =
            switch sign {
            case "{": ("{{{ }}} turns escaping off", "write {{name}}: values are escaped for the format of the file")
            case "&": ("{{& }} turns escaping off", "write {{name}}: values are escaped for the format of the file")
            case "%": ("{{% }} changes escaping", "escaping follows the extension of the file")
            case "=": ("{{= =}} changes what a tag looks like, so that the checks would miss some", nil)
            default: ("{{\(sign) }} (inheritance of templates) is not supported", "use a piece: {{>name}}")
            }
        refuse(start, message, hint: hint)
        skipComment(start: start)
        if sign == "{", current == "}" { position += 1 }
        // What stands in an inherited block would be read with tags that close nothing.
        if sign == "<" || sign == "$" || sign == "=" { isLost = true }
    }

    private mutating func lose(_ offset: Int, _ message: String, hint: String? = nil) {
        refuse(offset, message, hint: hint)
        isLost = true
    }

    private mutating func refuse(_ offset: Int, _ message: String, hint: String? = nil) {
        let place = TemplateSyntax.place(at: offset, lineStarts)
        problems.append(
            TemplateProblem(file: file, line: place.line, column: place.column, message: message, hint: hint)
        )
    }

    private func line(of offset: Int) -> Int {
        TemplateSyntax.place(at: offset, lineStarts).line
    }
}
