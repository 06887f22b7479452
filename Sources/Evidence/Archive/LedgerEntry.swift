/// One line of the ledger: what a pull, an import or an acknowledgement did (docs/archive-format.md).
///
/// A ledger may have tens of thousands, and nearly all tell what the entry before told but for a few numbers and times. So an
/// entry is held as its own few, and refers to what it shares; ``told`` puts all of it together. Each name of ``Told`` is one
/// of the entry's.
@dynamicMemberLookup
package struct LedgerEntry: Sendable {
    /// The newest format that this version reads and the one it writes.
    static let newestFormat = 2

    /// What an entry has of its own.
    struct Own: Hashable, Sendable {
        var entry = 0
        var previous: Digest?
        var at: Instant?
        var provenTo: Instant?
        var serverClock: Instant?
        var localClock: Instant?
        var servedAt: Instant?
        var pages = 0
        var requests = 0
        var received = 0
        var unique = 0
        var alreadyArchived = 0
        var new = 0
        var totalAtStart: Int?
        var totalAtEnd: Int?
        var segments: ArraySlice<SegmentReference> = []
    }

    /// The rest: numbers and lists that ``Own`` has are blank, and so are texts that are just as it would write them.
    fileprivate final class Shared: Sendable {
        let told: Told
        let provenFrom: Instant?

        init(_ told: Told) {
            self.told = told
            provenFrom = (told.proven?.from).flatMap(LedgerTime.instant)
        }
    }

    /// The answers of the service, without their time where ``Own`` has it.
    package final class Answers: Sendable {
        /// What they are.
        package let snapshots: Snapshots
        init(_ snapshots: Snapshots) { self.snapshots = snapshots }

        /// The digest of one of them, without a copy of the others; nil for one that there is not.
        package func digest(of resource: SnapshotResource) -> String? { snapshots.digests[resource] }
    }

    /// What an entry refers to: the same for most entries that follow one another.
    struct Common: Sendable {
        fileprivate var shared: Shared
        fileprivate var kept: Answers?

        /// Whether it is the very same.
        func isSame(as other: Common) -> Bool { shared === other.shared && kept === other.kept }

        /// Whether the answers are the very same.
        func hasSameAnswers(as other: Common) -> Bool { kept === other.kept }
    }

    private(set) var common: Common
    private(set) var own: Own

    private var shared: Shared { common.shared }
    /// What the service answered, held once by entries that tell the same; when it was served is the entry's own.
    var kept: Answers? { common.kept }

    /// Puts an entry together of its parts, in which nothing is told twice.
    ///
    /// `before`: what another entry refers to, which is kept once for both where it is the same. Texts of both must be ASCII: only then
    /// are those that Swift takes for equal the same bytes.
    init(_ parts: Split, sharing before: Common? = nil) {
        own = parts.own
        common = Common(
            shared: before.flatMap { $0.shared.told == parts.rest ? $0.shared : nil } ?? Shared(parts.rest),
            kept: parts.snapshots.map { snapshots in
                before?.kept.flatMap { $0.snapshots == snapshots ? $0 : nil } ?? Answers(snapshots)
            }
        )
    }

    /// Puts an entry together of its own and what another one refers to.
    init(_ own: Own, sharing common: Common) { (self.own, self.common) = (own, common) }

    /// Holds all that an entry tells.
    init(_ told: Told) { self.init(Split(told)) }

    /// All that the entry tells.
    var told: Told {
        get { Split(rest: shared.told, own: own, snapshots: kept?.snapshots).told }
        set { self = LedgerEntry(newValue) }
    }

    /// What the entry tells under a name; those that are its own stand below.
    package subscript<Value>(dynamicMember name: WritableKeyPath<Told, Value>) -> Value {
        get { shared.told[keyPath: name] }
        set { told[keyPath: name] = newValue }
    }
}

/// What an entry has of its own, under the names of ``LedgerEntry/Told``.
extension LedgerEntry {
    /// Number of the entry, from 1.
    package var entry: Int {
        get { own.entry }
        set { own.entry = newValue }
    }
    /// Pages of the log read.
    var pages: Int {
        get { own.pages }
        set { own.pages = newValue }
    }
    /// Requests sent, retries included.
    package var requests: Int {
        get { own.requests }
        set { own.requests = newValue }
    }
    /// Events received, repetitions included.
    package var received: Int {
        get { own.received }
        set { own.received = newValue }
    }
    /// Different ids among them.
    package var unique: Int {
        get { own.unique }
        set { own.unique = newValue }
    }
    /// Ids that the archive already held.
    package var alreadyArchived: Int {
        get { own.alreadyArchived }
        set { own.alreadyArchived = newValue }
    }
    /// Events that this entry adds.
    package var new: Int {
        get { own.new }
        set { own.new = newValue }
    }
    /// `total` of the first page read.
    var totalAtStart: Int? {
        get { own.totalAtStart }
        set { own.totalAtStart = newValue }
    }
    /// `total` of the last page read.
    package var totalAtEnd: Int? {
        get { own.totalAtEnd }
        set { own.totalAtEnd = newValue }
    }
    /// Segments that this entry adds: a part of the list of all, where a ledger holds the entry.
    package var segments: ArraySlice<SegmentReference> {
        get { own.segments }
        set { own.segments = newValue }
    }
    /// SHA-256 of the line before, without its newline; 64 zeros in the first.
    var previous: String {
        get { told.previous }
        set { told.previous = newValue }
    }
    /// When the entry was written, RFC 3339 in UTC.
    package var at: String {
        get { told.at }
        set { told.at = newValue }
    }
    /// The span for which the archive holds every event of the log; nil when not proven.
    package var proven: Span? {
        get { told.proven }
        set { told.proven = newValue }
    }
    /// What the clocks said; nil for an import.
    package var clock: Clock? {
        get { told.clock }
        set { told.clock = newValue }
    }
    /// Snapshots this entry took; nil for an import.
    package var snapshots: Snapshots? {
        get { told.snapshots }
        set { told.snapshots = newValue }
    }
}

/// The same as what is reckoned with, asked of every entry of a ledger.
extension LedgerEntry {
    /// What kind of work it was.
    package var kind: Kind { shared.told.kind }
    /// How much was read; nil for an import.
    package var mode: Mode? {
        get { shared.told.mode }
        set { told.mode = newValue }
    }
    /// Whether the sums close; nil for an import, which proves nothing.
    package var complete: Bool? {
        get { shared.told.complete }
        set { told.complete = newValue }
    }
    /// `previous`; nil where it is no digest.
    var previousDigest: Digest? { own.previous }
    /// `at` as an instant; nil where it is no time.
    package var writtenAt: Instant? { own.at }
    /// The begin of what it proves.
    package var provenFrom: Instant? { shared.provenFrom }
    /// The end of what it proves.
    package var provenTo: Instant? { own.provenTo }
    /// The snapshots; when they were served is the entry's own.
    var answers: Snapshots? { kept?.snapshots }
}

extension LedgerEntry {
    /// How many elements that are no events the entry adds.
    package var unreadableCount: Int { shared.told.unreadable.reduce(0) { $0 + $1.count } }

    /// A file that an entry names.
    struct NamedFile: Hashable, Sendable {
        /// Below the organization's folder.
        var path: String
        var sha256: String
        /// nil where the entry does not tell.
        var bytes: Int?
    }

    /// Every file that the entry names.
    var files: [NamedFile] { lineFiles + (answers?.files ?? []) }

    /// Those with a line an element.
    var lineFiles: [NamedFile] { lineReferences.map(NamedFile.init) }

    /// The same as the entry tells of them; most entries have segments alone.
    var lineReferences: [SegmentReference] {
        shared.told.variants.isEmpty && shared.told.unreadable.isEmpty
            ? Array(segments) : segments + shared.told.variants + shared.told.unreadable
    }
}

extension LedgerEntry: Hashable {
    /// Whether the same is told.
    package static func == (left: Self, right: Self) -> Bool {
        left.own == right.own && (left.common.isSame(as: right.common) || left.told == right.told)
    }

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
