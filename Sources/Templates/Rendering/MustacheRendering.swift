import Analysis
import Mustache
import Synchronization

/// Renders documents with swift-mustache; streamed sections come out as gaps, to be filled by row programs.
struct MustacheRendering {
    /// A part of a rendered document.
    enum Part: Sendable {
        case bytes([UInt8])
        /// The streamed section of this number stands here.
        case stream(Int)
    }

    /// The name of the escaping for values of JSON outside string literals.
    static let bareJSONName = "HEEDAUDIT-json-bare"

    /// Renders a document.
    /// - Parameters:
    ///   - template: The document; all its ``LinkedTemplate/problems`` are solved.
    ///   - values: What it can name.
    ///   - contentSecurityPolicy: The document's own, for HTML.
    /// - Returns: The parts in order, and what escaping changed.
    /// - Throws: ``ReportingError`` when swift-mustache refuses what our reader took.
    static func render(
        _ template: LinkedTemplate,
        values: TemplateValues,
        contentSecurityPolicy: String?
    ) throws -> (parts: [Part], counts: EscapingCounts) {
        try render(template) { tally in
            MustacheRoot(
                values: values,
                contentSecurityPolicy: contentSecurityPolicy,
                mark: tally.mark,
                marks: template.format == .csv ? tally.marks : nil
            )
        }
    }

    /// Renders a document with an outermost object of the caller's.
    static func render(
        _ template: LinkedTemplate,
        root: (EscapingTally) -> any MustacheParent
    ) throws -> (parts: [Part], counts: EscapingCounts) {
        _ = registration
        var library = MustacheLibrary()
        for (name, text) in template.sources {
            do {
                try library.register(text, named: name)
            } catch {
                throw ReportingError(.template, "\(template.name): swift-mustache can't read it: \(error)")
            }
        }
        let tally = EscapingTally()
        let object = root(tally)
        let text = EscapingTally.$current.withValue(tally) {
            library.render(object, withTemplate: LinkedTemplate.main) ?? ""
        }
        return (split(text, at: tally.mark), tally.counts)
    }

    /// Makes our escaping known to swift-mustache, whose registry is global to the process: done once.
    private static let registration: Void = {
        for format in OutputFormat.allCases {
            MustacheContentTypes.register(
                EscapingContentType(escaping: Escaping(format: format)),
                named: format.contentTypeName
            )
        }
        MustacheContentTypes.register(EscapingContentType(escaping: Escaping(.jsonBare)), named: bareJSONName)
    }()

    /// Splits a rendering at its marks: the mark, a number, `z`.
    private static func split(_ text: String, at mark: String) -> [Part] {
        var parts: [Part] = []
        let bytes = Array(text.utf8)
        let pattern = Array(mark.utf8)
        var start = 0
        var index = 0
        while index + pattern.count < bytes.count {
            guard bytes[index] == pattern[0], bytes[index..<index + pattern.count].elementsEqual(pattern) else {
                index += 1
                continue
            }
            if index > start { parts.append(.bytes(Array(bytes[start..<index]))) }
            index += pattern.count
            var number = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: "z") {
                number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
                index += 1
            }
            index += 1
            parts.append(.stream(number))
            start = index
        }
        if start < bytes.count { parts.append(.bytes(Array(bytes[start...]))) }
        return parts
    }
}

/// What escaping changed during one rendering, and the marks that no value can know beforehand.
final class EscapingTally: Sendable {
    /// The tally of the rendering in progress: swift-mustache hands nothing of ours to a content type.
    @TaskLocal static var current: EscapingTally?

    /// Stands in the rendering for streamed sections.
    ///
    /// Random, but never part of an output.
    let mark: String
    /// Stand before values of ours in CSV.
    let marks: OwnValueMarks
    private let total = Mutex(EscapingCounts())

    init() {
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<3).map { _ in String(random.next(), radix: 36) }.joined()
        mark = "HEED\(nonce)n"
        marks = OwnValueMarks(number: "HEED\(nonce)m", time: "HEED\(nonce)t")
    }

    var counts: EscapingCounts { total.withLock { $0 } }

    func add(_ counts: EscapingCounts) {
        total.withLock { $0 = $0 + counts }
    }
}

/// Our escaping in the form that swift-mustache calls.
private struct EscapingContentType: MustacheContentType {
    let escaping: Escaping

    func escapeText(_ text: String) -> String {
        let tally = EscapingTally.current
        if escaping.rule == .csvPart, let marks = tally?.marks {
            if text.hasPrefix(marks.number) { return "\0N" + text.dropFirst(marks.number.count) }
            if text.hasPrefix(marks.time) { return "\0T" + text.dropFirst(marks.time.count) }
        }
        var counts = EscapingCounts()
        let escaped = escaping.escaped(text, counts: &counts)
        if counts != EscapingCounts() { tally?.add(counts) }
        return escaped
    }
}
