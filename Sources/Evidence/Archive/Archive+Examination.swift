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
    ///   - isReadNext: Whether who asks reads the events of the period and of the time before it next, and examines the archive
    ///     again, without this, unless each segment that was read is ``ReadingSummary/ReadSegment/isAsWritten``: these are not
    ///     opened twice.
    /// - Returns: The archive, its references mended where their spans are none.
    /// - Throws: `EvidenceError`: `.notFound` for an archive without entries, `.damaged` where evidence or pins tell that
    ///   there were some, `.newer` for entries of a newer version.
    package func examined(_ pins: [Pin], in range: InstantRange, isReadNext: Bool = false) throws -> Archive {
        try requireKnownEntries(pins)
        try requireEntries(pins)
        var examined = self
        if let novelty = ledger.novelty {
            examined.ledger.faults.append("\(Ledger.fileName):\(novelty.entry) is no ledger entry")
        }
        let behind = ledger.lists.firstSegment(behind: lastHeld(pins))
        if isReadNext, behind < segments.count || !hasFilesInPlace { examined.leavesToReading = true }
        let looked = try lookInto(from: behind, leaving: examined.leavesToReading ? sources(of: range) : [])
        if !hasFilesInPlace { examined.ledger.faults += try absences(knowing: looked.sizes) }
        if !hasNamedFilesOnly, let strange = try unnamedInWords() { examined.ledger.faults.append(strange) }
        examined.doubtSpans(looked.wrong)
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
    package func absences() throws -> [String] { try absences(knowing: []) }

    /// The same; `sizes`: those of segments that were just opened in their places, by the segments' places in the archive.
    private func absences(knowing sizes: [Int]) throws -> [String] {
        // A ledger may name tens of thousands of files, nearly all of them segments.
        guard let folder = OpenFolder(path), let events = OpenFolder("\(path)/\(SealedName.rooms[0])") else {
            return try absences(sizes) { PlainFile.kind("\(path)/\($0.text)") }
        }
        return try absences(sizes) { name in
            guard let file = name.fileName(inRoom: 0) else { return PlainFile.kind(name.text, in: folder) }
            return PlainFile.kind(file, in: events)
        }
    }

    private func absences(_ sizes: [Int], _ kind: (SealedName) -> PlainFile.Kind?) throws -> [String] {
        var found: [String] = []
        var hidden: EvidenceError?
        let last = entries.count - 1
        ledger.lists.forEachFile { name, told, segment, entry in
            if let segment, segment < sizes.count, sizes[segment] == told { return }
            // Nearly all stand in their places, as they are told.
            let kind = kind(name)
            if let told, kind == .file(bytes: told) { return }
            let file = name.text
            let place = kind == nil ? place(of: file, isOfLastEntry: entry == last) : nil
            switch kind ?? place.flatMap({ PlainFile.kind("\(path)/\($0)") }) {
            case nil: found.append("\(file) is missing")
            case .file(let bytes):
                if let told, told != bytes { found.append("\(file) has \(bytes) bytes, not \(told)") }
            case .hidden(let failure): hidden = hidden ?? .cannotRead("\(path)/\(file)", failure)
            default: found.append("\(file) is no plain file")
            }
        }
        if let hidden { throw hidden }
        return found
    }

    /// Has the segments of a period that do not stand in order put in order before anything of them is handed out.
    ///
    /// - Throws: ``EvidenceError`` when a segment can't be read.
    package mutating func sortDisordered(in range: InstantRange) throws {
        let whole = try events(in: InstantRange(from: nil, to: range.to)).disordered()
        sortedFirst.formUnion(whole)
        sortedFirst.formUnion(try events(in: range).disordered())
    }

    // MARK: Spans

    /// What a look into segments found.
    private struct LookedInto {
        /// By the place of a segment in the archive: how many bytes the file in its place has, as far as it was opened or is left to
        /// a reading; else -1.
        var sizes: [Int] = []
        /// The places of segments whose first and last line are not of the times that their entries tell.
        var wrong: [Int] = []
    }

    /// What a report of a period reads, one after the other.
    private func sources(of range: InstantRange) -> [EventSource] {
        [events(in: range)] + (range.from.map { [events(in: InstantRange(from: nil, to: $0))] } ?? [])
    }

    /// Looks into the segments from a place on, and compares the times that entries tell of them with their first and last lines;
    /// `sources`: what is left to be read.
    private func lookInto(from first: Int, leaving sources: [EventSource]) throws -> LookedInto {
        let segments = ledger.lists.segments
        var sizes = [Int](repeating: -1, count: segments.count)
        for place in segments.indices where !sources.isEmpty {
            // The span of a segment of format 1 is mended, not judged by whoever reads it.
            guard let bytes = segments[place].bytes, segments[place].count > 0 else { continue }
            if sources.contains(where: { $0.overlaps(segments[place]) }) { sizes[place] = bytes }
        }
        let open = (first..<segments.count).filter { sizes[$0] < 0 }
        guard !open.isEmpty else { return LookedInto(sizes: sizes) }
        let unread = Mutex<(any Error)?>(nil)
        let found = Mutex(LookedInto(sizes: sizes))
        let workers = min(8, open.count / 64 + 1)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            let mine = open[(open.count * worker / workers)..<(open.count * (worker + 1) / workers)]
            var (sizes, wrong): ([Int], [Int]) = ([], [])
            var reader = try? SegmentEdges.Reader()
            for place in mine {
                do {
                    let (size, isRight) = try look(into: segments[place], place, &reader)
                    sizes.append(size)
                    if !isRight { wrong.append(place) }
                } catch {
                    sizes.append(-1)
                    unread.withLock { $0 = $0 ?? error }
                }
            }
            found.withLock { found in
                for (place, size) in zip(mine, sizes) { found.sizes[place] = size }
                found.wrong += wrong
            }
        }
        if let unread = unread.withLock(\.self) { throw unread }
        return found.withLock { LookedInto(sizes: $0.sizes, wrong: $0.wrong.sorted()) }
    }

    /// Looks into a segment; one that does not tell its time, or is not there, is right.
    private func look(into segment: SegmentReference, _ place: Int, _ reader: inout SegmentEdges.Reader?) throws
        -> (size: Int, isRight: Bool)
    {
        guard segment.tellsItsSpan else { return (-1, true) }
        let file = segment.file
        var found = try edges(of: file, &reader)
        let size = found?.bytes ?? -1
        if found == nil {
            let isOfLastEntry = place >= ledger.lists.firstSegment(behind: entries.count - 1)
            guard let present = self.place(of: file, isOfLastEntry: isOfLastEntry) else { return (-1, true) }
            found = try edges(of: present, &reader)
        }
        guard let edges = found?.edges else { return (size, false) }
        return (size, edges.first == segment.first && edges.last == segment.last)
    }

    /// Opens a segment; nil where nothing stands.
    private func edges(of file: String, _ reader: inout SegmentEdges.Reader?) throws -> (
        bytes: Int, edges: SegmentEdges?
    )? {
        do { return try reader?.read("\(path)/\(file)") } catch {
            // What is no plain file is a fault; one that can't be read may be sound.
            if case .file = PlainFile.kind("\(path)/\(file)") { throw error }
            return (-1, nil)
        }
    }

    /// Takes note of segments that are not of the times that their entries tell.
    private mutating func doubtSpans(_ places: [Int]) {
        for place in places {
            var segment = ledger.lists.segments[place]
            if segment.bytes == nil {
                // Spans of format 1 are not judged: the segment is read whatever the period.
                (segment.told.firstAt, segment.told.lastAt) = (nil, nil)
                ledger.replace(segment: place, by: segment)
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
