import CSimdJSON

/// A field of an event that is read and reported: a line of the list in `CSimdJSON.h`.
///
/// Whatever goes through all fields (columns, rows, comparison) goes by that list, so that no order is written down twice.
@frozen public struct EventField: Hashable, Sendable {
    /// Its place in the list, which is that of its column in events.csv.
    public let number: Int

    @inlinable init(number: Int) { self.number = number }

    private init(_ number: some BinaryInteger) { self.number = Int(number) }

    /// How many there are.
    @inlinable public static var count: Int { Int(HEED_FIELD_COUNT) }

    /// All of them, in the order of events.csv.
    public static let all = (0..<count).map { EventField(number: $0) }

    /// The event's id.
    public static let id = EventField(HEED_FIELD_id)
    /// When it happened.
    public static let createdAt = EventField(HEED_FIELD_created_at)
    /// What was done.
    public static let action = EventField(HEED_FIELD_action)
    /// From where.
    public static let ipAddress = EventField(HEED_FIELD_ip_address)
    /// Who did it.
    public static let actorID = EventField(HEED_FIELD_actor_id)
    /// The actor's e-mail address.
    public static let actorEmail = EventField(HEED_FIELD_actor_email)
    /// The kind of thing it was done to.
    public static let resourceType = EventField(HEED_FIELD_resource_type)
    /// The id of the thing it was done to.
    public static let resourceID = EventField(HEED_FIELD_resource_id)
    /// The name of the thing it was done to.
    public static let resourceName = EventField(HEED_FIELD_resource_name)

    /// What a field tells of its event.
    public enum Meaning: Sendable {
        /// Which event it is.
        case identity
        /// When it happened.
        case time
        /// What happened, which never changes.
        case core
        /// What something was called at that time.
        case label
    }

    private var line: heed_event_field { heed_event_fields()[number] }

    /// The name of its column, and of its value in templates.
    public var name: String { String(cString: line.name) }
    /// The object of the event that holds it; empty for the event itself.
    public var object: String { String(cString: line.object) }
    /// Its key there.
    public var key: String { String(cString: line.key) }
    /// What it tells.
    public var meaning: Meaning {
        switch Int(line.tells) {
        case Int(HEED_TELLS_IDENTITY): .identity
        case Int(HEED_TELLS_TIME): .time
        case Int(HEED_TELLS_LABEL): .label
        default: .core
        }
    }
}

extension EventView {
    /// Hands out the texts of all fields with their numbers, in order.
    @inlinable @inline(__always)
    public func forEachField(_ body: (_ number: Int, _ text: TextView) -> Void) {
        for number in 0..<EventField.count { body(number, view(heed_event_text(event, number).pointee)) }
    }
}
