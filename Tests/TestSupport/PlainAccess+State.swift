import Foundation

/// Who had access at the end, as rows of members.csv, api_keys.csv and invitations.csv; e-mails in lower case.
extension PlainAccess {
    /// Seconds since 1970 as tables have them.
    static func time(_ seconds: Int64) -> String { Date(timeIntervalSince1970: Double(seconds)).ISO8601Format() }

    private func time(_ seconds: Int64?) -> String { seconds.map(Self.time) ?? "" }

    private func by(_ event: PlainEvent?) -> String { event.map { actor($0).called } ?? "" }

    // MARK: People

    /// All that is known of one person.
    private struct Person {
        var names: Set<String>
        var member: PlainLists.Member?
        var actors: [Actor] = []
        var events: [PlainEvent] = []
        var invitation: PlainLists.Invitation?
    }

    /// Those who have a name in common are one.
    private func joined(_ parts: [Person]) -> [Person] {
        var people: [Person] = []
        for part in parts {
            var whole = part
            for other in people where !other.names.isDisjoint(with: part.names) {
                whole = Person(
                    names: whole.names.union(other.names),
                    member: other.member ?? whole.member,
                    actors: other.actors + whole.actors,
                    events: other.events + whole.events,
                    invitation: whole.invitation ?? other.invitation
                )
            }
            people.removeAll { !$0.names.isDisjoint(with: part.names) }
            people.append(whole)
        }
        return people
    }

    private func people(_ list: PlainLists?) -> [Person] {
        func names(_ texts: [String]) -> Set<String> { Set(texts.filter { !$0.isEmpty }) }
        var parts = (list?.members ?? []).map { member in
            Person(names: names([member.userID, member.memberID, member.mail]), member: member)
        }
        parts += actors(events).map { Person(names: names([$0.id]).union($0.mails), actors: [$0]) }
        for event in events where event.action.hasPrefix("member.") {
            parts.append(Person(names: names([event.plainID]).union(event.mails), events: [event]))
        }
        for invitation in reading({ $0.invitations != nil })?.invitations ?? [] where invitation.isPending {
            parts.append(Person(names: [invitation.mail], invitation: invitation))
        }
        return joined(parts)
    }

    /// The rows of members.csv, in no order.
    package var memberRows: [String] {
        let list = reading { $0.members != nil }
        return people(list).map { row($0, list) }
    }

    private func row(_ person: Person, _ list: PlainLists?) -> String {
        let own = inOrder(person.events)
        let (invited, removed) = (
            own.last { $0.action == "member.invited" }, own.last { $0.action == "member.removed" }
        )
        let isBack = removed.map { own.isAny(behind: $0) { $0.action == "member.invited" } } ?? true
        var removal = isBack ? nil : removed
        if person.member != nil, let list, let at = removal?.at, at < list.from { removal = nil }
        // Whoever stands among the invitations since was invited again, though no event says so.
        let isInvited =
            person.invitation != nil
            && (removal.map { $0.at < (reading { $0.invitations != nil }?.from ?? 0) } ?? false)
        if isInvited { removal = nil }
        let status = isInvited ? "invited" : status(person, invited, removal)
        let acted = events.filter { event in person.actors.contains { isOwn(event, $0) } }
        let inPeriod = acted.filter { event in span.begin.map { event.at >= $0 } ?? true }
        let privileged = ["database.deleted", "settings.updated", "member.", "api_key."]
        let keys = NaiveJoins(events).openKeys.filter { event in person.actors.contains { isOwn(event, $0) } }
        let isLogged = !person.actors.isEmpty || !own.isEmpty
        let isListed = person.member != nil || person.invitation != nil
        let known = person.actors.first { !$0.id.isEmpty }?.id ?? own.map(\.plainID).first { !$0.isEmpty } ?? ""
        let mails = person.actors.map(\.mail) + own.flatMap { [$0.resourceID, $0.resourceName] }
        let mail = mails.first { $0.contains("@") } ?? person.invitation?.mail ?? ""
        let changes = own.count { $0.action == "member.role_changed" }
        let rights = inPeriod.count { event in privileged.contains { event.action.hasPrefix($0) } }
        let addresses = Set(inPeriod.map(\.address).filter { !$0.isEmpty }).count
        let open = Set(keys.map { "\(Self.key($0)) \($0.resourceID)" }).count
        let who: [String] = [
            person.member?.memberID ?? "", person.member.map(\.userID) ?? known,
            (person.member.map(\.mail) ?? mail).lowercased(), "",
            person.member?.role ?? person.invitation?.role ?? "", status, time(person.member?.joinedAt),
            invited?.time ?? "", by(invited), removal?.time ?? "", by(removal),
        ]
        let did: [String] = [
            String(changes), acted.last?.time ?? "", String(inPeriod.count), String(rights), String(addresses),
            String(open), isListed ? isLogged ? "both" : "list" : "log",
        ]
        return (who + did).joined(separator: ",")
    }

    private func status(_ person: Person, _ invited: PlainEvent?, _ removal: PlainEvent?) -> String {
        if removal != nil { return "removed" }
        if person.member != nil { return "member" }
        if person.invitation != nil { return "invited" }
        guard let invited else { return "unknown" }
        // A list that was read behind it tells whether the invitation still stands.
        guard let list = reading({ $0.invitations != nil }), invited.at < list.from else { return "invited" }
        let stands = (list.invitations ?? []).contains { person.names.contains($0.mail) && $0.status != "accepted" }
        return stands ? "invited" : "unknown"
    }

    // MARK: Keys

    /// The rows of api_keys.csv, in no order.
    package var keyRows: [String] {
        let (list, joins) = (reading { $0.keys != nil }, self.joins)
        let told = events.filter { $0.action.hasPrefix("api_key.") }
        let ids = Set((list?.keys ?? []).map(\.id)).union(told.map(\.resourceID))
        return ids.map { (id: String) -> String in
            let key = list?.keys?.first { $0.id == id }
            let own = told.filter { $0.resourceID == id }
            let made = own.last { $0.action == "api_key.created" }
            let revoked = own.last.flatMap { $0.action == "api_key.revoked" ? $0 : nil }
            let status: String
            if let revoked {
                status = key != nil && revoked.at < (list?.from ?? 0) ? "unknown" : "revoked"
            } else if let key, isExpired(key, now) {
                status = "expired"
            } else {
                status = joins.orphans[id] == true ? "orphaned" : "active"
            }
            // A day counts when it is full.
            let created = key?.createdAt ?? made?.at
            let late: Int64 = key?.createdAt == nil && made?.fraction.isEmpty == false ? 1 : 0
            let age = created.map { String(max(0, now - $0 - late) / 86_400) } ?? ""
            let scopes = (key?.scopes ?? []).joined(separator: "; ")
            let createdAt: String = key?.createdAt.map { time($0) } ?? made?.time ?? ""
            let mail: String = made.map { actor($0).mail.lowercased() } ?? ""
            let source = key == nil ? "log" : own.isEmpty ? "list" : "both"
            let cells: [String] = [
                id, "", key?.prefix ?? "", scopes, status, createdAt, made?.actorID ?? "", mail, age,
                time(key?.lastUsed.seconds), time(key?.expires.seconds), revoked?.time ?? "", by(revoked), source,
            ]
            return cells.joined(separator: ",")
        }
    }

    // MARK: Invitations

    /// The rows of invitations.csv, in no order.
    package var invitationRows: [String] {
        let listed = reading { $0.invitations != nil }?.invitations ?? []
        let told = events.filter { $0.action == "member.invited" }
        func owner(_ event: PlainEvent) -> String? {
            // Made before it, with a minute for clocks, and the last of these; else of unknown time.
            let all = listed.filter { event.mails.contains($0.mail) }
            let times = all.compactMap(\.createdAt).filter { $0 <= event.at + 60 }
            let made = all.filter { $0.createdAt != nil && $0.createdAt == times.max() }
            return made.last?.id ?? all.last { $0.createdAt == nil }?.id
        }
        let rows = listed.map { invitation in
            let own = told.filter { owner($0) == invitation.id }
            return [
                invitation.id, invitation.mail, invitation.role, invitation.status, time(invitation.createdAt),
                by(own.last), time(invitation.expiresAt), own.isEmpty ? "list" : "both",
            ]
        }
        let others = told.filter { owner($0) == nil }.map { event in
            ["", event.mails.first ?? event.resourceID, "", "", event.time, by(event), "", "log"]
        }
        return (rows + others).map { $0.joined(separator: ",") }
    }
}
