import Evidence

/// What changed in who has access from one time to another: by the lists of both times, and by the events between.
///
/// An event that explains a difference of lists is told with it; every other event stands for itself.
package struct AccessChanges: Sendable {
    /// What a list or an event is about.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case member
        case invitation
        case key = "api key"
    }

    /// What changed.
    package enum What: Sendable, Hashable {
        case came(role: String)
        case left(role: String)
        case role(from: String, to: String)
        case status(from: String, to: String)
        /// It stands on the later list alone, and no event says that it was made.
        case listed
        /// It stood on the earlier list alone, and no event says why.
        case unlisted
        /// An event says so, and no difference of lists is explained by it.
        case said(AccessTrail.Kind)
    }

    /// Something that changed.
    package struct Change: Sendable, Hashable {
        package var kind: Kind
        package var what: What
        /// Whom or what it is about; empty where nothing names them.
        package var subject: String
        /// When the event says that it happened; nil where lists alone tell.
        package var at: Instant?
        /// Who did it, as far as the log tells.
        package var actor: String?
        /// The event that says so.
        package var event: String?
    }

    /// By kind: what lists tell, then what events alone do, in their order.
    package private(set) var changes: [Change] = []
    /// Those of whom no list is there of one of the times: events alone tell of them.
    package private(set) var byEventsAlone: Set<Kind> = []

    private let trail: AccessTrail
    private let events: [AccessTrail.Event]
    private var told: Set<ExactText> = []

    /// Compares two times.
    ///
    /// - Parameters:
    ///   - lists: What each pull was answered, in order of time.
    ///   - trail: What the log says of members and keys.
    ///   - since: The earlier time.
    ///   - end: The later one; nil for the end of everything.
    package init(_ lists: [AccessLists], _ trail: AccessTrail, since: Instant, end: Instant?) {
        self.trail = trail
        events = trail.events.filter { event in
            event.at.map { at in since <= at && (end.map { at < $0 } ?? true) } ?? false
        }
        func both<Element>(_ kind: Kind, _ list: (AccessLists) -> AccessLists.List<Element>)
            -> (AccessCourse<Element>.Reading, AccessCourse<Element>.Reading)?
        {
            let course = AccessCourse(lists, list)
            guard case .read(let before, _) = course.standing(at: since),
                case .read(let after, _) = course.standing(at: end), before.missing == nil, after.missing == nil
            else {
                byEventsAlone.insert(kind)
                return nil
            }
            return before.at == after.at && before.elements == after.elements ? nil : (before, after)
        }
        if let pair = both(.member, { $0.members }) { compare(pair.0, pair.1) }
        addEvents(.member, [.removed, .roleChanged])
        if let pair = both(.invitation, { $0.invitations }) { compare(pair.0.elements, pair.1.elements) }
        addEvents(.invitation, [.invited])
        if let pair = both(.key, { $0.keys }) { compare(pair.0.elements, pair.1.elements) }
        addEvents(.key, [.keyCreated, .keyRevoked])
    }

    private mutating func compare(
        _ before: AccessCourse<AccessMember>.Reading,
        _ after: AccessCourse<AccessMember>.Reading
    ) {
        let lists = ListsInTime([before, after])
        let events = MemberEvents(trail.events, lists)
        let places = Dictionary(grouping: trail.events.indices) { ExactText(trail.events[$0].event) }
        for difference in MemberDrift(lists, at: 0, invited: InvitedMails([]), events: events).differences {
            let what: What
            let role = difference.member.role ?? ""
            switch difference.change {
            case .joined, .cameBack: what = .came(role: role)
            case .left: what = .left(role: role)
            case .role(let from, let to): what = .role(from: from, to: to)
            case .staysListed: continue
            }
            let ids = Set(difference.events.map { ExactText($0) })
            // Who was removed and came again with another role is told by the events of both.
            let event = ids.flatMap { places[$0, default: []] }.sorted().map { trail.events[$0] }.last { event in
                !difference.isOfRole || event.kind == .roleChanged
            }
            // Who was invited stands among the invitations, too.
            if let event, event.kind != .invited { told.formUnion(ids) }
            add(.member, what, difference.member.label, event)
        }
    }

    private mutating func compare(_ before: [AccessInvitation], _ after: [AccessInvitation]) {
        let invited = Set(
            trail.events.filter { $0.kind == .invited }.flatMap { [$0.id, $0.name] }
                .map { ExactText($0.lowercasedASCII) }
        )
        func status(_ invitation: AccessInvitation) -> String { invitation.status ?? "" }
        Self.difference(before, after, \.key) { change in
            switch change {
            case (nil, let new?):
                let isSaid = new.email.map { !$0.isEmpty && invited.contains(ExactText($0.lowercasedASCII)) } ?? false
                if !isSaid { add(.invitation, .listed, new.label, nil) }
            case (let old?, nil): add(.invitation, .unlisted, old.label, nil)
            case (let old?, let new?) where !status(old).isSameInBytes(as: status(new)):
                add(.invitation, .status(from: status(old), to: status(new)), new.label, nil)
            default: break
            }
        }
    }

    private mutating func compare(_ before: [AccessKey], _ after: [AccessKey]) {
        // The earlier list may be older than the earlier time, which the events between do not go beyond.
        func said(_ kind: AccessTrail.Kind) -> Set<ExactText> {
            Set(trail.events.filter { $0.kind == kind && !$0.id.isEmpty }.map { ExactText($0.id) })
        }
        func isSaid(_ key: AccessKey, _ ids: Set<ExactText>) -> Bool {
            key.id.map { ids.contains(ExactText($0)) } ?? false
        }
        let (created, revoked) = (said(.keyCreated), said(.keyRevoked))
        Self.difference(before, after, \.key) { change in
            switch change {
            case (nil, let new?) where !isSaid(new, created): add(.key, .listed, Self.label(new), nil)
            case (let old?, nil) where !isSaid(old, revoked): add(.key, .unlisted, Self.label(old), nil)
            default: break
            }
        }
    }

    /// Pairs what stands on two lists, by what tells it from others; what nothing tells from others is passed over.
    private static func difference<Element>(
        _ before: [Element],
        _ after: [Element],
        _ key: (Element) -> ExactText?,
        _ body: ((Element?, Element?)) -> Void
    ) {
        func byKey(_ list: [Element]) -> [ExactText: Element] {
            Dictionary(list.compactMap { element in key(element).map { ($0, element) } }) { first, _ in first }
        }
        let (old, new) = (byKey(before), byKey(after))
        for key in Set(old.keys).union(new.keys).sorted() { body((old[key], new[key])) }
    }

    private mutating func addEvents(_ kind: Kind, _ kinds: Set<AccessTrail.Kind>) {
        for event in events where kinds.contains(event.kind) && !told.contains(ExactText(event.event)) {
            add(kind, .said(event.kind), [event.name, event.id].first { !$0.isEmpty } ?? "", event)
        }
    }

    private mutating func add(_ kind: Kind, _ what: What, _ subject: String, _ event: AccessTrail.Event?) {
        let actor = event?.by.map { trail.actors[$0].called }
        changes.append(
            Change(kind: kind, what: what, subject: subject, at: event?.at, actor: actor, event: event?.event)
        )
    }

    private static func label(_ key: AccessKey) -> String {
        [key.name, key.id, key.prefix].compactMap { $0 }.first { !$0.isEmpty } ?? ""
    }
}
