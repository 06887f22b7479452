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
    private var firstSightings: FirstSightings?
    private var access: AccessTrail?
    private var addresses = NewAddresses()
    private var kinds = ActionKinds()
    private var bursts: BurstFinder
    private var roles = RoleChanges()
    private var offHours = FlagTable<UInt32>()
    private var unknown = FlagTable<UInt32>()
    /// Unknown actions by number.
    private var unknownNames: [UInt32: WatchedLog.Flag] = [:]
    private var unmatchedDeletions = 0
    /// Events of the period that name nobody, behind a removal or without a time.
    private var anonymousActs = (behind: 0, undated: 0)
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
    /// Places in the newest block of events that a person may be asked to look at.
    private(set) var reviewable: [Int] = []
    private var isReviewable = false
    private var clock: CalendarZone?
    private let hours: WorkingHours?

    /// How many events of a finding are told by their row: as many as a report shows of them.
    static let rowsKept = 12

    /// Prepares a watch by a policy.
    ///
    /// `since`: from when on things count as seen for the first time; nil to leave that out. `settingsSpan`: when changes of
    /// settings are of interest. `times`: between which databases and members that come and go are counted.
    /// `access`: whose acts are kept, where the log is to be compared with lists of members and keys; else nil.
    init(
        _ policy: ControlPolicy,
        firstSeenSince since: Instant?,
        settingsSpan: InstantRange,
        countingBetween times: [Instant],
        access watched: AccessWatch?
    ) {
        access = watched.map(AccessTrail.init)
        counts = CountsBetween(times)
        firstSightings = since.map(FirstSightings.init)
        self.settingsSpan = settingsSpan
        hours = policy.workingHours
        clock = hours.flatMap { try? CalendarZone(name: $0.timeZone) }
        bursts = BurstFinder(size: policy.thresholds["DB-BURST"] ?? ControlCatalogue.threshold("DB-BURST") ?? 1)
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
        notable.removeAll(keepingCapacity: true)
        reviewable.removeAll(keepingCapacity: true)
        if numbers.hasResources {
            for isLater in [false, true] { prefetch(numbers, block.count, isLater: isLater) }
        }
        for index in 0..<block.count {
            (isNotable, isReviewable) = (false, false)
            take(block[index], numbering, numbers, index, isInPeriod: true)
            if isNotable { notable.append(index) }
            if isReviewable { reviewable.append(index) }
        }
    }

    /// Asks for the memory of the keys and members that the next events are about.
    private func prefetch(_ numbers: EventNumbering.Numbers, _ count: Int, isLater: Bool) {
        for index in 0..<count {
            switch kinds[numbers.action[index]].kind {
            case .keyCreated, .keyRevoked: keys.prefetch(numbers.resource[index], isLater: isLater)
            case .memberInvited, .memberRemoved, .roleChanged:
                members.numbers.prefetch(numbers.resource[index], isLater: isLater)
            default: break
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
        addresses.judge(actors, &log)
        let unknownNames = unknownNames
        log.unknownActions = unknown.sorted { unknownNames[$0] ?? WatchedLog.Flag(subject: "", key: "") }
        log.access = access
        log.firstSeen = firstSightings?.all ?? []
        log.firstSeenCounts = firstSightings?.counts ?? [:]
        log.unmatched["DB-BURST", default: .init()].byNobody = unmatchedDeletions
        for control in ["MEM-UNKNOWN", "ROLE-BREACH"] {
            log.unmatched[control, default: .init()].byNobody = log.anonymous.count
        }
        log.unmatched["KEY-ORPHAN", default: .init()].byNobody = log.openKeys.count { $0.isAnonymous }
        log.unmatched["MEM-GHOST", default: .init()].byNobody =
            members.records.removals.isEmpty ? 0 : anonymousActs.behind + anonymousActs.undated
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
        if isInPeriod { row += 1 }
        if !event.isUndated {
            place += 1
            if log.beginsAt == nil { log.beginsAt = event.instant }
        }
        var (isNewAddress, away) = (false, Membership.nobody)
        if !event.isAnonymous {
            let (label, at) = (numbers.email[index], event.isUndated ? 0 : place)
            away = members.meet(event, actor: actor, label: label, at: at, isInPeriod: isInPeriod)
            isNewAddress = addresses.meet(event, actor, numbers.use[index], numbering)
        }
        firstSightings?.meet(event, numbers, index, isInPeriod: isInPeriod)
        access?.add(event, kind, isPrivileged: isPrivileged, numbers, index, isInPeriod: isInPeriod)
        if kind != .plain { take(event, kind, numbering, numbers, index, away, isInPeriod) }
        guard isInPeriod else { return }
        if !event.isUndated {
            log.firstAt = log.firstAt ?? event.instant
            log.lastAt = event.instant
        }
        if event.isAnonymous { noteAnonymous(event) }
        if away != Membership.nobody, !event.isUndated {
            keepRow(event, ghosts.add(event, by: actor, behind: away, at: place) <= Self.rowsKept)
        }
        if isPrivileged {
            let use = isNewAddress ? numbers.use[index] : nil
            let isShown = addresses.notePrivileged(event, actor, numbers.action[index], use, row: row)
            if isShown { isNotable = true }
            // A use of a new address knows its row.
            keepRow(event, isShown && event.ipAddress.isEmpty)
            if hours != nil, !event.isUndated { noteHour(event, actor) }
        }
    }

    /// Takes in an event whose action a control watches.
    private mutating func take(
        _ event: EventView,
        _ kind: ActionKind,
        _ numbering: borrowing EventNumbering,
        _ numbers: EventNumbering.Numbers,
        _ index: Int,
        _ away: Int32,
        _ isInPeriod: Bool
    ) {
        let (actor, at, row) = (numbers.actor[index], event.isUndated ? 0 : place, isInPeriod ? row : 0)
        let resource = numbers.hasResources ? (number: numbers.resource[index], name: numbers.name[index]) : nil
        switch kind {
        case .keyCreated:
            let perhaps = event.isAnonymous ? Membership.Perhaps() : members.perhapsNow(actor)
            let creator = (actor, numbers.email[index], away, perhaps)
            keys.create(event, resource: resource?.number, by: creator, at: at, row: row)
            if isInPeriod { isNotable = true }
        case .keyRevoked: keys.revoke(event, resource: resource?.number, at: at)
        case .memberInvited:
            counts.add(kind, event)
            members.invite(event, resource, numbering.actors, at: at)
        case .memberRemoved:
            counts.add(kind, event)
            members.remove(event, resource, numbering.actors, at: at, row: row)
            if isInPeriod { isNotable = true }
        case .databaseCreated: counts.add(kind, event)
        case .databaseDeleted: noteDeletion(event, actor, row)
        case .settingsUpdated: noteSettings(event, actor, numbers.email[index], isInPeriod)
        case .roleChanged where isInPeriod:
            noteRoleChange(event, actor, members.member(event, resource, numbering.actors))
        case .unknown where isInPeriod: noteUnknown(event, numbers.action[index])
        case .roleChanged, .unknown, .plain: break
        }
    }

    private mutating func noteAnonymous(_ event: EventView) {
        log.anonymous.append(event.id.string)
        log.anonymousSpan.extend(to: event.at)
        if event.isUndated {
            anonymousActs.undated += 1
        } else if !members.records.removals.isEmpty {
            anonymousActs.behind += 1
        }
        keepRow(event, log.anonymous.count <= Self.rowsKept)
    }

    private mutating func noteUnknown(_ event: EventView, _ action: UInt32) {
        isReviewable = true
        let count = unknown.add(action, event.id.string, at: event.at)
        if count == 1 {
            unknownNames[action] = WatchedLog.Flag(subject: event.action.string, key: SubjectKey.id(event.actionKey))
        }
        keepRow(event, count <= Self.rowsKept)
    }

    private mutating func noteHour(_ event: EventView, _ actor: UInt32) {
        guard let hours, var clock else { return }
        let isWithin = hours.contain(event.instant, &clock)
        self.clock = clock
        if !isWithin { keepRow(event, offHours.add(actor, event.id.string, at: event.at) <= Self.rowsKept) }
    }

    private mutating func noteRoleChange(_ event: EventView, _ actor: UInt32, _ member: MemberRecords.Member) {
        isReviewable = true
        roles.add(event, by: actor, member, row: row)
        log.roleChangeSpan.extend(to: event.at)
        keepRow(event, roles.events.count <= Self.rowsKept)
        // Mostly whether it is about somebody else is plain; else it is told once all of the log was seen.
        if event.isAnonymous || !members.isOther(member, than: actor) { isNotable = true }
    }

    /// Changes of settings before the period are of interest, too.
    private mutating func noteSettings(_ event: EventView, _ actor: UInt32, _ mail: UInt32, _ isInPeriod: Bool) {
        guard !event.isUndated, settingsSpan.contains(event.instant) else { return }
        let key = UInt64(actor) << 32 | UInt64(mail)
        if names[key] == nil { names[key] = event.actorName }
        log.settingsEvents.append(.init(event: event.id.string, at: event.instant, actor: names[key] ?? ""))
        keepRow(event, isInPeriod)
    }

    /// Deletions before the period, whose row is 0, count for bursts that go on in it.
    private mutating func noteDeletion(_ event: EventView, _ actor: UInt32, _ row: Int) {
        counts.add(.databaseDeleted, event)
        let id = event.id.string
        if row > 0 {
            isReviewable = true
            log.deletions.append(id)
            log.deletionSpan.extend(to: event.at)
            keepRow(event, log.deletions.count <= Self.rowsKept)
            if event.isAnonymous { unmatchedDeletions += 1 }
        }
        guard !event.isUndated, !event.isAnonymous else { return }
        // Most are never part of a burst, and need no row.
        let database = BurstFinder.Database(event)
        let inBurst = bursts.add(actor, database: database, at: event.instant, event: id, row: row)
        if row > 0, inBurst <= Self.rowsKept { isNotable = true }
    }

    /// Remembers where an event stands in events.csv.
    private mutating func keepRow(_ event: EventView, _ isWanted: Bool) {
        guard isWanted else { return }
        rows.add(event.id, row)
        isNotable = true
    }
}
