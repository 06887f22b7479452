import Evidence

/// Removals that give nothing which is known of an actor or a listed member, so that nobody knows whom they are about.
struct LooseRemovals {
    /// How many of them give an e-mail and no id.
    private var byMail = 0
    /// How many of them give an id and no e-mail.
    private var byID = 0

    /// Takes what the log says of members, and the lists that tell of the same time.
    init(_ trail: AccessTrail, _ lists: [MemberLists]) {
        guard trail.events.contains(where: { $0.kind == .removed }) else { return }
        let ids = Set(trail.actors.map { ExactText($0.id) })
        let mails = trail.actors.reduce(into: Set<ExactText>()) { $0.formUnion($1.mails) }
        for event in trail.events where event.kind == .removed {
            let given = [event.id, event.name].filter { $0.utf8.contains(UInt8(ascii: "@")) }
            let isNamed = !event.id.isEmpty && !event.id.utf8.contains(UInt8(ascii: "@"))
            if isNamed == !given.isEmpty || isNamed && ids.contains(ExactText(event.id)) { continue }
            if given.contains(where: { mails.contains(ExactText($0.lowercasedASCII)) }) { continue }
            if lists.contains(where: { $0.match(event) != .none }) { continue }
            if isNamed { byID += 1 } else { byMail += 1 }
        }
    }

    /// How many of them may be about an actor of whom the log gives an e-mail or an id alone.
    func count(thatMayBeOf actor: AccessTrail.Actor) -> Int {
        actor.mails.isEmpty ? byMail : actor.id.isEmpty ? byID : 0
    }
}
