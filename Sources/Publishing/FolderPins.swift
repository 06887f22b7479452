import Evidence
import Foundation
import Templates

/// What the bundles in an organization's output folder pin, and those that were removed from it, and what of that is not known.
package struct FolderPins: Sendable {
    /// Something of which it is not known, or not certain, what it pins.
    package struct Fault: Sendable {
        /// What is wrong with it.
        package enum Kind: String, Sendable, CaseIterable {
            /// It can't be read.
            case unread
            /// It is not what was sealed.
            case unsealed
            /// It is gone, and nothing tells what it pinned.
            case gone
        }

        /// What is wrong with it.
        package var kind: Kind
        /// Whose it is; nil where nothing that can be believed tells.
        package var organization: String?
        /// Whose its manifest says that it is, which somebody may have changed.
        fileprivate var claimed: String?
        /// The same in words, and what to do about it.
        package var error: EvidenceError
    }

    /// What is pinned, in no order.
    package private(set) var pins: [Pin] = []
    /// What is not known of it.
    package private(set) var faults: [Fault] = []
    /// The pins of bundles that are gone and that `heedaudit prune` did not remove.
    package private(set) var gone: [Pin] = []
    /// Those of which the next report keeps what they pinned.
    package var newlyGone: [Pin] { gone.filter { !Self.isKept($0) } }

    /// Whether the file of what bundles pinned that are gone tells of a pin.
    static func isKept(_ pin: Pin) -> Bool { pin.manifest.hasSuffix("/\(Pins.keptFile)") }

    /// Knows of none.
    package init() {}

    /// Reads a folder.
    ///
    /// What is neither a bundle nor the rest of one pins nothing here: `verify` names it.
    package init(of folder: String) {
        let listed = ListedBundles(in: folder)
        do {
            for name in try PlainFile.folders(in: folder) { add(name, in: folder, listed.pins[ExactText(name)]) }
        } catch { add(.unread, error) }
        do { pins += try Pins.kept(in: folder) } catch { add(.unread, error) }
        let path = "\(folder)/\(Pins.keptFile)"
        if PlainFile.kind(path) == nil || access(path, R_OK) == 0,
            FolderSeal(folder: folder, mode: .group).isForeign(Pins.keptFile)
        {
            let what = "\(path) is not what \(Checksums.fileName) beside it says, or is gone"
            add(.unsealed, EvidenceError(.cannotRead, what, hint: Self.hint))
        }
        for (name, pin) in listed.gone() {
            if let pin {
                if !Self.isKept(pin) { pins.append(pin) }
                gone.append(pin)
            } else {
                let hint = "restore it from a backup"
                add(.gone, EvidenceError(.cannotRead, Self.told(gone: "\(folder)/\(name)"), hint: hint))
            }
        }
        // Whose a manifest is that is not what was sealed is believed where something beside it was sealed for the same.
        let owners = Set(pins.map { ExactText($0.organization) })
        for place in faults.indices where faults[place].organization == nil {
            faults[place].organization = faults[place].claimed.flatMap { owners.contains(ExactText($0)) ? $0 : nil }
        }
    }

    /// That a bundle is gone, in words.
    package static func told(gone path: String) -> String {
        "the report \(path) is gone, and was not removed by 'heedaudit prune'"
    }

    private static let hint = "run 'heedaudit verify'"

    private mutating func add(
        _ kind: Fault.Kind,
        _ error: any Error,
        of organization: String? = nil,
        or claimed: String? = nil
    ) {
        let error = (error as? EvidenceError) ?? EvidenceError(.cannotRead, "\(error)")
        faults.append(Fault(kind: kind, organization: organization, claimed: claimed, error: error))
    }

    /// Adds what stands in a folder beside bundles; `listed`: what the page says that a bundle of its name pins.
    private mutating func add(_ name: String, in folder: String, _ listed: Pin?) {
        let path = "\(folder)/\(name)"
        var pin: Pin?
        do {
            let manifest = try PlainFile.bytes("\(path)/\(Manifest.fileName)", atMost: Pins.largestManifest)
            pin = manifest.flatMap { Pins.pin(ofBundle: path, $0) }
            guard BundleVerifier.looksLikeBundle(path) else { return }
            if let fault = try Self.fault(ofBundle: path, manifest, pin) {
                // Somebody may have removed the bundle meanwhile.
                guard PlainFile.isFolder(path) else { return }
                let error = EvidenceError(.cannotRead, "\(path) \(fault)", hint: Self.hint)
                add(.unsealed, error, of: listed?.organization, or: pin?.organization)
            } else if let pin {
                pins.append(pin)
                if listed.map(pin.pins) != false { return }
            }
        } catch {
            add(.unread, error, of: listed?.organization, or: pin?.organization)
        }
        // What the bundle pinned is known all the same.
        if let listed { pins.append(listed) }
    }

    /// Why a bundle's pin is not what was sealed; nil where it is.
    ///
    /// - Throws: `EvidenceError` where its sums can't be read.
    private static func fault(ofBundle path: String, _ manifest: [UInt8]?, _ pin: Pin?) throws -> String? {
        guard let manifest, pin != nil else { return "has no manifest, or one that pins no entry of a ledger" }
        let sums = try PlainFile.bytes("\(path)/\(Checksums.fileName)", atMost: Pins.largestManifest)
        return sums.map(Checksums.known)?[ExactText(Manifest.fileName)] == Digest.sha256(manifest)
            ? nil : "has a manifest that is not what its SHA256SUMS says"
    }

    /// What of it may concern an organization: not what is known to be another's.
    ///
    /// What nothing tells the owner of belongs to those whose bundles stand beside it, and where there are none to anybody.
    package func of(_ organization: String) -> FolderPins {
        func isIts(_ other: String) -> Bool { other.isSameInBytes(as: organization) }
        var its = self
        let isIn = pins.isEmpty || pins.contains { isIts($0.organization) }
        its.pins = pins.filter { isIts($0.organization) }
        its.gone = gone.filter { isIts($0.organization) }
        its.faults = faults.filter { $0.organization.map(isIts) ?? isIn }
        return its
    }

    /// The same of several folders together.
    package static func += (left: inout FolderPins, right: FolderPins) {
        left.pins += right.pins
        left.faults += right.faults
        left.gone += right.gone
    }
}

/// The bundles of which something that stands beside them tells: the pages that list them, `latest`, and what is kept of those
/// that are gone.
struct ListedBundles {
    let folder: String
    /// What the bundles that the pages list pin, as far as pages tell.
    let pins: [ExactText: Pin]
    private let names: Set<ExactText>

    init(in folder: String) {
        let seal = FolderSeal(folder: folder, mode: .group)
        let pages = ((try? PlainFile.names(in: folder)) ?? []).filter(IndexPage.isPage)
        let rows = pages.flatMap { page in
            seal.intact(page).map { IndexPage.bundles(on: $0, at: "\(folder)/\(page)") } ?? []
        }
        self.folder = folder
        pins = Dictionary(rows.compactMap { row in row.pin.map { (ExactText(row.name), $0) } }) { first, _ in first }
        names = Set(rows.map { ExactText($0.name) })
    }

    /// Those that are not there and that `heedaudit prune` did not remove, with what they pinned; nil where nothing tells that.
    ///
    func gone() -> [(name: String, pin: Pin?)] {
        var gone = missing()
        // A removal that goes on meanwhile takes bundles away before it writes the pages.
        for attempt in 0..<3 where !gone.isEmpty {
            if attempt > 0 { usleep(20_000) }
            let still = Set(missing().map { ExactText($0.name) })
            gone.removeAll { !still.contains(ExactText($0.name)) }
        }
        return gone
    }

    private func missing() -> [(name: String, pin: Pin?)] {
        let kept = (try? Pins.keptLines(in: folder)) ?? []
        let removed = Set(kept.lazy.filter { !$0.isGone }.map { ExactText($0.pin.bundle) })
        var known = pins
        for line in kept where line.isGone { known[ExactText(line.pin.bundle)] = line.pin }
        let latest = PlainFile.target(ofLink: "\(folder)/\(BundleIndex.link)").map { [ExactText($0)] } ?? []
        let all = names.union(known.keys).union(latest)
        return all.map(\.text).sorted { $0.precedesInBytes($1) }.compactMap { name in
            let (place, pin) = ("\(folder)/\(name)", known[ExactText(name)])
            let isThere = PlainFile.isFolder(place) && BundleVerifier.looksLikeBundle(place)
            let isRemoved =
                removed.contains(ExactText(name)) || PlainFile.isFolder(BundleStaging.hidden(name, in: folder))
            guard !isThere, !isRemoved else { return nil }
            return (name, pin)
        }
    }
}

extension Pin {
    /// Whether both pin the same, whatever bundles they are of.
    func pins(_ other: Pin) -> Bool {
        entry == other.entry && head.isSameInBytes(as: other.head)
            && organization.isSameInBytes(as: other.organization)
            && isOfDamagedEvidence == other.isOfDamagedEvidence
    }
}
