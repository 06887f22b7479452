import CRelease
import Evidence

/// The tool's name and version, as ledger entries and reports give it.
enum ToolVersion {
    static let current = Release.version
    static let name = "heedaudit \(current)"

    /// The line that `--version` prints; the version is its first word, which scripts take.
    static let described = "\(current) (\(commit.isEmpty ? "unknown commit" : "commit \(commit)"))"

    /// Empty where the build was not told it.
    private static let commit = String(cString: heed_release_commit())
}
