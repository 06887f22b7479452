/// Follows HTML or XML byte by byte, as far as it takes to know where in it a tag of a template stands.
///
/// Stricter than a browser where that is simpler: what it does not understand it refuses.
struct MarkupScanner {
    /// Where the scanner is.
    enum State: Hashable {
        case text
        /// Inside an element whose content is no markup: `script`, `style`, `title`, …
        case rawText
        case tagOpen
        case tagName
        case endTag
        case beforeAttribute
        case attributeName
        case beforeValue
        case quotedValue(UInt8)
        case unquotedValue
        /// Behind a quoted value or a section inside a tag: white space, `/` or `>` must follow.
        case behindAttribute
        /// A comment, a declaration, a processing instruction, CDATA: ends with the given bytes.
        case opaque(end: [UInt8])
    }

    /// How an attribute's value begins.
    enum ValueStart: Hashable {
        case empty, hash, other
    }

    let isHTML: Bool
    var state = State.text
    /// The element whose tag is being read, or whose raw text.
    private(set) var element = ""
    /// The attribute whose value is being read.
    private(set) var attribute = ""
    /// The attributes of the tag so far, with their literal values.
    private(set) var attributes: [String: String] = [:]
    private(set) var valueStart = ValueStart.empty
    /// The last bytes of text read in an opaque or raw part.
    private var tail: [UInt8] = []
    /// The content of the raw element, byte for byte.
    private(set) var rawContent: [UInt8] = []
    /// The raw elements that have ended, with their content.
    private(set) var rawElements: [(element: String, content: [UInt8])] = []
    /// Something that makes the document ill-formed or its reading uncertain.
    private(set) var mistake: String?

    private static let rawElementNames: Set = [
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext",
    ]

    init(isHTML: Bool) { self.isHTML = isHTML }

    /// Whether values may stand in the raw element being read: its content is text in which references count.
    var isReferenceText: Bool { element == "title" || element == "textarea" }

    // MARK: Literal text

    mutating func read(_ byte: UInt8) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { open(.tagOpen) }
        case .rawText: readRaw(byte)
        case .tagOpen: readTagOpen(byte)
        case .tagName: readTagName(byte)
        case .endTag:
            if byte == UInt8(ascii: ">") { state = .text }
        case .beforeAttribute, .behindAttribute: readBetween(byte)
        case .attributeName: readAttributeName(byte)
        case .beforeValue: readBeforeValue(byte)
        case .quotedValue(let quote):
            if byte == quote {
                endValue()
                state = .behindAttribute
            } else {
                readValue(byte)
            }
        case .unquotedValue:
            if byte.isMarkupBlank || byte == UInt8(ascii: ">") {
                endValue()
                state = .behindAttribute
                readBetween(byte)
            } else {
                readValue(byte)
            }
        case .opaque(let end): readOpaque(byte, end)
        }
    }

    /// Takes the value of a tag of the template as part of an attribute's value.
    mutating func readTemplateValue() {
        if case .quotedValue = state, valueStart == .empty { valueStart = .other }
    }

    private mutating func open(_ next: State) {
        state = next
        tail = []
    }

    private mutating func readTagOpen(_ byte: UInt8) {
        if tail.isEmpty, byte.isLetter || !isHTML && (byte == UInt8(ascii: "_") || byte >= 0x80) {
            element = ""
            attributes = [:]
            state = .tagName
            return readTagName(byte)
        }
        tail.append(byte)
        switch tail {
        case [UInt8(ascii: "/")]:
            state = .endTag
        case [UInt8(ascii: "?")]:
            open(.opaque(end: isHTML ? [UInt8(ascii: ">")] : Array("?>".utf8)))
        case [UInt8(ascii: "!")], Array("!-".utf8):
            break
        case Array("!--".utf8):
            open(.opaque(end: Array("-->".utf8)))
        case let start where !isHTML && Array("![CDATA[".utf8).starts(with: start):
            if start.count == 8 { open(.opaque(end: Array("]]>".utf8))) }
        case let start where start.first == UInt8(ascii: "!"):
            open(.opaque(end: [UInt8(ascii: ">")]))
            if byte == UInt8(ascii: ">") { state = .text }
        default:
            if !isHTML { mistake = "a < that begins no tag" }
            state = .text
            if byte == UInt8(ascii: "<") { open(.tagOpen) }
        }
    }

    private mutating func readTagName(_ byte: UInt8) {
        if byte.isMarkupBlank || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
            state = .beforeAttribute
            readBetween(byte)
        } else {
            element.unicodeScalars.append(Unicode.Scalar(isHTML ? byte.lowercased : byte))
        }
    }

    private mutating func readBetween(_ byte: UInt8) {
        if byte == UInt8(ascii: ">") { return endTag() }
        if byte.isMarkupBlank || byte == UInt8(ascii: "/") {
            state = .beforeAttribute
            return
        }
        if state == .behindAttribute { mistake = "white space is missing before an attribute" }
        attribute = ""
        state = .attributeName
        readAttributeName(byte)
    }

    private mutating func readAttributeName(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "="): state = .beforeValue
        case UInt8(ascii: ">"), UInt8(ascii: "/"):
            endValue()
            readBetween(byte)
        case let byte where byte.isMarkupBlank:
            // `name = "value"` is legal and rare: refused, because a section could hide the sign.
            endValue()
            state = .beforeAttribute
        default: attribute.unicodeScalars.append(Unicode.Scalar(isHTML ? byte.lowercased : byte))
        }
    }

    private mutating func readBeforeValue(_ byte: UInt8) {
        valueStart = .empty
        tail = []
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): state = .quotedValue(byte)
        case let byte where byte.isMarkupBlank: break
        case UInt8(ascii: ">"): mistake = "an attribute without its value"
        default:
            if !isHTML { mistake = "an attribute's value without quotes" }
            state = .unquotedValue
            readValue(byte)
        }
    }

    private mutating func readValue(_ byte: UInt8) {
        if valueStart == .empty { valueStart = byte == UInt8(ascii: "#") ? .hash : .other }
        tail.append(byte)
        if !isHTML, byte == UInt8(ascii: "<") { mistake = "a < in an attribute's value" }
    }

    private mutating func endValue() {
        attributes[attribute] = String(decoding: tail, as: UTF8.self)
        tail = []
    }

    private mutating func endTag() {
        state = .text
        guard isHTML, Self.rawElementNames.contains(element) else { return }
        open(.rawText)
        rawContent = []
    }

    private mutating func readRaw(_ byte: UInt8) {
        rawContent.append(byte)
        let closing = Array("</\(element)".utf8)
        guard byte.isMarkupBlank || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">"),
            rawContent.count > closing.count
        else { return }
        let end = rawContent.dropLast().suffix(closing.count).map(\.lowercased)
        guard end == closing else { return }
        let content = Array(rawContent.dropLast(closing.count + 1))
        if element == "script", String(decoding: content, as: UTF8.self).contains("<!--") {
            mistake = "<!-- inside a script changes where it ends"
        }
        rawElements.append((element, content))
        state = byte == UInt8(ascii: ">") ? .text : .endTag
    }

    private mutating func readOpaque(_ byte: UInt8, _ end: [UInt8]) {
        tail.append(byte)
        if tail.suffix(end.count).elementsEqual(end) { state = .text }
        if tail.count > 8 { tail.removeFirst(4) }
    }

    // MARK: Sections

    /// Takes the state behind a section that may be left out.
    /// - Parameter before: The scanner as it was where the section began.
    /// - Returns: False when the two can't be brought together.
    mutating func join(_ before: MarkupScanner) -> Bool {
        let betweenAttributes: Set<State> = [.tagName, .beforeAttribute, .behindAttribute, .attributeName]
        if state == before.state, element == before.element || state == .text {
            if valueStart != before.valueStart { valueStart = .other }
            return state != .attributeName || attribute == before.attribute
        }
        guard element == before.element, betweenAttributes.contains(state), betweenAttributes.contains(before.state)
        else { return false }
        if state == .attributeName { endValue() }
        state = .behindAttribute
        return true
    }
}

extension UInt8 {
    /// Blank, tab, line break or form feed.
    var isMarkupBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D }
    /// An ASCII letter.
    var isLetter: Bool { lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z") }
    /// The small letter of an ASCII capital, else the byte itself.
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self + 32 : self }
}
