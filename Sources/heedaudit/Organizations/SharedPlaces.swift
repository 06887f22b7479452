import Auditing
import Evidence
import Foundation

/// Which folders and files organizations may share: the folders that hold a folder for each, and nothing of one's own.
enum SharedPlaces {
    /// Tells where an organization would read or write what is another's.
    static func check(
        _ members: [ToolConfiguration],
        _ file: ConfigurationFile,
        _ mistakes: inout ConfigurationMistakes
    ) {
        var owners: [ExactText: String] = [:]
        var metrics: [ExactText: String] = [:]
        func tell(_ id: String, _ what: String, _ hint: String) {
            let line = file.organizations.first { $0.id.isSameInBytes(as: id) }?.line ?? 1
            mistakes.add("organization '\(id)' (\(file.path):\(line)): \(what)", hint: hint)
        }
        for member in members {
            guard let id = member.organization else { continue }
            let folder = "\(PathNames.resolved(member.archive))/\(ArchiveRoot.folderName(of: id))"
            if let other = owners.updateValue(id, forKey: ExactText(folder)) {
                tell(id, "its archive \(folder) is that of '\(other)', too", "give it an archive of its own")
            }
            guard let path = member.telling.metricsFile else { continue }
            if let other = metrics.updateValue(id, forKey: ExactText(PathNames.resolved(path))) {
                tell(id, "its metrics_file \(path) is that of '\(other)', too", "name one for all before organizations")
            }
        }
        for member in members {
            guard let id = member.organization else { continue }
            for (name, place) in [("archive", member.archive), ("output", member.output)] {
                guard let other = owner(of: PathNames.resolved(place), owners), !other.isSameInBytes(as: id) else {
                    continue
                }
                tell(id, "its \(name) \(place) lies in the archive of '\(other)'", "give it a folder of its own")
            }
        }
        checkOutputs(members, tell)
    }

    /// One folder may be for the reports of all; of two that stand in each other the inner one would be taken for what somebody
    /// put among the reports of the outer one.
    private static func checkOutputs(_ members: [ToolConfiguration], _ tell: (String, String, String) -> Void) {
        let outputs = members.map { PathNames.resolved($0.output) }
        let owners = Dictionary(zip(outputs.map { ExactText($0) }, members.map { $0.organization ?? "" })) { one, _ in
            one
        }
        for (member, output) in zip(members, outputs) {
            guard let id = member.organization, let other = owner(of: PathNames.parent(of: output), owners) else {
                continue
            }
            let hint = "name one folder for both, or two beside each other"
            tell(id, "its output \(member.output) lies in the output of '\(other)'", hint)
        }
    }

    /// Whose folder a folder is, or lies in.
    private static func owner(of path: String, _ owners: [ExactText: String]) -> String? {
        var path = path
        while path.count > 1 {
            if let owner = owners[ExactText(path)] { return owner }
            path = PathNames.parent(of: path)
        }
        return nil
    }
}
