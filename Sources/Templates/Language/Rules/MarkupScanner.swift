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
    /// The attributes of the tag so far, with their literal values; of one given twice the first counts, as for browsers.
    private(set) var attributes: [String: String] = [:]
    /// Whether a section puts together the tag that is being read.
    var isTagConditional = false
    /// Whether the value that is being read is to stay as it is.
    private var isValueWhole = false
    /// How many `<svg>` and `<math>` are open: in them other rules hold.
    private var foreignDepth = 0
    /// What ended an HTML document's head, or may have; nil while nothing did.
    private(set) var behindHead: String?
    var valueStart = ValueStart.empty
    /// The last bytes of text read in an opaque or raw part.
    private var tail: [UInt8] = []
    /// How many bytes of an opaque part were read.
    private var opaqueCount = 0
    /// The name in the end tag that is being read, as far as it was, and whether that is all of it.
    private var endName = ""
    private var isEndNameRead = false
    /// Whether the last byte of the tag was a slash.
    private var isBehindSlash = false
    /// The content of the raw element, byte for byte.
    private(set) var rawContent: [UInt8] = []
    /// The raw elements that have ended, with their content.
    private(set) var rawElements: [(element: String, content: [UInt8])] = []
    /// Something that makes the document ill-formed or its reading uncertain.
    private(set) var mistake: (rule: TemplateRule, argument: String)?

    private static let rawElementNames: Set = [
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext",
    ]

    /// Elements before which a head has not ended, and that load nothing.
    private static let headElements: Set = ["html", "head", "meta", "title"]
    private static let foreignElements: Set = ["svg", "math"]
    /// Elements of `<svg>` and `<math>` in which HTML begins again.
    private static let strangeElements: Set = ["foreignobject", "annotation-xml"]

    init(isHTML: Bool) { self.isHTML = isHTML }

    /// Whether values may stand in the raw element being read: its content is text in which references count.
    var isReferenceText: Bool { element == "title" || element == "textarea" }

    // MARK: Literal text

    mutating func read(_ byte: UInt8) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") {
                open(.tagOpen)
            } else if !byte.isMarkupBlank {
                endHead("text")
            }
        case .rawText: readRaw(byte)
        case .tagOpen: readTagOpen(byte)
        case .tagName: readTagName(byte)
        case .endTag:
            if byte == UInt8(ascii: ">") {
                if Self.foreignElements.contains(endName) { foreignDepth = max(0, foreignDepth - 1) }
                state = .text
            } else if byte.isMarkupBlank || byte == UInt8(ascii: "/") {
                isEndNameRead = true
            } else if !isEndNameRead {
                endName.unicodeScalars.append(Unicode.Scalar(byte.lowercased))
            }
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
        if state == .text { endHead("text") }
        if isValueWhole { note(.policyNotAlone, TemplateValues.policyName) }
        if case .quotedValue = state, valueStart == .empty { valueStart = .other }
    }

    /// Takes what is read as all of the value: anything else in it is a mistake.
    mutating func keepValueWhole() { isValueWhole = true }

    private mutating func endHead(_ what: String) {
        if behindHead == nil { behindHead = what }
    }

    private mutating func note(_ rule: TemplateRule, _ argument: String = "") {
        if mistake == nil { mistake = (rule, argument) }
    }

    private mutating func open(_ next: State) {
        state = next
        tail = []
        opaqueCount = 0
    }

    private mutating func readTagOpen(_ byte: UInt8) {
        if tail.isEmpty, byte.isLetter || !isHTML && (byte == UInt8(ascii: "_") || byte >= 0x80) {
            element = ""
            attributes = [:]
            isTagConditional = false
            state = .tagName
            return readTagName(byte)
        }
        tail.append(byte)
        switch tail {
        case [UInt8(ascii: "/")]:
            endHead("the end of an element")
            (endName, isEndNameRead) = ("", false)
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
            if !isHTML { note(.strayLess) }
            endHead("text")
            state = .text
            if byte == UInt8(ascii: "<") { open(.tagOpen) }
        }
    }

    private mutating func readTagName(_ byte: UInt8) {
        if byte.isMarkupBlank || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
            noteElement()
            state = .beforeAttribute
            readBetween(byte)
        } else {
            element.unicodeScalars.append(Unicode.Scalar(isHTML ? byte.lowercased : byte))
        }
    }

    private mutating func readBetween(_ byte: UInt8) {
        if byte == UInt8(ascii: ">") { return endTag() }
        if byte == UInt8(ascii: "=") { note(.blankBeforeSign) }
        isBehindSlash = byte == UInt8(ascii: "/")
        if byte.isMarkupBlank || isBehindSlash {
            state = .beforeAttribute
            return
        }
        if state == .behindAttribute { note(.missingBlank) }
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
            // The sign may follow, which is legal and rare: refused when it does, because a section could hide it.
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
        case UInt8(ascii: ">"): note(.missingValue)
        default:
            if !isHTML { note(.unquotedAttribute) }
            state = .unquotedValue
            readValue(byte)
        }
    }

    private mutating func readValue(_ byte: UInt8) {
        if valueStart == .empty { valueStart = byte == UInt8(ascii: "#") ? .hash : .other }
        tail.append(byte)
        if isValueWhole { note(.policyNotAlone, TemplateValues.policyName) }
        if !isHTML, byte == UInt8(ascii: "<") { note(.lessInAttribute) }
    }

    /// Whether what was read of the attribute's value is these characters and nothing else.
    func isBehind(_ literal: String) -> Bool { tail.elementsEqual(literal.utf8) }

    /// Takes what was read as the value of the attribute.
    mutating func endValue() {
        if attributes[attribute] == nil { attributes[attribute] = String(decoding: tail, as: UTF8.self) }
        if isHTML, element == "meta" { noteEncoding() }
        tail = []
        isValueWhole = false
    }

    private mutating func noteElement() {
        guard isHTML else { return }
        if !Self.headElements.contains(element) { endHead("<\(element)>") }
        if foreignDepth > 0, Self.strangeElements.contains(element) { note(.foreignHTML, element) }
    }

    /// Reports are UTF-8: whatever says otherwise would change every name in them.
    private mutating func noteEncoding() {
        let name = attributes[attribute]?.lowercased() ?? ""
        if attribute == "charset", name != "utf-8" { note(.encoding, name) }
        if attribute == "content", let place = name.firstRange(of: "charset=") {
            let encoding = name[place.upperBound...]
            if !encoding.hasPrefix("utf-8") { note(.encoding, String(encoding)) }
        }
    }

    private mutating func endTag() {
        state = .text
        let isEmpty = isBehindSlash
        isBehindSlash = false
        if isHTML, Self.foreignElements.contains(element), !isEmpty { foreignDepth += 1 }
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
        if element == "script", String(decoding: content, as: UTF8.self).contains("<!--") { note(.scriptComment) }
        if foreignDepth > 0 || isReferenceText, content.contains(UInt8(ascii: "<")) { note(.markupInText, element) }
        rawElements.append((element, content))
        (endName, isEndNameRead) = (element, true)
        state = byte == UInt8(ascii: ">") ? .text : .endTag
    }

    private mutating func readOpaque(_ byte: UInt8, _ end: [UInt8]) {
        tail.append(byte)
        opaqueCount += 1
        // Browsers end a comment here: what follows would be markup to them, and a comment to this.
        let isEarly = opaqueCount <= 2 && (tail == Array(">".utf8) || tail == Array("->".utf8))
        if isHTML, end.count == 3, isEarly || tail.suffix(4).elementsEqual("--!>".utf8) { note(.strangeComment) }
        if tail.suffix(end.count).elementsEqual(end) { state = .text }
        if tail.count > 8 { tail.removeFirst(4) }
    }
}
