import Foundation

/// A head that a bundle pins.
package struct Pin: Sendable, Hashable {
    /// The name of the bundle's folder.
    package var bundle: String
    /// The name that the manifest gives the bundle.
    package var name: String
    /// The manifest that pins it.
    package var manifest: String
    /// The organization's id.
    package var organization: String
    /// The entry's number.
    package var entry: Int
    /// The entry's digest.
    package var head: String
    /// `sound`, `damaged` or whatever else the manifest says of the evidence; nil in bundles of the first version.
    package var evidenceState: String?

    /// Describes a pin.
    package init(
        bundle: String,
        name: String,
        manifest: String,
        organization: String,
        entry: Int,
        head: String,
        evidenceState: String? = nil
    ) {
        self.bundle = bundle
        self.name = name
        self.manifest = manifest
        self.organization = organization
        self.entry = entry
        self.head = head
        self.evidenceState = evidenceState
    }

    /// Whether a folder has the name that the manifest gives.
    package func isNamed(_ folder: String) -> Bool { name.isSameInBytes(as: folder) }

    /// Whether the bundle was made of a damaged archive: its pin is no promise.
    package var isOfDamagedEvidence: Bool { evidenceState == "damaged" }
}

/// What became of a pinned entry.
enum PinState: Sendable, Hashable {
    /// The chain holds it.
    case held
    /// It is gone, or another one stands in its place.
    case lost
    /// It is gone, and the entry of this number took note of it.
    case acknowledged(Int)
}

extension Archive {
    /// What became of a pinned entry.
    func state(of pin: Pin) -> PinState {
        guard pin.entry > 0 else { return .held }
        if pin.entry <= ledger.lineDigests.count, ledger.lineDigests[pin.entry - 1] == Digest(hex: pin.head) {
            return .held
        }
        let note = entries.first { entry in
            entry.acknowledged?.pins.contains {
                $0.entry == pin.entry && $0.head.isSameInBytes(as: pin.head)
            } ?? false
        }
        return note.map { .acknowledged($0.entry) } ?? .lost
    }

    /// Whether a pin belongs to this archive: pins are looked up by the folder's name.
    package func isPinned(by pin: Pin) -> Bool {
        ArchiveRoot.folderName(of: pin.organization).isSameInBytes(as: (path as NSString).lastPathComponent)
    }

    /// The last entry that the chain and the pins of earlier bundles support: what a bundle of a damaged archive pins.
    package func supportedHead(_ pins: [Pin]) -> LedgerHead {
        let judged = pins.filter { isPinned(by: $0) && !$0.isOfDamagedEvidence && $0.entry > 0 }
        let lost = judged.filter { state(of: $0) == .lost }.map(\.entry).min() ?? .max
        let held = judged.filter { state(of: $0) == .held }.map(\.entry)
        let byChain = ledger.supported.entry
        guard lost <= entries.count else {
            return ledger.head(ofEntry: min(entries.count, max(byChain, held.max() ?? 0)))
        }
        return ledger.head(ofEntry: min(entries.count, held.filter { $0 < lost }.max() ?? 0))
    }

    /// What pins say is gone; nil for nothing.
    package func restoration(_ pins: [Pin]) -> Restoration? {
        let judged = pins.filter { isPinned(by: $0) && !$0.isOfDamagedEvidence }
        return Restoration(judged.filter { state(of: $0) == .lost }, held: judged.filter { state(of: $0) == .held })
    }
}

/// Entries that bundles pin and that the chain does not hold: of an archive that was restored from a backup, or of two
/// machines that work on copies of one.
package struct Restoration: Sendable, Hashable {
    /// The pins that are lost, by entry.
    package let pins: [Pin]
    /// Number of the last entry below them that a bundle pins and that the chain holds; 0 for none.
    let lastCommon: Int

    init?(_ lost: [Pin], held: [Pin]) {
        guard let first = lost.map(\.entry).min() else { return nil }
        pins = lost.sorted {
            $0.entry != $1.entry ? $0.entry < $1.entry : $0.bundle.precedesInBytes($1.bundle)
        }
        lastCommon = held.map(\.entry).filter { $0 < first }.max() ?? 0
    }

    /// How many entries are given up, at most: those behind the last common one up to the last one pinned.
    package var entries: Int { max(1, (pins.last?.entry ?? 0) - lastCommon) }

    /// The same in words, with the bundles that pin them.
    package var words: String {
        let named = pins.prefix(5).map { "\($0.bundle) pins entry \($0.entry)" }.joined(separator: ", ")
        let more = pins.count > 5 ? " and \(pins.count - 5) more" : ""
        let count = entries == 1 ? "1 entry" : "up to \(entries) entries"
        return "\(count) that reports rest on \(entries == 1 ? "is" : "are") not in the ledger: \(named)\(more)"
    }

    /// What to do about it.
    package static let remedy =
        "if the archive was restored from a backup, or two machines worked on copies of it, take note by "
        + "'heedaudit acknowledge --reason …'; else restore the ledger that the bundles were made from"
}
