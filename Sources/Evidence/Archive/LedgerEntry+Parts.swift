/// What an entry of the ledger is made of.
extension LedgerEntry {
    /// What kind of work the entry ends.
    package enum Kind: String, Codable, Sendable {
        case pull
        case `import`
        /// Somebody took note that pinned entries are gone: an archive restored from a backup.
        case acknowledgement
    }

    /// How much of the log a pull read.
    package enum Mode: String, Codable, Sendable {
        case full
        case incremental
    }

    /// A half-open span of time.
    package struct Span: Codable, Sendable, Hashable {
        /// First instant inside, RFC 3339.
        package var from: String
        /// First instant no longer inside, RFC 3339.
        package var to: String
    }

    /// What two clocks said when the last pass over the log began.
    package struct Clock: Codable, Sendable, Hashable {
        /// The server's, from its `Date`, RFC 3339; nil when it sent none that can be read.
        package var server: String?
        /// This machine's.
        package var local: String
        /// Which of them `proven` rests on, the earlier one: `server` or `local`.
        var used: String
    }

    /// Something that changed upstream, or that the pull found odd.
    package struct Anomaly: Codable, Sendable, Hashable {
        /// `vanished`, `altered`, `two_contents`, `relabelled`, `extended`, `expired`, `implausible_time`, `unreadable`.
        package var kind: String
        /// The event concerned; nil for a count.
        package var event: String?
        /// What tells the event from others whose ids are shown alike (``EventIdentity``); nil for an ordinary id.
        package var identity: String?
        /// Digest of the other content's line, which stands in a variants file.
        var variant: String?
        /// How many events, where the kind is only counted.
        package var count: Int?
    }

    /// An archived event that another entry's content replaces in reports: a pull outranks an import.
    package struct Superseded: Codable, Sendable, Hashable {
        /// The event.
        package var event: String
        /// What tells the event from others whose ids are shown alike (``EventIdentity``); nil for an ordinary id.
        package var identity: String?
        /// The segment whose content is no longer shown.
        var file: String
    }

    /// What somebody took note of: entries that bundles pin and that this ledger does not hold.
    package struct Acknowledgement: Codable, Sendable, Hashable {
        /// A pin that is given up.
        struct LostPin: Codable, Sendable, Hashable {
            /// The bundle's name.
            var bundle: String
            /// The entry's number.
            var entry: Int
            /// The digest of its line.
            var head: String
        }

        /// Who.
        package var by: String
        /// Why.
        package var reason: String
        /// The pins given up, by entry.
        var pins: [LostPin]
        /// Number of the last entry below them that a bundle pins and that the chain holds; 0 for none.
        var lastCommon: Int
        /// How many entries are given up, at most: those behind `lastCommon` up to the last one pinned.
        package var entries: Int
        /// Files that stood in the archive and that no entry named; nil for none.
        package var files: [LeftFile]?

        /// A file that no entry names.
        package struct LeftFile: Codable, Sendable, Hashable {
            /// Below the organization's folder.
            var file: String
            /// Its digest.
            var sha256: String
        }

        enum CodingKeys: String, CodingKey {
            case by, reason, pins
            case lastCommon = "last_common"
            case entries, files
        }
    }
}

extension LedgerEntry {
    /// What is asked of every entry again and again: where there are tens of thousands, a copy of all that each of them refers to
    /// takes longer than the question.
    package struct Gist: Sendable {
        /// What kind of work it was.
        package let kind: Kind
        /// Whether the sums close; nil for an import, which proves nothing.
        package let complete: Bool?
        /// When the entry was written.
        package let writtenAt: Instant?
        /// When the snapshots were served.
        package let servedAt: Instant?
        /// The begin of what it proves.
        package let provenFrom: Instant?
        /// What the server's clock said.
        let serverClock: Instant?
        /// What this machine's clock said.
        let localClock: Instant?
        /// What the service answered; when it was served is left to ``servedAt``.
        package let kept: Answers?
    }
}

extension [LedgerEntry] {
    /// Calls `body` with the place and the gist of each entry, in order.
    package func forEachGist(_ body: (Int, LedgerEntry.Gist) -> Void) {
        withUnsafeBufferPointer { entries in
            for place in entries.indices {
                body(
                    place,
                    LedgerEntry.Gist(
                        kind: entries[place].kind,
                        complete: entries[place].complete,
                        writtenAt: entries[place].own.at,
                        servedAt: entries[place].own.servedAt,
                        provenFrom: entries[place].provenFrom,
                        serverClock: entries[place].own.serverClock,
                        localClock: entries[place].own.localClock,
                        kept: entries[place].kept
                    )
                )
            }
        }
    }
}
