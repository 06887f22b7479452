/// The rooms of an organization's folder that hold sealed files.
enum ArchiveRoom {
    /// Those that hold lines, one element each.
    static let ofLines = SealedName.rooms
    /// All of them.
    static let all = ofLines + ["snapshots"]

    /// Whether a path is one that an entry may name: nothing else is ever opened on a ledger's word.
    static func holds(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let name = parts[1]
        if parts[0].elementsEqual("snapshots".utf8) {
            return name.count == 69 && name.suffix(5).elementsEqual(".json".utf8)
                && Digest.isHex(String(decoding: name.prefix(64), as: UTF8.self))
        }
        guard ofLines.contains(where: { $0.utf8.elementsEqual(parts[0]) }), name.suffix(7).elementsEqual(".ndjson".utf8)
        else { return false }
        let digits = name.dropLast(7)
        return (1...15).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension LedgerEntry {
    /// Takes out of an entry what makes no sense, so that whoever uses it need not ask: numbers that are none of a count,
    /// times that are none, files that no archive has.
    ///
    /// `named` holds the files that earlier entries name; `before` is what an entry refers to of which nothing was taken out.
    ///
    /// - Returns: What was wrong, in words.
    mutating func takeOutNonsense(named: inout NamedFiles, after before: Common?) -> [String] {
        if let before, makesSense(after: before, named) {
            for segment in segments { _ = named.insert(segment.name) }
            return []
        }
        let read = told
        var sound = read
        let problems = sound.takeOutNonsense(named: &named)
        if sound != read { told = sound }
        return problems
    }

    /// Whether an entry that was read as it is written makes sense, where all that it shares with one that does is looked at no
    /// more.
    private func makesSense(after before: Common, _ named: NamedFiles) -> Bool {
        guard common.isSame(as: before), self.format > 1, own.hasCounts,
            provenTo.map({ to in provenFrom.map { $0 < to } == true }) != false
        else { return false }
        var (events, undated) = (0, 0)
        for segment in segments {
            guard segment.isOrdinary, !named.holds(segment.name) else { return false }
            events += segment.count
            undated += segment.first == nil ? segment.count : 0
        }
        return segments.count < 2 && events == new && undated == self.undated
    }
}

extension LedgerEntry.Own {
    /// Whether every number can be one of a count.
    fileprivate var hasCounts: Bool {
        let counts = pages | requests | received | unique | alreadyArchived | new
        let all = counts | (totalAtStart ?? 0) | (totalAtEnd ?? 0)
        return all >= 0 && all < LedgerEntry.Told.mostOfAnything
    }
}

extension SegmentReference {
    /// Whether all of it makes sense for events of an entry of format 2 or later.
    fileprivate var isOrdinary: Bool {
        guard case .numbered(room: 0, _) = name, let bytes, isPlain, (first == nil) == (last == nil) else {
            return false
        }
        return count | bytes >= 0 && count | bytes < LedgerEntry.Told.mostOfAnything
    }
}

extension LedgerEntry.Told {
    /// The largest number that an entry is believed: sums of as many as there can be entries stay far from overflow.
    static let mostOfAnything = 1 << 40

    /// The same of all that an entry tells.
    mutating func takeOutNonsense(named: inout NamedFiles) -> [String] {
        var problems: [String] = []
        if !numbersMakeSense() { problems.append("holds a number that can't be one") }
        if LedgerTime.instant(at) == nil {
            problems.append("was written at no time")
            at = Instant(seconds: 0).rfc3339
        }
        if let span = proven {
            let ends = (LedgerTime.instant(span.from), LedgerTime.instant(span.to))
            if let from = ends.0, let to = ends.1, from < to {
            } else {
                problems.append("proves a span that is none")
                proven = nil
            }
        }
        takeOutDetails(&problems)
        takeOutSnapshots(&problems)
        segments = sensible(segments, in: "events", &named, &problems)
        variants = sensible(variants, in: "variants", &named, &problems)
        unreadable = sensible(unreadable, in: "unreadable", &named, &problems)
        if format > 1 {
            if segments.reduce(0, { $0 + $1.count }) != new {
                problems.append("adds another number of events than it tells")
            }
            // Events without a time stand in segments of their own.
            if segments.reduce(0, { $0 + ($1.firstAt == nil ? $1.count : 0) }) != undated {
                problems.append("adds another number of undated events than it tells")
            }
        }
        return problems
    }

    private mutating func takeOutDetails(_ problems: inout [String]) {
        func isTime(_ text: String?) -> Bool { text.map { LedgerTime.instant($0) != nil } ?? true }
        if !isTime(oldestServed) {
            problems.append("tells of an oldest event of no time")
            oldestServed = nil
        }
        if let clock, !isTime(clock.server) || !isTime(clock.local) {
            problems.append("tells of a clock of no time")
            self.clock = nil
        }
        for place in anomalies.indices where anomalies[place].variant.map(Digest.isHex) == false {
            problems.append("names another content by no digest")
            anomalies[place].variant = nil
        }
    }

    private mutating func takeOutSnapshots(_ problems: inout [String]) {
        if let servedAt = snapshots?.servedAt, LedgerTime.instant(servedAt) == nil {
            problems.append("has snapshots of no time")
            snapshots?.servedAt = nil
        }
        for (resource, digest) in snapshots?.inOrder ?? [] where !Digest.isHex(digest) {
            problems.append("names a snapshot by no digest")
            snapshots?.digests[resource] = nil
        }
        takeOutLists(&problems)
        guard format > 1, let snapshots else { return }
        if snapshots.inOrder.contains(where: { snapshots.bytes[$0.resource] == nil }) {
            problems.append("does not tell the size of a snapshot")
        }
    }

    private mutating func takeOutLists(_ problems: inout [String]) {
        for (name, list) in snapshots?.lists ?? [:] {
            let believed = 0...Self.mostOfAnything
            let isSensible =
                believed.contains(list.count)
                && list.pages.allSatisfy { Digest.isHex($0.sha256) && believed.contains($0.bytes) }
                && [list.servedAt, list.lastServedAt].allSatisfy { $0.map { LedgerTime.instant($0) != nil } ?? true }
            guard !isSensible else { continue }
            problems.append("tells of a list of \(name.rawValue) what can't be")
            snapshots?.lists[name] = nil
        }
    }

    private func sensible(
        _ files: [SegmentReference],
        in room: String,
        _ named: inout NamedFiles,
        _ problems: inout [String]
    ) -> [SegmentReference] {
        files.compactMap { file in
            guard ArchiveRoom.holds(file.file), file.file.utf8.starts(with: "\(room)/".utf8) else {
                problems.append("names a file that is none of its archive's \(room)")
                return nil
            }
            guard named.insert(file.name) else {
                problems.append("names \(file.file), which is named already")
                return nil
            }
            var file = file
            if !Digest.isHex(file.sha256) {
                problems.append("tells no digest of \(file.file)")
                file.told.sha256 = LedgerHead.empty.sha256
            }
            if !(0...Self.mostOfAnything).contains(file.count) || !(0...Self.mostOfAnything).contains(file.bytes ?? 0) {
                problems.append("tells a number of \(file.file) that can't be one")
                file.told.count = 0
                file.told.bytes = file.bytes.map { _ in 0 }
            }
            if (file.firstAt != nil && file.first == nil) || (file.lastAt != nil && file.last == nil)
                || file.tellsFirst != (file.lastAt != nil)
            {
                problems.append("tells a time of \(file.file) that is none")
                (file.told.firstAt, file.told.lastAt) = (nil, nil)
            }
            if format > 1, file.bytes == nil { problems.append("does not tell the size of \(file.file)") }
            return file
        }
    }

    /// Whether every number is one of a count; those that are not are set to 0.
    private mutating func numbersMakeSense() -> Bool {
        var sense = true
        func mend(_ number: inout Int) {
            guard !(0...Self.mostOfAnything).contains(number) else { return }
            sense = false
            number = 0
        }
        func mend(_ number: inout Int?) {
            guard let known = number, !(0...Self.mostOfAnything).contains(known) else { return }
            sense = false
            number = nil
        }
        mend(&attempts)
        mend(&requests)
        mend(&retries)
        mend(&pages)
        mend(&passes)
        mend(&leftWhileRead)
        mend(&refusedPage)
        mend(&received)
        mend(&unique)
        mend(&duplicates)
        mend(&alreadyArchived)
        mend(&new)
        mend(&undated)
        // What the service said is kept as it said it, and is no fault of the ledger.
        let believed = 0...Self.mostOfAnything
        if let size = pageSize, !believed.contains(size) { pageSize = nil }
        if let total = totalAtStart, !believed.contains(total) { totalAtStart = nil }
        if let total = totalAtEnd, !believed.contains(total) { totalAtEnd = nil }
        for index in anomalies.indices { mend(&anomalies[index].count) }
        if var acknowledged {
            mend(&acknowledged.lastCommon)
            mend(&acknowledged.entries)
            for index in acknowledged.pins.indices { mend(&acknowledged.pins[index].entry) }
            self.acknowledged = acknowledged
        }
        return sense
    }
}
