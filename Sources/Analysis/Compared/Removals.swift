import Evidence

/// The removals of the log, by whom they may be about.
struct Removals {
    private struct Named {
        var count = 0
        /// Whether one gives nothing but this e-mail.
        var isAlone = false
    }

    private var ids: Set<ExactText> = []
    /// By what they give, in lower case.
    private var named: [ExactText: Named] = [:]
    /// By two different texts: how many give both.
    private var twice: [[ExactText]: Int] = [:]
    /// Those that give nothing which is known of an actor or a listed member, so that nobody knows whom they are about.
    private var loose = LooseEvents()

    /// Takes what the log says of members, and the lists that tell of the same time.
    init(_ trail: AccessTrail, _ lists: ListsInTime) {
        guard trail.events.contains(where: { $0.kind == .removed }) else { return }
        let actors = Set(trail.actors.map { ExactText($0.id) })
        let mails = trail.actors.reduce(into: Set<ExactText>()) { $0.formUnion($1.mails) }
        for event in trail.events where event.kind == .removed {
            let texts = event.texts
            if !event.id.isEmpty { ids.insert(ExactText(event.id)) }
            for text in texts {
                named[text, default: Named()].count += 1
                if event.id.isEmpty || event.id.isWrittenAsMail { named[text]?.isAlone = true }
            }
            if texts.count > 1 { twice[texts.sorted(), default: 0] += 1 }
            if !event.id.isEmpty, actors.contains(ExactText(event.id)) { continue }
            if texts.contains(where: mails.contains) || lists.give(event) { continue }
            loose.add(event)
        }
    }

    /// Whether one is about an actor for certain: it gives their id, or nothing but an e-mail of theirs.
    func areCertainlyAbout(_ actor: AccessTrail.Actor) -> Bool {
        if !actor.id.isEmpty, ids.contains(ExactText(actor.id)) { return true }
        return actor.mails.contains { named[$0]?.isAlone == true }
    }

    /// How many may be about an actor whom none is about for certain.
    func count(perhapsAbout actor: AccessTrail.Actor) -> Int {
        let mails = actor.mails.filter { named[$0] != nil }.sorted()
        var count = mails.reduce(0) { $0 + (named[$1]?.count ?? 0) }
        for (place, one) in mails.enumerated() {
            for other in mails[(place + 1)...] { count -= twice[[one, other]] ?? 0 }
        }
        return count + loose.count(AccessTrail.Event.kinds(of: [actor.id]), hasMail: !actor.mails.isEmpty)
    }
}
