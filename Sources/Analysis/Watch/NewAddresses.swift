import Evidence

/// Privileged actions from addresses new to their actor, told by the numbers of actors and of pairs of actor and address.
struct NewAddresses: ~Copyable {
    private var used = AddressUse()
    /// By actor, the second of their first event from an address.
    private var firstUse: [Int64] = []
    /// Where actors were at times that are not known.
    private var undatedUse: [UInt32: Set<String>] = [:]
    /// Addresses that actors used in another spelling than the usual one, in the usual one.
    private var respelled: [UInt32: Set<String>] = [:]
    private var found = NewUses.Builder()
    private var unmatched = WatchedLog.Unmatched()

    /// Somebody acted; `use` is the number of actor and address.
    ///
    /// - Returns: Whether an actor who was seen at other addresses, perhaps, is seen at this one for the first time.
    @inline(__always)
    mutating func meet(
        _ event: EventView,
        _ actor: UInt32,
        _ use: UInt32,
        _ numbering: borrowing EventNumbering
    ) -> Bool {
        guard !event.ipAddress.isEmpty else { return false }
        if event.isUndated {
            // What has no time is neither first nor later.
            undatedUse[actor, default: []].insert(Self.spelling(event))
            return false
        }
        // Nearly every event repeats an actor at an address, and it can't be new then.
        guard used.add(actor, pair: use) else { return false }
        if used.count(of: actor) == 1 { noteFirstUse(actor, event.instant) }
        return !isKnownOtherwise(event, actor, numbering) && (used.count(of: actor) > 1 || undated(actor) != nil)
    }

    /// Whether the actor was seen at the address already, written in another way.
    private mutating func isKnownOtherwise(
        _ event: EventView,
        _ actor: UInt32,
        _ numbering: borrowing EventNumbering
    ) -> Bool {
        guard let usual = AddressSpelling.canonical(event.ipAddress) else {
            return !respelled.isEmpty && respelled[actor]?.contains(event.ipAddress.string) == true
        }
        let isNew = respelled[actor, default: []].insert(usual).inserted
        return !isNew || numbering.use(of: actor, at: usual).map(used.has) == true
    }

    private static func spelling(_ event: EventView) -> String {
        AddressSpelling.canonical(event.ipAddress) ?? event.ipAddress.string
    }

    /// Looked for only where there are such times at all: nearly every log has none.
    private func undated(_ actor: UInt32) -> Set<String>? { undatedUse.isEmpty ? nil : undatedUse[actor] }

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
        guard use != nil else { return false }
        // Seen at no other address but at a time that is not known, or at this one: it may be new or not.
        let isFirst = used.count(of: actor) < 2
        let isDoubtful = undated(actor).map { addresses in
            let address = Self.spelling(event)
            return isFirst ? addresses != [address] : addresses.contains(address)
        }
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
