import CSimdJSON

/// What becomes of a batch of spooled events beside what is archived: which are new, which are known, what differs.
struct BatchComparison {
    /// New events by their place in the spool, sorted as a segment holds them.
    private(set) var new: [UInt32] = []
    /// Lines that are other contents of known ids, by their place in the spool.
    private(set) var variants: [UInt32] = []
    private(set) var anomalies: [LedgerEntry.Anomaly] = []
    private(set) var superseded: [LedgerEntry.Superseded] = []
    private(set) var unique = 0
    private(set) var alreadyArchived = 0
    /// Time of the oldest event of the batch that the service still has, of those whose time can be.
    private(set) var oldestServed: Instant?
    /// Events of the batch that were gone when its reading ended, and those of them that did not go at the oldest end.
    private(set) var gone = 0
    private(set) var goneFromTheMiddle = 0

    private let spool: EventSpool
    private let kind: LedgerEntry.Kind
    private let plausible: PlausibleTimes?
    /// The first event of each id, by its place in the spool, and how they are found.
    private var firsts: [UInt32] = []
    private var table = HashIndex()
    /// Those of odd ids, by the id as it is shown.
    private var firstsShown: [EventIdentity: Int] = [:]
    private var isKnown: [Bool] = []
    private var extended = 0
    /// Contents that an earlier entry archived or that stand in `variants` already.
    private var recorded = RecordedVariants()
    /// Archived events of pulls that were not served: candidates for `vanished` and `expired`.
    private var missing: [(event: EventIdentity, instant: Instant?)] = []
    /// Places in `firsts` of events that a later page of the same reading no longer showed.
    private var goneSince: Set<Int> = []

    /// Compares a batch with what is archived.
    ///
    /// `readsWholeLog`: whether the batch is everything the service has, so that what is missing from it is gone.
    /// `nothingUnknown`: whether every id of the batch is known to be archived already, so that nothing is compared.
    /// `plausible`: when events can have happened; nil for any time.
    /// `lastPass`: what the service still had at the end, where the batch may hold more.
    init(
        _ spool: EventSpool,
        beside archive: Archive,
        kind: LedgerEntry.Kind,
        readsWholeLog: Bool,
        nothingUnknown: Bool,
        plausible: PlausibleTimes? = nil,
        lastPass: PullAccount.LastPass? = nil
    ) throws {
        self.spool = spool
        self.kind = kind
        self.plausible = plausible
        recorded = try RecordedVariants(archive)
        try spool.map()
        findRepetitions()
        isKnown = [Bool](repeating: nothingUnknown, count: firsts.count)
        if !nothingUnknown || readsWholeLog { try compare(with: archive, findingMissing: readsWholeLog) }
        new = firsts.indices.lazy.filter { [isKnown] in !isKnown[$0] }.map { [firsts] in firsts[$0] }
        alreadyArchived = firsts.count - new.count
        if !isInOrder { new.sort { spool.precedes(spool.key($0), spool.key($1)) } }
        if let lastPass, lastPass.events != unique { findGone(lastPass) }
        if kind == .pull { oldestServed = findOldestServed() }
        if readsWholeLog { judgeMissing(beside: archive) }
        nameImplausibleTimes()
        if extended > 0 { anomalies.append(LedgerEntry.Anomaly(kind: "extended", count: extended)) }
        anomalies.sort { left, right in
            if left.kind != right.kind { return left.kind < right.kind }
            guard let one = left.identified, let other = right.identified else { return right.identified != nil }
            return one < other
        }
    }

    /// Keeps the first content of each id of the batch; another content of it is a variant.
    private mutating func findRepetitions() {
        table.reserve(spool.keys.count)
        firsts.reserveCapacity(spool.keys.count)
        for place in spool.keys.indices {
            let key = spool.keys[place]
            // Keys that share a hash are compared in the file, and each look brings in pages around it.
            if place % Self.releasedAfter == 0 { spool.releaseAll() }
            if place + Self.ahead < spool.keys.count { table.prefetch(spool.keys[place + Self.ahead].hash) }
            if let first = spool.withIdentity(key, { find(key.hash, $0) }) {
                let other = spool.key(firsts[first])
                if EventComparison(archived: spool.line(other), later: spool.line(key)) != .same {
                    add(variant: UInt32(place), kind: "two_contents")
                }
            } else {
                let identity = key.idOffset < 0 ? spool.identity(key) : nil
                if let identity, identity.suffix != nil { firstsShown[identity.asShown] = firsts.count }
                table.insert(key.hash)
                firsts.append(UInt32(place))
            }
        }
        unique = firsts.count
    }

    /// Whether the new events stand in order already, as those of a log that was written in order do.
    private var isInOrder: Bool {
        for place in new.indices.dropFirst() {
            // Events of one instant are told apart by their ids, which stand in the file.
            if place % Self.releasedAfter == 0 { spool.releaseAll() }
            if spool.precedes(spool.key(new[place]), spool.key(new[place - 1])) { return false }
        }
        spool.releaseAll()
        return true
    }

    private static let releasedAfter = 1 << 17

    /// The place in `firsts` of the event with an id.
    private func find(_ hash: UInt32, _ id: UnsafeBufferPointer<UInt8>) -> Int? {
        table.find(hash) { spool.hasIdentity(spool.key(firsts[Int($0)]), id) }.map(Int.init)
    }

    /// How many look-ups ahead memory is asked for.
    private static let ahead = 16

    private mutating func compare(with archive: Archive, findingMissing: Bool) throws {
        let superseded = archive.superseded
        for entry in archive.entries {
            for segment in entry.segments {
                let source = EventSource(
                    root: archive.path,
                    segments: [segment],
                    range: nil,
                    superseded: superseded
                )
                var reader = self
                try source.forEachSoundBlock { block in
                    for index in 0..<block.count {
                        reader.meet(block[index], in: segment.file, of: entry, findingMissing: findingMissing)
                    }
                }
                self = reader
            }
        }
    }

    /// Looks an archived event up in the batch.
    private mutating func meet(
        _ archived: EventView,
        in file: String,
        of entry: LedgerEntry,
        findingMissing: Bool
    ) {
        let found = find(EventSpool.hash(archived.identity.bytes), archived.identity.bytes)
        guard let place = found ?? (entry.format < 2 ? findMended(archived) : nil) else {
            if findingMissing, entry.kind == .pull {
                let instant = archived.isUndated ? nil : archived.instant
                missing.append((event: EventIdentity(of: archived), instant: instant))
            }
            return
        }
        let key = firsts[place]
        let comparison = EventComparison(archived: archived.raw.bytes, later: spool.line(spool.key(key)))
        if comparison != .same, kind == .pull, entry.kind == .import {
            superseded.append(LedgerEntry.Superseded(EventIdentity(of: archived), file: file))
            return
        }
        isKnown[place] = true
        guard comparison != .same else { return }
        if kind == .import {
            add(variant: key, kind: "two_contents")
        } else if comparison == .extended {
            if add(variant: key, kind: nil) { extended += 1 }
        } else {
            add(variant: key, kind: comparison.rawValue)
        }
    }

    /// The event of the batch that is an archived one but for bytes of its id that are no UTF-8: format 1 kept U+FFFD in their
    /// place.
    private func findMended(_ archived: EventView) -> Int? {
        guard !firstsShown.isEmpty, let place = firstsShown[EventIdentity(of: archived)] else { return nil }
        let served = spool.line(spool.key(firsts[place]))
        return EventComparison(archived: archived.raw.bytes, later: served) == .same ? place : nil
    }

    /// Archives another content, unless an earlier entry did.
    @discardableResult
    private mutating func add(variant place: UInt32, kind: String?) -> Bool {
        let key = spool.key(place)
        let digest = Digest.sha256(spool.line(key))
        guard recorded.isNews(digest, kind, from: self.kind) else { return false }
        if let kind { anomalies.append(LedgerEntry.Anomaly(kind: kind, spool.identity(key), variant: digest)) }
        if recorded.insert(digest) { variants.append(place) }
        return true
    }

    /// Tells what expired at the oldest end from what vanished elsewhere; what earlier entries named is not named again.
    private mutating func judgeMissing(beside archive: Archive) {
        var known = EventSet()
        for entry in archive.rare({ $0.anomalies.isEmpty ? [] : [$0] }) {
            for anomaly in entry.anomalies where anomaly.kind == "vanished" || anomaly.kind == "expired" {
                if let event = anomaly.identified { known.insert(event, format: entry.format) }
            }
        }
        let end = oldestEnd(of: missing)
        for (event, instant) in missing where !known.contains(event) {
            anomalies.append(LedgerEntry.Anomaly(kind: end.holds(event, instant) ? "expired" : "vanished", event))
        }
    }

    /// The end of the log at which it is kept no longer, as events that are gone show it.
    private func oldestEnd(of gone: [(event: EventIdentity, instant: Instant?)]) -> OldestEnd {
        guard !gone.isEmpty, let instant = oldestServed else { return OldestEnd(oldest: nil, plausible: plausible) }
        let first = firsts.indices.lazy
            .filter { [goneSince, spool, firsts] in
                spool.key(firsts[$0]).instant == instant && !goneSince.contains($0)
            }
            .map { [spool, firsts] in spool.identity(spool.key(firsts[$0])) }.min()
        var end = OldestEnd(oldest: first.map { ($0, instant) }, plausible: plausible)
        end.hasMoved = gone.contains { end.holds($0.event, $0.instant) }
        return end
    }

    /// Where a log ends that drops its oldest events.
    private struct OldestEnd {
        /// The oldest event that is served and has a time that can be; nil for none.
        var oldest: (event: EventIdentity, instant: Instant)?
        var plausible: PlausibleTimes?
        /// Whether events went there whose place is known.
        var hasMoved = false

        /// Whether an event that is gone may have stood before all that the service still has.
        ///
        /// The place of one without a time that can be is not known: it went with the others, if others did.
        func holds(_ event: EventIdentity, _ instant: Instant?) -> Bool {
            guard let oldest else { return true }
            guard let instant, plausible?.contains(instant) != false else { return hasMoved }
            return instant == oldest.instant ? event < oldest.event : instant < oldest.instant
        }
    }

    private func findOldestServed() -> Instant? {
        firsts.indices.lazy.filter { [goneSince] in goneSince.isEmpty || !goneSince.contains($0) }
            .compactMap { [spool, firsts] in spool.key(firsts[$0]).instant }
            .filter { [plausible] in plausible?.contains($0) != false }.min()
    }

    /// Finds the events of the batch that its last pass over the log did not meet: they are missing like archived ones.
    private mutating func findGone(_ lastPass: PullAccount.LastPass) {
        for place in firsts.indices {
            let key = spool.key(firsts[place])
            if spool.withIdentity(key, { lastPass.holds(AuditLogPageContents.Event.identity(ofBytes: $0)) }) {
                continue
            }
            goneSince.insert(place)
        }
        oldestServed = findOldestServed()
        gone = goneSince.count
        let found = goneSince.sorted().map { place in
            let key = spool.key(firsts[place])
            return (event: spool.identity(key), instant: key.instant)
        }
        let end = oldestEnd(of: found)
        goneFromTheMiddle = found.count { !end.holds($0.event, $0.instant) }
        missing += found
    }

    /// Names the new events whose time can't be.
    private mutating func nameImplausibleTimes() {
        guard let plausible else { return }
        for place in new {
            let key = spool.key(place)
            guard let instant = key.instant, !plausible.contains(instant) else { continue }
            anomalies.append(LedgerEntry.Anomaly(kind: "implausible_time", spool.identity(key)))
        }
    }
}
