import Evidence

/// What actors did in the period behind their removal, without having been invited again.
struct GhostActs {
    private struct Act {
        var removal: Int32
        var place: Int
        var event: String
    }

    private struct Ghost {
        var actor: UInt32
        var name: String
        var acts: [Act] = []
    }

    private var places: [UInt32: Int] = [:]
    private var ghosts: [Ghost] = []

    /// - Returns: How many acts of the actor there are by now.
    mutating func add(
        _ event: EventView,
        by actor: UInt32,
        name: @autoclosure () -> String,
        behind removal: Int32,
        at place: Int
    )
        -> Int
    {
        let number = places[actor] ?? ghosts.count
        if number == ghosts.count {
            places[actor] = number
            ghosts.append(Ghost(actor: actor, name: name()))
        }
        ghosts[number].acts.append(Act(removal: removal, place: place, event: event.id.string))
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
            var result = WatchedLog.Ghost(subject: ghost.name, key: actors.key(ghost.actor))
            var removals: [Int32] = []
            for act in ghost.acts where !members.isOfOther(act.removal, than: ghost.actor) {
                if !removals.contains(act.removal) { removals.append(act.removal) }
                let begin = members.records.removals[Int(act.removal)].place
                if doubts.mayExplain(ghost.actor, between: begin, and: act.place, members) {
                    result.doubtful.append(act.event)
                } else {
                    result.acts.append(act.event)
                }
            }
            guard !removals.isEmpty else { continue }
            result.removals = removals.map { members.note(removal: $0, &rows) }
            found.append(result)
        }
        for (actor, removal) in members.doubtful where places[actor] == nil {
            var result = WatchedLog.Ghost(subject: actors.label(actor), key: actors.key(actor))
            result.removals = [members.note(removal: removal, &rows)]
            found.append(result)
        }
        return KeyOrder(found) { [$0.subject, $0.key] }.numbers.map { found[Int($0)] }
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
            let label = records.label(index).string
            unmatched.add(ExactText(label), note(removal: Int32(index), &rows), subject: label, key: label)
        }
        return unmatched.sorted
    }
}

extension ActorTexts {
    /// What tells an actor from others: the id, or the e-mail of one without.
    func key(_ actor: UInt32) -> String {
        let id = id(actor)
        return (id.isEmpty ? mailOnly(actor) : id).string
    }

    /// How findings name an actor that no event at hand names.
    func label(_ actor: UInt32) -> String {
        let (id, mail) = (id(actor), latestEmail(of: actor))
        if id.isEmpty { return mailOnly(actor).string }
        return mail.isEmpty ? id.string : "\(mail.string) (\(id.string))"
    }
}
