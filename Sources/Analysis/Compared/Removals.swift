import Evidence

/// The removals of the log, by whom they may be about.
struct Removals {
    private struct Named {
        var count = 0
        /// The last second of one that gives nothing but this e-mail; nil where none does.
        var alone: Int64?
    }

    /// By id: the last second of one; those without a time may be of any.
    private var ids: [ExactText: Int64] = [:]
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
            let (texts, at) = (event.texts, event.at?.seconds ?? .max)
            if !event.id.isEmpty { ids[ExactText(event.id)] = max(ids[ExactText(event.id)] ?? .min, at) }
            for text in texts {
                var known = named[text] ?? Named()
                known.count += 1
                if event.id.isEmpty || event.id.isWrittenAsMail { known.alone = max(known.alone ?? .min, at) }
                named[text] = known
            }
            if texts.count > 1 { twice[texts.sorted(), default: 0] += 1 }
            if !event.id.isEmpty, actors.contains(ExactText(event.id)) { continue }
            if texts.contains(where: mails.contains) || lists.give(event) { continue }
            loose.add(event)
        }
    }

    /// Whether one is about an actor for certain, and no earlier than a time: it gives their id, or nothing but an e-mail of
    /// theirs.
    func areCertainlyAbout(_ actor: AccessTrail.Actor, since begin: Instant? = nil) -> Bool {
        let last = [actor.id.isEmpty ? nil : ids[ExactText(actor.id)]] + actor.mails.map { named[$0]?.alone }
        return last.compactMap { $0 }.contains { (begin?.seconds ?? .min) <= $0 }
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
