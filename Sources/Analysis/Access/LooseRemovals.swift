import Evidence

/// Removals that give nothing which is known of an actor or a listed member, so that nobody knows whom they are about.
struct LooseRemovals {
    /// In the order of the log.
    private(set) var events: [AccessTrail.Event] = []

    /// Takes what the log says of members, and the lists that tell of the same time.
    init(_ trail: AccessTrail, _ lists: [MemberLists]) {
        guard trail.events.contains(where: { $0.kind == .removed }) else { return }
        let ids = Set(trail.actors.map { ExactText($0.id) })
        let mails = trail.actors.reduce(into: Set<ExactText>()) { $0.formUnion($1.mails) }
        for event in trail.events where event.kind == .removed {
            if !event.id.isEmpty, ids.contains(ExactText(event.id)) { continue }
            if [event.id, event.name].contains(where: { mails.contains(ExactText($0.lowercasedASCII)) }) { continue }
            if lists.contains(where: { $0.match(event) != .none }) { continue }
            events.append(event)
        }
    }
}
