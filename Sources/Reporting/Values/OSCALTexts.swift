import Analysis
import Evidence
import Templates

/// The UUIDs of an OSCAL document; docs/oscal.md tells of which names each is made.
struct OSCALNames: Sendable {
    let organization: String
    /// The name of the bundle, which tells reports of an organization apart.
    let report: String
    private static let namespace = NamedUUID("urn:heedaudit:oscal:1".utf8, in: .ofURLs)

    /// Of a thing that stays the same from report to report.
    func lasting(_ kind: String, _ names: String...) -> String { Self.uuid([kind, organization] + names) }

    /// Of a thing that this report alone has.
    func ofReport(_ kind: String, _ names: String...) -> String { Self.uuid([kind, organization, report] + names) }

    private static func uuid(_ names: [String]) -> String {
        NamedUUID(names.joined(separator: "\u{0}").utf8, in: namespace).text
    }
}

/// Texts in the forms that OSCAL's schema takes.
enum OSCALText {
    /// How many characters of a text from outside a property bears.
    private static let longest = 200

    /// A text as the value of a property, which has one line and neither begins nor ends blank; and the text itself where
    /// that is another one, else nothing.
    static func property(_ text: String) -> (value: String, whole: String) { line(text, longest: longest) }

    /// The same of a text that may be long: a title has one line, too.
    static func line(_ text: String, longest: Int = .max) -> (value: String, whole: String) {
        var scalars = text.unicodeScalars.prefix(longest).map { $0.properties.isWhitespace ? " " : $0 }
        while scalars.last == " " { scalars.removeLast() }
        let value = String(String.UnicodeScalarView(scalars.drop { $0 == " " }))
        return (value, value.isSameInBytes(as: text) ? "" : text)
    }

    /// A name as a token: letters, digits, `.`, `-` and `_`, and no digit at the start.
    static func token(_ name: String) -> String {
        let token = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map {
                    $0.isASCII
                        && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-._".unicodeScalars.contains($0))
                        ? $0 : "_"
                }
            )
        )
        return token.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "_" } == true ? token : "_" + token
    }

    /// A time that OSCAL has: of the years 1900 to 2999; nil for others.
    static func time(_ text: String?) -> String? {
        guard let text, let time = Instant(rfc3339: text)?.rfc3339,
            time.utf8.starts(with: "19".utf8) || time.utf8.starts(with: "2".utf8)
        else { return nil }
        return time
    }

    /// The end of a day that somebody wrote down, in a time zone; nil for what is none.
    static func end(ofDay text: String, in zone: CalendarZone) -> String? {
        CivilDate(text: text).flatMap { day in
            let next = CivilDate(daysSince1970: day.daysSince1970 + 1)
            return time(zone.start(of: next).adding(seconds: -1).rfc3339)
        }
    }

    /// What OSCAL's catalogue of NIST SP 800-53 calls a control, `ia-2.1` of `IA-2(1)`; nil for what is of no such form.
    static func controlID(_ reference: FrameworkReference) -> String? {
        guard reference.name.utf8.starts(with: "NIST 800-53".utf8) else { return nil }
        let id = reference.id.lowercased().replacing("(", with: ".").replacing(")", with: "")
        let isID = id.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-.".utf8.contains(byte)
        }
        return isID && id.utf8.first.map { $0 >= UInt8(ascii: "a") } == true ? id : nil
    }
}

/// A control in OSCAL's words.
struct OSCALControl: Sendable {
    /// What the control's findings are about: the part of an objective that it looks at.
    let target: String
    /// The objectives that it supports, and the controls of NIST SP 800-53 that these belong to.
    let objectives: [(id: String, control: String)]
    /// How it was looked at.
    let method: String
    /// Why it matters.
    let rationale: String

    init(_ result: ControlResults.Result) {
        let own = OSCALText.token(result.control)
        objectives = result.frameworks.compactMap(OSCALText.controlID).map { ("\($0)_obj.\(own)", $0) }
        target = objectives.first?.id ?? own
        rationale = result.rationale ?? result.title
        method =
            switch result.basis {
            case .settings, .evidence: "TEST"
            case .log, .access: "EXAMINE"
            case nil: "UNKNOWN"
            }
    }
}
