import Evidence

/// Controls that compare the lists of members with the log.
enum AccessLogControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "MEM-DRIFT": drift,
        "MEM-UNKNOWN": strangers,
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
        var places: [String: Words.Argument] = [
            "who": .text(name), "from": .text(words.moment(difference.from)), "to": .text(words.moment(difference.to)),
        ]
        let what: String
        switch difference.change {
        case .joined: what = words("finding.member_joined", places)
        case .left: what = words("finding.member_left", places)
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
        let from = difference.change == .joined ? nil : difference.from
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
        let lists = course.readings.filter { $0.at <= list.at || $0 == next }.map { ($0, MemberLists($0.elements)) }
        let about = trail.events.filter { $0.kind == .removed || $0.kind == .invited }
        // Some services name the key that acts where others name its owner.
        let keys = Set(
            (trail.events.filter { $0.kind == .keyCreated && !$0.id.isEmpty }.map(\.id)
                + AccessKind.keys.course(facts).readings.flatMap { $0.elements.compactMap(\.id) }).map { ExactText($0) }
        )
        var findings: [Finding] = []
        for actor in trail.actors where actor.count > 0 {
            let matches = lists.map { $0.1.match(actor) }
            if matches.contains(where: { if case .certain = $0 { true } else { false } }) { continue }
            if about.contains(where: { $0.kind == .removed && $0.isCertainlyAbout(actor) }) { continue }
            let why = doubt(
                actor,
                matches.contains(.perhaps),
                keys.contains(ExactText(actor.id)),
                lists.map(\.0),
                about,
                facts
            )
            let subject = actor.mail.isEmpty ? actor.id : actor.id.isEmpty ? actor.mail : "\(actor.mail) (\(actor.id))"
            let places: [String: Words.Argument] = [
                "who": .text(words.actor(subject)), "events": .text(words.count(actor.count, "event")),
                "when": .text(words.at(list.at)),
            ]
            let told = words("finding.stranger", places)
            findings.append(
                control.finding(
                    why == nil ? .fail : .notProven,
                    subject: subject,
                    key: actor.id.isEmpty ? "\u{1}mail:\(actor.mail)" : actor.id,
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

    /// Why somebody on no list may be, or have been, a member; nil where nothing says so.
    private static func doubt(
        _ actor: AccessTrail.Actor,
        _ isPerhaps: Bool,
        _ isKey: Bool,
        _ lists: [AccessCourse<AccessMember>.Reading],
        _ about: [AccessTrail.Event],
        _ facts: JudgedFacts
    ) -> String? {
        let words = facts.words
        if isPerhaps { return words("finding.stranger_mail") }
        if isKey { return words("finding.stranger_key") }
        guard let first = actor.firstAt else { return words("finding.stranger_undated") }
        let (before, behind) = (lists.last { $0.at <= first }, lists.first { first <= $0.earliest })
        guard let behind else { return words("finding.stranger_no_list") }
        if [before, behind].contains(where: { ($0?.unreadable ?? 0) > 0 }) {
            return words("finding.members_unreadable")
        }
        if !facts.damage.isEmpty { return words("finding.drift_damaged") }
        // Whoever was removed before the list was read stands on none, and their removal in the log alone.
        let unclear = about.filter { $0.kind == .removed && $0.mayBeAbout(actor) }
        if !unclear.isEmpty { return words("finding.stranger_removed", ["count": .number(unclear.count)]) }
        return facts.isRead(from: first, to: behind.at) ? nil : words("finding.drift_unread")
    }

    private static func unproven(_ control: Control, _ name: String, _ words: Words) -> Finding {
        control.finding(.notProven, about: .members, in: words, words(name))
    }
}

extension AccessTrail.Event {
    /// Whether the event is about an actor for certain: it gives their id, or nothing but an e-mail of theirs.
    fileprivate func isCertainlyAbout(_ actor: AccessTrail.Actor) -> Bool {
        if !id.isEmpty, id.isSameInBytes(as: actor.id) { return true }
        return givesMail(of: actor) && (id.isEmpty || id.utf8.contains(UInt8(ascii: "@")))
    }

    /// Whether the event may be about an actor: it gives an e-mail of theirs, or gives nothing at all.
    fileprivate func mayBeAbout(_ actor: AccessTrail.Actor) -> Bool {
        id.isEmpty && name.isEmpty || givesMail(of: actor)
    }

    private func givesMail(of actor: AccessTrail.Actor) -> Bool {
        [id, name].contains { !$0.isEmpty && actor.mails.contains(ExactText($0.lowercasedASCII)) }
    }
}

extension JudgedFacts {
    /// Whether the log of a span was read whole, so that an event which is not there did not happen.
    ///
    /// A pull reads the lists before the log: what led to a list is read with it, though clocks leave the last minutes of
    /// the proven span open.
    func isRead(from: Instant?, to: Instant) -> Bool {
        guard isComplete == true, let span = provenSpan else { return false }
        let grace: Int64 = 900
        if let end = span.to, end.adding(seconds: grace) < to { return false }
        guard let begin = span.from else { return true }
        if let from { return begin <= from }
        guard let organizationCreated else { return false }
        return begin <= organizationCreated
    }
}
