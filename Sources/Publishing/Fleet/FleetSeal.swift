import Evidence
import Foundation
import Templates

/// `fleet.SHA256SUMS`: the digests of an overview's files, in the format of `sha256sum -c`.
///
/// The digests that will hold are put down first, under a hidden name; as long as both lists stand, each file may be as either of
/// them says, so that an overview whose making was cut short does not seem to be forged.
package enum FleetSeal {
    static let sums = BundleVerifier.overviewSumsFile
    static let next = ".\(sums).next"
    private static let largest = 1 << 16

    /// The names of an overview's files, and of what its making puts down.
    package static let names = BundleVerifier.overviewFiles + ["index.html"]

    /// Checks an overview by its digests; nil where none stands.
    package static func verify(_ folder: String) -> Verifier.Outcome? {
        guard BundleVerifier.isOverview(folder) else { return nil }
        var outcome = Verifier.Outcome()
        for attempt in 0..<3 {
            // One that is made at this moment moves its files one after the other.
            if attempt > 0 { usleep(100_000) }
            outcome = check(folder)
            if outcome.discrepancies.isEmpty { break }
        }
        return outcome
    }

    private static func check(_ folder: String) -> Verifier.Outcome {
        var outcome = Verifier.Outcome()
        let lists = [sums, next].compactMap { Checksums.read("\(folder)/\($0)", atMost: largest) }
        guard !lists.isEmpty else {
            guard Files.exists("\(folder)/\(sums)") else {
                outcome.add(.missing, "\(folder)/\(sums)", "nothing seals the overview beside it")
                return outcome
            }
            let (path, reason) = ("\(folder)/\(sums)", "it can't be read, and nothing else tells what the overview was")
            outcome.add(unread: path, at: path, EvidenceError(.cannotRead, reason))
            return outcome
        }
        for name in names where name != sums && name != next {
            let expected = lists.compactMap { $0[ExactText(name)] }
            let path = "\(folder)/\(name)"
            guard Files.exists(path) else {
                if !expected.isEmpty { outcome.add(.missing, path, "\(sums) names it, and it is not there") }
                continue
            }
            outcome.filesChecked += 1
            guard !expected.isEmpty else {
                outcome.add(.added, path, "\(sums) does not name it")
                continue
            }
            do {
                let digest = try PlainFile.digest(path).sha256
                if !expected.contains(digest) { outcome.add(.changed, path, "it is not what \(sums) says") }
            } catch {
                outcome.add(unread: path, at: path, error)
            }
        }
        return outcome
    }
}
