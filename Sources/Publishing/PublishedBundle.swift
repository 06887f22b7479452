import Templates

/// A bundle that stands complete in the output folder.
package struct PublishedBundle: Sendable {
    /// The bundle's folder.
    package let path: String
    /// The name of that folder: period, evidence and inputs.
    package let name: String
    /// Its files, sorted by name, SHA256SUMS included.
    package let files: [OutputFile]
    /// Whether the bundle existed, verified, and was left as it was.
    package let reused: Bool
    /// Whether `latest` points to it.
    package let isLatest: Bool
}
