/// A sealed file of events, as a ledger entry names it.
///
/// What is told of it is held once, however many copies of the reference there are: an archive may have tens of thousands of
/// files, and a report copies what names them from list to list.
package struct SegmentReference: Sendable {
    /// What an entry tells of a file.
    struct Told: Hashable, Sendable, Codable {
        var file: String
        var sha256: String
        var count: Int
        var firstAt: String?
        var lastAt: String?
        var bytes: Int?

        enum CodingKeys: String, CodingKey {
            case file, sha256, count
            case firstAt = "first_at"
            case lastAt = "last_at"
            case bytes
        }
    }

    private final class Holder: Sendable {
        let told: Told
        let first: Instant?
        let last: Instant?

        init(_ told: Told) {
            self.told = told
            first = told.firstAt.flatMap(LedgerTime.instant)
            last = told.lastAt.flatMap(LedgerTime.instant)
        }
    }

    private var holder: Holder

    var told: Told {
        get { holder.told }
        set { holder = Holder(newValue) }
    }

    init(_ told: Told) { holder = Holder(told) }

    /// Describes a segment.
    package init(file: String, sha256: String, count: Int, firstAt: String?, lastAt: String?, bytes: Int? = nil) {
        self.init(
            Told(file: file, sha256: sha256, count: count, firstAt: firstAt, lastAt: lastAt, bytes: bytes)
        )
    }
}

extension SegmentReference {
    /// Path below the organization's folder, such as `events/00000007.ndjson`.
    package var file: String {
        get { holder.told.file }
        set { told.file = newValue }
    }
    /// SHA-256 of the whole file, in lower-case hex.
    package var sha256: String { holder.told.sha256 }
    /// How many events it holds, one a line.
    package var count: Int { holder.told.count }
    /// Time of its earliest event, RFC 3339 in UTC; nil in a file of undated events, and where an entry of format 1 does not
    /// tell.
    package var firstAt: String? { holder.told.firstAt }
    /// Time of its latest event; nil as `firstAt` is.
    package var lastAt: String? { holder.told.lastAt }
    /// How many bytes it has; nil in an entry of format 1, whose spans are not judged either.
    package var bytes: Int? { holder.told.bytes }

    /// A segment holds at most so many bytes, unless one event alone is larger.
    static let mostBytes = 64 << 20

    /// The time of the first event as an instant.
    package var first: Instant? { holder.first }
    /// The time of the last event as an instant.
    package var last: Instant? { holder.last }
    /// Whether the ledger tells when its events are: of format 1 only where it names a span.
    var tellsItsSpan: Bool { bytes != nil || (firstAt != nil && lastAt != nil) }
}

extension SegmentReference: Hashable {
    /// Whether the same is told.
    package static func == (left: Self, right: Self) -> Bool { left.holder.told == right.holder.told }

    /// Feeds what is told.
    package func hash(into hasher: inout Hasher) { hasher.combine(holder.told) }
}

extension SegmentReference: Codable {
    /// Reads what an entry tells.
    package init(from decoder: any Decoder) throws { self.init(try Told(from: decoder)) }

    /// Writes what an entry tells.
    package func encode(to encoder: any Encoder) throws { try holder.told.encode(to: encoder) }
}
