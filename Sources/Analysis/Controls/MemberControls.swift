import Evidence

/// Controls over members and their roles.
enum MemberControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "MEM-GHOST": ghosts,
        "MEM-SELF": ownRole,
        "MEM-ROLE": roleChanges,
        "ROLE-BREACH": breaches,
    ]

    static func ownRole(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (own, words) = (facts.log?.ownRoleChanges ?? [], facts.words)
        let certain = Set(own.map { ExactText($0.key) })
        let doubtful = (facts.log?.doubtfulRoleChanges ?? []).filter { !certain.contains(ExactText($0.key)) }
        let told = Telling.Sentences { (words("finding.own_role_perhaps", role(doubtful[$0], words)), nil) }
        let unmatched = control.asking(words("remedy.unmatched"))
        let perhaps = doubtful.indices.map { place in
            unmatched.finding(
                .notProven,
                subject: doubtful[place].subject,
                key: doubtful[place].key,
                .made(told, Int32(clamping: place)),
                eventIDs: doubtful[place].eventIDs
            )
        }
        guard perhaps.isEmpty || !own.isEmpty else { return perhaps }
        return perhaps
            + control.findings(
                own,
                facts,
                passing: words("finding.own_role_nobody"),
                detail: { words("finding.own_role", role($0, words)) },
                short: { flag in
                    var places = role(flag, words)
                    places["actor"] = .text(words.name(flag.subject))
                    return words("finding.own_role_short", places)
                }
            )
    }

    private static func role(_ flag: WatchedLog.Flag, _ words: Words) -> [String: Words.Argument] {
        [
            "actor": .text(words.actor(flag.subject)), "times": .text(words.count(flag.eventIDs.count, "time")),
            "when": .text(words.during(flag.span)),
        ]
    }

    static func roleChanges(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (events, words) = (facts.log?.roleChanges ?? [], facts.words)
        guard !events.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.role_changes_none"), gaps: facts.gaps)
        }
        let detail = words(
            "finding.role_changes",
            ["count": .number(events.count), "when": .text(words.during(facts.log?.roleChangeSpan))]
        )
        return [control.finding(.manual, about: .auditLog, in: words, detail, eventIDs: events)]
    }

    // MARK: Acts behind a removal

    static func ghosts(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (ghosts, words) = (facts.log?.ghosts ?? [], facts.words)
        let returned = ghosts.isEmpty ? nil : facts.returned
        let told = Telling.Sentences { sentences(of: Judged(ghosts[$0], facts, returned), words) }
        let unmatched = control.asking(words("remedy.unmatched"))
        let findings =
            ghosts.indices.map { place in
                let judged = Judged(ghosts[place], facts, returned)
                let isFailure = !judged.certain.isEmpty
                return (isFailure || judged.gaps != nil ? control : unmatched).finding(
                    isFailure ? .fail : .notProven,
                    subject: judged.ghost.subject,
                    key: judged.ghost.key,
                    .made(told, Int32(clamping: place)),
                    eventIDs: judged.ghost.removals
                        + (isFailure
                            ? judged.certain.map(\.event)
                            : (judged.behindGaps + judged.explained).map(\.event) + judged.ghost.doubtful)
                )
            } + control.unmatchedRemovals(facts) { words("finding.members_acts", $0) }
        guard findings.isEmpty else { return findings }
        return control.nothingFound(facts, passing: words("finding.ghost_nobody"), gaps: facts.historyGaps)
    }

    /// What somebody did behind their removal, by whether an invitation may be missing.
    private struct Judged {
        let ghost: WatchedLog.Ghost
        private(set) var certain: [WatchedLog.Ghost.Act] = []
        private(set) var behindGaps: [WatchedLog.Ghost.Act] = []
        /// A list shows that they may have come back before.
        private(set) var explained: [WatchedLog.Ghost.Act] = []
        /// What is not covered between the removal and the first act behind a gap.
        private(set) var gaps: [InstantRange]?

        init(_ ghost: WatchedLog.Ghost, _ facts: JudgedFacts, _ returned: ReturnedMembers?) {
            self.ghost = ghost
            for act in ghost.acts {
                if returned?.mayHave(ghost.key, in: act.span) == true {
                    explained.append(act)
                    continue
                }
                let gaps = facts.unproven(from: act.span.from, to: act.span.to)
                if gaps.isEmpty {
                    certain.append(act)
                } else {
                    behindGaps.append(act)
                    self.gaps = self.gaps ?? gaps
                }
            }
        }
    }

    private static func sentences(of judged: Judged, _ words: Words) -> (String, String?) {
        let doubtful = judged.ghost.doubtful.count + judged.behindGaps.count + judged.explained.count
        var places: [String: Words.Argument] = ["actor": .text(words.actor(judged.ghost.subject))]
        guard let first = judged.certain.first, let last = judged.certain.last else {
            guard doubtful > 0 else { return (sentence(ofDoubt: judged.ghost.doubt, places, words), nil) }
            places["events"] = .text(words.count(doubtful, "event"))
            places["why"] = .text(why(judged, words))
            return (words("finding.ghost_doubt", places), nil)
        }
        places["events"] = .text(words.count(judged.certain.count, "event"))
        places["removed"] = .text(words.at(first.span.from))
        places["when"] = .text(words.during(InstantRange(from: first.span.to, to: last.span.to)))
        let more = doubtful == 0 ? "" : " " + words("finding.ghost_more", ["count": .number(doubtful)])
        let short = words(
            "finding.ghost_short",
            [
                "actor": .text(words.name(judged.ghost.subject)),
                "times": .text(words.count(judged.certain.count, "time")),
                "day": .text(first.span.from.map(words.day) ?? ""),
            ]
        )
        return (words("finding.ghost", places) + more, short)
    }

    private static func why(_ judged: Judged, _ words: Words) -> String {
        if let gaps = judged.gaps { return words("finding.ghost_gap", words.spans(gaps)) }
        if !judged.explained.isEmpty { return words("finding.ghost_listed") }
        return judged.ghost.doubt == .sharedMail ? words("finding.doubt_mail") : words("finding.ghost_invited")
    }

    /// Of somebody of whom no single event is known to come after a removal.
    private static func sentence(
        ofDoubt doubt: JoinDoubt?,
        _ places: [String: Words.Argument],
        _ words: Words
    ) -> String {
        switch doubt {
        case .sharedMail: words("finding.ghost_mail", places)
        case .mailOfRemoved: words("finding.ghost_mail_alone", places)
        case .order, .invitation, nil: words("finding.ghost_order", places)
        }
    }
}

extension MemberControls {
    /// Acts beside what the documented roles allow.
    static func breaches(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, standing) = (facts.words, AccessKind.members.course(facts).standing(at: facts.end))
        guard case .read = standing else {
            let told = AccessKind.members.absence(standing, words)
            return [control.finding(told.status, about: .members, in: words, told.detail)]
        }
        guard let members = facts.members else {
            return [control.finding(.notProven, about: .members, in: words, words("finding.nothing_unread"))]
        }
        let roles = RoleCourse(members)
        var findings: [Finding] = []
        var unknown: [(actor: AccessTrail.Actor, found: RoleCourse.Unknown)] = []
        for actor in members.trail.actors where actor.count > 0 {
            let verdicts = actor.acts.isEmpty ? [] : roles.judge(actor) { facts.isRead(from: $0, to: $1) }
            if let breach = RoleBreach(actor, verdicts) {
                findings.append(breach.finding(control, facts))
            } else if let found = roles.unknown(actor) {
                unknown.append((actor, found))
            }
        }
        findings += ofUnknownRoles(control, unknown, facts)
        guard findings.isEmpty else { return findings }
        if let gap = AccessKind.members.gap(members.last, words) ?? facts.rolesUnclear {
            return [control.finding(.notProven, about: .members, in: words, gap)]
        }
        return control.nothingFound(facts, passing: words("finding.breaches_none"), gaps: facts.gaps)
    }
}

/// What is to be said of somebody who did what their role may not allow.
struct RoleBreach {
    private let actor: AccessTrail.Actor
    private var forbidden: [(event: String, role: String)] = []
    private var unproven: [(event: String, why: RoleCourse.Why, role: String)] = []

    /// Nil where every act is allowed.
    init?(_ actor: AccessTrail.Actor, _ verdicts: [RoleCourse.Verdict]) {
        self.actor = actor
        for (act, verdict) in zip(actor.acts, verdicts) {
            switch verdict {
            case .allowed: break
            case .forbidden(let role): forbidden.append((act.event, role))
            case .unproven(let why, let role): unproven.append((act.event, why, role))
            }
        }
        if forbidden.isEmpty, unproven.isEmpty { return nil }
    }

    func finding(_ control: Control, _ facts: JudgedFacts) -> Finding {
        let words = facts.words
        let isSure = !forbidden.isEmpty && facts.damage.isEmpty
        let events = isSure ? forbidden.map(\.event) : forbidden.map(\.event) + unproven.map(\.event)
        let role = forbidden.last?.role ?? unproven.last?.role ?? ""
        let places: [String: Words.Argument] = [
            "who": .text(words.actor(actor.subject)), "role": .text(role.isEmpty ? words(roleless) : role),
            "events": .text(words.count(events.count, "event")), "count": .number(unproven.count),
        ]
        var detail = words(isSure ? "finding.breach" : "finding.breach_perhaps", places)
        if !isSure {
            let why = forbidden.isEmpty ? unproven.last.map { reason($0.why, words) } : nil
            detail += " \(words.sentence(why ?? words("finding.damaged_evidence")))"
        } else if !unproven.isEmpty {
            detail += " \(words("finding.breach_more", places))"
        }
        return control.finding(
            isSure ? .fail : .notProven,
            subject: actor.subject,
            key: actor.key,
            detail,
            short: isSure ? words("finding.breach_short", places) : nil,
            eventIDs: events
        )
    }

    /// What stands for a role without a name.
    private var roleless: String { unproven.last?.why == .unclear ? "finding.role_unclear" : "finding.role_none" }

    private func reason(_ why: RoleCourse.Why, _ words: Words) -> String {
        switch why {
        case .mail: words("finding.stranger_mail")
        case .undated: words("finding.stranger_undated")
        case .undocumented: words("finding.breach_undocumented")
        case .unclear: words("finding.breach_unclear")
        case .twice: words("finding.breach_twice")
        case .joined: words("finding.breach_joined")
        case .changed: words("finding.breach_changed")
        case .unread: words("finding.drift_unread")
        case .beyond: words("finding.breach_beyond")
        }
    }
}

extension MemberControls {
    /// What is said of those of whom nothing tells what their role allowed: a finding a role, and one of those without.
    private static func ofUnknownRoles(
        _ control: Control,
        _ unknown: [(actor: AccessTrail.Actor, found: RoleCourse.Unknown)],
        _ facts: JudgedFacts
    ) -> [Finding] {
        let words = facts.words
        let groups = Dictionary(grouping: unknown) { $0.found.role.map { ExactText($0) } }
        return groups.sorted { left, right in right.key.map { right in left.key.map { $0 < right } ?? true } ?? false }
            .map { role, all in
                let names = all.prefix(5).map { "\($0.actor.called) (\(words.at($0.found.at)))" }
                let events = all.flatMap { $0.actor.event(at: $0.found.at) }
                var places: [String: Words.Argument] = [
                    "count": .number(all.count), "names": .text(words.some(names, of: all.count)),
                ]
                if let role = role?.text {
                    let called = role.isEmpty ? words("finding.role_none") : role
                    places["role"] = .text(called)
                    let told = words("finding.breach_role_unknown", places)
                    let key = "\u{1}role:\(role)"
                    return control.finding(.notProven, subject: called, key: key, told, eventIDs: events)
                }
                let owner = all.lazy.compactMap { one in
                    facts.owners.reading(naming: one.actor.id, around: one.found.at).map { owner in
                        words(
                            "finding.breach_owner",
                            ["name": .text(one.actor.called), "when": .text(words.at(owner.at))]
                        )
                    }
                }.first
                let gap = all.lazy.flatMap(\.found.around).compactMap { AccessKind.members.gap($0, words) }.first
                let told = [words("finding.breach_roleless", places), owner, gap].compactMap { $0 }
                let detail = told.joined(separator: " ")
                return control.finding(.notProven, about: .members, in: words, detail, eventIDs: events)
            }
    }
}

extension AccessTrail.Actor {
    /// The first or the last event of theirs, whichever is of a time, where it is among those that are kept.
    fileprivate func event(at time: Instant?) -> [String] {
        if time == firstAt { return Array(events.prefix(1)) }
        return count == events.count ? events.suffix(1) : []
    }
}
