import Evidence

/// What lists tell of people whom the log removes: that they came back past it, for accepting an invitation is not in the log.
struct ReturnedMembers {
    /// Somebody on a list: when they joined, or were invited, and when the last such list was served.
    private struct Sight {
        var joined: Instant?
        var listed: Instant
    }

    private var byID: [ExactText: [Sight]] = [:]
    private var byMail: [ExactText: [Sight]] = [:]
    private var actors: [ExactText: AccessTrail.Actor] = [:]
    private let trail: AccessTrail
    private let makers: [ExactText: Int]

    init(_ lists: [AccessLists], _ trail: AccessTrail) {
        self.trail = trail
        makers = trail.keyMakers
        for (place, list) in lists.enumerated() {
            // Of lists that follow each other and are the same the last one tells all.
            let next = place + 1 < lists.count ? lists[place + 1] : nil
            if next?.members != list.members {
                for member in list.members.elements ?? [] { note(member, list.servedAt) }
            }
            if next?.invitations != list.invitations {
                for invitation in list.invitations.elements ?? [] {
                    // One that is older than a removal explains nothing, however long it stays on the list.
                    let at = invitation.createdAt ?? list.servedAt
                    Self.note(invitation.createdAt, at, invitation.email?.lowercasedASCII, in: &byMail)
                }
            }
        }
        for actor in trail.actors { actors[ExactText(actor.key)] = actor }
    }

    private mutating func note(_ member: AccessMember, _ listed: Instant) {
        for id in [member.userID, member.memberID] { Self.note(member.joinedAt, listed, id, in: &byID) }
        Self.note(member.joinedAt, listed, member.email?.lowercasedASCII, in: &byMail)
    }

    private static func note(
        _ joined: Instant?,
        _ listed: Instant,
        _ text: String?,
        in sights: inout [ExactText: [Sight]]
    ) {
        guard let text, !text.isEmpty else { return }
        let own = ExactText(text)
        if let place = sights[own]?.firstIndex(where: { $0.joined == joined }) {
            sights[own]?[place].listed = listed
        } else {
            sights[own, default: []].append(Sight(joined: joined, listed: listed))
        }
    }

    /// Whether a list shows that somebody, by what tells them from others in findings, may have come back in a span: from
    /// their removal to something they did.
    func mayHave(_ key: String, in span: InstantRange) -> Bool {
        actors[ExactText(key)].map { mayHave($0, in: span) } ?? false
    }

    /// The same of whoever made a key while they were removed.
    func mayHaveMaker(of key: WatchedLog.OpenKey) -> Bool {
        guard let orphan = key.orphan, orphan.wasAway, let maker = makers[ExactText(key.event)] else { return false }
        return mayHave(trail.actors[maker], in: InstantRange(from: orphan.removedAt, to: key.createdAt))
    }

    private func mayHave(_ actor: AccessTrail.Actor, in span: InstantRange) -> Bool {
        let own = byID[ExactText(actor.id), default: []] + actor.mails.flatMap { byMail[$0, default: []] }
        return own.contains { sight in
            if let act = span.to, let joined = sight.joined, act.seconds < joined.seconds { return false }
            guard let removal = span.from else { return true }
            // Whoever stands on a list that was read behind their removal is a member by what the service says.
            return [sight.joined, sight.listed].compactMap { $0 }.contains { removal.seconds <= $0.seconds }
        }
    }
}
