import Foundation

/// Re-checks archives from their files alone.
package enum Verifier {
    /// What was looked at, and what was wrong with it.
    package struct Outcome: Sendable {
        /// Files whose digest was reckoned.
        package var filesChecked = 0
        /// What is not as it was sealed.
        package var discrepancies: [Discrepancy] = []
        /// What is odd and no discrepancy, in words.
        package var warnings: [String] = []
        /// Bundles that are signed, and of which nobody said whose signature counts.
        package var signaturesUnchecked = 0
        /// What a reader may want to know, in words.
        package var notices: [String] = []
        /// The archive as it stood when it was looked at; nil for a bundle, and where it can't be read.
        package var archive: Archive?

        /// Nothing looked at so far.
        package init() {}

        /// Adds what is not as it was sealed.
        package mutating func add(_ kind: Discrepancy.Kind, _ file: String, _ detail: String) {
            discrepancies.append(Discrepancy(file: file, kind: kind, detail: detail))
        }

        /// Compares a file with its digest in a list of some name.
        ///
        /// One that can't be read is named like the others, not the end of it.
        package mutating func compare(_ file: String, at path: String, with sha256: String, of source: String) {
            do {
                guard try !PlainFile.digest(path).sha256.isSameInBytes(as: sha256) else { return }
                add(.changed, file, "its digest is not the one in \(source)")
            } catch {
                add(unread: file, at: path, error)
            }
        }

        /// Adds a file that an error kept from being read: what is no plain file was changed, any other may be what it was.
        package mutating func add(unread file: String, at path: String, _ error: any Error) {
            let isChanged = [nil, .folder, .link, .other].contains(PlainFile.kind(path))
            add(isChanged ? .changed : .unreadable, file, (error as? EvidenceError)?.summary ?? "it can't be read")
        }
    }

    /// Checks one organization's archive: the chain, whose it is, every file, and that there are no others.
    ///
    /// - Throws: ``EvidenceError`` when a folder can't be listed; all else that is wrong is told in the outcome.
    package static func verify(archiveAt path: String) throws -> Outcome {
        var outcome = Outcome()
        let ledger = path + "/" + Ledger.fileName
        let archive: Archive
        do { archive = try Archive(path: path) } catch let error as EvidenceError {
            outcome.add(unread: ledger, at: ledger, error)
            return outcome
        }
        outcome.archive = archive
        for fault in archive.ledger.faults { outcome.add(.chain, ledger, fault) }
        checkEnd(of: archive, &outcome)
        for entry in archive.ledger.setBack {
            outcome.warnings.append("\(ledger): entry \(entry) was written at an earlier time than the one before it")
        }
        let last = archive.entries.count - 1
        var seen: Set<LedgerEntry.NamedFile> = []
        for (index, entry) in archive.entries.enumerated() {
            // No two entries name one file with a line an element, and many name one snapshot.
            for file in entry.lineFiles { check(file, of: archive, isOfLastEntry: index == last, into: &outcome) }
            if index == 0 || !entry.common.hasSameAnswers(as: archive.entries[index - 1].common) {
                for file in entry.answers?.files ?? [] where seen.insert(file).inserted {
                    check(file, of: archive, isOfLastEntry: index == last, into: &outcome)
                }
            }
            for segment in entry.segments { check(segment, of: archive, isOfLastEntry: index == last, &outcome) }
            for variant in entry.variants {
                check(variant: variant, of: archive, isOfLastEntry: index == last, &outcome)
            }
        }
        try findAdded(to: archive, &outcome)
        return outcome
    }

    /// Looks for a ledger that is gone, or whose last line has no end.
    private static func checkEnd(of archive: Archive, _ outcome: inout Outcome) {
        let ledger = archive.path + "/" + Ledger.fileName
        if archive.entries.isEmpty, archive.ledger.faults.isEmpty, archive.ledger.novelty == nil {
            // The organization's first run may have committed since: then there is an entry by now.
            if Archive.holdsEvidence(archive.path), (try? archive.reopened())?.entries.isEmpty != false {
                outcome.add(.missing, ledger, "there is evidence beside it, and no entry names it")
            } else {
                outcome.notices.append("\(archive.path) has no entry yet")
            }
        }
        guard archive.ledger.tornBytes > 0 || archive.ledger.lacksLineFeed else { return }
        // Whoever appends to it just now is soon done.
        for _ in 0..<25 {
            usleep(20_000)
            if endsWithLineFeed(ledger) { return }
        }
        outcome.add(.changed, ledger, "its last line has no end; if a run was killed just now, the next one mends it")
    }

    private static func endsWithLineFeed(_ path: String) -> Bool {
        guard let (descriptor, size) = try? PlainFile.open(path) else { return false }
        defer { close(descriptor) }
        var last: UInt8 = 0
        return size > 0 && pread(descriptor, &last, 1, off_t(size - 1)) == 1 && last == 10
    }

    // MARK: Files

    private static func check(
        _ file: LedgerEntry.NamedFile,
        of archive: Archive,
        isOfLastEntry: Bool,
        into outcome: inout Outcome
    ) {
        outcome.filesChecked += 1
        let path = archive.path + "/" + file.path
        guard let place = archive.place(of: file.path, isOfLastEntry: isOfLastEntry) else {
            return outcome.add(.missing, path, "the ledger names it, and it is not there")
        }
        let present = archive.path + "/" + place
        switch PlainFile.kind(present) {
        case .file(let bytes):
            if let told = file.bytes, told != bytes {
                return outcome.add(.changed, path, "it has \(bytes) bytes, the ledger tells \(told)")
            }
        case .hidden: break
        default: return outcome.add(.changed, path, "it is no plain file")
        }
        outcome.compare(path, at: present, with: file.sha256, of: "the ledger")
    }

    /// Compares what an entry tells of a segment with the segment; its digest is another's to compare.
    private static func check(
        _ segment: SegmentReference,
        of archive: Archive,
        isOfLastEntry: Bool,
        _ outcome: inout Outcome
    ) {
        guard let read = read(segment, of: archive, isOfLastEntry: isOfLastEntry, { _ in }) else { return }
        guard read.sha256.isSameInBytes(as: segment.sha256) else { return }
        if read.count != segment.count || read.unreadableLines > 0 {
            let lines = read.count + read.unreadableLines
            outcome.add(
                .changed,
                archive.path + "/" + Ledger.fileName,
                "\(segment.file) has \(lines) lines, \(read.count) of them events; its entry tells \(segment.count)"
            )
        } else if !read.isPlaced {
            outcome.add(
                .changed,
                archive.path + "/" + Ledger.fileName,
                "\(segment.file) does not hold events in order from \(segment.firstAt ?? "no time") to "
                    + "\(segment.lastAt ?? "no time"), as its entry tells"
            )
        }
    }

    /// The same for variants, which stand in the order in which they came.
    private static func check(
        variant: SegmentReference,
        of archive: Archive,
        isOfLastEntry: Bool,
        _ outcome: inout Outcome
    ) {
        var span: (first: Instant, last: Instant)?
        let read = read(variant, of: archive, isOfLastEntry: isOfLastEntry) { event in
            guard !event.isUndated else { return }
            let at = event.instant
            span = span.map { (min($0.first, at), max($0.last, at)) } ?? (at, at)
        }
        guard let read, read.sha256.isSameInBytes(as: variant.sha256) else { return }
        guard read.count == variant.count, span?.first == variant.first, span?.last == variant.last else {
            return outcome.add(
                .changed,
                archive.path + "/" + Ledger.fileName,
                "\(variant.file) has not the number of events, or not their times, that its entry tells"
            )
        }
    }

    /// Reads a file of an entry of format 2; nil for others, and for what can't be read, which is told already.
    private static func read(
        _ file: SegmentReference,
        of archive: Archive,
        isOfLastEntry: Bool,
        _ body: (EventView) -> Void
    ) -> ReadingSummary.ReadSegment? {
        guard file.bytes != nil, let place = archive.place(of: file.file, isOfLastEntry: isOfLastEntry) else {
            return nil
        }
        var placed = file
        placed.file = place
        let source = EventSource(root: archive.path, segments: [placed], range: nil)
        let summary = try? source.forEachBlockInAnyOrder { block in
            for index in 0..<block.count { body(block[index]) }
        }
        return summary?.segments.first
    }

    // MARK: What nobody names

    private static func findAdded(to archive: Archive, _ outcome: inout Outcome) throws {
        let path = archive.path
        for name in try archive.unnamed() {
            outcome.add(.added, "\(path)/\(name)", "no entry of the ledger names it")
        }
        let expected = [Ledger.fileName, "staging", "lock"] + ArchiveRoom.all
        for name in try Files.names(in: path) where !expected.contains(where: { $0.isSameInBytes(as: name) }) {
            if name.isSameInBytes(as: "cache") {
                outcome.notices.append("\(path)/cache is not used and can be deleted")
            } else {
                outcome.add(.added, "\(path)/\(name)", "it does not belong into an archive")
            }
        }
        try checkStaging(path, &outcome)
    }

    /// Looks at what is no evidence, but must not be in its way.
    private static func checkStaging(_ path: String, _ outcome: inout Outcome) throws {
        let lock = "\(path)/lock"
        if let kind = PlainFile.kind(lock), [.folder, .link, .other].contains(kind) {
            outcome.add(.changed, lock, "it is no plain file")
        }
        for name in (try? Files.names(in: path + "/staging")) ?? [] {
            guard let kind = PlainFile.kind("\(path)/staging/\(name)"), kind == .link || kind == .other else {
                continue
            }
            outcome.add(.changed, "\(path)/staging/\(name)", "it is no plain file")
        }
        for room in ArchiveRoom.all where PlainFile.isFolder("\(path)/staging/sealed/\(room)") {
            for name in try Files.names(in: "\(path)/staging/sealed/\(room)") {
                let file = "\(path)/staging/sealed/\(room)/\(name)"
                // In this order: a commit that ends meanwhile moves the one to the other.
                guard Files.exists("\(path)/\(room)/\(name)"), Files.exists(file) else { continue }
                outcome.add(.added, file, "a sealed file of that name stands in its place already")
            }
        }
    }

    // MARK: Pins

    /// Looks for a pinned head in an archive's chain; nil where it is held, or given up with an acknowledgement.
    package static func check(_ pin: Pin, against archive: Archive) -> Discrepancy? {
        guard archive.state(of: pin) == .lost else { return nil }
        let ledger = archive.path + "/" + Ledger.fileName
        guard pin.entry <= archive.entries.count else {
            return Discrepancy(
                file: ledger,
                kind: .truncated,
                detail: "it ends at entry \(archive.head.entry); \(pin.manifest) pins entry \(pin.entry)"
            )
        }
        return Discrepancy(
            file: ledger,
            kind: .chain,
            detail: "its entry \(pin.entry) is not the one that \(pin.manifest) pins"
        )
    }
}

extension Verifier {
    /// Whether a folder has what only an organization's archive has.
    package static func looksLikeArchive(_ path: String) -> Bool {
        let isThere = { (name: String) in holds(name, in: path) }
        return isThere(Ledger.fileName) || ArchiveRoom.ofLines.contains(where: isThere)
            // Other programs have folders of that name, too.
            || (isThere("snapshots") && (isThere("lock") || isThere("staging")))
    }

    /// Whether something of a name stands in a folder, but for an organization's own folder: its id may be any name.
    package static func holds(_ name: String, in path: String) -> Bool {
        Files.exists("\(path)/\(name)") && !Files.exists("\(path)/\(name)/\(Ledger.fileName)")
    }
}
