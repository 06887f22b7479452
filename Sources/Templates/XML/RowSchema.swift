import Evidence

/// What a schema says of an element that repeats, as ``RowCheck`` needs it: without the schema's text, so that a million
/// rows cost little.
struct RowSchema: Sendable, Hashable {
    /// What a value may be.
    enum Value: Sendable, Hashable {
        case text
        case presentText
        case count
        case time
        case oneOf([[UInt8]])
    }

    struct Attribute: Sendable, Hashable {
        var name: [UInt8]
        var value: Value
        var isRequired: Bool
    }

    /// What stands between an element's tags.
    enum Content: Sendable, Hashable {
        case nothing
        case text(Value)
        /// Elements of different names, in this order.
        case sequence([Particle])
    }

    /// An element that stands once, or any number of times.
    struct Particle: Sendable, Hashable {
        var element: RowSchema
        var repeats: Bool
    }

    let element: [UInt8]
    let attributes: [Attribute]
    let content: Content

    init(_ element: String, _ attributes: [Attribute], _ content: Content = .nothing) {
        self.element = Array(element.utf8)
        self.attributes = attributes
        self.content = content
    }
}

/// The schema of a document: its text, and what it says of the rows of streamed lists.
struct DocumentSchema: Sendable {
    /// The schema, for libxml2.
    var text: [UInt8]
    /// Rows by the name of the element that holds them and nothing else.
    var rows: [String: RowSchema]
}

extension RowSchema {
    /// What audit-report.xsd says of the elements that stand in these; a test holds it to the schema.
    static let ofReport: [String: RowSchema] = [
        "actions": RowSchema(
            "action",
            texts("name description") + counts("count actors resources") + times("first_at last_at")
        ),
        "actors": RowSchema(
            "actor",
            texts("id email") + counts("count actions resources ip_addresses") + times("first_at last_at"),
            .sequence([ownAction])
        ),
        "resources": RowSchema(
            "resource",
            texts("type id name") + counts("count actions actors") + times("first_at last_at"),
            .sequence([ownAction])
        ),
        "findings": RowSchema("finding", finding, .sequence(partsOfFinding)),
        "events": RowSchema(
            "event",
            EventField.all.map {
                Attribute(name: $0.name, value: $0 == .createdAt ? .time : .presentText, isRequired: $0 == .id)
            }
        ),
    ]

    private static let ownAction = Particle(
        element: RowSchema("action", texts("name") + counts("count")),
        repeats: true
    )

    private static let finding: [Attribute] =
        texts("id") + texts("control", areRequired: true)
        + [
            Attribute(name: "severity", value: .oneOf("critical high medium low info"), isRequired: true),
            Attribute(
                name: "status",
                value: .oneOf("pass fail not_proven manual reviewed waived not_applicable"),
                isRequired: true
            ),
        ] + texts("owner due") + [Attribute(name: "overdue", value: .oneOf("true false"), isRequired: false)]
        + times("judged_to")

    private static let partsOfFinding = [
        Particle(element: RowSchema("title", [], .text(.presentText)), repeats: false),
        Particle(element: RowSchema("subject", [], .text(.text)), repeats: false),
        Particle(element: RowSchema("detail", [], .text(.text)), repeats: false),
        Particle(element: RowSchema("remediation", [], .text(.text)), repeats: false),
        Particle(element: RowSchema("framework", texts("name id", areRequired: true)), repeats: true),
        Particle(element: RowSchema("event", texts("id", areRequired: true)), repeats: true),
        Particle(
            element: RowSchema(
                "waiver",
                texts("approver", areRequired: true) + texts("until")
                    + [Attribute(name: "reason", value: .text, isRequired: true)]
            ),
            repeats: true
        ),
    ]

    private static func texts(_ names: String, areRequired: Bool = false) -> [Attribute] {
        names.split(separator: " ").map { Attribute(name: $0, value: .presentText, isRequired: areRequired) }
    }

    private static func counts(_ names: String) -> [Attribute] {
        names.split(separator: " ").map { Attribute(name: $0, value: .count, isRequired: true) }
    }

    private static func times(_ names: String) -> [Attribute] {
        names.split(separator: " ").map { Attribute(name: $0, value: .time, isRequired: false) }
    }
}

extension RowSchema.Attribute {
    fileprivate init(name: some StringProtocol, value: RowSchema.Value, isRequired: Bool) {
        self.init(name: Array(name.utf8), value: value, isRequired: isRequired)
    }
}

extension RowSchema.Value {
    fileprivate static func oneOf(_ words: String) -> Self {
        .oneOf(words.split(separator: " ").map { Array($0.utf8) })
    }
}
