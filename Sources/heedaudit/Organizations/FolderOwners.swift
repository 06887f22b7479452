import Evidence
import Publishing
import Synchronization

/// Whose the folders of reports are; each output folder is looked at once for all organizations.
final class FolderOwners: Sendable {
    private let known = Mutex<[ExactText: [ExactText: [String]]]>([:])
    private let seen = Mutex<Set<ExactText>>([])

    /// Whether nobody asked this of an output folder before.
    func isFirst(in output: String) -> Bool { seen.withLock { $0.insert(ExactText(output)).inserted } }

    /// The names of the folders below an output folder that hold an organization's bundles.
    func folders(of organization: String, in output: String) -> [String] {
        known.withLock { known in
            let all =
                known[ExactText(output)]
                ?? Dictionary(grouping: OrganizationFolder.all(in: output)) { ExactText($0.organization) }
                .mapValues { $0.map(\.folder) }
            known[ExactText(output)] = all
            return all[ExactText(organization)] ?? []
        }
    }
}
