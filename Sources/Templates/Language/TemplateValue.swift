import Analysis
import Synchronization

/// A value that a template can name: text, a number, a flag, a list or an object of these.
///
/// Small values only: streamed lists are tables (see ``TemplateValues``), which are streamed.
/// An empty text is a missing value: `{{#name}}` skips it and `{{name}}` renders nothing.
package enum TemplateValue: Sendable, Hashable {
    /// Text, perhaps chosen by an attacker; escaped wherever it is rendered.
    case text(String)
    /// A number of ours, printed in decimal digits and never taken for a formula.
    case number(Int)
    /// A time of ours, RFC 3339 in UTC; the CSV profiles for spreadsheets write it as these know times.
    case time(String)
    /// A condition for `{{#flag}}` and `{{^flag}}`.
    case flag(Bool)
    /// A list for `{{#list}}`: one rendering an element.
    case list([TemplateValue])
    /// A list of objects that have this one text each; cheap where there are very many.
    case texts([String], member: String)
    /// A list of so many elements, each of which is made whenever it is asked for: for lists that are too long to keep,
    /// and for those that are seldom rendered.
    case made(Int, by: ElementMaker)
    /// Named values: `{{object.name}}`, or `{{#object}}{{name}}{{/object}}`.
    case object([String: TemplateValue])
    /// Nothing, and the search for the name ends here.
    case missing

    /// Text, or a missing value where there is none.
    package init(_ text: String?) {
        self = text.map { .text($0) } ?? .missing
    }

    /// A time of ours, or a missing value where there is none.
    package init(time: String?) {
        self = time.map { .time($0) } ?? .missing
    }

    /// A number, or a missing value where there is none.
    package init(_ number: Int?) {
        self = number.map { .number($0) } ?? .missing
    }
}

extension TemplateValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Text, written as a string literal.
    package init(stringLiteral value: String) {
        self = .text(value)
    }

    /// A number, written as an integer literal.
    package init(integerLiteral value: Int) {
        self = .number(value)
    }

    /// A flag, written as a Boolean literal.
    package init(booleanLiteral value: Bool) {
        self = .flag(value)
    }

    /// A list, written as an array literal.
    package init(arrayLiteral elements: TemplateValue...) {
        self = .list(elements)
    }

    /// An object, written as a dictionary literal; of a key given twice the last value counts.
    package init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

/// Makes the elements of a list.
package final class ElementMaker: Sendable, Hashable {
    /// Makes the element at a place, counted from 0.
    let make: @Sendable (Int) -> TemplateValue
    private let makeRows: (@Sendable () -> any RowTable)?
    private let made = Mutex<(any RowTable)?>(nil)

    /// `rows` makes a table of the same elements, as far as texts, numbers and lists of texts tell them.
    package init(_ make: @escaping @Sendable (Int) -> TemplateValue, rows: (@Sendable () -> any RowTable)? = nil) {
        self.make = make
        makeRows = rows
    }

    /// The elements as a table, made when it is asked for first.
    var rows: (any RowTable)? {
        guard let makeRows else { return nil }
        return made.withLock { made in
            let rows = made ?? makeRows()
            made = rows
            return rows
        }
    }

    /// Whether both are the same one.
    package static func == (left: ElementMaker, right: ElementMaker) -> Bool { left === right }

    /// Hashes the identity.
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
