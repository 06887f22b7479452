import Evidence

/// Whom events without a usable time are about, so that the first of them that may be an actor is found without asking all.
struct UndatedMembers {
    /// By a member's id.
    private var byToken: [Int32: Int] = [:]
    /// By the actor whose id a member has.
    private var byActor: [UInt32: Int] = [:]
    /// By what may be an e-mail of theirs.
    private var byMail: [Int32: Int] = [:]
    /// The same of those whose id is no actor's.
    private var byMailAlone: [Int32: Int] = [:]

    /// Takes members, in order.
    init(_ members: [MemberRecords.Member], _ known: borrowing Membership) {
        func keep<Key>(_ place: Int, _ key: Key, _ places: inout [Key: Int]) {
            if places[key] == nil { places[key] = place }
        }
        for (place, member) in members.enumerated() {
            let actor = known.actor(of: member)
            if member.token != Membership.nobody { keep(place, member.token, &byToken) }
            if let actor { keep(place, actor, &byActor) }
            for mail in [member.mails[0], member.mails[1]] where mail != Membership.nobody {
                keep(place, mail, &byMail)
                if actor == nil { keep(place, mail, &byMailAlone) }
            }
        }
    }

    /// The place of the first member who may be an actor, by whatever is known of both; nil for none.
    func first(_ actor: UInt32, _ known: borrowing Membership) -> Int? {
        guard known.isMet(actor) else { return nil }
        let person = known.people[Int(actor)]
        var first = person.token == Membership.nobody ? nil : byToken[person.token]
        func take(_ place: Int?) { first = [first, place].compactMap { $0 }.min() }
        // Members with an actor's id are no other actor who has one, whatever their e-mail.
        known.forEachMail(of: actor) { take(person.hasID ? byMailAlone[$0] : byMail[$0]) }
        known.forEachCarrier(of: actor) { take(byActor[$0]) }
        return first
    }
}
