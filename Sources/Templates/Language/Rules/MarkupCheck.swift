import Foundation

/// Walks through a document of markup and refuses tags that stand elsewhere than in text or quoted attributes.
struct MarkupCheck {
    private(set) var scanner: MarkupScanner
    private(set) var problems: [TemplateProblem] = []
    /// Whether an HTML document's policy stands where it must, and holds for all that follows.
    private(set) var hasPolicy = false
    private var outer: [MarkupScanner] = []

    init(isHTML: Bool) { scanner = MarkupScanner(isHTML: isHTML) }

    mutating func run(_ document: LinkedTemplate) {
        TemplateContexts.walk(document.nodes) { read($0) }
        let end = TemplatePlace(file: document.name, line: 1, column: 1)
        if scanner.state != .text { problems.append(end.problem("the document ends inside a tag, script or comment")) }
    }

    private mutating func read(_ item: TemplateContexts.Item) {
        switch item {
        case .text(let text, let place):
            let hadMistake = scanner.mistake != nil
            for byte in text.utf8 { scanner.read(byte) }
            if !hadMistake, let mistake = scanner.mistake { problems.append(place.problem(mistake)) }
        case .variable(let name, let place):
            if let reason = refusal(of: name) { problems.append(place.problem(reason.message, hint: reason.hint)) }
            scanner.readTemplateValue()
        case .beginSection(let section):
            if let reason = sectionRefusal {
                problems.append(
                    section.place.problem(
                        "{{\(section.isInverted ? "^" : "#")\(section.name.written)}} inside \(reason)"
                    )
                )
            }
            outer.append(scanner)
        case .endSection(let section):
            guard let before = outer.popLast() else { return }
            let after = scanner
            if !scanner.join(before) {
                problems.append(
                    section.place.problem(
                        "the section {{\(section.name.written)}} ends in another context than it begins in",
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

    // MARK: Where a value may stand

    private mutating func refusal(of name: TemplateSyntax.Name) -> (message: String, hint: String?)? {
        let tag = "{{\(name.written)}}"
        switch scanner.state {
        case .text: return policyMisplaced(name)
        case .rawText where scanner.isReferenceText: return policyMisplaced(name)
        case .rawText: return ("\(tag) inside <\(scanner.element)>", "keep scripts and styles literal")
        case .tagOpen, .tagName, .endTag: return ("\(tag) in a tag's name", nil)
        case .beforeAttribute, .behindAttribute, .attributeName:
            return ("\(tag) in an attribute's name", "values stand in text and in quoted attributes")
        case .beforeValue, .unquotedValue: return ("\(tag) in an attribute without quotes", "write name=\"\(tag)\"")
        case .opaque: return ("\(tag) inside a comment or declaration", "use a template's comment: {{! … }}")
        case .quotedValue: return scanner.isHTML ? attributeRefusal(of: name) : nil
        }
    }

    private func policyMisplaced(_ name: TemplateSyntax.Name) -> (message: String, hint: String?)? {
        guard name.text == TemplateValues.policyName, scanner.isHTML else { return nil }
        return ("{{\(name.written)}} outside its <meta>", HTMLTemplate.policyHint)
    }

    private static let addresses: Set = [
        "href", "src", "xlink:href", "srcset", "action", "formaction", "data", "poster", "cite", "background", "ping",
        "manifest", "longdesc", "usemap", "codebase", "archive", "classid", "profile",
    ]
    private static let animations: Set = ["animate", "set", "animatetransform", "animatemotion"]

    private mutating func attributeRefusal(of name: TemplateSyntax.Name) -> (message: String, hint: String?)? {
        let tag = "{{\(name.written)}}"
        let attribute = scanner.attribute
        if name.text == TemplateValues.policyName { return notePolicy(name) }
        if attribute.hasPrefix("on") { return ("\(tag) in \(attribute): it is run as a script", nil) }
        if attribute == "style" { return ("\(tag) in style: it is read as CSS", "use a class") }
        if attribute == "srcdoc" { return ("\(tag) in srcdoc: it is read as a document", nil) }
        if Self.addresses.contains(attribute), scanner.valueStart != .hash {
            return (
                "\(tag) in \(attribute): an address that does not start with a literal #", "write \(attribute)=\"#…\""
            )
        }
        if Self.animations.contains(scanner.element) {
            return ("\(tag) in <\(scanner.element)>: it could change an address", nil)
        }
        if scanner.element == "meta", attribute == "content", scanner.attributes["name"] == nil {
            return ("\(tag) in a <meta> that says no name before", "write name=\"…\" first")
        }
        return nil
    }

    /// The policy must hold for the whole document: in its `<meta>`, before any script or style, in no section.
    private mutating func notePolicy(_ name: TemplateSyntax.Name) -> (message: String, hint: String?)? {
        let isInMeta =
            scanner.element == "meta" && scanner.attribute == "content" && scanner.valueStart == .empty
            && scanner.attributes["http-equiv"]?.lowercased() == "content-security-policy"
        guard isInMeta, name.function == nil else {
            return ("{{\(name.written)}} outside its <meta>", HTMLTemplate.policyHint)
        }
        guard outer.isEmpty else { return ("{{\(name.written)}} inside a section", "it must always be there") }
        guard !scanner.rawElements.contains(where: { $0.element == "script" || $0.element == "style" }) else {
            return ("{{\(name.written)}} behind a script or style", "put it right after <meta charset>")
        }
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
        return value.lowercased() == "utf-8" ? [] : [place.problem("the encoding \(value): reports are UTF-8")]
    }
}
