import Evidence

/// What lists tell of people whom the log removes: that they came back past it, for accepting an invitation is not in the log.
struct ReturnedMembers {
    /// Somebody on a list, by an id or e-mail, and when they joined, or were invited.
    private struct Sight: Hashable {
        var name: ExactText
        var joined: Instant?
    }

    /// How somebody was seen, in the order of joining: a span is looked up by halves.
    private struct Sights {
        private var joined: [Int64] = []
        /// Up to each of these, when they were seen last.
        private var latest: [Int64] = []

        mutating func add(_ sight: Sight, _ listed: Instant) {
            joined.append(sight.joined?.seconds ?? .min)
            latest.append(max(latest.last ?? .min, sight.joined?.seconds ?? .min, listed.seconds))
        }

        func isAny(in span: InstantRange) -> Bool {
            let count = joined.firstPlace { joined in span.to.map { $0.seconds < joined } ?? false }
            // Whoever stands on a list that was read behind their removal is a member by what the service says.
            return count > 0 && span.from.map { $0.seconds <= latest[count - 1] } ?? true
        }
    }

    private let byID: [ExactText: Sights]
    private let byMail: [ExactText: Sights]
    private var actors: [ExactText: AccessTrail.Actor] = [:]
    private let trail: AccessTrail
    private let makers: [ExactText: Int]

    init(_ lists: [AccessLists], _ trail: AccessTrail) {
        self.trail = trail
        makers = trail.keyMakers
        var (ids, mails): ([Sight: Instant], [Sight: Instant]) = ([:], [:])
        for (place, list) in lists.enumerated() {
            // Of lists that follow each other and are the same the last one tells all.
            let next = place + 1 < lists.count ? lists[place + 1] : nil
            if next?.members != list.members {
                for member in list.members.elements ?? [] {
                    for id in [member.userID, member.memberID] {
                        Self.note(member.joinedAt, list.servedAt, id, in: &ids)
                    }
                    Self.note(member.joinedAt, list.servedAt, member.email?.lowercasedASCII, in: &mails)
                }
            }
            if next?.invitations != list.invitations {
                for invitation in list.invitations.elements ?? [] {
                    // One that is older than a removal explains nothing, however long it stays on the list.
                    let at = invitation.createdAt ?? list.servedAt
                    Self.note(invitation.createdAt, at, invitation.email?.lowercasedASCII, in: &mails)
                }
            }
        }
        (byID, byMail) = (Self.sights(ids), Self.sights(mails))
        for actor in trail.actors { actors[ExactText(actor.key)] = actor }
    }

    private static func note(
        _ joined: Instant?,
        _ listed: Instant,
        _ text: String?,
        in sights: inout [Sight: Instant]
    ) {
        if let text, !text.isEmpty { sights[Sight(name: ExactText(text), joined: joined)] = listed }
    }

    private static func sights(_ seen: [Sight: Instant]) -> [ExactText: Sights] {
        // What has no time came first.
        let sorted = seen.sorted { left, right in
            right.key.joined.map { right in left.key.joined.map { $0 < right } ?? true } ?? false
        }
        return sorted.reduce(into: [:]) { $0[$1.key.name, default: Sights()].add($1.key, $1.value) }
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
        byID[ExactText(actor.id)]?.isAny(in: span) == true
            || actor.mails.contains { byMail[$0]?.isAny(in: span) == true }
    }
}
