/// A template, with the place of everything in it.
struct TemplateSyntax: Sendable {
    /// The file's path inside the set.
    let file: String
    /// The text.
    let characters: [Character]
    /// What the template renders, in order.
    let nodes: [Node]
    /// What can't be read or is refused wherever it stands.
    let problems: [TemplateProblem]
    private let lineStarts: [Int]

    /// The name inside a tag.
    struct Name: Sendable, Hashable {
        /// As written: `count`, `organization.name`, `.`; empty for a function.
        let text: String
        /// The function that stands in place of a name.
        let function: Function?
        /// The parts between the dots; empty for the current value.
        let path: [String]

        /// A name, or a function in place of one; nil for what is neither.
        init?(inTag text: String) {
            let isName = !text.contains("(") && !text.contains(")")
            self.text = isName ? text : ""
            function = isName || !text.hasSuffix("()") ? nil : Function(rawValue: String(text.dropLast(2)))
            guard isName || function != nil else { return nil }
            path = self.text.split(separator: ".").map(String.init)
        }

        /// Whether the name is looked up in the current value only.
        var isLocal: Bool { text.first == "." }
        /// As it stands in the template.
        var written: String { function.map { "\($0.rawValue)()" } ?? text }
    }

    /// A function of an element's place in its list: `{{first()}}`.
    enum Function: String, Sendable, Hashable, CaseIterable {
        case first, last, index, even, odd
    }

    /// A part of a template.
    struct Node: Sendable {
        var kind: Kind
        /// The characters of the tag, or of the whole section, without white space before it.
        var range: Range<Int>

        indirect enum Kind: Sendable {
            case text(String)
            case variable(Name)
            case section(Section)
            /// A partial; indented when it stands alone on its line.
            case partial(name: String, indentation: String?)
        }
    }

    /// `{{#name}}…{{/name}}` or `{{^name}}…{{/name}}`.
    struct Section: Sendable {
        var name: Name
        var isInverted: Bool
        var nodes: [Node]
    }

    /// Reads a template.
    init(file: String, text: String) {
        var parser = TemplateParser(file: file, text: text)
        nodes = parser.parse()
        self.file = file
        characters = parser.characters
        problems = parser.problems
        lineStarts = parser.lineStarts
    }

    /// Where a character stands.
    func place(at offset: Int) -> TemplatePlace {
        let (line, column) = Self.place(at: offset, lineStarts)
        return TemplatePlace(file: file, line: line, column: column)
    }

    /// The first character of each line.
    static func lineStarts(of characters: [Character]) -> [Int] {
        [0] + characters.indices.filter { characters[$0].isLineEnd }.map { $0 + 1 }
    }

    static func place(at offset: Int, _ lineStarts: [Int]) -> (line: Int, column: Int) {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, offset - lineStarts[low] + 1)
    }
}

/// Where something stands in a set of templates.
struct TemplatePlace: Sendable, Hashable, CustomStringConvertible {
    var file: String
    var line: Int
    var column: Int

    var description: String { "\(file):\(line):\(column)" }

    /// A problem here: what of a rule is not kept, with texts in the places of its `…`.
    func problem(_ rule: TemplateRule, _ arguments: String..., hint: String? = nil) -> TemplateProblem {
        TemplateProblem(file: file, line: line, column: column, message: rule.message(arguments), hint: hint)
    }
}

extension Character {
    /// Whether the character ends a line for an editor's line count.
    var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}

/// Something in a template that must be changed before it can be rendered.
package struct TemplateProblem: Sendable, Hashable, CustomStringConvertible {
    /// The template's path inside its folder, `partials/head.html` for example.
    package var file: String
    /// The line, counted from 1.
    package let line: Int
    /// The column in characters, counted from 1.
    let column: Int
    /// What is wrong and why it is refused.
    package let message: String
    /// What to write instead.
    package var hint: String?

    /// `file:line:column: message`, as compilers write it, so that editors can jump to the place.
    package var description: String { "\(file):\(line):\(column): \(message)" }
}
