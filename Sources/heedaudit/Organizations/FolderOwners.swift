import Evidence
import Publishing
import Synchronization

/// Whose the folders of reports are; looked at once for all organizations.
final class FolderOwners: Sendable {
    private let known = Mutex<[String: [(folder: String, organization: String)]]>([:])

    /// The names of the folders below an output folder that hold an organization's bundles.
    func folders(of organization: String, in output: String) -> [String] {
        let all = known.withLock { known in
            let all = known[output] ?? OrganizationFolder.all(in: output)
            known[output] = all
            return all
        }
        return all.filter { $0.organization.isSameInBytes(as: organization) }.map { $0.folder }
    }
}
