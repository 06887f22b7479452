/// Access judged in the plainest way: loops over events and lists, written from the words of the documents.
///
/// Who is who rests on ids and e-mails that belong to one person each, as in the histories of ``AccessHistory``.
package struct PlainAccess: Sendable {
    /// What a finding says.
    package struct Said: Hashable, Comparable, Sendable {
        package var control: String
        /// Whom or what it is about; empty for all that the control looks at.
        package var subject = ""
        package var status: String

        /// Describes a finding.
        package init(control: String, subject: String = "", status: String) {
            (self.control, self.subject, self.status) = (control, subject, status)
        }

        package static func < (left: Said, right: Said) -> Bool { "\(left)" < "\(right)" }
    }

    /// What is asked of whom.
    package struct Policy: Sendable {
        package var administrators = 2
        package var inactiveDays: Int64 = 20
        package var staleDays: Int64 = 5
        package var unusedDays: Int64 = 10
        package var ageDays: Int64 = 15
        package var domains: Set<String>? = ["acme.example"]

        /// What the tests ask.
        package init() {}
    }

    /// When what happened, and what is known of it.
    package struct Span: Sendable {
        /// The period; nil for no end on that side.
        package var begin: Int64?
        package var end: Int64?
        /// When the newest pull was made.
        package var asOf: Int64
        /// Up to when it proves the log, which it does from the organization's creation on.
        package var proven: Int64
        package var created: Int64
        /// Whether the period is over.
        package var hasEnded: Bool

        /// Describes a span.
        package init(begin: Int64?, end: Int64?, asOf: Int64, proven: Int64, created: Int64, hasEnded: Bool) {
            (self.begin, self.end, self.asOf, self.proven) = (begin, end, asOf, proven)
            (self.created, self.hasEnded) = (created, hasEnded)
        }
    }

    /// Up to the end of the period, in order.
    let events: [PlainEvent]
    /// Those of the period.
    let acts: [PlainEvent]
    let lists: [PlainLists]
    let span: Span
    let policy: Policy
    /// The end of what is judged.
    let now: Int64

    /// Takes what was archived.
    package init(_ all: [PlainEvent], _ lists: [PlainLists], _ span: Span, _ policy: Policy = Policy()) {
        events = inOrder(all).filter { event in span.end.map { event.at < $0 } ?? true }
        acts = events.filter { event in span.begin.map { event.at >= $0 } ?? true }
        (self.lists, self.span, self.policy) = (lists, span, policy)
        now = min(span.end ?? span.asOf, span.asOf)
    }

    /// What all controls over access say.
    package var said: [Said] {
        drift + strangers + breaches + administrators + inactive + stale + domains + expiry + unused + scopes
            + unlogged + ghosts + orphans + old
    }

    /// A finding of the tool: its control, what it is about, what tells that from others, and its status.
    package typealias Found = (control: String, subject: String, key: String, status: String)

    /// Where what the tool found is not what is said here, in words, a line a control.
    package func differences(from found: [Found]) -> [String] {
        let plain = said
        return Set(plain.map(\.control)).sorted().compactMap { control in
            let expected = plain.filter { $0.control == control }.sorted()
            let isOfAll = expected.map(\.subject) == [""]
            let isJoin = ["MEM-GHOST", "KEY-ORPHAN", "KEY-AGE"].contains(control)
            let told = found.filter { $0.control == control }.map { finding in
                // Actors and keys of these are told by what they are, not by what they are called.
                let subject = isJoin && finding.subject != "removed members" ? finding.key : finding.subject
                return Said(control: control, subject: isOfAll ? "" : subject, status: finding.status)
            }
            .sorted()
            if told == expected { return nil }
            func words(_ said: [Said]) -> [String] { said.map { "\($0.subject) \($0.status)" } }
            return "\(control): \(words(told)), plainly \(words(expected))"
        }
    }

    // MARK: What is known

    /// Whether the log of the period is proven, as far as the period has gone.
    var isWhole: Bool {
        guard span.hasEnded, let end = span.end else { return span.begin.map { $0 < span.proven } ?? true }
        return end <= span.proven
    }

    var whenNothing: String { isWhole ? "pass" : "not_proven" }

    /// The last reading of a list at or before the end, and the first behind it; or what is said where there is none.
    func standing(_ isRead: (PlainLists) -> Bool) -> (read: PlainLists?, next: PlainLists?, without: String) {
        let before = lists.filter { $0.to <= now }
        guard before.contains(where: isRead) else {
            return (nil, nil, lists.contains(where: isRead) ? "not_proven" : "not_applicable")
        }
        guard let last = before.last, isRead(last) else { return (nil, nil, "not_proven") }
        return (last, lists.first { $0.to > now && isRead($0) }, "")
    }

    /// The last reading of a list at or before the end, be it refused since.
    func reading(_ isRead: (PlainLists) -> Bool) -> PlainLists? { lists.last { $0.to <= now && isRead($0) } }

    /// The same, or else the first reading behind it.
    func nearest(_ isRead: (PlainLists) -> Bool) -> PlainLists? { reading(isRead) ?? lists.first(where: isRead) }

    /// What a control over a list says where nothing is wrong with it: it stands for two days, or the next one confirms it.
    func quiet(_ read: PlainLists, _ next: PlainLists?, _ faults: (PlainLists) -> Bool) -> String {
        let days: Int64 = 2 * 86_400
        // A list has to tell of the end of a period that is over, whether or not anything was read since.
        let due = span.hasEnded ? span.end ?? now : now
        if due - read.to <= days { return "pass" }
        guard let next, next.to <= due + days else { return "not_proven" }
        return faults(next) ? "not_proven" : "pass"
    }

    /// The lists of members that tell of the period: the last one before it, those in it, the first behind it.
    var telling: [PlainLists] {
        let read = lists.filter { $0.members != nil }
        let before = read.filter { list in span.begin.map { list.to < $0 } ?? false }
        let others = read.dropFirst(before.count)
        return before.suffix(1) + others.filter { $0.to <= now } + others.filter { $0.to > now }.prefix(1)
    }

    // MARK: Who is who

    /// An actor: what their events give of them.
    struct Actor: Hashable {
        var id: String
        var mails: Set<String>
        /// The e-mail of their latest event that has one, as it stands there.
        var mail: String

        var subject: String { mail.isEmpty ? id : id.isEmpty ? mail : "\(mail) (\(id))" }
        var called: String { mail.isEmpty ? id : mail }
    }

    static func key(_ event: PlainEvent) -> String { event.actorID.isEmpty ? event.actorEmail : event.actorID }

    func actor(_ event: PlainEvent) -> Actor {
        let own = events.filter { Self.key($0) == Self.key(event) }
        let mails = own.map(\.actorEmail).filter { !$0.isEmpty }
        return Actor(id: event.actorID, mails: Set(mails.map { $0.lowercased() }), mail: mails.last ?? "")
    }

    func actors(_ events: [PlainEvent]) -> Set<Actor> { Set(events.map(actor)) }

    func isOwn(_ event: PlainEvent, _ actor: Actor) -> Bool {
        Self.key(event) == (actor.id.isEmpty ? actor.mail : actor.id)
    }

    /// Whether an actor is a member: by id, else by e-mail where one side has no id.
    func isSame(_ actor: Actor, _ member: PlainLists.Member) -> Bool {
        if !actor.id.isEmpty, actor.id == member.userID || actor.id == member.memberID { return true }
        if !actor.id.isEmpty, !member.userID.isEmpty { return false }
        return actor.mails.contains(member.mail)
    }

    func isSame(_ one: PlainLists.Member, _ other: PlainLists.Member) -> Bool {
        if !one.userID.isEmpty, !other.userID.isEmpty { return one.userID == other.userID }
        return one.memberID == other.memberID
    }

    /// Whether an event is about a member: it gives one of their ids or their e-mail.
    func isAbout(_ event: PlainEvent, _ member: PlainLists.Member) -> Bool {
        if !event.resourceID.isEmpty, [member.userID, member.memberID].contains(event.resourceID) { return true }
        return !member.mail.isEmpty && event.mails.contains(member.mail)
    }

    func isAbout(_ event: PlainEvent, _ actor: Actor) -> Bool {
        if !event.resourceID.isEmpty, event.resourceID == actor.id { return true }
        return !event.mails.isDisjoint(with: actor.mails)
    }

    /// Whether an event that is about nobody of the lists gives nothing that the list gives of a member, too.
    func mayBe(_ event: PlainEvent, _ member: PlainLists.Member) -> Bool {
        mayBe(event, ids: [member.userID, member.memberID], mails: [member.mail])
    }

    /// The same of anybody: ids of one kind begin alike, and another one of a kind is another's.
    func mayBe(_ event: PlainEvent, ids: [String], mails: [String]) -> Bool {
        if !event.mails.isEmpty, mails.contains(where: { !$0.isEmpty }) { return false }
        let kind = event.plainID.prefix { $0.isLetter }
        return kind.isEmpty || !ids.contains { $0.prefix { $0.isLetter } == kind }
    }
}

extension PlainEvent {
    var at: Int64 { seconds ?? 0 }

    /// The e-mails that an event about a member gives, in lower case.
    var mails: Set<String> { Set([resourceID, resourceName].filter { $0.contains("@") }.map { $0.lowercased() }) }

    /// The id that it gives, which is no e-mail.
    var plainID: String { resourceID.contains("@") ? "" : resourceID }

    /// When, as tables have it.
    var time: String { PlainAccess.time(at).dropLast() + fraction + "Z" }
}
