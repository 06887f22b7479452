/// One line of the ledger: what a pull, an import or an acknowledgement did (docs/archive-format.md).
public struct LedgerEntry: Codable, Sendable, Hashable {
    /// What kind of work the entry ends.
    public enum Kind: String, Codable, Sendable {
        case pull
        case `import`
        /// Somebody took note that pinned entries are gone: an archive restored from a backup.
        case acknowledgement
    }

    /// How much of the log a pull read.
    public enum Mode: String, Codable, Sendable {
        case full
        case incremental
    }

    /// A half-open span of time.
    public struct Span: Codable, Sendable, Hashable {
        /// First instant inside, RFC 3339.
        public var from: String
        /// First instant no longer inside, RFC 3339.
        public var to: String

        /// Makes a span of its ends.
        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// Digests of the snapshots a pull took.
    public struct Snapshots: Codable, Sendable, Hashable {
        /// Digest of the organization's answer.
        public var organization: String?
        /// Digest of the settings' answer.
        public var settings: String?
        /// The server's time when they were read, RFC 3339.
        public var servedAt: String?
        /// How many bytes each has; nil in an entry of format 1.
        public var bytes: Sizes?

        /// How many bytes the answers have.
        public struct Sizes: Codable, Sendable, Hashable {
            /// Bytes of the organization's answer.
            public var organization: Int?
            /// Bytes of the settings' answer.
            public var settings: Int?
        }

        enum CodingKeys: String, CodingKey {
            case organization, settings
            case servedAt = "served_at"
            case bytes
        }
    }

    /// What two clocks said when the last pass over the log began.
    public struct Clock: Codable, Sendable, Hashable {
        /// The server's, from its `Date`, RFC 3339; nil when it sent none that can be read.
        public var server: String?
        /// This machine's.
        public var local: String
        /// Which of them `proven` rests on, the earlier one: `server` or `local`.
        public var used: String
    }

    /// Something that changed upstream, or that the pull found odd.
    public struct Anomaly: Codable, Sendable, Hashable {
        /// `vanished`, `altered`, `two_contents`, `relabelled`, `extended`, `expired`, `implausible_time`, `unreadable`.
        public var kind: String
        /// The event concerned; nil for a count.
        public var event: String?
        /// What tells the event from others whose ids are shown alike (``EventIdentity``); nil for an ordinary id.
        public var identity: String?
        /// Digest of the other content's line, which stands in a variants file.
        public var variant: String?
        /// How many events, where the kind is only counted.
        public var count: Int?
    }

    /// An archived event that another entry's content replaces in reports: a pull outranks an import.
    public struct Superseded: Codable, Sendable, Hashable {
        /// The event.
        public var event: String
        /// What tells the event from others whose ids are shown alike (``EventIdentity``); nil for an ordinary id.
        public var identity: String?
        /// The segment whose content is no longer shown.
        public var file: String
    }

    /// What somebody took note of: entries that bundles pin and that this ledger does not hold.
    public struct Acknowledgement: Codable, Sendable, Hashable {
        /// A pin that is given up.
        public struct LostPin: Codable, Sendable, Hashable {
            /// The bundle's name.
            public var bundle: String
            /// The entry's number.
            public var entry: Int
            /// The digest of its line.
            public var head: String
        }

        /// Who.
        public var by: String
        /// Why.
        public var reason: String
        /// The pins given up, by entry.
        public var pins: [LostPin]
        /// Number of the last entry below them that a bundle pins and that the chain holds; 0 for none.
        public var lastCommon: Int
        /// How many entries are given up, at most: those behind `lastCommon` up to the last one pinned.
        public var entries: Int
        /// Files that stood in the archive and that no entry named; nil for none.
        package var files: [LeftFile]?

        /// A file that no entry names.
        package struct LeftFile: Codable, Sendable, Hashable {
            /// Below the organization's folder.
            package var file: String
            /// Its digest.
            package var sha256: String
        }

        enum CodingKeys: String, CodingKey {
            case by, reason, pins
            case lastCommon = "last_common"
            case entries, files
        }
    }

    /// The newest format that this version reads and the one it writes.
    public static let newestFormat = 2

    /// Number of the entry, from 1.
    public var entry: Int
    /// SHA-256 of the line before, without its newline; 64 zeros in the first.
    public var previous: String
    /// When the entry was written, RFC 3339 in UTC.
    public var at: String
    /// Name and version of the tool.
    public var tool: String
    /// What kind of work it was.
    public var kind: Kind
    /// How much was read; nil for an import.
    public var mode: Mode?
    /// The organization's id.
    public var organization: String
    /// Whether the sums close; nil for an import, which proves nothing.
    public var complete: Bool?
    /// Why they don't.
    public var incompleteBecause: [String]
    /// The span for which the archive holds every event of the log; nil when not proven.
    public var proven: Span?
    /// `newest_first`, `oldest_first`, `neither` or `unknown`.
    public var order: String?
    /// How many times the work was begun, this time included.
    public var attempts: Int
    /// Requests sent, retries included.
    public var requests: Int
    /// Requests that were repeated.
    public var retries: Int
    /// Pages of the log read.
    public var pages: Int
    /// Events a page, as the service cut the log; nil for an import.
    public var pageSize: Int?
    /// Passes over the log that the pull made; nil for an import.
    public var passes: Int?
    /// Events that left the log while a pull of several attempts read it; nil for none.
    public var leftWhileRead: Int?
    /// `total` of the first page read.
    public var totalAtStart: Int?
    /// `total` of the last page read.
    public var totalAtEnd: Int?
    /// Events received, repetitions included.
    public var received: Int
    /// Different ids among them.
    public var unique: Int
    /// `received` less `unique`.
    public var duplicates: Int
    /// Ids that the archive already held.
    public var alreadyArchived: Int
    /// Events that this entry adds.
    public var new: Int
    /// Events without a usable time among the new ones.
    public var undated: Int
    /// Segments that this entry adds.
    public var segments: [SegmentReference]
    /// Files with other contents of known ids that this entry adds.
    public var variants: [SegmentReference]
    /// Snapshots this entry took; nil for an import.
    public var snapshots: Snapshots?
    /// What was found odd.
    public var anomalies: [Anomaly]
    /// Earlier imported contents that this entry's replace in reports.
    public var superseded: [Superseded]
    /// Names of the imported files, without folders; nil for a pull.
    public var sources: [String]?
    /// The format: 1 where the entry names none.
    public var format: Int
    /// What was acknowledged; nil for other work.
    public var acknowledged: Acknowledgement?
    /// What the clocks said; nil for an import.
    public var clock: Clock?
    /// Time of the oldest event that the service served at the end of a complete pull; nil where nothing tells it.
    public var oldestServed: String?
    /// The page of the log that the service refused, so that the reading ended there; nil for none.
    package var refusedPage: Int?
    /// The same as `unreadable`, nil for none: most logs hold nothing but events.
    var unreadableFiles: [SegmentReference]?

    enum CodingKeys: String, CodingKey {
        case entry, previous, at, tool, kind, mode, organization, complete
        case incompleteBecause = "incomplete_because"
        case proven, order, attempts, requests, retries, pages
        case pageSize = "page_size"
        case passes
        case leftWhileRead = "left_while_read"
        case totalAtStart = "total_at_start"
        case totalAtEnd = "total_at_end"
        case received, unique, duplicates
        case alreadyArchived = "already_archived"
        case new, undated, segments, variants, snapshots, anomalies, superseded, sources
        case format, acknowledged, clock
        case oldestServed = "oldest_served"
        case refusedPage = "refused_page"
        case unreadableFiles = "unreadable"
    }

    /// Files with elements of the log that are no events that this entry adds.
    public var unreadable: [SegmentReference] {
        get { unreadableFiles ?? [] }
        set { unreadableFiles = newValue.isEmpty ? nil : newValue }
    }

    /// How many elements that are no events the entry adds.
    package var unreadableCount: Int { unreadable.reduce(0) { $0 + $1.count } }

    /// A file that an entry names.
    struct NamedFile: Hashable, Sendable {
        /// Below the organization's folder.
        var path: String
        var sha256: String
        /// nil where the entry does not tell.
        var bytes: Int?
    }

    /// Every file that the entry names.
    var files: [NamedFile] {
        var files = (segments + variants + unreadable).map {
            NamedFile(path: $0.file, sha256: $0.sha256, bytes: $0.bytes)
        }
        let sizes = snapshots?.bytes
        for (digest, bytes) in [(snapshots?.organization, sizes?.organization), (snapshots?.settings, sizes?.settings)]
        {
            guard let digest else { continue }
            files.append(NamedFile(path: "snapshots/\(digest).json", sha256: digest, bytes: bytes))
        }
        return files
    }
}

extension LedgerEntry {
    /// Keys that earlier or other writers left out read as empty, so that an entry written by another version is no error.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        entry = try values.decode(Int.self, forKey: .entry)
        previous = try values.decode(String.self, forKey: .previous)
        at = try values.decode(String.self, forKey: .at)
        tool = try values.decodeIfPresent(String.self, forKey: .tool) ?? ""
        kind = try values.decode(Kind.self, forKey: .kind)
        mode = try values.decodeIfPresent(Mode.self, forKey: .mode)
        organization = try values.decode(String.self, forKey: .organization)
        complete = try values.decodeIfPresent(Bool.self, forKey: .complete)
        incompleteBecause = try values.decodeIfPresent([String].self, forKey: .incompleteBecause) ?? []
        proven = try values.decodeIfPresent(Span.self, forKey: .proven)
        order = try values.decodeIfPresent(String.self, forKey: .order)
        attempts = try values.decodeIfPresent(Int.self, forKey: .attempts) ?? 1
        requests = try values.decodeIfPresent(Int.self, forKey: .requests) ?? 0
        retries = try values.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        pages = try values.decodeIfPresent(Int.self, forKey: .pages) ?? 0
        pageSize = try values.decodeIfPresent(Int.self, forKey: .pageSize)
        passes = try values.decodeIfPresent(Int.self, forKey: .passes)
        leftWhileRead = try values.decodeIfPresent(Int.self, forKey: .leftWhileRead)
        totalAtStart = try values.decodeIfPresent(Int.self, forKey: .totalAtStart)
        totalAtEnd = try values.decodeIfPresent(Int.self, forKey: .totalAtEnd)
        received = try values.decodeIfPresent(Int.self, forKey: .received) ?? 0
        unique = try values.decodeIfPresent(Int.self, forKey: .unique) ?? 0
        duplicates = try values.decodeIfPresent(Int.self, forKey: .duplicates) ?? 0
        alreadyArchived = try values.decodeIfPresent(Int.self, forKey: .alreadyArchived) ?? 0
        new = try values.decodeIfPresent(Int.self, forKey: .new) ?? 0
        undated = try values.decodeIfPresent(Int.self, forKey: .undated) ?? 0
        segments = try values.decodeIfPresent([SegmentReference].self, forKey: .segments) ?? []
        variants = try values.decodeIfPresent([SegmentReference].self, forKey: .variants) ?? []
        snapshots = try values.decodeIfPresent(Snapshots.self, forKey: .snapshots)
        anomalies = try values.decodeIfPresent([Anomaly].self, forKey: .anomalies) ?? []
        superseded = try values.decodeIfPresent([Superseded].self, forKey: .superseded) ?? []
        sources = try values.decodeIfPresent([String].self, forKey: .sources)
        format = try values.decodeIfPresent(Int.self, forKey: .format) ?? 1
        acknowledged = try values.decodeIfPresent(Acknowledgement.self, forKey: .acknowledged)
        clock = try values.decodeIfPresent(Clock.self, forKey: .clock)
        oldestServed = try values.decodeIfPresent(String.self, forKey: .oldestServed)
        refusedPage = try values.decodeIfPresent(Int.self, forKey: .refusedPage)
        unreadableFiles = try values.decodeIfPresent([SegmentReference].self, forKey: .unreadableFiles)
    }
}
