import Reporting
import Evidence

/// Whether `latest` moves to a bundle.
///
/// Between two sound states of the evidence it only moves to a head at or after its own that stands in the chain. A report of
/// evidence that is damaged or restored always takes it, and so does the first sound one after that.
package struct LatestRule: Sendable {
    /// Whether somebody asked for a time by a flag: then a period of the kind of the latest one's that ends earlier is a look
    /// back, and `latest` stays.
    private let mayLookBack: Bool
    /// Whether the chain holds an entry of this number and digest.
    private let isHeld: @Sendable (_ entry: Int, _ head: String) -> Bool

    /// Makes a rule; without arguments for evidence whose chain holds whatever is pinned.
    package init(
        mayLookBack: Bool = false,
        isHeld: @escaping @Sendable (_ entry: Int, _ head: String) -> Bool = { _, _ in true }
    ) {
        self.mayLookBack = mayLookBack
        self.isHeld = isHeld
    }

    /// Whether a bundle takes `latest` from the one that has it.
    func moves(from current: Manifest?, to facts: BundleFacts) -> Bool {
        guard let current else { return true }
        if facts.evidenceState != .sound { return true }
        let isSound = current.evidenceState.map { $0 == EvidenceState.sound.rawValue } ?? true
        guard isSound, isHeld(current.evidence.entry, current.evidence.head) else { return true }
        return facts.evidence.entry >= current.evidence.entry && !(mayLookBack && looksBack(from: current, to: facts))
    }

    private func looksBack(from current: Manifest, to facts: BundleFacts) -> Bool {
        guard current.period.kind == facts.period.kind else { return false }
        let end = facts.period.to.flatMap { Instant(rfc3339: $0) }
        let latest = current.period.to.flatMap { Instant(rfc3339: $0) }
        switch (end, latest) {
        case (nil, _): return false
        case (_?, nil): return true
        case (let end?, let latest?): return end < latest
        }
    }
}
