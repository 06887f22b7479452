import Dispatch
import Foundation
import Synchronization

extension Archive {
    /// The archive with everything among its faults that whoever relies on it has to know and that reading the events of a
    /// period would not show.
    ///
    /// Looks whether every named file is there and has its size; whether there are others; whether segments that neither a bundle nor a later bundle
    /// vouches for hold events of the time that their entry tells; and whether variants and snapshots are what they were.
    ///
    /// - Parameters:
    ///   - pins: What bundles pin.
    ///   - range: The period: what lies outside of it is looked at, but not read whole.
    /// - Returns: The archive, its references mended where their spans are none.
    /// - Throws: `EvidenceError`: `.notFound` for an archive without entries, `.damaged` where evidence or pins tell that
    ///   there were some, `.newer` for entries of a newer version.
    package func examined(_ pins: [Pin], in range: InstantRange) throws -> Archive {
        try requireKnownEntries(pins)
        try requireEntries(pins)
        var examined = self
        if let novelty = ledger.novelty {
            examined.ledger.faults.append("\(Ledger.fileName):\(novelty.entry) is no ledger entry")
        }
        if !hasFilesInPlace { examined.ledger.faults += try absences() }
        if let strange = try unnamedInWords() { examined.ledger.faults.append(strange) }
        try examined.confirmSpans(behind: lastHeld(pins))
        examined.ledger.faults += try unsoundSideFiles(in: range)
        return examined
    }

    /// Ends where a newer version wrote, unless what it seems to have written is damage.
    ///
    /// - Throws: `EvidenceError` with code `.newer`.
    package func requireKnownEntries(_ pins: [Pin]) throws {
        guard let novelty = ledger.novelty, isPlain(novelty, pins) else { return }
        throw EvidenceError(
            .newer,
            "\(path)/\(Ledger.fileName): entry \(novelty.entry) (\(novelty.what)) was written by \(novelty.tool), this is "
                + "heedaudit \(Release.version)",
            hint: "upgrade heedaudit"
        )
    }

    /// Whether nothing contradicts that a newer version wrote an entry.
    func isPlain(_ novelty: Ledger.Novelty, _ pins: [Pin]) -> Bool {
        ledger.faults.isEmpty
            && !pins.contains { isPinned(by: $0) && $0.entry == novelty.entry && state(of: $0) == .lost }
    }

    /// Ends where there is no entry.
    ///
    /// - Throws: `EvidenceError`: `.notFound` where there never was one, `.damaged` where evidence or pins tell otherwise.
    package func requireEntries(_ pins: [Pin]) throws {
        guard entries.isEmpty else { return }
        let isPinned = pins.contains { self.isPinned(by: $0) && $0.entry > 0 }
        guard !isPinned, ledger.faults.isEmpty, !Self.holdsEvidence(path) else {
            let reason =
                ledger.faults.first ?? (isPinned ? "a bundle pins an entry of it" : "there is evidence beside it")
            throw EvidenceError(
                .damaged,
                "\(path)/\(Ledger.fileName) has no whole entry: \(reason)",
                hint: "run 'heedaudit verify', and restore the archive from a backup"
            )
        }
        throw EvidenceError(
            .notFound,
            "the archive in \(path) is empty",
            hint: "run 'heedaudit pull' or 'heedaudit import' first"
        )
    }

    /// The last entry that a bundle vouches for.
    private func lastHeld(_ pins: [Pin]) -> Int {
        pins.filter { isPinned(by: $0) && !$0.isOfDamagedEvidence && state(of: $0) == .held }.map(\.entry).max() ?? 0
    }

    /// Files that are named and not there, or of another size, in words.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead` where one can't be looked at.
    package func absences() throws -> [String] {
        // A ledger may name tens of thousands of files.
        guard let folder = OpenFolder(path) else { return try absences { PlainFile.kind("\(path)/\($0)") } }
        return try absences { PlainFile.kind($0, in: folder) }
    }

    private func absences(_ kind: (String) -> PlainFile.Kind?) throws -> [String] {
        var found: [String] = []
        var hidden: EvidenceError?
        let last = entries.count - 1
        ledger.lists.forEachFile { file, entry in
            // Nearly all stand in their places.
            let kind = kind(file.path)
            let place = kind == nil ? place(of: file.path, isOfLastEntry: entry == last) : nil
            switch kind ?? place.flatMap({ PlainFile.kind("\(path)/\($0)") }) {
            case nil: found.append("\(file.path) is missing")
            case .file(let bytes):
                if let told = file.bytes, told != bytes { found.append("\(file.path) has \(bytes) bytes, not \(told)") }
            case .hidden(let failure): hidden = hidden ?? .cannotRead("\(path)/\(file.path)", failure)
            default: found.append("\(file.path) is no plain file")
            }
        }
        if let hidden { throw hidden }
        return found
    }

    /// Has the segments of a period that do not stand in order put in order before anything of them is handed out.
    package mutating func sortDisordered(in range: InstantRange) throws {
        let whole = try events(in: InstantRange(from: nil, to: range.to)).disordered()
        sortedFirst.formUnion(whole)
        sortedFirst.formUnion(try events(in: range).disordered())
    }

    // MARK: Spans

    /// Compares the times that entries tell of their segments with the segments' first and last lines.
    private mutating func confirmSpans(behind pinned: Int) throws {
        var open: [(entry: Int, segment: Int, reference: SegmentReference, place: String)] = []
        for index in entries.indices.dropFirst(pinned) {
            for (place, segment) in entries[index].segments.enumerated() where segment.tellsItsSpan {
                guard let file = self.place(of: segment.file, isOfLastEntry: index == entries.count - 1) else {
                    continue
                }
                open.append((index, place, segment, file))
            }
        }
        guard !open.isEmpty else { return }
        let wrong = Mutex<[Int]>([])
        let unread = Mutex<(any Error)?>(nil)
        let (path, all) = (path, open)
        let workers = min(8, open.count / 64 + 1)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            guard let scanner = try? EventScanner() else { return wrong.withLock { $0 += all.indices } }
            for index in stride(from: worker, to: all.count, by: workers) {
                let file = "\(path)/\(all[index].place)"
                var edges: SegmentEdges?
                do { edges = try SegmentEdges(file, scanner) } catch {
                    // What is no plain file is a fault; one that can't be read may be sound.
                    if case .file = PlainFile.kind(file) { unread.withLock { $0 = $0 ?? error } }
                }
                if edges.map({ $0.first == all[index].reference.first && $0.last == all[index].reference.last }) != true
                {
                    wrong.withLock { $0.append(index) }
                }
            }
        }
        if let unread = unread.withLock(\.self) { throw unread }
        for index in wrong.withLock({ $0.sorted() }) {
            var segment = open[index].reference
            if segment.bytes == nil {
                // Spans of format 1 are not judged: the segment is read whatever the period.
                (segment.told.firstAt, segment.told.lastAt) = (nil, nil)
                ledger.replace(segment: open[index].segment, ofEntry: open[index].entry, by: segment)
            } else {
                sortedFirst.insert(segment.file)
                ledger.faults.append("\(segment.file) does not hold events of the time that its entry tells")
            }
        }
    }

    // MARK: Beside the segments

    /// Snapshots, and variants of the period's entries, that are not what the ledger tells, in words.
    private func unsoundSideFiles(in range: InstantRange) throws -> [String] {
        var found: [String] = []
        for (file, entry) in ledger.lists.others {
            guard
                file.path.hasPrefix("snapshots/")
                    || entries[entry].writtenAt.map(range.contains) != false,
                let place = place(of: file.path, isOfLastEntry: entry == entries.count - 1),
                case .file(let bytes) = PlainFile.kind("\(path)/\(place)"), bytes == file.bytes ?? bytes
            else { continue }
            if try !PlainFile.digest("\(path)/\(place)").sha256.isSameInBytes(as: file.sha256) {
                found.append("\(file.path) is not what the ledger says")
            }
        }
        return found
    }
}

/// This version of the tool.
package enum Release {
    /// Its number.
    package static let version = "0.2.0"
}
