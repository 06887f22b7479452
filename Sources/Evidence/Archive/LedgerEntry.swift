/// One line of the ledger: what a pull, an import or an acknowledgement did (docs/archive-format.md).
///
/// What is told is held once, however many copies of the entry there are: a ledger may have tens of thousands of entries, and
/// lists of them are made, filtered and passed on. Each name of ``Told`` is one of the entry's.
@dynamicMemberLookup
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

    /// What the entry tells under a name.
    package subscript<Value>(dynamicMember name: WritableKeyPath<Told, Value>) -> Value {
        get { holder.told[keyPath: name] }
        set { told[keyPath: name] = newValue }
    }

    /// `at` as an instant; nil where it is no time.
    package var writtenAt: Instant? { holder.writtenAt }

    /// How many elements that are no events the entry adds.
    package var unreadableCount: Int { told.unreadable.reduce(0) { $0 + $1.count } }

    /// A file that an entry names.
    struct NamedFile: Hashable, Sendable {
        /// Below the organization's folder.
        var path: String
        var sha256: String
        /// nil where the entry does not tell.
        var bytes: Int?
    }

    /// Every file that the entry names.
    var files: [NamedFile] { lineFiles + (told.snapshots?.files ?? []) }

    /// Those with a line an element.
    var lineFiles: [NamedFile] { lineReferences.map(NamedFile.init) }

    /// The same as the entry tells of them; most entries have segments alone.
    var lineReferences: [SegmentReference] {
        told.variants.isEmpty && told.unreadable.isEmpty
            ? told.segments : told.segments + told.variants + told.unreadable
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
