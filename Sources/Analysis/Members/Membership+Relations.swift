import Evidence

/// Whether a member whom an event is about is an actor.
extension Membership {
    /// Whether an actor was met who is the member.
    func isKnown(_ member: MemberRecords.Member) -> Bool {
        if actor(of: member) != nil { return true }
        return member.mails.contains { $0 != Self.nobody && numbers[$0].isActorsMail }
    }

    /// Whether a member is another actor than one who has an id, by theirs.
    func isOther(_ member: MemberRecords.Member, than actor: UInt32) -> Bool {
        guard isMet(actor), people[Int(actor)].hasID, let named = self.actor(of: member) else { return false }
        return named != actor
    }

    /// How a member whose role an actor changed relates to the actor.
    enum Relation {
        case same
        case other
        /// By an e-mail that others have, too, or that is all that is known of the actor.
        case perhaps
        /// Nothing that is known of both can be compared.
        case unknown
    }

    /// Whether an actor is the member whom their own event is about; `byOwnMail`: the event names the actor's e-mail.
    func relation(of actor: UInt32, to member: MemberRecords.Member, byOwnMail: Bool) -> Relation {
        let person = people[Int(actor)]
        let named = self.actor(of: member)
        if person.hasID, member.token != Self.nobody {
            if member.token == person.token { return .same }
            if named != nil { return .other }
        }
        var (isSame, isPerhaps, ownMails) = (byOwnMail, false, 0)
        forEachMail(of: actor) { mail in
            ownMails += 1
            guard member.mails.contains(mail) else { return }
            if numbers[mail].carriers <= 1 { isSame = true } else { isPerhaps = true }
        }
        if named != nil { forEachCarrier(of: actor) { if $0 == named { isPerhaps = true } } }
        if isSame || isPerhaps { return isSame ? .same : .perhaps }
        var mails = named.map { mailCount(of: $0) } ?? 0
        var carriedByID = false
        for mail in [member.mails[0], member.mails[1]] where mail != Self.nobody {
            if numbers[mail].isMail { mails += 1 }
            if numbers[mail].carriers > 0 { carriedByID = true }
        }
        return (ownMails > 0 && mails > 0) || (person.hasID && carriedByID) ? .other : .unknown
    }

    private func mailCount(of actor: UInt32) -> Int {
        var count = 0
        forEachMail(of: actor) { _ in count += 1 }
        return count
    }
}
