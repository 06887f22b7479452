/// A bundle that stands complete in the output folder.
public struct PublishedBundle: Sendable {
    /// A file of the bundle.
    public struct File: Sendable, Hashable, Codable {
        /// The name inside the bundle.
        public var name: String
        /// The size in bytes.
        public var bytes: Int
        /// SHA-256 of the content, in hex.
        public var sha256: String
        /// Rows of the streamed sections that the file holds; nil where it holds none.
        public var rows: Int?
        /// The file whose rows this one goes on with, where a spreadsheet can't hold all of them in one.
        public var partOf: String?

        private enum CodingKeys: String, CodingKey {
            case name, bytes, sha256, rows
            case partOf = "part_of"
        }

        /// Describes a file of the bundle.
        public init(name: String, bytes: Int, sha256: String, rows: Int? = nil) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
            self.rows = rows
        }
    }

    /// The bundle's folder.
    public let path: String
    /// The name of that folder: period, evidence and inputs.
    public let name: String
    /// Its files, sorted by name, SHA256SUMS included.
    public let files: [File]
    /// Whether the bundle existed, verified, and was left as it was.
    public let reused: Bool
    /// Whether `latest` points to it.
    public let isLatest: Bool
}

/// Who may read a bundle: it holds personal data.
public enum OutputMode: String, Sendable, Hashable, CaseIterable {
    /// The owner alone: 0700 and 0600.
    case `private`
    /// The owner's group too: 0750 and 0640.
    case group
    /// Everybody: 0755 and 0644.
    case world

    var folderMode: UInt32 {
        switch self {
        case .private: 0o700
        case .group: 0o750
        case .world: 0o755
        }
    }

    var fileMode: UInt32 {
        switch self {
        case .private: 0o600
        case .group: 0o640
        case .world: 0o644
        }
    }
}
