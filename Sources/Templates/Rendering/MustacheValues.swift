import Analysis
import Foundation
import Mustache

/// What stands before numbers and times of ours in the rendering of a CSV document.
struct OwnValueMarks: Sendable {
    let number: String
    let time: String
}

/// The outermost object of a rendering: marks for streamed sections, tables as conditions, then the scalars.
///
/// As a variable, `{{.}}`, it renders nothing.
struct MustacheRoot: MustacheParent, MustacheCustomRenderable {
    let values: TemplateValues
    let contentSecurityPolicy: String?
    let mark: String
    let marks: OwnValueMarks?

    var renderText: String { "" }
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        if name.hasPrefix("heedaudit-stream-") {
            return mark + name.dropFirst("heedaudit-stream-".count) + "z"
        }
        if name == TemplateValues.policyName { return contentSecurityPolicy as Any? ?? NSNull() }
        if let count = values.rowCount(named: name) { return count > 0 }
        return values.scalars[name].map { $0.mustacheValue(marks: marks) }
    }
}

extension TemplateValues {
    /// The name of the value that an HTML document must contain.
    static let policyName = "content_security_policy"

    /// How many rows a streamed section has; nil when there is none of the name.
    func rowCount(named name: String) -> Int? {
        if let table = tables[name] { return table.rowCount }
        return name == "events" ? eventCount : nil
    }
}

extension TemplateValue {
    /// The value as swift-mustache takes it.
    ///
    /// A missing one is found, so that no outer value of its name is taken.
    func mustacheValue(marks: OwnValueMarks?) -> Any {
        switch self {
        case .text(let text): text.isEmpty ? NSNull() : text
        case .number(let number): marks.map { MarkedNumber(number, $0.number) } ?? number
        case .time(let time): time.isEmpty ? NSNull() : (marks?.time ?? "") + time
        case .flag(let flag): flag
        case .list(let elements): MustacheList(elements: elements, marks: marks)
        case .texts(let texts, let member):
            MustacheList(elements: texts.lazy.map { .object([member: .text($0)]) }, marks: marks)
        case .made(let count, let maker):
            MustacheList(elements: (0..<count).lazy.map(maker.make), marks: marks)
        case .object(let members): MustacheObject(members: members, marks: marks)
        case .missing: NSNull()
        }
    }
}

/// A list: repeats a section, and as a variable tells how many elements it has.
private struct MustacheList<Elements: RandomAccessCollection>: MustacheSequence, MustacheParent,
    MustacheCustomRenderable, MustacheTransformable
where Elements.Element == TemplateValue {
    let elements: Elements
    let marks: OwnValueMarks?

    var renderText: String { String(elements.count) }
    var isNull: Bool { false }

    /// Nothing: without this swift-mustache would look at the properties here.
    func child(named name: String) -> Any? { nil }

    func makeIterator() -> AnyIterator<Any> {
        var iterator = elements.makeIterator()
        return AnyIterator { iterator.next().map { $0.mustacheValue(marks: marks) } }
    }

    func transform(_ name: String) -> Any? {
        switch name {
        case "count": elements.count
        case "empty": elements.isEmpty
        case "first": elements.first.map { $0.mustacheValue(marks: marks) }
        case "last": elements.last.map { $0.mustacheValue(marks: marks) }
        case "reversed": MustacheList<[TemplateValue]>(elements: elements.reversed(), marks: marks)
        default: nil
        }
    }
}

/// An object; as a variable it renders nothing.
private struct MustacheObject: MustacheParent, MustacheCustomRenderable {
    let members: [String: TemplateValue]
    let marks: OwnValueMarks?

    var renderText: String { "" }
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        members[name].map { $0.mustacheValue(marks: marks) }
    }
}

/// A number of ours in CSV, which must not be taken for a formula or an id.
private struct MarkedNumber: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
    let number: Int
    let mark: String

    init(_ number: Int, _ mark: String) {
        self.number = number
        self.mark = mark
    }

    var renderText: String { mark + String(number) }
    var isNull: Bool { false }

    func child(named name: String) -> Any? { nil }

    func transform(_ name: String) -> Any? {
        number.transform(name)
    }
}
