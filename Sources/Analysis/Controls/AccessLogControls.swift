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
        guard let last = course.readings.last else {
            return [verdict.finding(ofNothing: course.standing(at: facts.end))]
        }
        guard let trail = facts.log?.access else { return [unproven(control, "finding.nothing_unread", words)] }
        // Who is not on a list of which something is missing may be on it all the same.
        let readings = course.complete
        if readings.isEmpty, let gap = AccessKind.members.gap(last, words) {
            return [control.finding(.notProven, about: .members, in: words, gap)]
        }
        let lists = ListsInTime(readings)
        let events = MemberEvents(trail.events, lists)
        let removals = trail.events.reduce(into: EventTimes()) {
            if $1.kind == .removed, $1.at != nil { $0.add($1.at) }
        }
        var invited = InvitedMails(AccessKind.invitations.course(facts).readings)
        var findings: [Finding] = []
        var (pairs, withoutEvent, withoutOffer) = (0, 0, 0)
        for place in readings.indices.dropLast() {
            let (before, after) = (readings[place], readings[place + 1])
            if let from = range.from, after.at < from { continue }
            if let to = range.to, !(before.at < to) { continue }
            pairs += 1
            // Lists mostly are those of the pull before: then only a removal says anything of them.
            if lists.places[place] == lists.places[place + 1],
                removals.count(from: before.earliest.seconds, to: after.at.seconds - 1) == 0
            {
                continue
            }
            invited.read(upTo: after.at)
            findings += MemberDrift(lists, at: place, invited: invited, events: events).differences
                .filter { $0.events.isEmpty }.map { finding(control, $0, facts) }
            let newcomers = Newcomers(lists, at: place, invited: invited, events)
            findings += newcomers.otherRoles.map { $0.finding(control, after.at, facts.words) }
            withoutEvent += newcomers.withoutEvent
            withoutOffer += newcomers.withoutOffer
        }
        guard findings.isEmpty else { return findings }
        if let why = doubt(readings, pairs, facts) {
            return [control.finding(.notProven, about: .members, in: words, why)]
        }
        let told = [
            ("finding.members_explained", pairs + 1), ("finding.members_listed", withoutEvent),
            ("finding.members_unoffered", withoutOffer),
        ].filter { $0.1 > 0 }.map { words($0.0, ["count": .number($0.1)]) }
        return [control.finding(.pass, about: .members, in: words, told.joined(separator: " "))]
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
            let nothing = words(difference.isUnclear ? "finding.role_unclear" : "finding.role_none")
            places["before"] = .text(before.isEmpty ? nothing : before)
            places["after"] = .text(after.isEmpty ? nothing : after)
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
        if case .role(let before, let after) = difference.change, AccessRole.isSame(before, after) == nil {
            let isMissing = before.isEmpty || after.isEmpty
            return words(isMissing ? "finding.member_role_missing" : "finding.member_roles_unlike")
        }
        if let to = facts.period.range.to, to < difference.to { return words("finding.drift_after") }
        if !facts.damage.isEmpty { return words("finding.damaged_evidence") }
        if let removal = difference.removal {
            return words("finding.member_removed_before", ["when": .text(words.at(removal.at))])
        }
        if difference.possibleCount > 0 {
            return words("finding.member_possible", ["count": .number(difference.possibleCount)])
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
        switch AccessKind.members.course(facts).standing(at: facts.end) {
        case .lost(let reading, _, let why):
            return words("finding.members_lost", ["end": .text(words.moment(reading.at)), "why": .text(why)])
        case .read(let reading, _) where reading.missing != nil: return AccessKind.members.gap(reading, words)
        default: break
        }
        if readings.contains(where: { $0.unreadable > 0 }) { return words("finding.members_unreadable") }
        if let unclear = facts.rolesUnclear { return unclear }
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
        guard case .read(let list, _) = course.standing(at: facts.end) else {
            return [verdict.finding(ofNothing: course.standing(at: facts.end))]
        }
        guard let members = facts.members else { return [unproven(control, "finding.nothing_unread", words)] }
        let (lists, trail) = (members.lists, members.trail)
        let removals = Removals(trail, lists)
        // Some services name the key that acts where others name its owner.
        let keys = Set(
            (trail.events.filter { $0.kind == .keyCreated && !$0.id.isEmpty }.map(\.id)
                + AccessKind.keys.course(facts).readings.flatMap { $0.elements.compactMap(\.id) }).map { ExactText($0) }
        )
        let departures = Departures(lists, AccessKind.invitations.course(facts).readings, trail, removals)
        let around = RemovalsAround(trail)
        var findings: [Finding] = []
        var unseen = 0
        for actor in trail.actors where actor.count > 0 {
            let match = lists.match(actor)
            let departure = departures.departure(actor)
            if match.isNamed, departure == nil { continue }
            // Whoever acts behind their removal is for MEM-GHOST, unless they were invited again.
            let isRemoved = departure == nil && removals.areCertainlyAbout(actor)
            if isRemoved, around.removal(of: actor) != nil { continue }
            if list.missing != nil {
                unseen += 1
                continue
            }
            let at = departure?.at ?? facts.owners.firstAct(of: actor)
            let isPerhaps = match.isNamed ? lists.hold(perhaps: actor) : match.isPerhaps
            let why = doubt(
                hasLeft: departure != nil,
                departure.map { departures.mayHaveComeBack(actor, $0) } ?? isRemoved,
                actor,
                at,
                whoElse(actor, at, isPerhaps, lists, isKey: keys.contains(ExactText(actor.id)), facts),
                lists,
                removals,
                facts
            )
            // A removal, or an invitation, of between may be in what was not read.
            let isRead = departure.map { facts.isRead(from: $0.listed.earliest, to: $0.at) } ?? true
            let reason = why ?? (isRead ? nil : words("finding.drift_unread"))
            findings.append(stranger(control, actor, departure, list, reason, words))
        }
        guard findings.isEmpty else { return findings }
        if unseen > 0, let gap = AccessKind.members.gap(list, words) {
            let told = words("finding.strangers_partial", ["count": .number(unseen)])
            return [control.finding(.notProven, about: .members, in: words, "\(gap) \(told)")]
        }
        guard list.unreadable == 0 else { return [unproven(control, "finding.members_unreadable", words)] }
        return control.nothingFound(facts, passing: words("finding.strangers_none"), gaps: facts.gaps)
    }

    private static func stranger(
        _ control: Control,
        _ actor: AccessTrail.Actor,
        _ departure: Departures.Departure?,
        _ list: AccessCourse<AccessMember>.Reading,
        _ why: String?,
        _ words: Words
    ) -> Finding {
        let places: [String: Words.Argument] = [
            "who": .text(words.actor(actor.subject)), "events": .text(words.count(actor.count, "event")),
            "when": .text(words.moment(departure?.gone.at ?? list.at)),
            "last": .text(departure.map { words.moment($0.at) } ?? ""),
            "listed": .text(departure.map { words.moment($0.listed.at) } ?? ""),
        ]
        let told = words(departure == nil ? "finding.stranger" : "finding.stranger_gone", places)
        let short = words(departure == nil ? "finding.stranger_short" : "finding.stranger_gone_short", places)
        return control.finding(
            why == nil ? .fail : .notProven,
            subject: actor.subject,
            key: actor.key,
            why.map { "\(told) \(words.sentence($0))" } ?? told,
            short: why == nil ? short : nil,
            eventIDs: departure?.events(actor) ?? actor.events
        )
    }

    /// Who on a list somebody may be whom it does not name for certain; nil for nobody.
    private static func whoElse(
        _ actor: AccessTrail.Actor,
        _ at: Instant?,
        _ isPerhaps: Bool,
        _ lists: ListsInTime,
        isKey: Bool,
        _ facts: JudgedFacts
    ) -> String? {
        let words = facts.words
        if let owner = facts.owners.reading(naming: actor.id, around: at) {
            return words("finding.stranger_owner", ["when": .text(words.at(owner.at))])
        }
        if isPerhaps { return words("finding.stranger_mail") }
        if isKey { return words("finding.stranger_key") }
        let most = lists.incomparable.count(with: actor)
        return most > 0 ? words("finding.stranger_unnamed", ["count": .number(most)]) : nil
    }

    /// Why somebody on no list may be, or have been, a member when they acted; nil where nothing says so.
    private static func doubt(
        hasLeft: Bool,
        _ mayHaveComeBack: Bool,
        _ actor: AccessTrail.Actor,
        _ at: Instant?,
        _ whoElse: String?,
        _ lists: ListsInTime,
        _ removals: Removals,
        _ facts: JudgedFacts
    ) -> String? {
        let words = facts.words
        if let whoElse { return whoElse }
        if mayHaveComeBack { return words("finding.stranger_invited") }
        guard let first = at else { return words("finding.stranger_undated") }
        let before = lists.last { $0 <= first }
        guard let place = lists.first(beginningBehind: { first <= $0 }) else {
            return words("finding.stranger_no_list")
        }
        let behind = lists.readings[place]
        let gaps = [before, place].compactMap { $0.flatMap { AccessKind.members.gap(lists.readings[$0], words) } }
        if let gap = gaps.first { return gap }
        if !facts.damage.isEmpty { return words("finding.damaged_evidence") }
        // Whoever was removed before the list was read stands on none, and their removal in the log alone.
        let removals = removals.count(perhapsAbout: actor)
        if removals > 0 { return words("finding.stranger_removed", ["count": .number(removals)]) }
        if !hasLeft, let last = facts.members?.last.at, last < behind.at { return words("finding.stranger_beyond") }
        return facts.isRead(from: first, to: behind.at) ? nil : words("finding.drift_unread")
    }

    private static func unproven(_ control: Control, _ name: String, _ words: Words) -> Finding {
        control.finding(.notProven, about: .members, in: words, words(name))
    }
}
