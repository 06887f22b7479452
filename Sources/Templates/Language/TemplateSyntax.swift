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

        init(_ text: String) {
            self.text = text
            function = nil
            path = text.split(separator: ".").map(String.init)
        }

        init(_ function: Function) {
            text = ""
            self.function = function
            path = []
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
            /// A piece; indented when it stands alone on its line.
            case partial(name: String, indentation: String?)
        }
    }

    /// `{{#name}}…{{/name}}` or `{{^name}}…{{/name}}`.
    struct Section: Sendable {
        var name: Name
        var isInverted: Bool
        /// Whether the opening tag stands alone on its line, which then renders nothing.
        var opensAlone: Bool
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

    /// A problem here.
    func problem(_ message: String, hint: String? = nil) -> TemplateProblem {
        TemplateProblem(file: file, line: line, column: column, message: message, hint: hint)
    }
}

extension Character {
    /// Whether the character ends a line for an editor's line count.
    var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}
