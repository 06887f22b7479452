import Evidence

/// Watches the events of a report pass by, in order, and keeps what the controls over the log ask for.
///
/// Events before the period count for what they leave behind: keys that are open, addresses that are known. Memory grows
/// with actors, addresses, keys and flagged events, not with the rest.
struct LogWatch: ~Copyable {
    private var log = WatchedLog()
    private var keys = KeyRing()
    private var members = Membership()
    private var ghosts = GhostActs()
    private var counts: CountsBetween
    /// By number, what was met before.
    private var actors = MetNumbers()
    private var addresses = MetNumbers()
    private var resources = MetNumbers()
    private var used = AddressUse()
    private var kinds = ActionKinds()
    private var bursts: BurstFinder
    private var roles = RoleChanges()
    private var offHours = FlagTable<UInt32>()
    private var newAddresses = FlagTable<UInt32>()
    private var doubtfulAddresses = FlagTable<UInt32>()
    private var unknown = FlagTable<UInt32>()
    /// Unknown actions by number, and new addresses by that of actor and address.
    private var unknownNames: [UInt32: WatchedLog.Flag] = [:]
    private var uses: [UInt32: NewUse] = [:]
    /// By the number of an actor, the second of their first event from an address.
    private var firstUse: [Int64] = []
    private var unmatchedDeletions = 0
    private var unmatchedAddresses = WatchedLog.Unmatched()
    /// Events of the period that name nobody, behind a removal or without a time.
    private var anonymousActs = (behind: 0, undated: 0)
    /// Where actors were at times that are not known, by number: told by the pairs of actor and address.
    private var undatedUse: [UInt32: Set<UInt32>] = [:]
    private let since: Instant?
    private let settingsSpan: InstantRange
    /// By actor and e-mail, their name in findings: thousands of events share a few.
    private var names: [UInt64: String] = [:]
    private var row = 0
    /// How many events with a time were seen.
    private var place = 0
    private var rows = EventRows.Builder()
    /// Places in the newest block of events that a finding may show.
    private(set) var notable: [Int] = []
    private var isNotable = false
    private var clock: CalendarZone?
    private let hours: WorkingHours?

    /// How many of a kind are named as seen for the first time; the others are counted.
    static let firstSeenKept = 1_000

    /// How many events of a finding are told by their row: as many as a report shows of them.
    static let rowsKept = 12

    /// Prepares a watch by a policy.
    ///
    /// `since`: from when on things count as seen for the first time; nil to leave that out. `settingsSpan`: when changes of
    /// settings are of interest. `times`: between which databases and members that come and go are counted.
    init(
        _ policy: ControlPolicy,
        firstSeenSince since: Instant?,
        settingsSpan: InstantRange,
        countingBetween times: [Instant]
    ) {
        counts = CountsBetween(times)
        self.since = since
        self.settingsSpan = settingsSpan
        hours = policy.workingHours
        clock = hours.flatMap { try? CalendarZone(name: $0.timeZone) }
        bursts = BurstFinder(size: ControlCatalogue.control("DB-BURST").map(policy.threshold) ?? 1)
    }

    /// Takes in events from before the period.
    mutating func addHistory(_ block: borrowing EventBlock, _ numbering: borrowing EventNumbering) {
        kinds.learn(numbering.actions)
        let numbers = numbering.block
        for index in 0..<block.count { take(block[index], numbering, numbers, index, isInPeriod: false) }
    }

    /// Takes in events of the period.
    mutating func add(_ block: borrowing EventBlock, _ numbering: borrowing EventNumbering) {
        kinds.learn(numbering.actions)
        let numbers = numbering.block
        if numbers.hasResources { prefetch(numbers, block.count) }
        notable.removeAll(keepingCapacity: true)
        for index in 0..<block.count {
            isNotable = false
            take(block[index], numbering, numbers, index, isInPeriod: true)
            if isNotable { notable.append(index) }
        }
    }

    /// Asks for the memory of the keys that the next events are about.
    private func prefetch(_ numbers: EventNumbering.Numbers, _ count: Int) {
        for step in [KeyRing.Lookup.number, .key] {
            for index in 0..<count {
                switch kinds[numbers.action[index]].kind {
                case .keyCreated, .keyRevoked: keys.prefetch(step, resource: numbers.resource[index])
                default: break
                }
            }
        }
    }

    /// What was seen.
    mutating func finish(_ actors: ActorTexts) -> WatchedLog {
        log.bursts = bursts.finish(actors, &rows)
        let doubts = InvitationDoubts(members)
        log.openKeys = keys.judge(members, doubts, actors, &rows)
        log.ghosts = ghosts.judge(members, doubts, actors, &rows)
        log.unmatchedRemovals = members.unmatched(&rows)
        log.counts = counts.counts
        roles.judge(members, actors, &rows, &log)
        log.offHours = offHours.sorted(actors.flag)
        let (uses, unknownNames) = (uses, unknownNames)
        log.newAddresses = newAddresses.sorted { Self.flag(uses[$0], actors) }
        log.doubtfulAddresses = doubtfulAddresses.sorted { Self.flag(uses[$0], actors) }
        log.unknownActions = unknown.sorted { unknownNames[$0] ?? WatchedLog.Flag(subject: "", key: "") }
        log.unmatched["DB-BURST", default: .init()].byNobody = unmatchedDeletions
        log.unmatched["KEY-ORPHAN", default: .init()].byNobody = log.openKeys.count { $0.isAnonymous }
        log.unmatched["MEM-GHOST", default: .init()].byNobody =
            members.records.removals.isEmpty ? 0 : anonymousActs.behind + anonymousActs.undated
        log.unmatched["NEW-IP"] = unmatchedAddresses
        log.rows = EventRows(exchange(&rows, with: EventRows.Builder()).finish())
        return log
    }

    private mutating func take(
        _ event: EventView,
        _ numbering: borrowing EventNumbering,
        _ numbers: EventNumbering.Numbers,
        _ index: Int,
        isInPeriod: Bool
    ) {
        let (kind, isPrivileged) = kinds[numbers.action[index]]
        let actor = numbers.actor[index]
        let resource = numbers.hasResources ? numbers.resource[index] : nil
        if isInPeriod { row += 1 }
        if !event.isUndated {
            place += 1
            if log.beginsAt == nil { log.beginsAt = event.instant }
        }
        var (isNewAddress, away) = (false, Membership.nobody)
        if !event.isAnonymous {
            let (label, at) = (numbers.email[index], event.isUndated ? 0 : place)
            away = members.meet(event, actor: actor, label: label, at: at, isInPeriod: isInPeriod)
            isNewAddress = noteAddress(event, numbers, index, isInPeriod)
        }
        if since != nil, !event.isUndated, !(event.resourceID.isEmpty && event.resourceName.isEmpty) {
            noteFirstSeen(event, "resource", resources.meet(numbers.resource[index]) && isInPeriod)
        }
        switch kind {
        case .keyCreated:
            let perhaps = event.isAnonymous ? Membership.Perhaps() : members.perhapsNow(actor)
            noteKey(event, resource, (actor, numbers.email[index], away, perhaps), isInPeriod)
        case .keyRevoked: keys.revoke(event, resource: resource, at: event.isUndated ? 0 : place)
        case .memberRemoved, .memberInvited: noteMember(event, kind, numbering, isInPeriod)
        case .databaseCreated: counts.add(kind, event)
        case .databaseDeleted: noteDeletion(event, actor, isInPeriod)
        case .settingsUpdated where !event.isUndated && settingsSpan.contains(event.instant):
            let name = name(event, actor, numbers.email[index])
            log.settingsEvents.append(.init(event: event.id.string, at: event.instant, actor: name))
            keepRow(event, isInPeriod)
        default: break
        }
        guard isInPeriod else { return }
        if !event.isUndated {
            log.firstAt = log.firstAt ?? event.instant
            log.lastAt = event.instant
        }
        if event.isAnonymous {
            log.anonymous.append(event.id.string)
            if event.isUndated {
                anonymousActs.undated += 1
            } else if !members.records.removals.isEmpty {
                anonymousActs.behind += 1
            }
            keepRow(event, log.anonymous.count <= Self.rowsKept)
        }
        if away != Membership.nobody, !event.isUndated {
            let count = ghosts.add(event, by: actor, behind: away, at: place)
            keepRow(event, count <= Self.rowsKept)
        }
        switch kind {
        case .roleChanged: noteRoleChange(event, actor, numbering)
        case .unknown:
            let count = unknown.add(numbers.action[index], event.id.string)
            if count == 1 {
                unknownNames[numbers.action[index]] = WatchedLog.Flag(
                    subject: event.action.string,
                    key: SubjectKey.id(event.actionKey)
                )
            }
            keepRow(event, count <= Self.rowsKept)
        default: break
        }
        if isPrivileged { notePrivileged(event, actor, isNewAddress ? numbers.use[index] : nil) }
    }

    /// - Returns: Whether an actor who was seen at other addresses, perhaps, is seen at this one for the first time.
    @inline(__always)
    private mutating func noteAddress(
        _ event: EventView,
        _ numbers: EventNumbering.Numbers,
        _ index: Int,
        _ isInPeriod: Bool
    ) -> Bool {
        let (actor, hasAddress) = (numbers.actor[index], !event.ipAddress.isEmpty)
        if event.isUndated {
            // What has no time is neither first nor later.
            if hasAddress { undatedUse[actor, default: []].insert(numbers.use[index]) }
            return false
        }
        // Nearly every event repeats an actor at an address, and neither can be new then.
        guard !hasAddress || used.add(actor, pair: numbers.use[index]) else { return false }
        if hasAddress, used.count(of: actor) == 1 { noteFirstUse(actor, event.instant) }
        noteFirstSeen(event, "actor", actors.meet(actor) && isInPeriod)
        noteFirstSeen(event, "address", hasAddress && addresses.meet(numbers.address[index]) && isInPeriod)
        return hasAddress && (used.count(of: actor) > 1 || undatedUse[actor] != nil)
    }

    private mutating func noteKey(
        _ event: EventView,
        _ resource: UInt32?,
        _ creator: (actor: UInt32, mail: UInt32, away: Int32, perhaps: Membership.Perhaps),
        _ isInPeriod: Bool
    ) {
        let (at, row) = (event.isUndated ? 0 : place, isInPeriod ? row : 0)
        keys.create(event, resource: resource, by: creator, at: at, row: row)
        if isInPeriod { isNotable = true }
    }

    private mutating func noteMember(
        _ event: EventView,
        _ kind: ActionKind,
        _ numbering: borrowing EventNumbering,
        _ isInPeriod: Bool
    ) {
        counts.add(kind, event)
        let at = event.isUndated ? 0 : place
        if kind == .memberInvited {
            members.invite(event, numbering.actors, at: at)
        } else {
            members.remove(event, numbering.actors, at: at, row: isInPeriod ? row : 0)
            if isInPeriod { isNotable = true }
        }
    }

    /// `use`: the number of actor and address, if they were not seen together before.
    private mutating func notePrivileged(_ event: EventView, _ actor: UInt32, _ use: UInt32?) {
        if event.isAnonymous {
            unmatchedAddresses.byNobody += 1
        } else if event.ipAddress.isEmpty {
            unmatchedAddresses.eventIDs.append(event.id.string)
            keepRow(event, unmatchedAddresses.eventIDs.count <= Self.rowsKept)
        }
        if let use {
            let id = event.id.string
            uses[use] = NewUse(event, actor, since: firstUse(of: actor))
            // Seen at no other address but at a time that is not known, or at this one: it may be new or not.
            let isDoubtful = undatedUse[actor].map { used.count(of: actor) < 2 ? $0 != [use] : $0.contains(use) }
            if isDoubtful == true {
                keepRow(event, doubtfulAddresses.add(use, id) <= Self.rowsKept)
            } else if used.count(of: actor) > 1 {
                keepRow(event, newAddresses.add(use, id) <= Self.rowsKept)
            }
        }
        if let hours, var clock, !event.isUndated {
            if !hours.contain(event.instant, &clock) {
                let count = offHours.add(actor, event.id.string)
                keepRow(event, count <= Self.rowsKept)
            }
            self.clock = clock
        }
    }

    private mutating func noteFirstSeen(_ event: EventView, _ kind: String, _ isFirst: Bool) {
        guard isFirst, !event.isUndated, let since, event.instant >= since else { return }
        let subject: String
        switch kind {
        case "actor": subject = Self.name(event)
        case "address": subject = event.ipAddress.string
        default:
            let name = event.resourceName.isEmpty ? event.resourceID.string : event.resourceName.string
            subject = "\(event.resourceType.string) \(name)"
        }
        noteFirst(kind, subject, event)
    }

    private mutating func noteFirst(_ kind: String, _ subject: String, _ event: EventView) {
        log.firstSeenCounts[kind, default: 0] += 1
        guard log.firstSeenCounts[kind, default: 0] <= Self.firstSeenKept else { return }
        log.firstSeen.append(
            WatchedLog.FirstSeen(
                kind: kind,
                subject: subject,
                at: event.instant,
                event: event.id.string,
                actor: Self.name(event)
            )
        )
    }

    private mutating func noteRoleChange(_ event: EventView, _ actor: UInt32, _ numbering: borrowing EventNumbering) {
        let member = members.member(event, numbering.actors)
        roles.add(event, by: actor, member, row: row)
        keepRow(event, roles.events.count <= Self.rowsKept)
        // Mostly whether it is about somebody else is plain; else it is told once all of the log was seen.
        if event.isAnonymous || !members.isOther(member, than: actor) { isNotable = true }
    }

    /// Somebody at an address that is new to them, or may be.
    private struct NewUse {
        var actor: UInt32
        var address: String
        var key: String
        var span: InstantRange

        init(_ event: EventView, _ actor: UInt32, since: Int64) {
            self.actor = actor
            address = event.ipAddress.string
            key = SubjectKey.id(event.ipAddressKey)
            span = InstantRange(from: Instant(seconds: min(since, event.instant.seconds)), to: event.instant)
        }
    }

    private static func flag(_ use: NewUse?, _ actors: ActorTexts) -> WatchedLog.Flag {
        guard let use else { return WatchedLog.Flag(subject: "", key: "") }
        var flag = WatchedLog.Flag(
            subject: "\(actors.label(use.actor)) from \(use.address)",
            key: "\(actors.key(use.actor))\u{0}\(use.key)"
        )
        flag.span = use.span
        return flag
    }

    private mutating func noteFirstUse(_ actor: UInt32, _ at: Instant) {
        while firstUse.count <= Int(actor) { firstUse.append(.max) }
        firstUse[Int(actor)] = at.seconds
    }

    private func firstUse(of actor: UInt32) -> Int64 { Int(actor) < firstUse.count ? firstUse[Int(actor)] : .max }

    /// Deletions before the period count for bursts that go on in it.
    private mutating func noteDeletion(_ event: EventView, _ actor: UInt32, _ isInPeriod: Bool) {
        counts.add(.databaseDeleted, event)
        let id = event.id.string
        if isInPeriod {
            log.deletions.append(id)
            keepRow(event, log.deletions.count <= Self.rowsKept)
        }
        if event.isAnonymous, isInPeriod { unmatchedDeletions += 1 }
        guard !event.isUndated, !event.isAnonymous else { return }
        // Most are never part of a burst, and need no row.
        let inBurst = bursts.add(
            actor,
            database: BurstFinder.Database(event),
            at: event.instant,
            event: id,
            row: isInPeriod ? row : 0
        )
        if isInPeriod, inBurst <= Self.rowsKept { isNotable = true }
    }

    /// Remembers where an event stands in events.csv.
    private mutating func keepRow(_ event: EventView, _ isWanted: Bool) {
        guard isWanted else { return }
        rows.add(event.id, row)
        isNotable = true
    }

    private mutating func name(_ event: EventView, _ actor: UInt32, _ mail: UInt32) -> String {
        let key = UInt64(actor) << 32 | UInt64(mail)
        if let name = names[key] { return name }
        let name = Self.name(event)
        names[key] = name
        return name
    }

    /// How findings name an actor: e-mail and id as far as they are known.
    private static func name(_ event: EventView) -> String {
        if event.actorEmail.isEmpty { return event.actorID.isEmpty ? "(no actor)" : event.actorID.string }
        return event.actorID.isEmpty
            ? event.actorEmail.string : "\(event.actorEmail.string) (\(event.actorID.string))"
    }
}
