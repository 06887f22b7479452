import Evidence

/// What is told of the keys that are open at the end.
extension KeyRing {
    /// The keys that are open, by id, and whether whoever created them was removed.
    ///
    /// Adds the rows of the events that created them.
    func judge(
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> [WatchedLog.OpenKey] {
        let undated = members.undatedRemovals
        let open = self.open.indices.filter { !self.open[$0].isEmpty }
        var keys: [WatchedLog.OpenKey] = []
        keys.reserveCapacity(open.count + unidentified.count)
        for place in KeyOrder(count: open.count, { $1 < 2 ? ids.text(open[$0], part: $1) : .missing }).numbers {
            let number = open[Int(place)]
            for key in self.open[number].all {
                keys.append(judge(key, number, undated, members, doubts, actors, &rows))
            }
        }
        for key in unidentified { keys.append(judge(key, nil, undated, members, doubts, actors, &rows)) }
        return keys
    }

    private func judge(
        _ key: Key,
        _ number: Int?,
        _ undated: (members: UndatedMembers, numbers: [Int32]),
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.OpenKey {
        var told = told(key, number, actors, &rows)
        if !told.isAnonymous { told.orphan = orphan(key, undated, members, doubts, &rows) }
        return told
    }

    /// `number`: nil for a key with neither id nor name.
    private func told(_ key: Key, _ number: Int?, _ actors: ActorTexts, _ rows: inout EventRows.Builder)
        -> WatchedLog.OpenKey
    {
        let event = texts.view(key.start + Int(key.name), Int(key.event))
        if key.row > 0 { rows.add(event, key.row) }
        let id = actors.id(key.actor)
        let mail = key.mail == EventNumbering.missing ? .missing : actors.email(key.mail)
        let creator = mail.isEmpty ? id : mail
        let name = texts.view(key.start, Int(key.name)).string
        var told = WatchedLog.OpenKey(
            id: name,
            key: SubjectKey.of("event", event),
            name: name,
            creator: creator.string,
            createdAt: key.createdAt,
            event: event.string,
            isAnonymous: creator.isEmpty,
            isUnidentified: number == nil
        )
        guard let number else { return told }
        let given = ids.given(number)
        told.key = given.isEmpty ? SubjectKey.of("name", ids.given(number, part: 1)) : SubjectKey.id(given)
        if !given.isEmpty { told.id = ids.text(number).string }
        told.revocation = revocation(of: key, number)
        return told
    }

    /// Whether whoever created a key was removed afterwards, or before, without having been invited again: for certain
    /// where anything says so.
    private func orphan(
        _ key: Key,
        _ undated: (members: UndatedMembers, numbers: [Int32]),
        _ members: borrowing Membership,
        _ doubts: InvitationDoubts,
        _ rows: inout EventRows.Builder
    ) -> WatchedLog.Orphan? {
        guard !members.records.removals.isEmpty else { return nil }
        var found: (removal: Int32, doubt: JoinDoubt?, wasAway: Bool)?
        func note(_ removal: Int32, _ doubt: JoinDoubt?, wasAway: Bool) {
            if found == nil || (found?.doubt != nil && doubt == nil) { found = (removal, doubt, wasAway) }
        }
        let certain = members.latestCertainRemoval(of: key.actor)
        let latest = members.latestRemoval(of: key.actor)
        if certain != Membership.nobody, key.createdAt == nil || members.place(of: certain) > key.place {
            note(certain, key.createdAt == nil ? .order : nil, wasAway: false)
        } else if latest != Membership.nobody, key.createdAt == nil || members.place(of: latest) > key.place {
            note(latest, .sharedMail, wasAway: false)
        }
        if key.away != Membership.nobody, !members.isOfOther(key.away, than: key.actor) {
            let byID = members.standingRemovalByID(of: key.actor)
            let isTheirs =
                members.isCertain(key.away, of: key.actor)
                || (byID != Membership.nobody && members.place(of: byID) < key.place)
            let isExplained = doubts.mayExplain(
                key.actor,
                between: members.place(of: key.away),
                and: key.place,
                members
            )
            note(key.away, isTheirs ? (isExplained ? .invitation : nil) : .sharedMail, wasAway: true)
        }
        if members.holds(key.perhaps) {
            note(
                key.perhaps.removal,
                key.perhaps.mail == Membership.nobody ? .mailOfRemoved : .sharedMail,
                wasAway: true
            )
        }
        let ofCarrier = members.removalOfCarrier(of: key.actor, at: key.place)
        if ofCarrier != Membership.nobody {
            note(ofCarrier, .mailOfRemoved, wasAway: members.place(of: ofCarrier) < key.place)
        }
        if let place = undated.members.first(key.actor, members) {
            note(undated.numbers[place], .order, wasAway: false)
        }
        return found.map {
            let removal = members.records.removals[Int($0.removal)]
            return WatchedLog.Orphan(
                removal: members.note(removal: $0.removal, &rows),
                removedAt: removal.place > 0 ? removal.at : nil,
                doubt: $0.doubt,
                wasAway: $0.wasAway
            )
        }
    }
}
