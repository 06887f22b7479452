import Evidence

/// Privileged actions from addresses new to their actor, told by the numbers of actors and of pairs of actor and address.
struct NewAddresses: ~Copyable {
    private var used = AddressUse()
    /// By actor, the second of their first event from an address.
    private var firstUse: [Int64] = []
    /// Where actors were at times that are not known.
    private var undatedUse: [UInt32: Set<UInt32>] = [:]
    private var found = NewUses.Builder()
    private var unmatched = WatchedLog.Unmatched()

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
        return used.count(of: actor) > 1 || undated(actor) != nil
    }

    /// Looked for only where there are such times at all: nearly every log has none.
    private func undated(_ actor: UInt32) -> Set<UInt32>? { undatedUse.isEmpty ? nil : undatedUse[actor] }

    private mutating func noteFirstUse(_ actor: UInt32, _ at: Instant) {
        while firstUse.count <= Int(actor) { firstUse.append(.max) }
        firstUse[Int(actor)] = at.seconds
    }

    /// The event, at this place of the period, is a privileged action of this number; `use`: the number of actor and address,
    /// if they were not seen together before.
    ///
    /// - Returns: Whether a finding may show the event.
    mutating func notePrivileged(_ event: EventView, _ actor: UInt32, _ action: UInt32, _ use: UInt32?, row: Int)
        -> Bool
    {
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
        let isDoubtful = undated(actor).map { isFirst ? $0 != [use] : $0.contains(use) }
        guard isDoubtful == true || !isFirst else { return false }
        found.add(event, actor, action, row: row, isDoubtful: isDoubtful == true)
        return true
    }

    /// Tells the log what was new, or may have been, and what could not be matched.
    ///
    /// Nothing is left of it: there can be millions.
    mutating func judge(_ actors: ActorTexts, _ log: inout WatchedLog) {
        let uses = found.finish(actors, since: exchange(&firstUse, with: []))
        log.newAddresses = uses.count > 0 ? uses : nil
        log.unmatched["NEW-IP"] = unmatched
    }
}
