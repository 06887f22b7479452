/// Something in a template that must be changed before it can be rendered.
public struct TemplateProblem: Sendable, Hashable, CustomStringConvertible {
    /// The template's path inside its folder, `partials/head.html` for example.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The column in characters, counted from 1.
    public let column: Int
    /// What is wrong and why it is refused.
    public let message: String
    /// What to write instead.
    public let hint: String?

    /// Describes a problem at a place.
    public init(file: String, line: Int, column: Int, message: String, hint: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    /// `file:line:column: message`, as compilers write it, so that editors can jump to the place.
    public var description: String { "\(file):\(line):\(column): \(message)" }
}
