import Evidence

/// What a pull found that somebody should know of.
package struct PullWarnings {
    private(set) var lines: [String] = []
    /// Whether it was seen that every file of the archive is named by an entry.
    private(set) var foundNamedFilesOnly = false

    /// Looks through a pull's entry.
    ///
    /// - Parameters:
    ///   - entry: What the pull added to the ledger.
    ///   - before: The entry before it; nil for the first.
    ///   - givenUp: What the same pull added of a reading that it gave up; nil for none.
    ///   - archive: The archive with the entry.
    init(_ entry: LedgerEntry, behind before: LedgerEntry?, givenUp: LedgerEntry? = nil, in archive: Archive) {
        if entry.complete != true {
            let reasons = entry.incompleteBecause.joined(separator: "; ")
            lines.append("the pull is not complete: \(reasons.isEmpty ? "no reason given" : reasons)")
        }
        for added in [givenUp, entry].compactMap({ $0 }) {
            noteAnomalies(added)
            noteTimes(added)
        }
        noteClocks(entry, before)
        // A folder that can't be listed is told by whoever reads the archive.
        guard let strange = try? archive.unnamed() else { return }
        foundNamedFilesOnly = strange.isEmpty
        if let words = Archive.words(ofUnnamed: strange) { lines.append(Self.words(of: words, archive)) }
    }

    /// What is said of files that no entry names.
    package static func words(of strange: String, _ archive: Archive) -> String {
        "\(archive.path): \(strange): the ledger may have been shortened; run 'heedaudit verify'"
    }

    /// What is said of events of an import that have another content than one of the same id.
    ///
    /// - Parameter entry: What the import added to the ledger.
    /// - Returns: One sentence; nil where there is none.
    package static func contents(of entry: LedgerEntry) -> String? {
        let others = entry.anomalies.filter { $0.kind == "two_contents" }
        guard let first = others.first else { return nil }
        return "\(Counted.text(others.count, "event")) came with another content than one of the same id"
            + "\(first.event.map { ", first \($0)" } ?? ""): reports use the first that was pulled, else the first "
            + "imported; the others are kept in variants/"
    }

    /// What is said of the events without a usable time that an entry adds; nil for none.
    package static func undated(in entry: LedgerEntry) -> String? {
        guard entry.undated > 0 else { return nil }
        return "\(Counted.text(entry.undated, "event")) without a time that can be read: controls that "
            + "\(entry.undated == 1 ? "it" : "they") may concern prove less"
    }

    private mutating func noteAnomalies(_ entry: LedgerEntry) {
        let count = { (kind: String) in entry.anomalies.count { $0.kind == kind } }
        let events = { (number: Int) in Counted.text(number, "event") }
        if count("altered") > 0 {
            lines.append("\(events(count("altered"))) changed at the service after being archived")
        }
        if count("two_contents") > 0 {
            lines.append("\(events(count("two_contents"))) came with two contents under one id")
        }
        if count("vanished") > 0 { lines.append("\(events(count("vanished"))) vanished at the service") }
        if entry.unreadableCount > 0 {
            let number = entry.unreadableCount
            lines.append(
                number == 1
                    ? "1 element of the log is no event; it is kept in unreadable/"
                    : "\(Counted.digits(number)) elements of the log are no events; they are kept in unreadable/"
            )
        }
        if let left = entry.leftWhileRead { lines.append("\(events(left)) left the log while it was read") }
    }

    private mutating func noteTimes(_ entry: LedgerEntry) {
        let odd = entry.anomalies.count { $0.kind == "implausible_time" }
        if odd > 0 {
            lines.append(
                "\(Counted.text(odd, "event")) of a time that can't be: before the year 2000, or in the future"
            )
        }
        if let undated = Self.undated(in: entry) { lines.append(undated) }
    }

    private mutating func noteClocks(_ entry: LedgerEntry, _ before: LedgerEntry?) {
        if let clock = entry.clock {
            if let server = clock.server, let difference = clock.difference {
                if abs(difference) > Instant.toleratedDifference {
                    lines.append(
                        "the clocks differ: the service says \(server), this machine \(clock.local); "
                            + "what is proven rests on the earlier one"
                    )
                }
            } else {
                lines.append(
                    "the service sends no date that can be read; what is proven rests on this machine's clock"
                )
            }
        }
        guard let last = before, let earlier = Instant(rfc3339: last.at),
            let now = Instant(rfc3339: entry.at), now < earlier
        else { return }
        lines.append(
            "this machine's clock says \(entry.at), and entry \(last.entry) of the ledger was written at \(last.at): "
                + "one of the times is wrong"
        )
    }
}
