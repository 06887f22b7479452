/// A sealed file of events, as a ledger entry names it.
public struct SegmentReference: Hashable, Sendable, Codable {
    /// Path below the organization's folder, such as `events/00000007.ndjson`.
    public var file: String
    /// SHA-256 of the whole file, in lower-case hex.
    public var sha256: String
    /// How many events it holds, one a line.
    public var count: Int
    /// Time of its first event, RFC 3339 in UTC; nil in a segment of undated events.
    public var firstAt: String?
    /// Time of its last event; nil in a segment of undated events.
    public var lastAt: String?

    enum CodingKeys: String, CodingKey {
        case file, sha256, count
        case firstAt = "first_at"
        case lastAt = "last_at"
    }

    /// Describes a segment.
    public init(file: String, sha256: String, count: Int, firstAt: String?, lastAt: String?) {
        self.file = file
        self.sha256 = sha256
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
    }
}
