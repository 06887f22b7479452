/// What the entries of a ledger name, in lists: going through tens of thousands of entries for each question would cost more than
/// the answers.
struct LedgerLists: Sendable {
    /// Every sealed segment in the order of the entries.
    private(set) var segments: [SegmentReference] = []
    /// Where each entry's begin among them, and where the last one's end.
    private var begins = [0]
    /// The other files: variants, elements that are no events, and snapshots, which most entries share with the one before, with
    /// the first entry that names them.
    private(set) var others: [(file: LedgerEntry.NamedFile, entry: Int)] = []
    /// The entries that tell of more than segments and snapshots: odd things, files of other kinds, what was given up.
    private(set) var remarkable: [Int] = []
    private var named = NamedFiles()
    private var last: LedgerEntry.Common?
    private var lastIsRemarkable = false
    private var seen: Set<LedgerEntry.NamedFile> = []

    /// Makes room for about so many entries, with a segment each.
    mutating func reserve(_ count: Int) {
        segments.reserveCapacity(count)
        begins.reserveCapacity(count + 1)
    }

    /// Takes out of an entry what makes no sense beside the entries before it, and takes the rest in.
    ///
    /// `before`: what an entry refers to of which nothing was taken out.
    ///
    /// - Returns: What was wrong, in words.
    mutating func add(_ entry: inout LedgerEntry, after before: LedgerEntry.Common? = nil) -> [String] {
        let problems = entry.takeOutNonsense(named: &named, after: before)
        let place = begins.count - 1
        // What is held by others, too, is copied even where nothing is added.
        if !entry.segments.isEmpty { segments += entry.segments }
        begins.append(segments.count)
        if !entry.variants.isEmpty || !entry.unreadable.isEmpty {
            for file in entry.variants + entry.unreadable { others.append((LedgerEntry.NamedFile(file), place)) }
        }
        if !lastIsRemarkable, last.map(entry.common.isSame) == true { return problems }
        if last.map(entry.common.hasSameAnswers) != true, let its = entry.answers {
            for file in its.files where seen.insert(file).inserted {
                _ = named.insert(SealedName(file.path))
                others.append((file, place))
            }
        }
        lastIsRemarkable = entry.isRemarkable
        if lastIsRemarkable { remarkable.append(place) }
        last = entry.common
        return problems
    }

    /// Calls `body` with every file that entries name: its name, how many bytes the entry tells, its place among the segments where
    /// it is one, and the place of the entry that names it first.
    func forEachFile(_ body: (_ name: SealedName, _ bytes: Int?, _ segment: Int?, _ entry: Int) -> Void) {
        var next = 0
        for entry in 0..<(begins.count - 1) {
            for place in begins[entry]..<begins[entry + 1] {
                body(segments[place].name, segments[place].bytes, place, entry)
            }
            while next < others.count, others[next].entry == entry {
                body(SealedName(others[next].file.path), others[next].file.bytes, nil, entry)
                next += 1
            }
        }
    }

    /// The place of the first segment of the entries behind so many.
    func firstSegment(behind entries: Int) -> Int { begins[max(0, min(entries, begins.count - 1))] }

    /// The segments of the entry at a place.
    func segments(ofEntry place: Int) -> ArraySlice<SegmentReference> { segments[begins[place]..<begins[place + 1]] }

    /// The entry of a segment, and the segment's place in it.
    func owner(ofSegment place: Int) -> (entry: Int, segment: Int) {
        var entries = 0..<(begins.count - 1)
        while entries.count > 1 {
            let middle = entries.lowerBound + entries.count / 2
            entries = begins[middle] <= place ? middle..<entries.upperBound : entries.lowerBound..<middle
        }
        return (entries.lowerBound, place - begins[entries.lowerBound])
    }

    /// Whether an entry names a file.
    func names(_ path: String) -> Bool { named.holds(SealedName(path)) }

    /// Whether an entry names a file of a room by such a name; nil for a name that is not eight digits and an ending.
    func namesNumbered(_ name: UnsafeBufferPointer<UInt8>, inRoom room: Int) -> Bool? {
        named.holdsNumbered(name, inRoom: room)
    }

    /// Puts a reference in the place of another.
    mutating func replace(segment place: Int, by segment: SegmentReference) { segments[place] = segment }
}

extension LedgerEntry {
    /// Whether it tells of more than segments and snapshots.
    fileprivate var isRemarkable: Bool {
        !self.anomalies.isEmpty || !self.superseded.isEmpty || !self.variants.isEmpty || !self.unreadable.isEmpty
            || self.acknowledged != nil
            || self.leftWhileRead ?? 0 > 0
    }
}
