import Evidence

/// Where a report's facts were read: the ledger up to its head, and the files it names.
package struct ReportEvidence: Sendable, Hashable {
    /// One entry of the ledger: a pull, an import or an acknowledgement.
    struct Work: Sendable, Hashable {
        /// Number of the ledger's entry.
        var entry: Int
        /// When the entry was written.
        var at: String
        /// `full pull`, `incremental pull`, `import` or `acknowledgement`.
        var kind: String
        /// Events that it added.
        var new: Int
        /// Whether its sums close; nil for what is no pull.
        var isComplete: Bool?
        /// SHA-256 of the entry's line.
        var sha256: String
    }

    /// SHA-256 of the ledger's last line, in hex.
    var head: String
    /// Number of that entry.
    var entry: Int
    /// When it was written.
    var at: String
    /// The sealed files that can hold events of the period, in the order of the entries.
    var segments: [SegmentReference]
    /// How many others there are.
    var others: Int
    /// What `sha256sum` says of a list of the others as it writes one; nil where there are none.
    var othersDigest: String?
    /// The newest entries, the first of them first.
    var works: [Work]
    /// How many there are before them.
    var earlierWorks = 0
    /// Whether there is any entry but those of imports.
    var hasPulls: Bool
    /// Whether there is one of an import.
    var hasImports: Bool
    /// Events that the archive holds, each once.
    var archivedEvents: Int
    /// The order in which the service lists events, as the newest pull saw it; nil without a pull.
    var order: String?

    /// How many entries are told one by one.
    static let worksTold = 20
}

extension ReportEvidence {
    /// Reads an archive's ledger.
    ///
    /// - Parameters:
    ///   - archive: Whose.
    ///   - source: The events of the period.
    package init(archive: Archive, source: EventSource) {
        head = archive.head.sha256
        entry = archive.head.entry
        at = archive.head.at
        segments = []
        others = 0
        var list = SHA256()
        for segment in archive.segments {
            if source.overlaps(segment) {
                segments.append(segment)
            } else {
                others += 1
                list.update(segment.sum)
            }
        }
        othersDigest = others == 0 ? nil : list.hex
        let entries = archive.entries
        archivedEvents =
            entries.indices.reduce(0) { $0 &+ entries[$1].new } &- archive.rare(\.superseded).count
        order = archive.lastPull?.order
        hasPulls = entries.indices.contains { entries[$0].kind != .import }
        hasImports = entries.indices.contains { entries[$0].kind == .import }
        earlierWorks = max(0, entries.count - Self.worksTold)
        works = entries.indices.dropFirst(earlierWorks).map { place in
            Work(
                entry: entries[place].entry,
                at: entries[place].at,
                kind: Self.kind(of: entries[place]),
                new: entries[place].new,
                isComplete: entries[place].complete,
                sha256: archive.ledger.head(ofEntry: place + 1).sha256
            )
        }
    }

    /// What kind of work an entry tells of; every entry's text is one of these few, which take no memory of their own.
    private static func kind(of entry: LedgerEntry) -> String {
        switch (entry.kind, entry.mode) {
        case (.pull, .full): "full pull"
        case (.pull, .incremental): "incremental pull"
        case (.pull, nil): " pull"
        case (.import, _): "import"
        case (.acknowledgement, _): "acknowledgement"
        }
    }
}
