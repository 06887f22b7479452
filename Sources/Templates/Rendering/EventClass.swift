import Analysis
import Evidence
import Foundation

/// What rows of events tell besides, for readers of OCSF: which class and activity an event is, and its time as a number.
struct EventClass {
    /// The columns, which follow those of ``EventMoments``.
    static let columns: [RowProgram.Shape.Column] = [
        .init(name: "time_ms", isNumber: true), .init(name: "ip", isNumber: false),
        .init(name: "email", isNumber: false),
        .init(name: "is_account_change", isNumber: false), .init(name: "activity", isNumber: false),
        .init(name: "activity_id", isNumber: true), .init(name: "type_id", isNumber: true),
    ]

    private struct Activity {
        let action: StaticString
        let name: StaticString
        let id: Int64
        var isOfAccount = false
    }

    private static let apiActivity: Int64 = 6003
    private static let accountChange: Int64 = 3001
    private static let other: Int64 = 99

    /// What OCSF calls the documented actions; every other one is API Activity, Other.
    private static let activities: [Activity] = [
        Activity(action: "database.resized", name: "Update", id: 3),
        Activity(action: "database.created", name: "Create", id: 1),
        Activity(action: "database.deleted", name: "Delete", id: 4),
        Activity(action: "api_key.created", name: "Create", id: 1),
        Activity(action: "api_key.revoked", name: "Delete", id: 4),
        Activity(action: "settings.updated", name: "Update", id: 3),
        Activity(action: "member.invited", name: "Create", id: 1, isOfAccount: true),
        Activity(action: "member.removed", name: "Delete", id: 6, isOfAccount: true),
        // OCSF has no activity for it, so it keeps its own name.
        Activity(action: "member.role_changed", name: "member.role_changed", id: other, isOfAccount: true),
    ]

    /// Fills the cells of an event; the texts live as long as the event.
    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, _ event: borrowing EventView) {
        let first = EventField.count + EventMoments.columns.count
        let none = TextView(start: nil, count: 0)
        cells[first].number = event.isUndated ? 0 : event.instant.milliseconds
        cells[first + 1].text = Self.isAddress(event.ipAddress) ? event.ipAddress : none
        cells[first + 2].text = Self.isMail(event.actorEmail.bytes) ? event.actorEmail : none
        let action = event.action
        let known = Self.activities.first { Self.text($0.action).bytes.elementsEqual(action.bytes) }
        cells[first + 3].text = known?.isOfAccount == true ? Self.text("true") : none
        cells[first + 4].text =
            known.map { Self.text($0.name) } ?? (action.isEmpty ? Self.text("Other") : action)
        let id = known?.id ?? Self.other
        cells[first + 5].number = id
        cells[first + 6].number = (known?.isOfAccount == true ? Self.accountChange : Self.apiActivity) * 100 + id
    }

    private static func text(_ text: StaticString) -> TextView {
        TextView(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// Whether a text is an e-mail address as OCSF wants it: a name, an @, and a domain of at least two parts.
    private static func isMail(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let at = text.firstIndex(of: UInt8(ascii: "@")), at > 0 else { return false }
        let domain = text[(at + 1)...]
        guard let dot = domain.firstIndex(of: UInt8(ascii: ".")), dot > domain.startIndex, dot + 1 < domain.endIndex
        else { return false }
        return text[..<at].allSatisfy { isAlphanumeric($0) || "!#$%&'*+,-./=?^_`{|}~".utf8.contains($0) }
            && domain.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Whether a text is an IPv4 or IPv6 address and nothing else.
    private static func isAddress(_ text: TextView) -> Bool {
        let longest = 40
        guard !text.isEmpty, text.count <= longest, !text.bytes.contains(0) else { return false }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest + 1) { copy in
            for (place, byte) in text.bytes.enumerated() { copy[place] = CChar(bitPattern: byte) }
            copy[text.count] = 0
            var address = in6_addr()
            return inet_pton(AF_INET, copy.baseAddress, &address) == 1
                || inet_pton(AF_INET6, copy.baseAddress, &address) == 1
        }
    }
}
