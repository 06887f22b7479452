import Foundation

/// What a stream of the process leads to: how wide it is, and whether it shows colours.
struct Terminal: Sendable {
    /// A colour of the sixteen that every terminal has; the person's own theme says how it looks.
    enum Colour: String, Sendable {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case boldRed = "1;31"
        case faint = "2"
    }

    /// How many characters a line holds; nil where nothing limits it, as in a pipe or a file.
    let width: Int?
    /// Whether texts may be coloured.
    let hasColour: Bool

    /// Standard output as it is.
    static var output: Terminal {
        Terminal(descriptor: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment)
    }

    /// Standard error as it is.
    static var error: Terminal { Terminal(descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment) }

    /// Describes a stream that is not the process's own: for tests.
    init(width: Int?, hasColour: Bool) {
        self.width = width
        self.hasColour = hasColour
    }

    /// Looks at a stream.
    ///
    /// Colours are for terminals alone, and for those who don't ask to be spared by `NO_COLOR` (https://no-color.org).
    init(descriptor: Int32, environment: [String: String]) {
        guard isatty(descriptor) == 1 else {
            self.init(width: nil, hasColour: false)
            return
        }
        var size = winsize()
        let isTold = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        self.init(
            width: isTold ? Int(size.ws_col) : 80,
            hasColour: (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        )
    }

    /// A text in a colour, where the stream shows colours.
    func paint(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A text broken between words into lines of at most a width; a longer word has a line of its own.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }

    /// A line that begins with a label, its text broken to fit and indented under its own begin.
    ///
    /// A stream without a width, and one too narrow for both, gets a single line.
    func labelled(_ label: String, _ text: String) -> String {
        guard let width, width >= label.count + Self.narrowest else { return label + text }
        let indentation = String(repeating: " ", count: label.count)
        let lines = Self.wrapped(text, width: width - label.count)
        return label + lines.joined(separator: "\n" + indentation)
    }

    /// Texts are not broken to less than so many characters.
    private static let narrowest = 16
}

extension String {
    /// The text with blanks behind it up to a width, and at least one.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
