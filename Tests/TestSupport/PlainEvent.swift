/// An event as the tests make it: texts only, an empty one is missing.
package struct PlainEvent: Sendable {
    package var id: String
    /// Seconds since 1970; nil for an event without a usable time.
    package var seconds: Int64?
    /// Digits of fraction with the point, or nothing.
    package var fraction = ""
    package var action = ""
    package var actorID = ""
    package var actorEmail = ""
    package var resourceType = ""
    package var resourceID = ""
    package var resourceName = ""
    package var address = ""

    /// An event of an id; what is not said is missing.
    package init(
        id: String,
        seconds: Int64? = nil,
        fraction: String = "",
        action: String = "",
        actorID: String = "",
        actorEmail: String = "",
        resourceType: String = "",
        resourceID: String = "",
        resourceName: String = "",
        address: String = ""
    ) {
        (self.id, self.seconds, self.fraction, self.action) = (id, seconds, fraction, action)
        (self.actorID, self.actorEmail, self.address) = (actorID, actorEmail, address)
        (self.resourceType, self.resourceID, self.resourceName) = (resourceType, resourceID, resourceName)
    }
}

/// Events in the order of events.csv.
package func inOrder(_ events: [PlainEvent]) -> [PlainEvent] {
    events.sorted { left, right in
        if left.seconds != right.seconds {
            guard let a = left.seconds, let b = right.seconds else { return left.seconds == nil }
            return a < b
        }
        let fractions = (nanoseconds(left), nanoseconds(right))
        if fractions.0 != fractions.1 { return fractions.0 < fractions.1 }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}

private func nanoseconds(_ event: PlainEvent) -> Int {
    let digits = event.seconds == nil ? "" : String(event.fraction.dropFirst())
    return Int(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
}
