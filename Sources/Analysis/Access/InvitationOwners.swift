import Evidence

/// Which invitation of a list an event made: of those of its e-mail the last one from before it, else the last of unknown time.
struct InvitationOwners {
    /// Seconds by which the clocks of event and list may differ.
    private static let grace: Int64 = 60

    /// By e-mail in lower case: times and places, in order.
    private var dated: [ExactText: [(at: Int64, place: Int)]] = [:]
    private var undated: [ExactText: Int] = [:]

    /// Takes a list.
    init(_ listed: [AccessInvitation]) {
        for (place, invitation) in listed.enumerated() {
            guard let mail = invitation.email, !mail.isEmpty else { continue }
            let key = ExactText(mail.lowercasedASCII)
            if let created = invitation.createdAt {
                dated[key, default: []].append((created.seconds, place))
            } else {
                undated[key] = place
            }
        }
        for key in dated.keys { dated[key]?.sort { ($0.at, $0.place) < ($1.at, $1.place) } }
    }

    /// The place of the invitation that an event made; nil where the list has none.
    func place(of event: AccessTrail.Event) -> Int? {
        for text in [event.id, event.name] where !text.isEmpty {
            let key = ExactText(text.lowercasedASCII)
            let made = dated[key, default: []]
            let latest = event.at.map { $0.seconds.addingReportingOverflow(Self.grace).partialValue } ?? .max
            let next = made.firstPlace { latest < $0.at }
            if next > 0 { return made[next - 1].place }
            if let place = undated[key] { return place }
        }
        return nil
    }
}
