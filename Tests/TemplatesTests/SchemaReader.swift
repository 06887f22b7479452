import CLibXML2

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Reads from a schema what ``RowSchema`` has as a table, as far as it can be understood.
extension RowSchema {
    /// Reads what a schema says of the only child of an element.
    ///
    /// nil where the child may not repeat without end, or anything of it is not understood: then only libxml2 can tell.
    init?(ofChildOf parent: String, in schema: [UInt8]) {
        guard let document = SchemaDocument(schema), document.isUnderstood,
            let list = document.only("element", named: parent)?.attribute("type"),
            let sequence = document.only("complexType", named: list)?.onlyPart, sequence.name == "sequence",
            sequence.hasAttributes([]), let child = sequence.onlyPart, let repeats = Self.repeats(child), repeats
        else { return nil }
        self.init(child, document)
    }

    /// Whether a part of a sequence may stand any number of times, or stands once; nil for anything else.
    private static func repeats(_ part: SchemaNode) -> Bool? {
        guard part.name == "element", part.hasAttributes(["name", "type", "minOccurs", "maxOccurs"]) else { return nil }
        switch (part.attribute("minOccurs"), part.attribute("maxOccurs")) {
        case ("0", "unbounded"): return true
        case (nil, nil): return part.hasAttributes(["name", "type"]) ? false : nil
        default: return nil
        }
    }

    fileprivate init?(_ node: SchemaNode, _ document: SchemaDocument) {
        guard let name = node.attribute("name"),
            !document.selectors.contains(where: { $0.split(separator: ":").last.map(String.init) == name })
        else { return nil }
        let content: ([Attribute], Content)
        if node.hasAttributes(["name", "type", "minOccurs", "maxOccurs"]), let type = node.attribute("type") {
            guard node.parts.isEmpty else { return nil }
            if let value = Self.value(of: type, document) {
                self.init(name, [], .text(value))
                return
            }
            guard let found = document.only("complexType", named: type), found.hasAttributes(["name"]),
                let read = Self.read(found, document)
            else { return nil }
            content = read
        } else {
            guard let type = node.onlyPart, type.name == "complexType", type.hasAttributes([]),
                let read = Self.read(type, document)
            else { return nil }
            content = read
        }
        self.init(name, content.0, content.1)
    }

    /// Reads a complex type: perhaps a sequence, then attributes.
    private static func read(_ type: SchemaNode, _ document: SchemaDocument) -> ([Attribute], Content)? {
        var parts = type.parts[...]
        var content = Content.nothing
        if let sequence = parts.first, sequence.name == "sequence" {
            parts = parts.dropFirst()
            guard sequence.hasAttributes([]), let particles = particles(of: sequence, document) else { return nil }
            content = .sequence(particles)
        }
        var attributes: [Attribute] = []
        for part in parts {
            guard part.name == "attribute", part.hasAttributes(["name", "type", "use"]), part.parts.isEmpty,
                let name = part.attribute("name"),
                let value = part.attribute("type").flatMap({ Self.value(of: $0, document) })
            else { return nil }
            switch part.attribute("use") {
            case nil, "optional": attributes.append(Attribute(name: Array(name.utf8), value: value, isRequired: false))
            case "required": attributes.append(Attribute(name: Array(name.utf8), value: value, isRequired: true))
            default: return nil
            }
        }
        return (attributes, content)
    }

    private static func particles(of sequence: SchemaNode, _ document: SchemaDocument) -> [Particle]? {
        var particles: [Particle] = []
        for part in sequence.parts {
            guard let repeats = repeats(part), let element = RowSchema(part, document) else { return nil }
            particles.append(Particle(element: element, repeats: repeats))
        }
        // Two of one name would make it a question which of them an element is.
        return Set(particles.map(\.element.element)).count == particles.count && !particles.isEmpty ? particles : nil
    }

    private static func value(of type: String, _ document: SchemaDocument) -> Value? {
        guard let part = document.only("simpleType", named: type)?.onlyPart else { return nil }
        if part.name == "union", part.hasAttributes(["memberTypes"]), part.parts.isEmpty {
            let members = part.attribute("memberTypes")?.split(separator: " ") ?? []
            return members.contains("xs:dateTime") ? .time : nil
        }
        guard part.name == "restriction", part.hasAttributes(["base"]) else { return nil }
        if part.attribute("base") == "xs:string", !part.parts.isEmpty,
            part.parts.allSatisfy({ $0.name == "enumeration" && $0.hasAttributes(["value"]) })
        {
            let values = part.parts.compactMap { $0.attribute("value").map { Array($0.utf8) } }
            return values.count == part.parts.count ? .oneOf(values) : nil
        }
        let facets = part.parts.map { "\($0.name)=\($0.attribute("value") ?? "")" }
        switch (part.attribute("base"), facets) {
        case ("xs:string", []): return .text
        case ("xs:string", ["minLength=1"]): return .presentText
        case ("xs:long", ["minInclusive=0"]): return .count
        default: return nil
        }
    }
}

/// An XML schema as a tree.
private final class SchemaDocument {
    private let document: xmlDocPtr
    private let all: [SchemaNode]

    /// Things that could let an element mean something else than it seems to here.
    private static let notUnderstood: Set<String> = [
        "any", "anyAttribute", "import", "include", "redefine", "override", "group", "attributeGroup", "key", "keyref",
        "alternative", "assert",
    ]

    init?(_ text: [UInt8]) {
        let read = text.withUnsafeBytes { bytes in
            xmlReadMemory(bytes.baseAddress, Int32(bytes.count), nil, nil, Int32(XML_PARSE_NONET.rawValue))
        }
        guard let read else { return nil }
        document = read
        all = xmlDocGetRootElement(read).map { SchemaNode($0).withDescendants } ?? []
    }

    deinit { xmlFreeDoc(document) }

    var isUnderstood: Bool {
        guard let root = all.first, root.name == "schema", root.bindsPrefix else { return false }
        return all.allSatisfy {
            !Self.notUnderstood.contains($0.name) && $0.attribute("substitutionGroup") == nil && $0.isOfSchema
        }
    }

    /// What identity constraints look at.
    var selectors: [String] { all.filter { $0.name == "selector" }.compactMap { $0.attribute("xpath") } }

    /// The one node of a kind that has a name; nil when there are several.
    func only(_ kind: String, named name: String) -> SchemaNode? {
        let found = all.filter { $0.name == kind && $0.attribute("name") == name }
        return found.count == 1 ? found[0] : nil
    }
}

private struct SchemaNode {
    private let node: xmlNodePtr

    init(_ node: xmlNodePtr) { self.node = node }

    private static let namespace = "http://www.w3.org/2001/XMLSchema"

    var name: String { node.pointee.name.map(Self.text) ?? "" }

    /// Whether the element belongs to the language of schemas; documentation may hold others.
    var isOfSchema: Bool { node.pointee.ns?.pointee.href.map(Self.text) == Self.namespace }

    /// Whether `xs:` stands for the language of schemas here.
    var bindsPrefix: Bool {
        xmlSearchNs(node.pointee.doc, node, "xs").flatMap { $0.pointee.href }.map(Self.text) == Self.namespace
    }

    /// The element children, annotations aside.
    var parts: [SchemaNode] { children.filter { $0.name != "annotation" } }

    /// The one child.
    var onlyPart: SchemaNode? {
        let parts = parts
        return parts.count == 1 ? parts[0] : nil
    }

    var withDescendants: [SchemaNode] {
        name == "annotation" ? [] : [self] + children.flatMap(\.withDescendants)
    }

    /// The value of an attribute that is written without references.
    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    /// Whether there are no other attributes than these.
    func hasAttributes(_ names: Set<String>) -> Bool { attributes.allSatisfy { names.contains($0.name) } }

    private var attributes: [(name: String, value: String?)] {
        var attributes: [(name: String, value: String?)] = []
        var attribute = node.pointee.properties
        while let found = attribute {
            let content = found.pointee.children
            let value = content?.pointee.next == nil ? content?.pointee.content.map(Self.text) : nil
            // One of another namespace is none of those that are looked for, and so is never understood.
            let name = found.pointee.ns == nil ? found.pointee.name.map(Self.text) : nil
            attributes.append((name ?? "", value))
            attribute = found.pointee.next
        }
        return attributes
    }

    private var children: [SchemaNode] {
        var children: [SchemaNode] = []
        var child = node.pointee.children
        while let found = child {
            if found.pointee.type == XML_ELEMENT_NODE { children.append(SchemaNode(found)) }
            child = found.pointee.next
        }
        return children
    }

    private static func text(_ pointer: UnsafePointer<xmlChar>) -> String {
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
    }

    private static func text(_ pointer: UnsafeMutablePointer<xmlChar>) -> String { text(UnsafePointer(pointer)) }
}
