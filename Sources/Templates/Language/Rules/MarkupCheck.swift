import Foundation

/// Walks through a document of markup and refuses tags that stand elsewhere than in text or quoted attributes.
struct MarkupCheck {
    private(set) var scanner: MarkupScanner
    private(set) var problems: [TemplateProblem] = []
    /// Whether an HTML document's policy stands where it must, and holds for all that follows.
    private(set) var hasPolicy = false
    private var outer: [MarkupScanner] = []
    private var hasMistake = false
    /// A value in the `<meta>` that is being read.
    private var valueInMeta: TemplateSyntax.Name?

    init(isHTML: Bool) { scanner = MarkupScanner(isHTML: isHTML) }

    mutating func run(_ document: LinkedTemplate) {
        TemplateContexts.walk(document.nodes) { read($0) }
        let end = TemplatePlace(file: document.name, line: 1, column: 1)
        if scanner.state != .text { problems.append(end.problem(.openMarkup)) }
    }

    private mutating func read(_ item: TemplateContexts.Item) {
        switch item {
        case .text(let text, let place):
            for byte in text.utf8 { read(byte, place) }
            noteMistake(place)
        case .variable(let name, let place):
            if let refusal = refusal(of: name) {
                problems.append(place.problem(refusal.rule, name.written, refusal.what, hint: refusal.hint))
            } else if scanner.element == "meta", scanner.state != .text {
                valueInMeta = name
            }
            scanner.readTemplateValue()
            noteMistake(place)
            if name.text == TemplateValues.policyName, hasPolicy { scanner.keepValueWhole() }
        case .beginSection(let section):
            if let reason = sectionRefusal {
                let written = (section.isInverted ? "^" : "#") + section.name.written
                problems.append(section.place.problem(.sectionInMarkup, written, reason))
            }
            outer.append(scanner)
        case .endSection(let section):
            guard let before = outer.popLast() else { return }
            let after = scanner
            if !scanner.join(before) {
                problems.append(
                    section.place.problem(
                        .sectionAcross,
                        section.name.written,
                        hint: "open and close tags, quotes and comments inside the same section"
                    )
                )
                scanner = after
            }
        }
    }

    // MARK: Where a section may stand

    private var sectionRefusal: String? {
        switch scanner.state {
        case .text, .quotedValue, .tagName, .beforeAttribute, .behindAttribute: nil
        case .rawText: scanner.isReferenceText ? nil : "<\(scanner.element)>"
        case .tagOpen, .endTag: "a tag's name"
        case .attributeName: "an attribute's name"
        case .beforeValue, .unquotedValue: "an attribute without quotes"
        case .opaque: "a comment or declaration"
        }
    }

    private mutating func read(_ byte: UInt8, _ place: TemplatePlace) {
        let wasInTag = scanner.state != .text
        scanner.read(byte)
        guard wasInTag, scanner.state == .text, let name = valueInMeta else { return }
        valueInMeta = nil
        let isPolicy = name.text == TemplateValues.policyName && hasPolicy
        if scanner.attributes["http-equiv"] != nil, !isPolicy {
            problems.append(place.problem(.valueInHeader, name.written, hint: "write such a <meta> literally"))
        }
    }

    /// Tells the first thing that makes the reading uncertain: what follows rests on it.
    private mutating func noteMistake(_ place: TemplatePlace) {
        guard !hasMistake, let mistake = scanner.mistake else { return }
        hasMistake = true
        problems.append(place.problem(mistake.rule, mistake.argument))
    }

    // MARK: Where a value may stand

    /// Why a value is refused; `what` stands behind the name in the words of the rule.
    private typealias Refusal = (rule: TemplateRule, what: String, hint: String?)

    private mutating func refusal(of name: TemplateSyntax.Name) -> Refusal? {
        let tag = "{{\(name.written)}}"
        switch scanner.state {
        case .text: return policyMisplaced(name)
        case .rawText where scanner.isReferenceText: return policyMisplaced(name)
        case .rawText: return (.valueInRaw, scanner.element, "keep scripts and styles literal")
        case .tagOpen, .tagName, .endTag: return (.valueInTag, "", nil)
        case .beforeAttribute, .behindAttribute, .attributeName:
            return (.valueInAttributeName, "", "values stand in text and in quoted attributes")
        case .beforeValue, .unquotedValue: return (.valueUnquoted, "", "write name=\"\(tag)\"")
        case .opaque: return (.valueInComment, "", "use a template's comment: {{! … }}")
        case .quotedValue: return scanner.isHTML ? attributeRefusal(of: name) : nil
        }
    }

    private func policyMisplaced(_ name: TemplateSyntax.Name) -> Refusal? {
        guard name.text == TemplateValues.policyName, scanner.isHTML else { return nil }
        return (.policyMisplaced, "", HTMLTemplate.policyHint)
    }

    private static let addresses: Set = [
        "href", "src", "xlink:href", "action", "formaction", "data", "poster", "cite", "background", "manifest",
        "longdesc", "usemap", "codebase", "classid", "profile", "xml:base", "dynsrc", "lowsrc",
    ]
    /// What holds several addresses, or says what a page inside this one may do.
    private static let addressLists: Set = [
        "srcset", "imagesrcset", "ping", "archive", "attributionsrc", "sandbox", "allow", "csp",
    ]
    private static let animations: Set = ["animate", "set", "animatetransform", "animatemotion", "animatecolor"]
    /// Elements whose attributes decide what is loaded or run.
    private static let loaders: Set = [
        "script", "style", "link", "base", "iframe", "frame", "object", "embed", "applet", "param", "portal",
        "template", "fencedframe",
    ]

    private mutating func attributeRefusal(of name: TemplateSyntax.Name) -> Refusal? {
        let attribute = scanner.attribute
        if name.text == TemplateValues.policyName { return notePolicy(name) }
        if attribute.hasPrefix("on") { return (.valueInScript, attribute, nil) }
        if attribute == "style" { return (.valueInStyle, "", "use a class") }
        if attribute == "srcdoc" { return (.valueInDocument, "", nil) }
        if Self.addressLists.contains(attribute) { return (.valueInAddresses, attribute, nil) }
        if attribute == "href", scanner.element == "a", scanner.isBehind("./"), TemplateValues.isAddress(name) {
            return nil
        }
        if Self.addresses.contains(attribute), scanner.valueStart != .hash {
            return (.valueInAddress, attribute, "write \(attribute)=\"#…\"")
        }
        if Self.animations.contains(scanner.element) { return (.valueInAnimation, scanner.element, nil) }
        if Self.loaders.contains(scanner.element) { return (.valueInLoader, scanner.element, nil) }
        let isNamed = attribute == "content" && scanner.attributes["name"] != nil && !scanner.isTagConditional
        if scanner.element == "meta", !isNamed {
            return (.valueInMeta, "", "write name=\"…\" first, outside of sections")
        }
        return nil
    }

    /// The policy must hold for the whole document: in its `<meta>` of the real head, before anything else, in no section.
    private mutating func notePolicy(_ name: TemplateSyntax.Name) -> Refusal? {
        let isInMeta =
            scanner.element == "meta" && scanner.attribute == "content" && scanner.attributes["content"] == nil
            && scanner.attributes["http-equiv"]?.lowercased() == "content-security-policy"
        guard isInMeta, name.function == nil else { return (.policyMisplaced, "", HTMLTemplate.policyHint) }
        guard scanner.valueStart == .empty else { return (.policyNotAlone, "", HTMLTemplate.policyHint) }
        guard outer.isEmpty else { return (.policyInSection, "", "it must always be there") }
        guard !scanner.isTagConditional else { return (.policyConditional, "", "it must always be there") }
        if let before = scanner.behindHead { return (.policyBehind, before, "put it right after <meta charset>") }
        hasPolicy = true
        return nil
    }
}

/// The rules of XML documents: values stand in text and in quoted attributes.
enum XMLTemplate {
    /// What is wrong with a document.
    static func check(_ document: LinkedTemplate) -> [TemplateProblem] {
        var check = MarkupCheck(isHTML: false)
        check.run(document)
        return check.problems + encodingProblem(document)
    }

    /// Reports are UTF-8: a declaration that says otherwise would change every name in them.
    private static func encodingProblem(_ document: LinkedTemplate) -> [TemplateProblem] {
        guard case .text(let text, let place)? = document.nodes.first, text.hasPrefix("<?xml"),
            let encoding = text.range(of: "encoding=")
        else { return [] }
        let value = text[encoding.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" }
        return value.lowercased() == "utf-8" ? [] : [place.problem(.encoding, String(value))]
    }
}
