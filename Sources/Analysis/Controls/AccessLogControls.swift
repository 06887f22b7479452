import Evidence

/// Controls that compare the lists of members with the log.
enum AccessLogControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "MEM-DRIFT": drift,
        "MEM-UNKNOWN": strangers,
        "ROLE-BREACH": breaches,
    ]

    // MARK: Members who came, went or changed role

    static func drift(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, range) = (facts.words, facts.period.range)
        let verdict = AccessVerdict(control: control, facts: facts, kind: .members, passing: "")
        let course = AccessKind.members.course(facts)
        guard course.readings.count > 0 else { return [verdict.finding(ofNothing: course.standing(at: facts.end))] }
        guard let trail = facts.log?.access else { return [unproven(control, "finding.nothing_unread", words)] }
        let invitations = AccessKind.invitations.course(facts).readings
        let events = trail.events.filter { [.invited, .removed, .roleChanged].contains($0.kind) }
        let removals = events.filter { $0.kind == .removed }.compactMap { $0.at?.seconds }
        var findings: [Finding] = []
        var pairs = 0
        for (before, after) in zip(course.readings, course.readings.dropFirst()) {
            if let from = range.from, after.at < from { continue }
            if let to = range.to, !(before.at < to) { continue }
            pairs += 1
            // Lists mostly are those of the pull before: then only a removal says anything of them.
            if before.elements == after.elements,
                removals.allSatisfy({ $0 < before.earliest.seconds || $0 >= after.at.seconds })
            {
                continue
            }
            let invited = Set(
                invitations.filter { $0.at <= after.at }.flatMap { $0.elements.compactMap(\.email) }
                    .map { ExactText($0.lowercasedASCII) }
            )
            findings += MemberDrift(before, after, invited: invited, events: events).differences
                .filter { $0.events.isEmpty }.map { finding(control, $0, facts) }
        }
        guard findings.isEmpty else { return findings }
        if let why = doubt(course.readings, pairs, facts) {
            return [control.finding(.notProven, about: .members, in: words, why)]
        }
        let places: [String: Words.Argument] = ["count": .number(pairs + 1)]
        return [control.finding(.pass, about: .members, in: words, words("finding.members_explained", places))]
    }

    private static func finding(_ control: Control, _ difference: MemberDrift.Difference, _ facts: JudgedFacts)
        -> Finding
    {
        let words = facts.words
        let name = AccessControls.name(difference.member.label, words)
        var places = words.between(difference.from, difference.to)
        places["who"] = .text(name)
        let what: String
        switch difference.change {
        case .joined: what = words("finding.member_joined", places)
        case .left: what = words("finding.member_left", places)
        case .cameBack: what = words("finding.member_back", places)
        case .staysListed: what = words("finding.member_stays", places)
        case .role(let before, let after):
            places["before"] = .text(before.isEmpty ? words("finding.drift_nothing") : before)
            places["after"] = .text(after.isEmpty ? words("finding.drift_nothing") : after)
            what = words("finding.member_role", places)
        }
        let why = doubt(difference, facts)
        return control.finding(
            why == nil ? .fail : .notProven,
            subject: name,
            key: difference.member.key?.text,
            why.map { "\(what) \(words.sentence($0))" } ?? "\(what) \(words("finding.member_no_event"))",
            short: why == nil ? words("finding.member_drift_short", places) : nil,
            eventIDs: difference.possible
        )
    }

    /// Why a difference may have its event all the same, or needs none; nil where nothing says so.
    private static func doubt(_ difference: MemberDrift.Difference, _ facts: JudgedFacts) -> String? {
        let words = facts.words
        if difference.change == .staysListed { return words("finding.member_contradicts") }
        if difference.isUnclear { return words("finding.member_unclear") }
        if case .role(let before, let after) = difference.change, AccessRole(before).isAdministrator,
            AccessRole(after).isAdministrator
        {
            return words("finding.drift_owner")
        }
        if let to = facts.period.range.to, to < difference.to { return words("finding.drift_after") }
        if !facts.damage.isEmpty { return words("finding.drift_damaged") }
        if !difference.possible.isEmpty {
            return words("finding.member_possible", ["count": .number(difference.possible.count)])
        }
        let from = [.joined, .cameBack].contains(difference.change) ? nil : difference.from
        guard facts.isRead(from: from, to: difference.to) else { return words("finding.drift_unread") }
        return nil
    }

    /// Why members can have come, gone or changed although no two lists show it.
    private static func doubt(_ readings: [AccessCourse<AccessMember>.Reading], _ pairs: Int, _ facts: JudgedFacts)
        -> String?
    {
        let (words, range) = (facts.words, facts.period.range)
        guard pairs > 0, let first = readings.first, let last = readings.last else {
            return words("finding.members_one_list")
        }
        let begin = range.from.map { from in facts.organizationCreated.map { max(from, $0) } ?? from }
        if let begin, begin < first.at {
            return words("finding.members_none_before", ["begin": .text(words.moment(first.at))])
        }
        if !facts.isRunning, let to = range.to, last.at < to {
            return words("finding.members_none_after", ["end": .text(words.moment(last.at))])
        }
        if case .lost(let reading, _, let why) = AccessKind.members.course(facts).standing(at: facts.end) {
            return words(
                "finding.members_lost",
                ["end": .text(words.moment(reading.at)), "why": .text(why)]
            )
        }
        if readings.contains(where: { $0.unreadable > 0 }) { return words("finding.members_unreadable") }
        if !facts.damage.isEmpty { return words("finding.nothing_damaged") }
        guard facts.isComplete == true else { return words("finding.drift_incomplete") }
        let gaps = facts.gaps(since: first.at)
        return gaps.isEmpty ? nil : words("finding.drift_gap", words.spans(gaps))
    }

    // MARK: Strangers

    static func strangers(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let verdict = AccessVerdict(control: control, facts: facts, kind: .members, passing: "")
        let course = AccessKind.members.course(facts)
        guard case .read(let list, let next) = course.standing(at: facts.end) else {
            return [verdict.finding(ofNothing: course.standing(at: facts.end))]
        }
        guard let trail = facts.log?.access else { return [unproven(control, "finding.nothing_unread", words)] }
        let readings = course.readings.filter { $0.at <= list.at || $0 == next }
        let lists = MemberLists.of(readings)
        let removals = trail.events.filter { $0.kind == .removed }
        // Some services name the key that acts where others name its owner.
        let keys = Set(
            (trail.events.filter { $0.kind == .keyCreated && !$0.id.isEmpty }.map(\.id)
                + AccessKind.keys.course(facts).readings.flatMap { $0.elements.compactMap(\.id) }).map { ExactText($0) }
        )
        let loose = LooseRemovals(trail, lists)
        var findings: [Finding] = []
        for actor in trail.actors where actor.count > 0 {
            let matches = lists.map { $0.match(actor) }
            if matches.contains(where: { if case .certain = $0 { true } else { false } }) { continue }
            if removals.contains(where: { $0.isCertainlyAbout(actor) }) { continue }
            let why = doubt(
                actor,
                whoElse(actor, matches, lists, isKey: keys.contains(ExactText(actor.id)), words),
                readings,
                removals.count { $0.names(ids: [actor.id], mails: actor.mails) }
                    + loose.events.count { $0.mayBeAbout(ids: [actor.id], mails: actor.mails) },
                facts
            )
            let places: [String: Words.Argument] = [
                "who": .text(words.actor(actor.subject)), "events": .text(words.count(actor.count, "event")),
                "when": .text(words.moment(list.at)),
            ]
            let told = words("finding.stranger", places)
            findings.append(
                control.finding(
                    why == nil ? .fail : .notProven,
                    subject: actor.subject,
                    key: actor.key,
                    why.map { "\(told) \(words.sentence($0))" } ?? told,
                    short: why == nil ? words("finding.stranger_short", places) : nil,
                    eventIDs: actor.events
                )
            )
        }
        guard findings.isEmpty else { return findings }
        guard list.unreadable == 0 else {
            return [control.finding(.notProven, about: .members, in: words, words("finding.members_unreadable"))]
        }
        return control.nothingFound(facts, passing: words("finding.strangers_none"), gaps: facts.gaps)
    }

    /// Who on a list somebody may be whom it does not name for certain; nil for nobody.
    private static func whoElse(
        _ actor: AccessTrail.Actor,
        _ matches: [MemberLists.Match],
        _ lists: [MemberLists],
        isKey: Bool,
        _ words: Words
    ) -> String? {
        if matches.contains(.perhaps) { return words("finding.stranger_mail") }
        if isKey { return words("finding.stranger_key") }
        return lists.contains { $0.mayHold(actor) } ? words("finding.stranger_nameless") : nil
    }

    /// Why somebody on no list may be, or have been, a member; nil where nothing says so.
    private static func doubt(
        _ actor: AccessTrail.Actor,
        _ whoElse: String?,
        _ lists: [AccessCourse<AccessMember>.Reading],
        _ removals: Int,
        _ facts: JudgedFacts
    ) -> String? {
        let words = facts.words
        if let whoElse { return whoElse }
        guard let first = actor.firstAt else { return words("finding.stranger_undated") }
        let (before, behind) = (lists.last { $0.at <= first }, lists.first { first <= $0.earliest })
        guard let behind else { return words("finding.stranger_no_list") }
        if [before, behind].contains(where: { ($0?.unreadable ?? 0) > 0 }) {
            return words("finding.members_unreadable")
        }
        if !facts.damage.isEmpty { return words("finding.drift_damaged") }
        // Whoever was removed before the list was read stands on none, and their removal in the log alone.
        if removals > 0 { return words("finding.stranger_removed", ["count": .number(removals)]) }
        return facts.isRead(from: first, to: behind.at) ? nil : words("finding.drift_unread")
    }

    // MARK: Roles

    static func breaches(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let verdict = AccessVerdict(control: control, facts: facts, kind: .members, passing: "")
        let course = AccessKind.members.course(facts)
        guard case .read(let list, let next) = course.standing(at: facts.end) else {
            return [verdict.finding(ofNothing: course.standing(at: facts.end))]
        }
        guard let trail = facts.log?.access else { return [unproven(control, "finding.nothing_unread", words)] }
        let roles = RoleCourse(course.readings.filter { $0.at <= list.at || $0 == next }, trail.events)
        let findings = trail.actors.filter { !$0.acts.isEmpty }.compactMap { actor -> Finding? in
            RoleBreach(actor, roles.judge(actor) { facts.isRead(from: $0, to: $1) }).map { $0.finding(control, facts) }
        }
        guard findings.isEmpty else { return findings }
        guard list.unreadable == 0 else { return [unproven(control, "finding.members_unreadable", words)] }
        return control.nothingFound(facts, passing: words("finding.breaches_none"), gaps: facts.gaps)
    }

    private static func unproven(_ control: Control, _ name: String, _ words: Words) -> Finding {
        control.finding(.notProven, about: .members, in: words, words(name))
    }
}

/// What is to be said of somebody who did what their role may not allow.
private struct RoleBreach {
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
            "who": .text(words.actor(actor.subject)), "role": .text(role.isEmpty ? words("finding.role_none") : role),
            "events": .text(words.count(events.count, "event")), "count": .number(unproven.count),
        ]
        var detail = words(isSure ? "finding.breach" : "finding.breach_perhaps", places)
        if !isSure {
            let why = forbidden.isEmpty ? unproven.last.map { reason($0.why, words) } : nil
            detail += " \(words.sentence(why ?? words("finding.drift_damaged")))"
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

    private func reason(_ why: RoleCourse.Why, _ words: Words) -> String {
        switch why {
        case .mail: words("finding.stranger_mail")
        case .undated: words("finding.stranger_undated")
        case .undocumented: words("finding.breach_undocumented")
        case .changed: words("finding.breach_changed")
        case .unread: words("finding.drift_unread")
        }
    }
}
