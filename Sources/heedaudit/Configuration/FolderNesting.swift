import Evidence
import Foundation
import Publishing

/// Which folders stand in each other, by where their paths really lead.
enum FolderNesting {
    /// The names that lead from a folder to another one inside of it.
    ///
    /// - Returns: None where both are the same; nil where it stands elsewhere.
    static func steps(from outer: String, to inner: String) -> [String]? {
        let (from, to) = (PathNames.resolved(outer) + "/", PathNames.resolved(inner) + "/")
        guard to.utf8.starts(with: from.utf8) else { return nil }
        return to.utf8.dropFirst(from.utf8.count).split(separator: UInt8(ascii: "/")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension ToolConfiguration {
    /// Ends where reports would land among an organization's evidence, or evidence lies among its reports: `verify` would take
    /// them for tampering from then on.
    ///
    /// - Throws: `Problem` with status 78.
    func requireSeparateFolders() throws {
        func problem(_ what: String) -> Problem {
            let hint = "name two folders beside each other by --archive and --output"
            return Problem(.configuration, "\(what): 'heedaudit verify' would take it for tampering", hint: hint)
        }
        if let steps = FolderNesting.steps(from: archive, to: output) {
            guard let first = steps.first else {
                throw problem("reports would land in \(output), which is the archive, too")
            }
            let isOwn = organization.map { ArchiveRoot.folderName(of: $0).isSameInBytes(as: first) } ?? false
            if isOwn || Verifier.looksLikeArchive("\(archive)/\(first)") {
                throw problem("reports would land in \(output), which is in the archive of \(first)")
            }
        } else if let first = FolderNesting.steps(from: output, to: archive)?.first,
            BundleVerifier.looksLikeOrganization("\(output)/\(first)")
        {
            throw problem("the archive \(archive) lies among the reports in \(output)/\(first)")
        }
    }
}
