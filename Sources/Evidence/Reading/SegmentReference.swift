/// A sealed file of events, as a ledger entry names it.
package struct SegmentReference: Hashable, Sendable, Codable {
    /// Path below the organization's folder, such as `events/00000007.ndjson`.
    package var file: String
    /// SHA-256 of the whole file, in lower-case hex.
    package var sha256: String
    /// How many events it holds, one a line.
    package var count: Int
    /// Time of its earliest event, RFC 3339 in UTC; nil in a file of undated events, and where an entry of format 1 does not
    /// tell.
    package var firstAt: String?
    /// Time of its latest event; nil as `firstAt` is.
    package var lastAt: String?
    /// How many bytes it has; nil in an entry of format 1, whose spans are not judged either.
    package var bytes: Int?

    enum CodingKeys: String, CodingKey {
        case file, sha256, count
        case firstAt = "first_at"
        case lastAt = "last_at"
        case bytes
    }

    /// Describes a segment.
    package init(file: String, sha256: String, count: Int, firstAt: String?, lastAt: String?, bytes: Int? = nil) {
        self.file = file
        self.sha256 = sha256
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.bytes = bytes
    }
}

extension SegmentReference {
    /// A segment holds at most so many bytes, unless one event alone is larger.
    static let mostBytes = 64 << 20

    /// The time of the first event as an instant.
    var first: Instant? { firstAt.flatMap(LedgerTime.instant) }
    /// The time of the last event as an instant.
    var last: Instant? { lastAt.flatMap(LedgerTime.instant) }
    /// Whether the ledger tells when its events are: of format 1 only where it names a span.
    var tellsItsSpan: Bool { bytes != nil || (firstAt != nil && lastAt != nil) }
}
