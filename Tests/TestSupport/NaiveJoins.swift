/// The joins in the plainest way: every event compared with every other, written from docs/controls.md alone.
///
/// Where nothing is certain (an invitation that matches nobody, an event without a time) it says `false`.
package struct NaiveJoins {
    /// Those with a time, in order; and those without.
    private let events: [PlainEvent]
    private let undated: [PlainEvent]
    private let actorIDs: Set<[UInt8]>
    private let actorMails: Set<String>
    private var mailsOfActors: [String: Set<String>] = [:]
    /// Whether something else than the log says that whoever acts may have come back behind a removal.
    package var isBack: (_ event: PlainEvent, _ removal: PlainEvent) -> Bool = { _, _ in false }

    /// Takes a log.
    package init(_ all: [PlainEvent]) {
        let sorted = inOrder(all)
        events = sorted.filter { $0.seconds != nil }
        undated = sorted.filter { $0.seconds == nil }
        actorIDs = Set(all.filter { !$0.actorID.isEmpty }.map { Array($0.actorID.utf8) })
        for event in all where !event.actorEmail.isEmpty {
            mailsOfActors[Self.key(event), default: []].insert(Self.lower(event.actorEmail))
        }
        actorMails = Set(all.filter { !$0.actorEmail.isEmpty }.map { Self.lower($0.actorEmail) })
    }

    /// The mails of these tests are ASCII.
    private static func lower(_ text: String) -> String { text.lowercased() }

    private static func key(_ event: PlainEvent) -> String {
        event.actorID.isEmpty ? "mail:" + event.actorEmail : "id:" + event.actorID
    }

    private func isAnonymous(_ event: PlainEvent) -> Bool { event.actorID.isEmpty && event.actorEmail.isEmpty }

    private func tokens(_ member: PlainEvent) -> Set<String> {
        Set([member.resourceID, member.resourceName].filter { !$0.isEmpty }.map(Self.lower))
    }

    /// The e-mails that the actor of an event is seen with.
    private func mails(_ event: PlainEvent) -> Set<String> { mailsOfActors[Self.key(event)] ?? [] }

    /// Whether a removal or an invitation is about whoever acts.
    private func isAbout(_ member: PlainEvent, _ event: PlainEvent) -> Bool {
        if !event.actorID.isEmpty, event.actorID == member.resourceID { return true }
        let isKnown = actorIDs.contains(Array(member.resourceID.utf8))
        if !event.actorID.isEmpty, isKnown, member.action == "member.removed" { return false }
        return !tokens(member).isDisjoint(with: mails(event))
    }

    private func matchesNobody(_ member: PlainEvent) -> Bool {
        !actorIDs.contains(Array(member.resourceID.utf8)) && tokens(member).isDisjoint(with: actorMails)
    }

    /// The removal behind which whoever acts stands, and whether that is certain.
    private func away(_ place: Int) -> (removal: PlainEvent, isCertain: Bool)? {
        let event = events[place]
        var removal: Int?
        for earlier in 0..<place {
            let isRemoval = events[earlier].action == "member.removed"
            guard isRemoval || events[earlier].action == "member.invited", isAbout(events[earlier], event) else {
                continue
            }
            removal = isRemoval ? earlier : nil
        }
        guard let removal else { return nil }
        let between = events[(removal + 1)..<place].filter { $0.action == "member.invited" }
        let loose = undated.filter { $0.action == "member.invited" }
        let isExplained =
            between.contains(where: matchesNobody) || loose.contains { matchesNobody($0) || isAbout($0, event) }
            || isBack(event, events[removal])
        return (events[removal], !isExplained)
    }

    // MARK: Verdicts

    /// Ids of events behind a removal, by actor; actors of whom nothing is certain have none.
    package var ghosts: [String: [String]] { ghosts { _ in true } }

    /// The same of some events alone.
    package func ghosts(among isAct: (PlainEvent) -> Bool) -> [String: [String]] {
        var ghosts: [String: [String]] = [:]
        for (place, event) in events.enumerated() where !isAnonymous(event) && isAct(event) {
            if let away = away(place) {
                ghosts[Self.key(event), default: []] += away.isCertain ? [event.id] : []
            } else if undated.contains(where: { $0.action == "member.removed" && isAbout($0, event) }) {
                ghosts[Self.key(event), default: []] += []
            }
        }
        return ghosts
    }

    /// An id and a name are never one identity.
    private func keyID(_ event: PlainEvent) -> String {
        event.resourceID.isEmpty ? "\u{1}name:" + event.resourceName : event.resourceID
    }

    /// The creations of keys that are open before a place.
    private func open(before place: Int) -> [Int] {
        var open: [Int] = []
        for (at, event) in events[..<place].enumerated() {
            if event.action == "api_key.created" { open.append(at) }
            if event.action == "api_key.revoked", closes(at, open) {
                open.removeAll { keyID(events[$0]) == keyID(event) }
            }
        }
        return open
    }

    /// Whether a revocation closes what is open under its id or name: by a name alone only once as many were revoked as
    /// were created, and no open key has an id and that name.
    private func closes(_ place: Int, _ open: [Int]) -> Bool {
        let revocation = events[place]
        guard revocation.resourceID.isEmpty else { return true }
        let created = open.filter { keyID(events[$0]) == keyID(revocation) }
        guard let first = created.first else { return false }
        func isAmbiguous(_ place: Int) -> Bool {
            let named = self.open(before: place).map { events[$0] } + undated.filter { $0.action == "api_key.created" }
            return named.contains { !$0.resourceID.isEmpty && $0.resourceName == revocation.resourceName }
        }
        if isAmbiguous(place) { return false }
        let earlier = events[first..<place].enumerated().count { offset, event in
            event.action == "api_key.revoked" && keyID(event) == keyID(revocation) && !isAmbiguous(first + offset)
        }
        return earlier + 1 >= created.count
    }

    /// The creations that no later event revokes for certain.
    private var open: [Int] { open(before: events.count) }

    /// The same as events.
    package var openKeys: [PlainEvent] { open.map { events[$0] } }

    /// Removals of people whom no event names as its actor.
    package var unmatchedRemovals: [PlainEvent] {
        events.filter { $0.action == "member.removed" && matchesNobody($0) }
    }

    /// Whether an event that does not say which key it is about, or has no time, may have revoked a key.
    private func isMaybeRevoked(_ creation: PlainEvent, at place: Int) -> Bool {
        let isByName = creation.resourceID.isEmpty
        func mayBe(_ event: PlainEvent, _ isUnknownID: Bool) -> Bool {
            guard event.action == "api_key.revoked" else { return false }
            if keyID(event) == keyID(creation) { return true }
            guard event.resourceName == creation.resourceName else { return false }
            return isByName ? isUnknownID : event.resourceID.isEmpty
        }
        if undated.contains(where: { mayBe($0, true) }) { return true }
        return events.indices.contains { later in
            let known = Array(events[..<later]) + undated
            let isUnknownID = !known.contains {
                $0.action == "api_key.created" && $0.resourceID == events[later].resourceID
            }
            return later > place && mayBe(events[later], isUnknownID)
        }
    }

    /// By key, whether it is certainly orphaned, or perhaps; keys that are not are left out.
    package var orphans: [String: Bool] {
        var found: [String: Bool] = [:]
        func note(_ key: String, _ isCertain: Bool) {
            found[key] = found[key] == true || isCertain
        }
        for place in open where !isAnonymous(events[place]) {
            let (event, key) = (events[place], keyID(events[place]))
            let isLater = events[(place + 1)...].contains { $0.action == "member.removed" && isAbout($0, event) }
            if isLater {
                note(key, !isMaybeRevoked(event, at: place))
            } else if let away = away(place) {
                note(key, away.isCertain && !isMaybeRevoked(event, at: place))
            } else if undated.contains(where: { $0.action == "member.removed" && isAbout($0, event) }) {
                note(key, false)
            }
        }
        for event in undated where event.action == "api_key.created" && !isAnonymous(event) {
            let removals = (events + undated).filter { $0.action == "member.removed" && isAbout($0, event) }
            if !removals.isEmpty { note(keyID(event), false) }
        }
        return found
    }

    /// By key: whether it is certainly older than so many days at an instant, or perhaps.
    package func old(_ days: Int64, at end: Int64) -> [String: Bool] {
        var found: [String: Bool] = [:]
        for event in undated where event.action == "api_key.created" { found[keyID(event)] = false }
        for place in open {
            let (event, key) = (events[place], keyID(events[place]))
            let hasFraction = event.fraction.contains { $0 != "." && $0 != "0" }
            let age = end - (event.seconds ?? 0) - (hasFraction ? 1 : 0)
            guard age >= (days + 1) * 86_400 else { continue }
            found[key] = found[key] == true || !isMaybeRevoked(event, at: place)
        }
        return found
    }

    private static func nanoseconds(_ event: PlainEvent) -> Int64 {
        let digits = String(event.fraction.dropFirst())
        return (event.seconds ?? 0) * 1_000_000_000
            + (Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0)
    }

    /// By actor: the ids of deletions in a burst.
    package func bursts(_ size: Int) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        let deletions = events.filter { $0.action == "database.deleted" && !isAnonymous($0) }
        for (place, last) in deletions.enumerated() {
            let near = deletions[...place].filter {
                Self.key($0) == Self.key(last) && Self.nanoseconds(last) - Self.nanoseconds($0) <= 600_000_000_000
            }
            // A name alone may be that of a database that another deletion gives by id.
            let byID = near.filter { !$0.resourceID.isEmpty }
            let (ids, names) = (Set(byID.map(\.resourceID)), Set(byID.map(\.resourceName)))
            let alone = Set(near.filter { $0.resourceID.isEmpty }.map(\.resourceName))
            if max(ids.count + alone.subtracting(names).count, alone.count) >= size {
                found[Self.key(last), default: []].formUnion(near.map(\.id))
            }
        }
        return found
    }

    /// Ids of privileged events from an address that is new to an actor who was seen at others; nil where that can't be told.
    package var newAddresses: (certain: Set<String>, doubtful: Set<String>) {
        let privileged = ["database.deleted", "settings.updated", "member.", "api_key."]
        var (certain, doubtful): (Set<String>, Set<String>) = ([], [])
        for (place, event) in events.enumerated() where !isAnonymous(event) && !event.address.isEmpty {
            guard privileged.contains(where: { event.action.hasPrefix($0) }) else { continue }
            func addresses(_ events: some Sequence<PlainEvent>) -> Set<String> {
                Set(events.filter { Self.key($0) == Self.key(event) && !$0.address.isEmpty }.map(\.address))
            }
            let before = addresses(events[..<place])
            let loose = addresses(undated)
            guard !before.contains(event.address) else { continue }
            if before.isEmpty ? !loose.subtracting([event.address]).isEmpty : loose.contains(event.address) {
                doubtful.insert(event.id)
            } else if !before.isEmpty {
                certain.insert(event.id)
            }
        }
        return (certain, doubtful)
    }
}
