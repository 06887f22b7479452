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
    private var snapshots: LedgerEntry.Snapshots?
    private var seen: Set<LedgerEntry.NamedFile> = []

    /// Takes out of an entry what makes no sense beside the entries before it, and takes the rest in.
    ///
    /// - Returns: What was wrong, in words.
    mutating func add(_ entry: inout LedgerEntry.Told) -> [String] {
        let problems = entry.takeOutNonsense(named: &named)
        let place = begins.count - 1
        segments += entry.segments
        begins.append(segments.count)
        for file in entry.variants + entry.unreadable { others.append((LedgerEntry.NamedFile(file), place)) }
        if let its = entry.snapshots {
            if snapshots?.hasSameBytes(as: its) != true || snapshots?.lists != its.lists {
                for file in its.files where seen.insert(file).inserted {
                    _ = named.insert(file.path)
                    others.append((file, place))
                }
            }
            snapshots = its
        }
        if !entry.anomalies.isEmpty || !entry.superseded.isEmpty || !entry.variants.isEmpty || !entry.unreadable.isEmpty
            || entry.acknowledged != nil || entry.leftWhileRead ?? 0 > 0
        {
            remarkable.append(place)
        }
        return problems
    }

    /// Calls `body` with every file that entries name, and with the place of the entry that does so first.
    func forEachFile(_ body: (LedgerEntry.NamedFile, _ entry: Int) -> Void) {
        var next = 0
        for entry in 0..<(begins.count - 1) {
            for place in begins[entry]..<begins[entry + 1] { body(LedgerEntry.NamedFile(segments[place]), entry) }
            while next < others.count, others[next].entry == entry {
                body(others[next].file, entry)
                next += 1
            }
        }
    }

    /// Whether an entry names a file.
    func names(_ path: String) -> Bool { named.holds(path) }

    /// Whether an entry names a file of a room by such a name; nil for a name that is not eight digits and an ending.
    func namesNumbered(_ name: UnsafeBufferPointer<UInt8>, inRoom room: Int) -> Bool? {
        named.holdsNumbered(name, inRoom: room)
    }

    /// Puts a reference in the place of an entry's own.
    mutating func replace(segment index: Int, ofEntry entry: Int, by segment: SegmentReference) {
        segments[begins[entry] + index] = segment
    }
}
