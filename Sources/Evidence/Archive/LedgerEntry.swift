/// One line of the ledger: what a pull, an import or an acknowledgement did (docs/archive-format.md).
///
/// What is told is held once, however many copies of the entry there are: a ledger may have tens of thousands of entries, and
/// lists of them are made, filtered and passed on.
package struct LedgerEntry: Sendable {
    /// The newest format that this version reads and the one it writes.
    package static let newestFormat = 2

    private final class Holder: Sendable {
        let told: Told
        let writtenAt: Instant?

        init(_ told: Told) {
            self.told = told
            writtenAt = LedgerTime.instant(told.at)
        }
    }

    private var holder: Holder

    /// All that the entry tells.
    var told: Told {
        get { holder.told }
        set { holder = Holder(newValue) }
    }

    init(_ told: Told) { holder = Holder(told) }

    /// `at` as an instant; nil where it is no time.
    package var writtenAt: Instant? { holder.writtenAt }

    /// Number of the entry, from 1.
    package var entry: Int {
        get { told.entry }
        set { told.entry = newValue }
    }
    /// SHA-256 of the line before, without its newline; 64 zeros in the first.
    package var previous: String {
        get { told.previous }
        set { told.previous = newValue }
    }
    /// When the entry was written, RFC 3339 in UTC.
    package var at: String {
        get { told.at }
        set { told.at = newValue }
    }
    /// Name and version of the tool.
    package var tool: String {
        get { told.tool }
        set { told.tool = newValue }
    }
    /// What kind of work it was.
    package var kind: Kind {
        get { told.kind }
        set { told.kind = newValue }
    }
    /// How much was read; nil for an import.
    package var mode: Mode? {
        get { told.mode }
        set { told.mode = newValue }
    }
    /// The organization's id.
    package var organization: String {
        get { told.organization }
        set { told.organization = newValue }
    }
    /// Whether the sums close; nil for an import, which proves nothing.
    package var complete: Bool? {
        get { told.complete }
        set { told.complete = newValue }
    }
    /// Why they don't.
    package var incompleteBecause: [String] {
        get { told.incompleteBecause }
        set { told.incompleteBecause = newValue }
    }
    /// The span for which the archive holds every event of the log; nil when not proven.
    package var proven: Span? {
        get { told.proven }
        set { told.proven = newValue }
    }
    /// `newest_first`, `oldest_first`, `neither` or `unknown`.
    package var order: String? {
        get { told.order }
        set { told.order = newValue }
    }
    /// How many times the work was begun, this time included.
    package var attempts: Int {
        get { told.attempts }
        set { told.attempts = newValue }
    }
    /// Requests sent, retries included.
    package var requests: Int {
        get { told.requests }
        set { told.requests = newValue }
    }
    /// Requests that were repeated.
    package var retries: Int {
        get { told.retries }
        set { told.retries = newValue }
    }
    /// Pages of the log read.
    package var pages: Int {
        get { told.pages }
        set { told.pages = newValue }
    }
    /// Events a page, as the service cut the log; nil for an import.
    package var pageSize: Int? {
        get { told.pageSize }
        set { told.pageSize = newValue }
    }
    /// Passes over the log that the pull made; nil for an import.
    package var passes: Int? {
        get { told.passes }
        set { told.passes = newValue }
    }
    /// Events that left the log while a pull of several attempts read it; nil for none.
    package var leftWhileRead: Int? {
        get { told.leftWhileRead }
        set { told.leftWhileRead = newValue }
    }
    /// `total` of the first page read.
    package var totalAtStart: Int? {
        get { told.totalAtStart }
        set { told.totalAtStart = newValue }
    }
    /// `total` of the last page read.
    package var totalAtEnd: Int? {
        get { told.totalAtEnd }
        set { told.totalAtEnd = newValue }
    }
    /// Events received, repetitions included.
    package var received: Int {
        get { told.received }
        set { told.received = newValue }
    }
    /// Different ids among them.
    package var unique: Int {
        get { told.unique }
        set { told.unique = newValue }
    }
    /// `received` less `unique`.
    package var duplicates: Int {
        get { told.duplicates }
        set { told.duplicates = newValue }
    }
    /// Ids that the archive already held.
    package var alreadyArchived: Int {
        get { told.alreadyArchived }
        set { told.alreadyArchived = newValue }
    }
    /// Events that this entry adds.
    package var new: Int {
        get { told.new }
        set { told.new = newValue }
    }
    /// Events without a usable time among the new ones.
    package var undated: Int {
        get { told.undated }
        set { told.undated = newValue }
    }
    /// Segments that this entry adds.
    package var segments: [SegmentReference] {
        get { told.segments }
        set { told.segments = newValue }
    }
    /// Files with other contents of known ids that this entry adds.
    package var variants: [SegmentReference] {
        get { told.variants }
        set { told.variants = newValue }
    }
    /// Snapshots this entry took; nil for an import.
    package var snapshots: Snapshots? {
        get { told.snapshots }
        set { told.snapshots = newValue }
    }
    /// What was found odd.
    package var anomalies: [Anomaly] {
        get { told.anomalies }
        set { told.anomalies = newValue }
    }
    /// Earlier imported contents that this entry's replace in reports.
    package var superseded: [Superseded] {
        get { told.superseded }
        set { told.superseded = newValue }
    }
    /// Names of the imported files, without folders; nil for a pull.
    package var sources: [String]? {
        get { told.sources }
        set { told.sources = newValue }
    }
    /// The format: 1 where the entry names none.
    package var format: Int {
        get { told.format }
        set { told.format = newValue }
    }
    /// What was acknowledged; nil for other work.
    package var acknowledged: Acknowledgement? {
        get { told.acknowledged }
        set { told.acknowledged = newValue }
    }
    /// What the clocks said; nil for an import.
    package var clock: Clock? {
        get { told.clock }
        set { told.clock = newValue }
    }
    /// Time of the oldest event that the service served at the end of a complete pull; nil where nothing tells it.
    package var oldestServed: String? {
        get { told.oldestServed }
        set { told.oldestServed = newValue }
    }
    /// The page of the log that the service refused, so that the reading ended there; nil for none.
    package var refusedPage: Int? {
        get { told.refusedPage }
        set { told.refusedPage = newValue }
    }
    /// The same as `unreadable`, nil for none: most logs hold nothing but events.
    var unreadableFiles: [SegmentReference]? {
        get { told.unreadableFiles }
        set { told.unreadableFiles = newValue }
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
}

extension LedgerEntry: Hashable {
    /// Whether the same is told.
    package static func == (left: Self, right: Self) -> Bool { left.holder === right.holder || left.told == right.told }

    /// Feeds what is told.
    package func hash(into hasher: inout Hasher) { hasher.combine(told) }
}

extension LedgerEntry: Codable {
    /// Reads a line of a ledger.
    package init(from decoder: any Decoder) throws { self.init(try Told(from: decoder)) }

    /// Writes a line of a ledger.
    package func encode(to encoder: any Encoder) throws { try told.encode(to: encoder) }
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
