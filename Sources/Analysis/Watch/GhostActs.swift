import Evidence

/// What actors did in the period behind their removal, without having been invited again.
struct GhostActs {
    private struct Act {
        var removal: Int32
        var place: Int
        var at: Instant
        var event: String
    }

    private struct Ghost {
        var actor: UInt32
        var acts: [Act] = []
    }

    private var places: [UInt32: Int] = [:]
    private var ghosts: [Ghost] = []

    /// - Returns: How many acts of the actor there are by now.
    mutating func add(_ event: EventView, by actor: UInt32, behind removal: Int32, at place: Int) -> Int {
        let number = places[actor] ?? ghosts.count
        if number == ghosts.count {
            places[actor] = number
            ghosts.append(Ghost(actor: actor))
        }
        ghosts[number].acts.append(Act(removal: removal, place: place, at: event.instant, event: event.id.string))
        return ghosts[number].acts.count
    }

    /// What they come to, once all of the log was seen; adds the rows of removals.
    func judge(
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> [WatchedLog.Ghost] {
        var found: [WatchedLog.Ghost] = []
        for ghost in ghosts {
            if let result = judge(ghost, members, doubts, actors, &rows) { found.append(result) }
        }
        for (actor, removal, doubt) in members.doubtful where places[actor] == nil {
            var result = WatchedLog.Ghost(subject: actors.label(actor), key: actors.key(actor), doubt: doubt)
            result.removals = [members.note(removal: removal, &rows)]
            found.append(result)
        }
        return KeyOrder(found) { [$0.subject, $0.key] }.numbers.map { found[Int($0)] }
    }

    private func judge(
        _ ghost: Ghost,
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.Ghost? {
        var result = WatchedLog.Ghost(subject: actors.label(ghost.actor), key: actors.key(ghost.actor))
        var removals: [Int32] = []
        var areTheirs: [Int32: Bool] = [:]
        let byID = members.standingRemovalByID(of: ghost.actor)
        let byIDPlace = byID == Membership.nobody ? Int.max : members.records.removals[Int(byID)].place
        for act in ghost.acts where !members.isOfOther(act.removal, than: ghost.actor) {
            if areTheirs[act.removal] == nil {
                removals.append(act.removal)
                areTheirs[act.removal] = members.isCertain(act.removal, of: ghost.actor)
            }
            let removal = members.records.removals[Int(act.removal)]
            if areTheirs[act.removal] != true, act.place < byIDPlace {
                result.doubtful.append(act.event)
                result.doubt = .sharedMail
            } else if doubts.mayExplain(ghost.actor, between: removal.place, and: act.place, members) {
                result.doubtful.append(act.event)
                result.doubt = result.doubt ?? .invitation
            } else {
                result.acts.append(.init(event: act.event, span: InstantRange(from: removal.at, to: act.at)))
            }
        }
        guard !removals.isEmpty else { return nil }
        result.removals = removals.map { members.note(removal: $0, &rows) }
        return result
    }
}

extension Membership {
    /// The id of the event by which a member was removed; adds its row.
    func note(removal: Int32, _ rows: inout EventRows.Builder) -> String {
        let event = records.event(Int(removal))
        let row = records.removals[Int(removal)].row
        if row > 0 { rows.add(event, row) }
        return event.string
    }

    /// Removals that match no actor, by what the member goes by; adds their rows.
    func unmatched(_ rows: inout EventRows.Builder) -> [WatchedLog.Flag] {
        var unmatched = FlagTable<ExactText>()
        for index in records.removals.indices where !isKnown(records.removals[index].member) {
            let at = records.removals[index].place > 0 ? records.removals[index].at : nil
            unmatched.add(ExactText(records.label(index).string), note(removal: Int32(index), &rows), at: at)
        }
        return unmatched.sorted { label in WatchedLog.Flag(subject: label.text, key: label.text) }
    }
}

extension ActorTexts {
    /// How findings name an actor: their latest e-mail and id as far as they are known; empty where neither is.
    func label(_ actor: UInt32) -> String { textTold { label(actor, $0) } }

    /// Tells the same piece after piece.
    func label(_ actor: UInt32, _ tell: (TextView) -> Void) {
        tell(label(actor, part: 0))
        let id = label(actor, part: 1)
        guard !id.isEmpty else { return }
        withTextView(of: " (", tell)
        tell(id)
        withTextView(of: ")", tell)
    }

    /// The parts of that: first what everybody has who is called anything, then the id behind an e-mail.
    func label(_ actor: UInt32, part: Int) -> TextView {
        let (id, mail) = (id(actor), latestEmail(of: actor))
        if id.isEmpty { return part == 0 ? mailOnly(actor) : .missing }
        if mail.isEmpty { return part == 0 ? id : .missing }
        return part == 0 ? mail : id
    }

    func areCalledAlike(_ one: UInt32, _ other: UInt32) -> Bool {
        isSame(label(one, part: 0), label(other, part: 0)) && isSame(label(one, part: 1), label(other, part: 1))
    }

    /// An actor as what a finding is about.
    func flag(_ actor: UInt32) -> WatchedLog.Flag { WatchedLog.Flag(subject: label(actor), key: key(actor)) }
}
