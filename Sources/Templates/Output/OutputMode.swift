/// Who may read a bundle: it holds personal data.
package enum OutputMode: String, Sendable, Hashable, CaseIterable {
    /// The owner alone: 0700 and 0600.
    case `private`
    /// The owner's group too: 0750 and 0640.
    case group
    /// Everybody: 0755 and 0644.
    case world

    /// The permissions of a folder, for `chmod`.
    package var folderMode: UInt32 {
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
