import Evidence
import Foundation
import Templates

/// Files that following bundles have in common take their room on disk once: one file with a name in each.
enum SharedFiles {
    /// Lets files of a bundle that is not yet published be those of an earlier one, where bytes, owner and rights are the same.
    ///
    /// Nothing is lost where that can't be done: the bundle keeps files of its own.
    ///
    /// - Parameters:
    ///   - files: The files of the new bundle, with their digests.
    ///   - staging: Where they are.
    ///   - folder: The folder with the bundles that are published.
    ///   - period: The period's name, as bundles of it begin: what they hold is the most alike.
    static func share(_ files: [OutputFile], in staging: String, with folder: String, period: String) {
        guard let earlier = earlier(in: folder, period),
            let sums = try? PlainFile.bytes("\(earlier)/\(Checksums.fileName)", atMost: Pins.largestManifest)
        else { return }
        let known = Set(
            sums.split(separator: 10).compactMap { Checksums.line($0) }.map {
                [ExactText($0.name), ExactText($0.digest)]
            }
        )
        for file in files where known.contains([ExactText(file.name), ExactText(file.sha256)]) {
            let (new, old) = ("\(staging)/\(file.name)", "\(earlier)/\(file.name)")
            // The sums may be old as well as the file: what counts is what it holds.
            guard areAlike(new, old), (try? PlainFile.digest(old).sha256) == file.sha256 else { continue }
            let temporary = "\(staging)/.shared"
            guard link(old, temporary) == 0 else { return }
            if rename(temporary, new) != 0 { unlink(temporary) }
        }
    }

    /// The bundle of the same period that was published last; else the one that `latest` leads to.
    private static func earlier(in folder: String, _ period: String) -> String? {
        var newest: (path: String, time: timespec)?
        for name in (try? PlainFile.names(in: folder)) ?? [] where name.utf8.starts(with: "\(period)-".utf8) {
            var status = stat()
            let path = "\(folder)/\(name)"
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            let time = status.st_mtim
            if let (_, known) = newest, (known.tv_sec, known.tv_nsec) >= (time.tv_sec, time.tv_nsec) { continue }
            newest = (path, time)
        }
        if let newest { return newest.path }
        guard let latest = PlainFile.target(ofLink: "\(folder)/\(BundleIndex.link)"),
            PathComponent.safe(latest) == latest,
            PlainFile.isFolder("\(folder)/\(latest)")
        else { return nil }
        return "\(folder)/\(latest)"
    }

    private static func areAlike(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard lstat(one, &first) == 0, lstat(other, &second) == 0 else { return false }
        return second.st_mode & S_IFMT == S_IFREG && first.st_mode == second.st_mode && first.st_uid == second.st_uid
            && first.st_gid == second.st_gid && first.st_size == second.st_size && first.st_dev == second.st_dev
    }
}
