/// One line of the ledger: what a pull, an import or an acknowledgement did (docs/archive-format.md).
package struct LedgerEntry: Codable, Sendable, Hashable {
    /// The newest format that this version reads and the one it writes.
    package static let newestFormat = 2

    /// Number of the entry, from 1.
    package var entry: Int
    /// SHA-256 of the line before, without its newline; 64 zeros in the first.
    package var previous: String
    /// When the entry was written, RFC 3339 in UTC.
    package var at: String
    /// Name and version of the tool.
    package var tool: String
    /// What kind of work it was.
    package var kind: Kind
    /// How much was read; nil for an import.
    package var mode: Mode?
    /// The organization's id.
    package var organization: String
    /// Whether the sums close; nil for an import, which proves nothing.
    package var complete: Bool?
    /// Why they don't.
    package var incompleteBecause: [String]
    /// The span for which the archive holds every event of the log; nil when not proven.
    package var proven: Span?
    /// `newest_first`, `oldest_first`, `neither` or `unknown`.
    package var order: String?
    /// How many times the work was begun, this time included.
    package var attempts: Int
    /// Requests sent, retries included.
    package var requests: Int
    /// Requests that were repeated.
    package var retries: Int
    /// Pages of the log read.
    package var pages: Int
    /// Events a page, as the service cut the log; nil for an import.
    package var pageSize: Int?
    /// Passes over the log that the pull made; nil for an import.
    package var passes: Int?
    /// Events that left the log while a pull of several attempts read it; nil for none.
    package var leftWhileRead: Int?
    /// `total` of the first page read.
    package var totalAtStart: Int?
    /// `total` of the last page read.
    package var totalAtEnd: Int?
    /// Events received, repetitions included.
    package var received: Int
    /// Different ids among them.
    package var unique: Int
    /// `received` less `unique`.
    package var duplicates: Int
    /// Ids that the archive already held.
    package var alreadyArchived: Int
    /// Events that this entry adds.
    package var new: Int
    /// Events without a usable time among the new ones.
    package var undated: Int
    /// Segments that this entry adds.
    package var segments: [SegmentReference]
    /// Files with other contents of known ids that this entry adds.
    package var variants: [SegmentReference]
    /// Snapshots this entry took; nil for an import.
    package var snapshots: Snapshots?
    /// What was found odd.
    package var anomalies: [Anomaly]
    /// Earlier imported contents that this entry's replace in reports.
    package var superseded: [Superseded]
    /// Names of the imported files, without folders; nil for a pull.
    package var sources: [String]?
    /// The format: 1 where the entry names none.
    package var format: Int
    /// What was acknowledged; nil for other work.
    package var acknowledged: Acknowledgement?
    /// What the clocks said; nil for an import.
    package var clock: Clock?
    /// Time of the oldest event that the service served at the end of a complete pull; nil where nothing tells it.
    package var oldestServed: String?
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
    package var unreadable: [SegmentReference] {
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
    var files: [NamedFile] { lineFiles + (snapshots?.files ?? []) }

    /// Those with a line an element.
    var lineFiles: [NamedFile] { lineReferences.map(NamedFile.init) }

    /// The same as the entry tells of them; most entries have segments alone.
    var lineReferences: [SegmentReference] {
        variants.isEmpty && unreadable.isEmpty ? segments : segments + variants + unreadable
    }

    /// Keeps what the entry before says, too, as the same memory: there are tens of thousands.
    mutating func share(previous digest: String?, snapshots before: Snapshots?) {
        if let digest, previous.isSameInBytes(as: digest) { previous = digest }
        guard let before, let snapshots, snapshots.hasSameBytes(as: before) else { return }
        self.snapshots?.digests = before.digests
        self.snapshots?.bytes = before.bytes
    }
}

extension LedgerEntry.NamedFile {
    init(_ file: SegmentReference) { self.init(path: file.file, sha256: file.sha256, bytes: file.bytes) }
}

extension LedgerEntry.Snapshots {
    /// Their files, each once: two lists without elements may be one.
    var files: [LedgerEntry.NamedFile] {
        let answers = inOrder.map { (digest: $0.digest, bytes: bytes[$0.resource]) }
        let pages = ListResource.allCases.flatMap { lists[$0]?.pages ?? [] }.map {
            (digest: $0.sha256, bytes: $0.bytes as Int?)
        }
        var seen: Set<LedgerEntry.NamedFile> = []
        return (answers + pages).compactMap { digest, bytes in
            let file = LedgerEntry.NamedFile(path: "snapshots/\(digest).json", sha256: digest, bytes: bytes)
            return seen.insert(file).inserted ? file : nil
        }
    }
}
