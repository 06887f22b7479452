import Evidence

/// What reports say, in one language: every sentence, title and label, by name.
///
/// Names are those of `templates/words/en.yaml`, the levels of which are joined by dots: `control.ORG-MFA.title`.
/// docs/words.md tells the form of the file.
package struct Words: Sendable {
    /// What stands in a place of a phrase.
    package enum Argument: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
        case text(String)
        /// A number of ours, written as the language writes numbers; `{count}` chooses between singular and plural.
        case number(Int)

        /// A text, written as a literal.
        package init(stringLiteral value: String) { self = .text(value) }
        /// A number, written as a literal.
        package init(integerLiteral value: Int) { self = .number(value) }
    }

    /// The language, `en` for example, as the page names it.
    package let language: String
    /// Every phrase by name; those that a translation leaves out are English.
    private let phrases: [String: Phrase]
    /// The names that the language's own file leaves out.
    package let missing: [String]

    /// English, complete: part of the binary.
    package static let english = builtIn("en")

    /// The words of a file laid over others.
    init(_ language: String, _ own: [String: Phrase], over others: [String: Phrase]) {
        self.language = language
        phrases = others.merging(own) { $1 }
        missing = others.keys.filter { own[$0] == nil }.sorted()
    }

    /// What a name says.
    ///
    /// - Parameters:
    ///   - name: Such as `verdict.pass`; one that does not exist, which a test rules out, stands for itself.
    ///   - arguments: What stands in the places; `count` chooses between singular and plural.
    /// - Returns: The text, not escaped for any format.
    package func callAsFunction(_ name: String, _ arguments: [String: Argument] = [:]) -> String {
        guard let phrase = phrases[name] else { return name }
        let parts =
            if case .number(1)? = arguments["count"], let one = phrase.one { one } else { phrase.other }
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .place(let place):
                switch arguments[place] {
                case .text(let value)?: text += value
                case .number(let value)?: text += number(value)
                case nil: text += "{\(place)}"
                }
            }
        }
        return text
    }

    /// The same of a phrase that is said again and again; of its places those that are named.
    func filling(_ name: String, _ places: String...) -> Filling {
        Filling(phrases[name] ?? Phrase(name), places)
    }

    /// Whether a name says anything.
    package func has(_ name: String) -> Bool { phrases[name] != nil }

    /// The names of a group, without the group's own and its dot, sorted.
    package func names(in group: String) -> [String] {
        phrases.keys.filter { $0.hasPrefix(group + ".") }.map { String($0.dropFirst(group.utf8.count + 1)) }.sorted()
    }

    /// The phrases, for files that are laid over them.
    var all: [String: Phrase] { phrases }
}
