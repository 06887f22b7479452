import Evidence

/// Watches the events of a report pass by, in order, and keeps what the controls over the log ask for.
///
/// Events before the period count for what they leave behind: keys that are open, addresses that are known. Memory grows
/// with actors, addresses, keys and flagged events, not with the rest.
struct LogWatch: ~Copyable {
    private var log = WatchedLog()
    private var keys = KeyRing()
    /// By number, what was met before.
    private var actors = MetNumbers()
    private var addresses = MetNumbers()
    private var resources = MetNumbers()
    private var used = AddressUse()
    private var kinds = ActionKinds()
    private var bursts: BurstFinder
    private var ownRole = FlagTable()
    private var offHours = FlagTable()
    private var newAddresses = FlagTable()
    private var unknown = FlagTable()
    private let since: Instant?
    private let settingsSpan: InstantRange
    /// By actor and e-mail, their name in findings: thousands of events share a few.
    private var names: [UInt64: String] = [:]
    private var row = 0
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
    /// settings are of interest.
    init(_ policy: ControlPolicy, firstSeenSince since: Instant?, settingsSpan: InstantRange) {
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
        for index in 0..<block.count { take(block[index], numbers, index, isInPeriod: false) }
    }

    /// Takes in events of the period.
    mutating func add(_ block: borrowing EventBlock, _ numbering: borrowing EventNumbering) {
        kinds.learn(numbering.actions)
        let numbers = numbering.block
        if numbers.hasResources { prefetch(numbers, block.count) }
        notable.removeAll(keepingCapacity: true)
        for index in 0..<block.count {
            isNotable = false
            take(block[index], numbers, index, isInPeriod: true)
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
        log.bursts = bursts.finish(&rows)
        (log.openKeys, log.unmatchedRemovals) = keys.judge(actors, &rows)
        log.ownRoleChanges = ownRole.sorted
        log.offHours = offHours.sorted
        log.newAddresses = newAddresses.sorted
        log.unknownActions = unknown.sorted
        log.rows = EventRows(exchange(&rows, with: EventRows.Builder()).finish())
        return log
    }

    private mutating func take(_ event: EventView, _ numbers: EventNumbering.Numbers, _ index: Int, isInPeriod: Bool) {
        let (kind, isPrivileged) = kinds[numbers.action[index]]
        let resource = numbers.hasResources ? numbers.resource[index] : nil
        var isNewAddress = false
        if !event.isAnonymous {
            keys.meet(event, numbers.email[index])
            // Nearly every event repeats an actor at an address, and neither can be new then.
            let (actor, hasAddress) = (numbers.actor[index], !event.ipAddress.isEmpty)
            if !hasAddress || used.add(actor, pair: numbers.use[index]) {
                noteFirstSeen(event, "actor", actors.meet(actor) && isInPeriod)
                noteFirstSeen(event, "address", hasAddress && addresses.meet(numbers.address[index]) && isInPeriod)
                // The first from its address by an actor who was seen at others before.
                isNewAddress = hasAddress && used.count(of: actor) > 1
            }
        }
        if since != nil, !(event.resourceID.isEmpty && event.resourceName.isEmpty) {
            noteFirstSeen(event, "resource", resources.meet(numbers.resource[index]) && isInPeriod)
        }
        if isInPeriod { row += 1 }
        switch kind {
        case .keyCreated:
            keys.create(
                event,
                resource: resource,
                actor: numbers.actor[index],
                mail: numbers.email[index],
                row: isInPeriod ? row : 0
            )
            isNotable = isInPeriod
        case .keyRevoked:
            keys.revoke(event, resource: resource)
        case .memberRemoved:
            keys.remove(event, row: isInPeriod ? row : 0)
            isNotable = isInPeriod
        case .settingsUpdated where !event.isUndated && settingsSpan.contains(event.instant):
            let actor = name(event, numbers.actor[index], numbers.email[index])
            log.settingsEvents.append(.init(event: event.id.string, at: event.instant, actor: actor))
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
            keepRow(event, log.anonymous.count <= Self.rowsKept)
        }
        switch kind {
        case .roleChanged: noteRoleChange(event)
        case .databaseDeleted: noteDeletion(event, numbers.actor[index])
        case .unknown: keepRow(event, unknown.add(event.action.string, event.id.string) <= Self.rowsKept)
        default: break
        }
        guard isPrivileged else { return }
        if isNewAddress {
            let subject = "\(Self.name(event)) from \(event.ipAddress.string)"
            keepRow(event, newAddresses.add(subject, event.id.string) <= Self.rowsKept)
        }
        if let hours, var clock, !event.isUndated {
            if !hours.contain(event.instant, &clock) {
                keepRow(event, offHours.add(Self.name(event), event.id.string) <= Self.rowsKept)
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

    private mutating func noteRoleChange(_ event: EventView) {
        log.roleChanges.append(event.id.string)
        keepRow(event, log.roleChanges.count <= Self.rowsKept)
        let byID = !event.actorID.isEmpty && event.actorID.equals(event.resourceID)
        let mail = event.actorEmail
        let byMail =
            !mail.isEmpty && (mail.equalsIgnoringCase(event.resourceID) || mail.equalsIgnoringCase(event.resourceName))
        if byID || byMail { keepRow(event, ownRole.add(Self.name(event), event.id.string) <= Self.rowsKept) }
    }

    private mutating func noteDeletion(_ event: EventView, _ actor: UInt32) {
        let id = event.id.string
        log.deletions.append(id)
        keepRow(event, log.deletions.count <= Self.rowsKept)
        guard !event.isUndated, !event.isAnonymous else { return }
        // Most are never part of a burst, and need no row.
        let inBurst = bursts.add(actor, name: Self.name(event), at: event.instant, event: id, row: row)
        if inBurst <= Self.rowsKept { isNotable = true }
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
