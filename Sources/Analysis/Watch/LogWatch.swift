public import Evidence

/// Watches the events of a report pass by, in order, and keeps what the controls over the log ask for.
///
/// Events before the period count for what they leave behind: keys that are open, addresses that are known. Memory grows
/// with actors, addresses, keys and flagged events, not with the rest.
public final class LogWatch {
    private var log = WatchedLog()
    private var keys = KeyRing()
    private var actors = Interner()
    private var addresses = Interner()
    private var used = PairSet()
    /// How many addresses each actor used.
    private var addressCounts: [UInt32] = []
    private var bursts: BurstFinder
    private var ownRole = FlagTable()
    private var offHours = FlagTable()
    private var newAddresses = FlagTable()
    private var unknown = FlagTable()
    private var resources = Interner()
    private let since: Instant?
    private var row = 0
    /// Places in the newest block of events that a finding may show.
    public private(set) var notable: [Int] = []
    private var isNotable = false
    private var clock: CalendarZone?
    private let hours: WorkingHours?

    /// How many of a kind are named as seen for the first time; the others are counted.
    public static let firstSeenKept = 1_000

    /// How many events of a finding are told by their row: as many as a report shows of them.
    public static let rowsKept = 12

    /// Prepares a watch by a policy.
    ///
    /// `since`: from when on things count as seen for the first time; nil to leave that out.
    public init(_ policy: ControlPolicy, firstSeenSince since: Instant? = nil) {
        self.since = since
        hours = policy.workingHours
        clock = hours.flatMap { try? CalendarZone(name: $0.timeZone) }
        bursts = BurstFinder(size: ControlCatalogue.control("DB-BURST").map(policy.threshold) ?? 1)
    }

    /// Takes in events from before the period.
    public func addHistory(_ block: borrowing EventBlock) {
        for index in 0..<block.count { take(block[index], isInPeriod: false) }
    }

    /// Takes in events of the period.
    public func add(_ block: borrowing EventBlock) {
        notable.removeAll(keepingCapacity: true)
        for index in 0..<block.count {
            isNotable = false
            take(block[index], isInPeriod: true)
            if isNotable { notable.append(index) }
        }
    }

    /// What was seen.
    public func finish() -> WatchedLog {
        log.bursts = bursts.finish()
        (log.openKeys, log.unmatchedRemovals) = keys.judge()
        log.ownRoleChanges = ownRole.sorted
        log.offHours = offHours.sorted
        log.newAddresses = newAddresses.sorted
        log.unknownActions = unknown.sorted
        return log
    }

    private func take(_ event: EventView, isInPeriod: Bool) {
        let kind = ActionKind(event.action)
        let isAnonymous = event.actorID.isEmpty && event.actorEmail.isEmpty
        let before = (actors: actors.count, addresses: addresses.count)
        let isNewAddress = noteAddress(event, isAnonymous)
        if since != nil { noteFirstSeen(event, isInPeriod, isAnonymous, before) }
        if !isAnonymous { keys.meet(event, isNewActor: actors.count > before.actors) }
        if isInPeriod { row += 1 }
        switch kind {
        case .keyCreated:
            keys.create(event)
            keepRow(event, isInPeriod)
        case .keyRevoked:
            keys.revoke(event)
        case .memberRemoved:
            keys.remove(event)
            keepRow(event, isInPeriod)
        case .settingsUpdated where !event.isUndated:
            log.settingsEvents.append(.init(event: event.id.string, at: event.instant, actor: Self.name(event)))
            keepRow(event, isInPeriod)
        default: break
        }
        guard isInPeriod else { return }
        if !event.isUndated {
            log.firstAt = log.firstAt ?? event.instant
            log.lastAt = event.instant
        }
        if isAnonymous {
            log.anonymous.append(event.id.string)
            keepRow(event, log.anonymous.count <= Self.rowsKept)
        }
        switch kind {
        case .roleChanged: noteRoleChange(event)
        case .databaseDeleted: noteDeletion(event)
        case .unknown: flag(event, event.action.string, &unknown)
        default: break
        }
        guard kind.isPrivileged(event.action) else { return }
        if isNewAddress { flag(event, "\(Self.name(event)) from \(event.ipAddress.string)", &newAddresses) }
        if let hours, var clock, !event.isUndated {
            if !hours.contain(event.instant, &clock) { flag(event, Self.name(event), &offHours) }
            self.clock = clock
        }
    }

    /// Whether the event is the first from its address by an actor who was seen at others before.
    private func noteAddress(_ event: EventView, _ isAnonymous: Bool) -> Bool {
        guard !isAnonymous else { return false }
        let actor = actorNumber(event)
        guard !event.ipAddress.isEmpty else { return false }
        guard used.insert(actor, addresses.intern(event.ipAddress)) else { return false }
        addressCounts[Int(actor)] += 1
        return addressCounts[Int(actor)] > 1
    }

    private func noteFirstSeen(
        _ event: EventView,
        _ isInPeriod: Bool,
        _ isAnonymous: Bool,
        _ before: (actors: Int, addresses: Int)
    ) {
        let resourceCount = resources.count
        let key = event.resourceID.isEmpty ? event.resourceName : event.resourceID
        if !key.isEmpty { _ = resources.intern(event.resourceType, key) }
        guard isInPeriod, !event.isUndated, let since, event.instant >= since else { return }
        if actors.count > before.actors { noteFirst("actor", Self.name(event), event) }
        if addresses.count > before.addresses { noteFirst("address", event.ipAddress.string, event) }
        if resources.count > resourceCount {
            let name = event.resourceName.isEmpty ? key.string : event.resourceName.string
            noteFirst("resource", "\(event.resourceType.string) \(name)", event)
        }
    }

    private func noteFirst(_ kind: String, _ subject: String, _ event: EventView) {
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

    private func noteRoleChange(_ event: EventView) {
        log.roleChanges.append(event.id.string)
        keepRow(event, log.roleChanges.count <= Self.rowsKept)
        let byID = !event.actorID.isEmpty && event.actorID.equals(event.resourceID)
        let mail = event.actorEmail
        let byMail =
            !mail.isEmpty && (mail.equalsIgnoringCase(event.resourceID) || mail.equalsIgnoringCase(event.resourceName))
        if byID || byMail { flag(event, Self.name(event), &ownRole) }
    }

    private func noteDeletion(_ event: EventView) {
        log.deletions.append(event.id.string)
        keepRow(event, log.deletions.count <= Self.rowsKept)
        guard !event.isUndated, !(event.actorID.isEmpty && event.actorEmail.isEmpty) else { return }
        let inBurst = bursts.add(actorNumber(event), name: Self.name(event), at: event.instant, event: event.id.string)
        keepRow(event, inBurst <= Self.rowsKept)
    }

    private func flag(_ event: EventView, _ subject: String, _ table: inout FlagTable) {
        keepRow(event, table.add(subject, event.id.string) <= Self.rowsKept)
    }

    /// Remembers where an event stands in events.csv.
    private func keepRow(_ event: EventView, _ isWanted: Bool) {
        guard isWanted else { return }
        log.rows[event.id.string] = row
        isNotable = true
    }

    private func actorNumber(_ event: EventView) -> UInt32 {
        let actor = actors.intern(event.actorID, event.actorID.isEmpty ? event.actorEmail : .missing)
        if Int(actor) == addressCounts.count { addressCounts.append(0) }
        return actor
    }

    /// How findings name an actor: e-mail and id as far as they are known.
    private static func name(_ event: EventView) -> String {
        if event.actorEmail.isEmpty { return event.actorID.isEmpty ? "(no actor)" : event.actorID.string }
        return event.actorID.isEmpty
            ? event.actorEmail.string : "\(event.actorEmail.string) (\(event.actorID.string))"
    }
}
