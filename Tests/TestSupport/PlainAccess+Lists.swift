/// Controls over a list as it stood at the end.
extension PlainAccess {
    /// Judges the elements of a list; `faults` gives subjects with their statuses.
    private func judge(
        _ control: String,
        _ isRead: (PlainLists) -> Bool,
        _ faults: (PlainLists) -> [(String, String)]
    ) -> [Said] {
        let (read, next, without) = standing(isRead)
        guard let read else { return [Said(control: control, status: without)] }
        let found = faults(read)
        if found.isEmpty { return [Said(control: control, status: quiet(read, next) { !faults($0).isEmpty })] }
        return found.map { Said(control: control, subject: $0.0, status: $0.1) }
    }

    // MARK: Members and invitations

    var administrators: [Said] {
        judge("MEM-ADMINS", { $0.members != nil }) { list in
            let roles = (list.members ?? []).map(\.role)
            let sure = roles.count { ["owner", "admin"].contains($0) }
            let perhaps = roles.count { !["owner", "admin", "developer", "viewer"].contains($0) }
            if sure > policy.administrators { return [("members", "fail")] }
            return sure + perhaps > policy.administrators ? [("members", "not_proven")] : []
        }
    }

    var inactive: [Said] {
        // Days that nobody looked at do not count.
        let due = span.hasEnded ? span.end ?? now : min(span.proven, span.asOf - 300)
        let isRead = due <= span.proven + 900
        let limit = due - policy.inactiveDays * 86_400
        let isYoung = span.created > limit
        func isIdle(_ member: PlainLists.Member) -> Bool {
            if member.joinedAt > limit { return false }
            return !events.contains { event in
                (event.at > limit || event.at == limit && !event.fraction.isEmpty) && isSame(actor(event), member)
            }
        }
        var said = judge("MEM-INACTIVE", { $0.members != nil }) { list in
            isYoung ? [] : (list.members ?? []).filter(isIdle).map { ($0.label, isRead ? "manual" : "not_proven") }
        }
        if !isYoung, said[0].status == "pass", span.proven < due { said[0].status = "not_proven" }
        return said
    }

    var stale: [Said] {
        judge("INV-STALE", { $0.invitations != nil }) { list in
            (list.invitations ?? []).compactMap { invitation in
                if invitation.status == "accepted" { return nil }
                if !invitation.isPending { return (invitation.mail, "not_proven") }
                if let end = invitation.expiresAt, end <= list.to { return (invitation.mail, "fail") }
                guard let created = invitation.createdAt else { return (invitation.mail, "not_proven") }
                return created + policy.staleDays * 86_400 <= list.to ? (invitation.mail, "fail") : nil
            }
        }
    }

    var domains: [Said] {
        func faults(_ people: [(label: String, mail: String)], _ subject: String) -> [(String, String)] {
            guard let domains = policy.domains else { return [(subject, "manual")] }
            return people.compactMap { label, mail in
                guard let domain = mail.split(separator: "@").last, !mail.isEmpty else { return (label, "not_proven") }
                return domains.contains(String(domain)) ? nil : (label, "fail")
            }
        }
        var members = judge("MEM-DOMAIN", { $0.members != nil }) { list in
            faults((list.members ?? []).map { ($0.label, $0.mail) }, "members")
        }
        var invitations = judge("MEM-DOMAIN", { $0.invitations != nil }) { list in
            let open = (list.invitations ?? []).filter { $0.status != "accepted" }
            return faults(open.map { ($0.mail, $0.mail) }, "invitations")
        }
        if members[0].subject.isEmpty { members[0].subject = "members" }
        if invitations[0].subject.isEmpty { invitations[0].subject = "invitations" }
        // Where there are no invitations at all the members decide.
        let isAlone = invitations[0].status == "not_applicable" && members[0].status != "not_applicable"
        return isAlone ? members : members + invitations
    }

    // MARK: Keys

    private func judgeKeys(_ control: String, _ fault: (PlainLists.Key, Int64) -> String?) -> [Said] {
        judge(control, { $0.keys != nil }) { list in
            (list.keys ?? []).filter { !isExpired($0, list.to) }.compactMap { key in
                fault(key, list.to).flatMap { $0.isEmpty ? nil : (key.id, $0) }
            }
        }
    }

    func isExpired(_ key: PlainLists.Key, _ at: Int64) -> Bool { key.expires.seconds.map { $0 <= at } ?? false }

    var expiry: [Said] {
        judgeKeys("KEY-EXPIRY") { key, _ in
            key.expires == .never ? "fail" : key.expires == .unknown ? "not_proven" : nil
        }
    }

    var unused: [Said] {
        judgeKeys("KEY-UNUSED") { key, at in
            func isLongAgo(_ seconds: Int64) -> Bool { seconds + policy.unusedDays * 86_400 <= at }
            return switch key.lastUsed {
            case .unknown: "not_proven"
            case .never: key.createdAt.map(isLongAgo).map { $0 ? "fail" : "" } ?? "not_proven"
            case .at(let used): isLongAgo(used) ? "fail" : nil
            }
        }
    }

    var scopes: [Said] {
        judgeKeys("KEY-SCOPES") { key, _ in
            let scopes = key.scopes ?? []
            if scopes.isEmpty { return "not_proven" }
            return scopes.contains { !$0.lowercased().hasSuffix("read") } ? "manual" : nil
        }
    }

    private func has(_ action: String, _ key: String) -> Bool {
        events.contains { $0.action == action && $0.resourceID == key }
    }

    /// The listed keys without an event, and those of the log that are not listed.
    var unlogged: [Said] {
        var said = judge("KEY-DRIFT", { $0.keys != nil }) { list in
            let keys = list.keys ?? []
            let unlogged = keys.filter { key in
                (key.createdAt.map { $0 > span.created } ?? true) && !has("api_key.created", key.id)
            }
            let missing = NaiveJoins(events).openKeys.filter { event in
                event.at < list.from && !keys.contains { $0.id == event.resourceID }
            }
            return unlogged.map { ($0.id, $0.createdAt == nil ? "not_proven" : "fail") }
                + (missing.isEmpty ? [] : [("API keys", "not_proven")])
        }
        if said[0].status == "pass" { said[0].status = whenNothing }
        return said
    }

    // MARK: Keys of log and list

    /// Whether the log says that a key of the list was revoked, and nothing that it was made again; and when.
    private func revocation(_ key: PlainLists.Key) -> Int64? {
        let own = events.filter { $0.resourceID == key.id && $0.action.hasPrefix("api_key.") }
        return own.last.flatMap { $0.action == "api_key.revoked" ? $0.at : nil }
    }

    /// Keys of the list that the log revokes before the list was read, which has them all the same.
    private func outliving(_ list: PlainLists?) -> [PlainLists.Key] {
        (list?.keys ?? []).filter { key in
            !isExpired(key, now) && (revocation(key).map { $0 < (list?.from ?? 0) } ?? false)
        }
    }

    private func isOver(_ id: String, _ list: PlainLists?) -> Bool {
        (list?.keys ?? []).contains { $0.id == id && isExpired($0, now) }
    }

    var orphans: [Said] {
        let (joins, list) = (self.joins, nearest { $0.keys != nil })
        var said = joins.orphans.filter { !isOver($0.key, list) }.map { key, isSure in
            Said(control: "KEY-ORPHAN", subject: key, status: isSure && isWhole ? "fail" : "not_proven")
        }
        // Of a key that goes on past its revocation the log alone does not tell.
        let kept = outliving(list).map(\.id)
        let others = events.filter { event in
            if !kept.contains(event.resourceID) { return true }
            return events.last { $0.action == "api_key.created" && $0.resourceID == event.resourceID }?.id == event.id
        }
        for (key, _) in self.joins(of: others).orphans where kept.contains(key) {
            said.append(Said(control: "KEY-ORPHAN", subject: key, status: "not_proven"))
        }
        said += leftBehind(Set(said.map(\.subject)), joins, list)
        said += unmatched("KEY-ORPHAN", joins)
        let isAnyOfNobody = (list?.keys ?? []).contains { key in
            !isExpired(key, now) && !has("api_key.created", key.id)
                && (key.createdAt.map { $0 < (span.end ?? .max) } ?? true)
                && !(revocation(key).map { $0 >= (list?.from ?? 0) } ?? false)
        }
        if said.isEmpty, isAnyOfNobody {
            said.append(Said(control: "KEY-ORPHAN", subject: "API keys", status: "not_proven"))
        }
        return said.isEmpty ? [Said(control: "KEY-ORPHAN", status: whenNothing)] : said
    }

    /// Open keys of whom the list of members does not have, though it was read behind them.
    private func leftBehind(_ told: Set<String>, _ joins: NaiveJoins, _ keys: PlainLists?) -> [Said] {
        let (members, next, _) = standing { $0.members != nil }
        guard let members else { return [] }
        let left = joins.openKeys.filter { event in
            let actor = actor(event)
            if actor.id.isEmpty, actor.mail.isEmpty { return false }
            if told.contains(event.resourceID) || isOver(event.resourceID, keys) || event.at >= (next ?? members).from {
                return false
            }
            return [members, next].compactMap { $0 }.allSatisfy { list in
                !(list.members ?? []).contains { member in
                    isSame(actor, member)
                        || (actor.mails.isEmpty ? member.userID.isEmpty : actor.id.isEmpty && member.mail.isEmpty)
                }
            }
        }
        return Set(left.map(\.resourceID)).map { Said(control: "KEY-ORPHAN", subject: $0, status: "not_proven") }
    }

    var old: [Said] {
        let (joins, list) = (self.joins, nearest { $0.keys != nil })
        let ofLog = joins.old(policy.ageDays, at: now).filter { !isOver($0.key, list) }
        var said = ofLog.map { key, isSure in
            Said(control: "KEY-AGE", subject: key, status: isSure && isWhole ? "fail" : "not_proven")
        }
        let open = Set(joins.openKeys.map(\.resourceID))
        for key in list?.keys ?? [] where !isExpired(key, now) && !open.contains(key.id) {
            let revoked = revocation(key)
            if let revoked, revoked >= (list?.from ?? 0) { continue }
            if let created = key.createdAt, now - created < (policy.ageDays + 1) * 86_400 { continue }
            let isSure = revoked == nil && key.createdAt != nil && isWhole
            said.append(Said(control: "KEY-AGE", subject: key.id, status: isSure ? "fail" : "not_proven"))
        }
        if standing({ $0.keys != nil }).without == "not_proven" {
            said.append(Said(control: "KEY-AGE", subject: "API keys", status: "not_proven"))
        }
        return said.isEmpty ? [Said(control: "KEY-AGE", status: whenNothing)] : said
    }
}
