import Evidence

/// The tool's name and version, as ledger entries and reports give it.
enum ToolVersion {
    static let current = Release.version
    static let name = "heedaudit \(current)"
}
