import CSimdJSON

/// One event, borrowed from a block: its received text and the fields that reports use.
///
/// Fields are unescaped UTF-8, never broken; an empty one is missing. Unknown fields are in `raw`. Public, with what it is
/// made of, so that it is inlined where it is used, as what is `package` is not.
@frozen public struct EventView {
    @usableFromInline let event: UnsafePointer<heed_event>

    /// Looks at an event where it stands; a copy of it would cost as much as what is done with it.
    @inlinable init(_ event: UnsafePointer<heed_event>) {
        self.event = event
    }

    @inlinable func view(_ text: heed_text) -> TextView { TextView(start: text.bytes, count: Int(text.count)) }

    /// A text with the suffix of an odd one, which makes it different from all others that are shown alike.
    @inlinable func key(_ text: heed_text) -> TextView {
        TextView(start: text.bytes, count: Int(text.count) + Int(text.suffix))
    }

    /// The event's JSON text as received, on one line.
    @inlinable public var raw: TextView { view(event.pointee.raw) }
    /// The event's id; `sha256:` and the digest of its line where the service sent none.
    @inlinable public var id: TextView { view(event.pointee.id) }
    /// The event's time in UTC, RFC 3339 with the digits of fraction received; missing for an undated event.
    @inlinable public var createdAt: TextView { view(event.pointee.created_at) }
    /// What happened, such as `database.created`.
    @inlinable public var action: TextView { view(event.pointee.action) }
    /// Who did it.
    @inlinable public var actorID: TextView { view(event.pointee.actor_id) }
    /// The actor's e-mail address.
    @inlinable public var actorEmail: TextView { view(event.pointee.actor_email) }
    /// The kind of thing it was done to.
    @inlinable public var resourceType: TextView { view(event.pointee.resource_type) }
    /// The id of the thing it was done to.
    @inlinable public var resourceID: TextView { view(event.pointee.resource_id) }
    /// The name of the thing it was done to.
    @inlinable public var resourceName: TextView { view(event.pointee.resource_name) }
    /// Where the request came from.
    @inlinable public var ipAddress: TextView { view(event.pointee.ip_address) }
    /// The id as received: what tells the event from all others (see ``EventIdentity``).
    @inlinable public var identity: TextView { key(event.pointee.id) }
    /// The action as a key, different for different values received; so are those below.
    ///
    /// They are not for showing: behind an odd text stands what was received.
    @inlinable public var actionKey: TextView { key(event.pointee.action) }
    /// The actor's id as a key.
    @inlinable public var actorIDKey: TextView { key(event.pointee.actor_id) }
    /// The actor's e-mail address as a key.
    @inlinable public var actorEmailKey: TextView { key(event.pointee.actor_email) }
    /// The kind of thing as a key.
    @inlinable public var resourceTypeKey: TextView { key(event.pointee.resource_type) }
    /// The id of the thing as a key.
    @inlinable public var resourceIDKey: TextView { key(event.pointee.resource_id) }
    /// The name of the thing as a key.
    @inlinable public var resourceNameKey: TextView { key(event.pointee.resource_name) }
    /// The address as a key.
    @inlinable public var ipAddressKey: TextView { key(event.pointee.ip_address) }
    /// When it happened; the epoch for an undated event.
    @inlinable public var instant: Instant {
        Instant(seconds: event.pointee.seconds, nanoseconds: event.pointee.nanoseconds)
    }
    /// How many digits of fraction `createdAt` shows, 0 to 9.
    @inlinable public var fractionDigits: Int { Int(event.pointee.fraction_digits) }
    /// Whether the event has no usable time; it is sorted before all others.
    @inlinable public var isUndated: Bool { event.pointee.undated != 0 }
}

/// The order of events everywhere: undated first, then by instant, then by the bytes of the id as shown and as received.
@inlinable func eventPrecedes(_ left: heed_event, _ right: heed_event) -> Bool {
    if left.undated != right.undated { return left.undated > right.undated }
    if left.seconds != right.seconds { return left.seconds < right.seconds }
    if left.nanoseconds != right.nanoseconds { return left.nanoseconds < right.nanoseconds }
    if (left.id.suffix | right.id.suffix) != 0 { return identityPrecedes(left.id, right.id) }
    return textPrecedes(left.id, right.id)
}

/// Whether a text comes before another by its bytes; a prefix comes first.
@inlinable func textPrecedes(_ left: heed_text, _ right: heed_text) -> Bool {
    let shared = Int(min(left.count, right.count))
    for index in 0..<shared {
        let a = left.bytes[index]
        let b = right.bytes[index]
        if a != b { return a < b }
    }
    return left.count < right.count
}

/// The same for odd texts: what is shown comes before what was received.
@usableFromInline func identityPrecedes(_ left: heed_text, _ right: heed_text) -> Bool {
    EventIdentity.precedes(
        UnsafeBufferPointer(start: left.bytes, count: Int(left.count) + Int(left.suffix)),
        UnsafeBufferPointer(start: right.bytes, count: Int(right.count) + Int(right.suffix))
    )
}
