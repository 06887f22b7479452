import Templates

/// A bundle that stands complete in the output folder.
public struct PublishedBundle: Sendable {
    /// The bundle's folder.
    public let path: String
    /// The name of that folder: period, evidence and inputs.
    public let name: String
    /// Its files, sorted by name, SHA256SUMS included.
    public let files: [OutputFile]
    /// Whether the bundle existed, verified, and was left as it was.
    public let reused: Bool
    /// Whether `latest` points to it.
    public let isLatest: Bool
}
