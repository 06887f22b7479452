import Evidence

/// Privileged actions from addresses new to their actor, told by the numbers of actors and of pairs of actor and address.
struct NewAddresses {
    private var used = AddressUse()
    /// By actor, the second of their first event from an address.
    private var firstUse: [Int64] = []
    /// Where actors were at times that are not known.
    private var undatedUse: [UInt32: Set<UInt32>] = [:]
    private var uses: [NewUse] = []
    private var unmatched = WatchedLog.Unmatched()
    /// Names of flagged actions, and the place of each: many events share a few.
    private var actions: [String] = []
    private var placesOfActions: [UInt32: UInt32] = [:]

    /// Somebody at an address that is new to them, or may be.
    private struct NewUse {
        var actor: UInt32
        /// The place of its name among the actions.
        var action: UInt32
        var isDoubtful: Bool
        var address: String
        var key: String
        var event: String
        /// The second of the actor's first event from an address.
        var since: Int64
        var at: Instant

        init(_ event: EventView, _ actor: UInt32, _ action: UInt32, since: Int64, isDoubtful: Bool) {
            self.actor = actor
            self.action = action
            self.isDoubtful = isDoubtful
            address = event.ipAddress.string
            key = SubjectKey.id(event.ipAddressKey)
            self.event = event.id.string
            self.since = min(since, event.instant.seconds)
            at = event.instant
        }
    }

    /// Somebody acted; `use` is the number of actor and address.
    ///
    /// - Returns: Whether an actor who was seen at other addresses, perhaps, is seen at this one for the first time.
    @inline(__always)
    mutating func meet(_ event: EventView, _ actor: UInt32, _ use: UInt32) -> Bool {
        guard !event.ipAddress.isEmpty else { return false }
        if event.isUndated {
            // What has no time is neither first nor later.
            undatedUse[actor, default: []].insert(use)
            return false
        }
        // Nearly every event repeats an actor at an address, and it can't be new then.
        guard used.add(actor, pair: use) else { return false }
        if used.count(of: actor) == 1 { noteFirstUse(actor, event.instant) }
        return used.count(of: actor) > 1 || undatedUse[actor] != nil
    }

    private mutating func noteFirstUse(_ actor: UInt32, _ at: Instant) {
        while firstUse.count <= Int(actor) { firstUse.append(.max) }
        firstUse[Int(actor)] = at.seconds
    }

    /// The event is a privileged action of this number; `use`: the number of actor and address, if they were not seen together
    /// before.
    ///
    /// - Returns: Whether a finding may show the event.
    mutating func notePrivileged(_ event: EventView, _ actor: UInt32, _ action: UInt32, _ use: UInt32?) -> Bool {
        guard !event.isAnonymous else {
            unmatched.byNobody += 1
            return false
        }
        guard !event.ipAddress.isEmpty else {
            unmatched.eventIDs.append(event.id.string)
            return unmatched.eventIDs.count <= LogWatch.rowsKept
        }
        guard let use else { return false }
        // Seen at no other address but at a time that is not known, or at this one: it may be new or not.
        let isFirst = used.count(of: actor) < 2
        let isDoubtful = undatedUse[actor].map { isFirst ? $0 != [use] : $0.contains(use) }
        guard isDoubtful == true || !isFirst else { return false }
        let since = Int(actor) < firstUse.count ? firstUse[Int(actor)] : .max
        let name = placesOfActions[action] ?? UInt32(actions.count)
        if name == actions.count {
            placesOfActions[action] = name
            actions.append(event.action.string)
        }
        uses.append(NewUse(event, actor, name, since: since, isDoubtful: isDoubtful == true))
        return true
    }

    /// Tells the log what was new, or may have been, and what could not be matched.
    ///
    /// Nothing is left of it: there can be millions.
    mutating func judge(_ actors: ActorTexts, _ log: inout WatchedLog) {
        var labels: [UInt32: String] = [:]
        log.newAddresses = exchange(&uses, with: []).map { use in
            let label = labels[use.actor] ?? actors.label(use.actor)
            labels[use.actor] = label
            return WatchedLog.Flag(
                subject: label,
                key: "\(actors.key(use.actor))\u{0}\(use.key)",
                eventIDs: [use.event],
                span: InstantRange(from: Instant(seconds: use.since), to: use.at),
                address: use.address,
                action: actions[Int(use.action)],
                isDoubtful: use.isDoubtful
            )
        }
        WatchedLog.Flag.sort(&log.newAddresses)
        log.unmatched["NEW-IP"] = unmatched
    }
}
