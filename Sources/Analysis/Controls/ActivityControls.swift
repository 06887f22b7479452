import Evidence

/// Controls over when, from where, by whom and what, and over whom nothing is by.
enum ActivityControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "OFF-HOURS": offHours,
        "NEW-IP": newAddresses,
        "ACT-UNKNOWN": unknownActions,
        "ACT-ANON": anonymous,
        "MEM-INACTIVE": inactive,
    ]

    static func offHours(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        guard let hours = facts.policy.workingHours else {
            return [control.finding(.manual, about: .workingHours, in: words, words("finding.hours_unknown"))]
        }
        let zone = Words.Argument.text(hours.timeZone)
        return control.findings(
            facts.log?.offHours ?? [],
            facts,
            passing: words("finding.hours_within", ["zone": zone]),
            detail: { flag in
                words(
                    "finding.hours_outside",
                    [
                        "actor": .text(words.actor(flag.subject)), "zone": zone,
                        "actions": .text(words.count(flag.eventIDs.count, "privileged")),
                        "when": .text(words.during(flag.span)),
                    ]
                )
            },
            short: { flag in
                words(
                    "finding.hours_short",
                    [
                        "actor": .text(words.name(flag.subject)),
                        "actions": .text(words.count(flag.eventIDs.count, "privileged")),
                    ]
                )
            }
        )
    }

    static func newAddresses(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let uses = facts.log?.newAddresses else {
            return control.nothingFound(facts, passing: facts.words("finding.addresses_known"), gaps: facts.gaps)
        }
        let texts = NewAddressTexts(uses, facts)
        let verdicts = [
            FindingList.Verdict(control, .fail), .init(control, .notProven),
            .init(control.asking(facts.words("remedy.undated")), .notProven),
        ]
        let list = FindingList(uses.count, texts, verdicts) { place in
            uses.isDoubtful(place) ? 2 : texts.gaps(place).isEmpty ? 0 : 1
        }
        return list.findings
    }

    static func unknownActions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (flags, words) = (facts.log?.unknownActions ?? [], facts.words)
        guard !flags.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.actions_known"), gaps: facts.gaps)
        }
        return flags.map { flag in
            let action = flag.subject.isEmpty ? words("subject.no_action") : flag.subject
            let detail = words(
                "finding.action_unknown",
                [
                    "count": .number(flag.eventIDs.count), "action": .text(action),
                    "when": .text(words.during(flag.span)),
                ]
            )
            return control.finding(.manual, subject: action, key: flag.key, detail, eventIDs: flag.eventIDs)
        }
    }

    static func anonymous(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (events, words) = (facts.log?.anonymous ?? [], facts.words)
        guard !events.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.nameless_none"), gaps: facts.gaps)
        }
        let detail = words(
            "finding.nameless",
            ["count": .number(events.count), "when": .text(words.during(facts.log?.anonymousSpan))]
        )
        return [control.finding(.fail, about: .auditLog, in: words, detail, eventIDs: events)]
    }

    // MARK: Members who do nothing

    static func inactive(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, limit) = (facts.words, facts.policy.threshold(control))
        let passing = words("finding.members_active", ["limit": .text(words.count(limit, "day"))])
        var verdict = AccessVerdict(control: control, facts: facts, kind: .members, passing: passing)
        verdict.namesEarlier = false
        // Days that nobody looked at are none on which somebody did nothing.
        guard case .read = AccessKind.members.course(facts).standing(at: facts.end),
            let end = facts.judgedTo ?? facts.due
        else {
            return verdict.judge { _ in [] }
        }
        guard let trail = facts.log?.access else {
            return [control.finding(.notProven, about: .members, in: words, words("finding.nothing_unread"))]
        }
        let begin = end.adding(seconds: -Int64(limit) * 86_400)
        // Of an organization that is younger nobody can have done nothing for so long.
        let isYoung = facts.organizationCreated.map { begin < $0 } ?? false
        let isRead = facts.damage.isEmpty && facts.isRead(from: begin, to: end)
        let findings = verdict.judge { reading in
            if isYoung { return [] }
            let lists = MemberLists(reading.elements)
            let acts = lists.lastActs(trail)
            return lists.members.enumerated().compactMap { place, member in
                let last = acts.certain[place]
                if let at = last?.at, begin < at { return nil }
                if let joined = member.joinedAt, begin < joined { return nil }
                let shared = acts.possible[ExactText((member.email ?? "").lowercasedASCII)]
                let told = told(last, shared, words)
                return AccessFault(
                    status: isRead ? .manual : .notProven,
                    subject: AccessControls.name(member.label, words),
                    key: member.key?.text,
                    detail: isRead ? told : "\(told) \(words.sentence(words("finding.drift_unread")))",
                    short: isRead && shared == nil && (last == nil || last?.at != nil)
                        ? words(
                            "finding.member_inactive_short",
                            [
                                "who": .text(AccessControls.name(member.label, words)),
                                "limit": .text(words.count(limit, "day")),
                            ]
                        ) : nil
                )
            }
        }
        guard !isYoung, findings.count == 1, findings[0].status == .pass else { return findings }
        let span = facts.gaps(in: InstantRange(from: begin, to: end))
        return control.nothingFound(facts, about: .members, passing: findings[0].detail, gaps: span)
    }
}

extension ActivityControls {
    /// When a member acted last, and when somebody did who may be them.
    private static func told(_ last: MemberLists.LastAct?, _ shared: MemberLists.LastAct?, _ words: Words) -> String {
        guard last != nil || shared != nil else { return words("finding.member_never_acted") }
        let own = last.map { words("finding.member_inactive", ["when": .text(words.at($0.at))]) }
        let others = shared.map { words("finding.member_shared", ["when": .text(words.at($0.at))]) }
        return [own, others].compactMap { $0 }.joined(separator: " ")
    }
}

/// What `NEW-IP` says of actors at addresses that are new to them.
private struct NewAddressTexts: FindingTexts {
    private let uses: NewUses
    private let facts: JudgedFacts
    private let words: Words
    /// Whether the log has no parts that are not proven.
    private let isWhole: Bool
    private let subject: Words.Filling
    private let new: Words.Filling
    private let at: Words.Filling

    init(_ uses: NewUses, _ facts: JudgedFacts) {
        (self.uses, self.facts, words) = (uses, facts, facts.words)
        isWhole = facts.unproven(from: nil, to: nil).isEmpty
        subject = facts.words.filling("subject.address", "actor", "address")
        new = facts.words.filling("finding.address_new", "actor", "action", "when", "address")
        at = facts.words.filling("format.at", "time")
    }

    func subject(_ place: Int, _ tell: (TextView) -> Void) {
        subject.tell(tell) { tell($0 == 0 ? uses.actor(place) : uses.address(place)) }
    }

    func key(_ place: Int, _ tell: (TextView) -> Void) { uses.key(place, tell) }

    func event(_ place: Int) -> TextView { uses.event(place) }

    func row(_ place: Int) -> Int? { uses.row(place) }

    /// The parts of the log in which an event may be missing that would clear the actor.
    func gaps(_ place: Int) -> [InstantRange] {
        if isWhole { return [] }
        let span = uses.span(place)
        return facts.unproven(from: span.from, to: span.to)
    }

    func detail(_ place: Int, _ tell: (TextView) -> Void) {
        let gaps = gaps(place)
        guard !uses.isDoubtful(place), gaps.isEmpty else { return withTextView(of: doubt(place, gaps), tell) }
        new.tell(tell) { part in
            switch part {
            case 0: words.tellActor(uses.actor(place), tell)
            case 1: withTextView(of: uses.action(place), tell)
            case 2: at.tell(tell) { _ in words.tellMoment(uses.at(place), tell) }
            default: tell(uses.address(place))
            }
        }
    }

    private func doubt(_ place: Int, _ gaps: [InstantRange]) -> String {
        var places = places(place, actor: words.actor(uses.actor(place).string))
        if uses.isDoubtful(place) { return words("finding.address_undated", places) }
        places.merge(words.spans(gaps)) { $1 }
        return words("finding.address_gap", places)
    }

    func short(_ place: Int) -> String {
        words("finding.address_short", places(place, actor: words.name(uses.actor(place).string)))
    }

    private func when(_ place: Int) -> String { at(words.moment(uses.at(place))) }

    private func places(_ place: Int, actor: String) -> [String: Words.Argument] {
        [
            "actor": .text(actor), "action": .text(uses.action(place)), "when": .text(when(place)),
            "address": .text(uses.address(place).string),
        ]
    }
}
