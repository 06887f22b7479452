import Evidence
import Publishing
import Synchronization

/// Whose the folders of reports are; each output folder is looked at once for all organizations.
final class FolderOwners: Sendable {
    private let known = Mutex<[ExactText: [ExactText: [String]]]>([:])
    private let seen = Mutex<Set<ExactText>>([])
    private let listed: [ToolConfiguration]

    /// - Parameter listed: The settings of the organizations that a configuration lists.
    init(of listed: [ToolConfiguration] = []) { self.listed = listed }

    /// Whether nobody asked this of a folder before.
    func isFirst(in folder: String) -> Bool {
        seen.withLock { $0.insert(ExactText(PathNames.resolved(folder))).inserted }
    }

    /// The folders that hold the listed organizations' archives and reports.
    var places: [String] { listed.flatMap { [$0.output, $0.archive] } }

    /// The names of what belongs to the listed organizations in one of these folders.
    func names(in place: String) -> Set<ExactText> {
        let path = PathNames.resolved(place)
        return listed.reduce(into: []) { names, one in
            guard let id = one.organization else { return }
            if PathNames.resolved(one.output) == path {
                names.formUnion(folders(of: id, in: place).map { ExactText($0) })
            }
            if PathNames.resolved(one.archive) == path { names.insert(ExactText(ArchiveRoot.folderName(of: id))) }
        }
    }

    /// A listed organization's archive; nil for an organization that is not listed, and for one that can't be read.
    func archive(of organization: String) -> Archive? {
        let settings = listed.first { $0.organization?.isSameInBytes(as: organization) == true }
        return settings.flatMap { try? ArchiveRoot(path: $0.archive).open(organization: organization) }
    }

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
