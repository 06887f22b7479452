/// Controls that compare lists of members with the log.
extension PlainAccess {
    // MARK: Who came, went or changed role

    var drift: [Said] {
        let read = lists.filter { $0.members != nil }
        guard !read.isEmpty else { return [Said(control: "MEM-DRIFT", status: "not_applicable")] }
        var said: [Said] = []
        var pairs = 0
        for (old, new) in zip(read, read.dropFirst()) {
            if let begin = span.begin, new.to < begin { continue }
            if let end = span.end, old.to >= end { continue }
            pairs += 1
            said += drift(old, new)
        }
        guard said.isEmpty else { return said }
        let first = telling.first?.to ?? 0
        let isLate = span.begin.map { max($0, span.created) < first } ?? false
        let isEarly = span.hasEnded && (telling.last?.to ?? 0) < (span.end ?? 0)
        let isLost = standing { $0.members != nil }.read == nil && reading { $0.members != nil } != nil
        let isShown = pairs > 0 && !isLate && !isEarly && !isLost && isWhole
        return [Said(control: "MEM-DRIFT", status: isShown ? "pass" : "not_proven")]
    }

    private func drift(_ old: PlainLists, _ new: PlainLists) -> [Said] {
        let (before, after) = (old.members ?? [], new.members ?? [])
        let told = events.filter { $0.at <= new.to }
        let loose = told.filter { event in !(before + after).contains { isAbout(event, $0) } }
        var said: [Said] = []
        func own(_ action: String, _ members: [PlainLists.Member], since begin: Int64) -> [PlainEvent] {
            told.filter { event in
                event.action == action && event.at >= begin && members.contains { isAbout(event, $0) }
            }
        }
        func say(_ member: PlainLists.Member, _ action: String, since begin: Int64, isUnclear: Bool = false) {
            let isPossible = loose.contains { $0.action == action && $0.at >= begin && mayBe($0, member) }
            let isBeyond = span.end.map { $0 < new.to } ?? false
            let status = isUnclear || isBeyond || isPossible ? "not_proven" : "fail"
            said.append(Said(control: "MEM-DRIFT", subject: member.label, status: status))
        }
        /// Whether an invitation tells how somebody came; nil where all are from before a removal, and may have been used.
        func isInvited(_ member: PlainLists.Member) -> Bool? {
            let invitations = own("member.invited", [member], since: .min)
            let listed = lists.filter { $0.to <= new.to }.flatMap { list in
                (list.invitations ?? []).filter { $0.mail == member.mail }.map { ($0, list.to) }
            }
            if invitations.isEmpty, listed.isEmpty { return false }
            guard let removal = own("member.removed", [member], since: .min).last(where: { $0.at <= member.joinedAt })
            else { return true }
            let isLater = told.isAny(behind: removal) { event in invitations.contains { $0.id == event.id } }
            let isListed = listed.contains { invitation, at in
                let isOpen = invitation.status != "accepted" && at >= removal.at
                return isOpen || invitation.createdAt.map { $0 >= removal.at } ?? false
            }
            return isLater || isListed ? true : nil
        }
        func sayArrival(_ member: PlainLists.Member, isUnclear: Bool) {
            let isInvited = isInvited(member)
            if isInvited == true { return }
            say(member, "member.invited", since: .min, isUnclear: isUnclear || member.mail.isEmpty || isInvited == nil)
        }
        for member in before {
            guard let other = after.first(where: { isSame(member, $0) }) else {
                if own("member.removed", [member], since: old.from).isEmpty {
                    say(member, "member.removed", since: old.from)
                }
                continue
            }
            if member.role == other.role { continue }
            if !own("member.role_changed", [member, other], since: old.from).isEmpty { continue }
            // Whoever went, and was invited or joined again, came with another role.
            let removals = own("member.removed", [member, other], since: old.from)
            if let first = removals.first, let last = removals.last {
                func isInvitation(_ event: PlainEvent) -> Bool {
                    event.action == "member.invited" && event.at <= new.to && isAbout(event, other)
                }
                if events.isAny(behind: first, isInvitation) || other.joinedAt >= last.at { continue }
            }
            let roles = Set([member.role, other.role])
            // Of a role that nobody documents nothing tells whether it is one that somebody does.
            let isUnclear = roles == ["owner", "admin"] || roles.contains("pilot")
            say(other, "member.role_changed", since: old.from, isUnclear: isUnclear)
        }
        for member in after {
            let isNew = !before.contains { isSame($0, member) }
            if isNew { sayArrival(member, isUnclear: false) }
            if isNew, isOtherwiseInvited(member, old.to, new.to),
                own("member.role_changed", [member], since: .min).isEmpty
            {
                said.append(Said(control: "MEM-DRIFT", subject: member.label, status: "not_proven"))
            }
            // Whom the log removed between the lists, and invited no more, is on the later one all the same.
            guard let removal = own("member.removed", [member], since: .min).last, removal.at >= old.from,
                removal.at < new.from,
                !events.isAny(
                    behind: removal,
                    { $0.action == "member.invited" && $0.at <= new.to && isAbout($0, member) }
                )
            else { continue }
            if member.joinedAt < removal.at {
                said.append(Said(control: "MEM-DRIFT", subject: member.label, status: "not_proven"))
            } else if !isNew {
                sayArrival(member, isUnclear: member.joinedAt == removal.at)
            }
        }
        return said
    }

    /// Whether the invitations to a member that were listed last, and no earlier than right before the first of two lists,
    /// are of other roles.
    private func isOtherwiseInvited(_ member: PlainLists.Member, _ old: Int64, _ new: Int64) -> Bool {
        let read = lists.filter { $0.invitations != nil && $0.to <= new }
        let begin = read.last { $0.to <= old }?.to ?? .min
        let own = read.filter { $0.to >= begin }.map { list in
            (list.invitations ?? []).filter { !$0.mail.isEmpty && $0.mail == member.mail }
        }
        guard let last = own.last(where: { !$0.isEmpty }), !member.role.isEmpty else { return false }
        return !last.contains { $0.role == member.role }
    }

    // MARK: Strangers

    var strangers: [Said] {
        let (read, _, without) = standing { $0.members != nil }
        guard read != nil else { return [Said(control: "MEM-UNKNOWN", status: without)] }
        var said: [Said] = []
        for actor in actors(acts) {
            let left = departure(actor)
            let isMember = telling.contains { ($0.members ?? []).contains { isSame(actor, $0) } }
            if isMember, left == nil { continue }
            let removals = events.filter { $0.action == "member.removed" }
            // An e-mail beside another id may have been handed on. Whoever was invited again may have come, and gone.
            let isRemoved =
                left == nil && removals.contains { isAbout($0, actor) && ["", actor.id].contains($0.plainID) }
            if isRemoved, !isInvitedAgain(actor) { continue }
            let first = left?.act ?? acts.first { isOwn($0, actor) }
            // Whoever left needs an invitation to come back; of others a removal behind the end is not looked at.
            let isListed = telling.contains { list in
                (left != nil || list.to <= now)
                    && first.map { $0.at < list.from || $0.at == list.from && $0.fraction.isEmpty } ?? false
            }
            // Nothing that both give can be compared.
            let mayBeListed = telling.contains { list in
                (list.members ?? []).contains { member in
                    actor.mails.isEmpty ? member.userID.isEmpty : actor.id.isEmpty && member.mail.isEmpty
                }
            }
            let mayBeRemoved = removals.contains { event in
                if isAbout(event, actor) { return true }
                let isOther =
                    events.contains { isAbout(event, self.actor($0)) }
                    || telling.contains { ($0.members ?? []).contains { isAbout(event, $0) } }
                if isOther { return false }
                return mayBe(event, ids: [actor.id], mails: Array(actor.mails))
            }
            let isSure = isListed && !mayBeListed && !mayBeRemoved && left?.mayBeBack != true && !isRemoved
            said.append(
                Said(control: "MEM-UNKNOWN", subject: actor.subject, status: isSure ? "fail" : "not_proven")
            )
        }
        return said.isEmpty ? [Said(control: "MEM-UNKNOWN", status: whenNothing)] : said
    }

    /// Whether nothing removes somebody behind what they did last, and what the log says of them last before it is that they
    /// were invited.
    private func isInvitedAgain(_ actor: Actor) -> Bool {
        guard let act = acts.last(where: { isOwn($0, actor) }) else { return false }
        func isBehind(_ event: PlainEvent) -> Bool {
            (event.at, Double("0\(event.fraction)") ?? 0) > (act.at, Double("0\(act.fraction)") ?? 0)
        }
        let own = events.filter { ["member.invited", "member.removed"].contains($0.action) && isAbout($0, actor) }
        if own.contains(where: { $0.action == "member.removed" && isBehind($0) }) { return false }
        return own.last { !isBehind($0) }?.action == "member.invited"
    }

    /// The last act of somebody whom a list before it has no more, nor any later one, and whom no event removes; and whether
    /// they may have come back meanwhile.
    func departure(_ actor: Actor) -> (act: PlainEvent, mayBeBack: Bool)? {
        let isOn = telling.map { list in (list.members ?? []).contains { isSame(actor, $0) } }
        guard let place = isOn.lastIndex(of: true), place + 1 < telling.count,
            let act = acts.last(where: { isOwn($0, actor) }), telling[place + 1].to < act.at
        else { return nil }
        func isCertain(_ event: PlainEvent) -> Bool { isAbout(event, actor) && ["", actor.id].contains(event.plainID) }
        let begin = telling[place].from
        if events.contains(where: { $0.action == "member.removed" && isCertain($0) && $0.at >= begin }) { return nil }
        let isInvited = events.contains { event in
            event.action == "member.invited" && isCertain(event) && event.at >= begin && event.at <= act.at
        }
        let isPending = lists.contains { list in
            list.to >= begin && (list.invitations ?? []).contains { actor.mails.contains($0.mail.lowercased()) }
        }
        return (act, isInvited || isPending)
    }

    // MARK: Roles

    private func forbids(_ role: String, _ action: String) -> Bool {
        // Of what nobody documents nobody knows whom it is allowed to.
        if action == "database.painted" { return false }
        let administers = action.hasPrefix("member.") || action == "settings.updated"
        return switch role {
        case "owner", "admin": false
        case "viewer": true
        default: administers
        }
    }

    var breaches: [Said] {
        let (read, _, without) = standing { $0.members != nil }
        guard read != nil else { return [Said(control: "ROLE-BREACH", status: without)] }
        var unknown: Set<String> = []
        var said = actors(acts).compactMap { actor -> Said? in
            let verdicts = acts.filter { isOwn($0, actor) }.compactMap { isBreach($0, actor) }
            if verdicts.isEmpty {
                unknown.formUnion([unknownRole(actor)].compactMap { $0 })
                return nil
            }
            let status = verdicts.contains(true) ? "fail" : "not_proven"
            return Said(control: "ROLE-BREACH", subject: actor.subject, status: status)
        }
        said += unknown.map { Said(control: "ROLE-BREACH", subject: $0, status: "not_proven") }
        return said.isEmpty ? [Said(control: "ROLE-BREACH", status: whenNothing)] : said
    }

    /// The role of somebody of which nobody knows what it allowed when they did what they did first, or last; of no role that is
    /// known, all members.
    private func unknownRole(_ actor: Actor) -> String? {
        let own = acts.filter { isOwn($0, actor) }
        let isAnyDocumented = own.contains { act in
            act.action != "database.painted" && !(act.action == "member.removed" && isAbout(act, actor))
        }
        guard isAnyDocumented else { return nil }
        return [own.first, own.last].compactMap { $0 }.compactMap { act in
            let beside = [telling.last { $0.to < act.at }, telling.first { $0.from > act.at }]
            let found = beside.compactMap { $0?.members?.first { isSame(actor, $0) && $0.joinedAt <= act.at } }
            return found.isEmpty ? "members" : found.first { $0.role == "pilot" }?.role
        }
        .first
    }

    /// Whether an act is one that a role does not allow for certain; nil for one that is allowed.
    private func isBreach(_ act: PlainEvent, _ actor: Actor) -> Bool? {
        func member(_ list: PlainLists?) -> PlainLists.Member? { list?.members?.first { isSame(actor, $0) } }
        let beside = [telling.last { $0.to < act.at }, telling.first { $0.from > act.at }]
        let listed = beside.compactMap(member)
        // Whoever leaves needs no right to.
        if act.action == "member.removed", isAbout(act, actor) || listed.contains(where: { isAbout(act, $0) }) {
            return nil
        }
        // A role says nothing of the time before somebody joined with it.
        let around = beside.map { list in member(list).map { $0.joinedAt <= act.at } ?? false ? list : nil }
        let found = around.compactMap(member)
        if found.isEmpty { return listed.contains { forbids($0.role, act.action) } ? false : nil }
        let forbidding = found.filter { forbids($0.role, act.action) }
        if forbidding.isEmpty { return nil }
        let from = member(around[0]).flatMap { _ in around[0]?.from } ?? act.at
        let to = member(around[1]).flatMap { _ in around[1]?.to } ?? act.at
        let own = telling.compactMap(member)
        let (ids, mails) = (
            [actor.id] + own.flatMap { [$0.userID, $0.memberID] }, Array(actor.mails) + own.map(\.mail)
        )
        let changed = events.contains { event in
            guard event.action.hasPrefix("member."), event.at >= from, event.at <= to else { return false }
            if isAbout(event, actor) || own.contains(where: { isAbout(event, $0) }) { return true }
            let isOther = telling.contains { ($0.members ?? []).contains { isAbout(event, $0) } }
            return event.action != "member.invited" && !isOther && mayBe(event, ids: ids, mails: mails)
        }
        // What happened between the end and a list behind it is not looked at.
        let isBeyond = member(around[0]) == nil && (around[1]?.to ?? 0) > now
        return forbidding.count == found.count && !forbidding.contains { $0.role == "pilot" } && !changed && !isBeyond
    }

    // MARK: Joins

    /// The log's joins, with what lists tell of people who came back.
    var joins: NaiveJoins { joins(of: events) }

    func joins(of events: [PlainEvent]) -> NaiveJoins {
        var joins = NaiveJoins(events)
        joins.isBack = { event, removal in
            let actor = self.actor(event)
            return self.telling.contains { list in
                let isListed = (list.members ?? []).contains { member in
                    let isOwn = [member.userID, member.memberID].contains(actor.id) && !actor.id.isEmpty
                    guard isOwn || actor.mails.contains(member.mail.lowercased()) else { return false }
                    return member.joinedAt <= event.at && (removal.at <= member.joinedAt || removal.at <= list.to)
                }
                return isListed
                    || (list.invitations ?? []).contains { invitation in
                        let at = invitation.createdAt ?? list.to
                        return actor.mails.contains(invitation.mail.lowercased()) && removal.at <= at
                            && (invitation.createdAt ?? event.at) <= event.at
                    }
            }
        }
        return joins
    }

    var ghosts: [Said] {
        let begin = span.begin ?? .min
        var said = joins.ghosts { $0.at >= begin }.map { name, acts in
            // What comes behind the proven span may be explained by what is not archived.
            let sure = acts.filter { id in events.contains { $0.id == id && (isWhole || $0.at <= span.proven) } }
            let subject = name.hasPrefix("mail:") ? "\u{1}" + name : String(name.dropFirst(3))
            return Said(control: "MEM-GHOST", subject: subject, status: sure.isEmpty ? "not_proven" : "fail")
        }
        said += unmatched("MEM-GHOST", joins)
        return said.isEmpty ? [Said(control: "MEM-GHOST", status: whenNothing)] : said
    }

    func unmatched(_ control: String, _ joins: NaiveJoins) -> [Said] {
        if joins.unmatchedRemovals.isEmpty { return [] }
        return [Said(control: control, subject: "removed members", status: "not_proven")]
    }
}

extension [PlainEvent] {
    /// Whether any event behind another is one of these.
    func isAny(behind event: PlainEvent, _ isOne: (PlainEvent) -> Bool) -> Bool {
        guard let place = firstIndex(where: { $0.id == event.id }) else { return false }
        return self[(place + 1)...].contains(where: isOne)
    }
}
