import Analysis
import Evidence
import Foundation
import Templates

/// Removes bundles that a rule does not keep; what they pinned stays beside those that are left.
///
/// Nothing but whole, sound bundles of the organization is removed, and never the one that `latest` leads to. Killed at any
/// instant, what is left verifies: pins are sealed before the first bundle goes, and a bundle goes by getting the name of one
/// that is not finished, which the next report or the next removal clears away.
package struct BundlePruner {
    /// What stands beside the bundles.
    let index: BundleIndex
    let rule: RetentionRule
    /// Bundles that stay whatever the rule says.
    let alwaysKept: Set<ExactText>
    /// Is called before each step that changes something; tests end the work there.
    var willChange: (Step) throws -> Void = { _ in }

    /// What is about to be changed.
    enum Step: Sendable, Hashable {
        case pins
        case bundle(String)
        case page
        case files
    }

    /// What was removed, or would be.
    package struct Outcome: Sendable {
        /// The bundles that are gone, the oldest name first.
        package var removed: [String] = []
        /// The names of the bundles that stay.
        package var kept: [String] = []
        /// What stands beside the bundles and is left alone, and why.
        package var left: [(name: String, reason: String)] = []
        /// Files of the removed bundles.
        package var files = 0
        /// Bytes that are free now: a file that a bundle that stays has in common with those removed frees none.
        package var bytes = 0
    }

    /// Prepares to prune an organization's folder.
    ///
    /// - Parameters:
    ///   - publisher: Where bundles are published.
    ///   - folder: The organization's folder below the output.
    ///   - organization: Whose bundles may be removed.
    ///   - rule: What stays; one that keeps nothing removes nothing.
    ///   - alwaysKept: Names of bundles that stay whatever the rule says.
    ///   - library: How the page that lists the bundles looks.
    ///   - words: What it says.
    package init(
        _ publisher: BundlePublisher,
        folder: String,
        organization: String,
        rule: RetentionRule,
        alwaysKept: [String] = [],
        library: TemplateLibrary,
        words: Words
    ) {
        index = BundleIndex(
            folder: BundlePublisher.folder(publisher.output, folder),
            organization: organization,
            mode: publisher.mode,
            look: IndexPage.Look(library, words)
        )
        self.rule = rule
        self.alwaysKept = Set(alwaysKept.map { ExactText($0) })
    }

    /// Removes what the rule does not keep.
    ///
    /// - Parameter isTrial: Whether nothing is changed.
    /// - Returns: What was removed; in a trial, what would be.
    /// - Throws: `ReportingError`; with code `.bundleDamaged` where the pins kept so far are not what was sealed: nothing is
    ///   removed then.
    package func prune(isTrial: Bool = false) throws -> Outcome {
        guard PlainFile.isFolder(index.folder) else { return Outcome() }
        return try index.locked {
            var (outcome, removed) = try chosen()
            guard !removed.isEmpty else { return outcome }
            let paths = removed.map { "\(index.folder)/\($0.bundle)" }
            (outcome.files, outcome.bytes) = FreedFiles.count(in: paths)
            if isTrial { return outcome }
            BundleStaging.removeLeftovers(in: index.folder)
            try willChange(.pins)
            try index.keepPins(of: removed)
            var hidden: [String] = []
            for manifest in removed {
                try willChange(.bundle(manifest.bundle))
                hidden.append(try BundleStaging.hide(manifest.bundle, in: index.folder))
            }
            try BundleStaging.sync(folder: index.folder)
            try willChange(.page)
            try index.writePages()
            try BundleStaging.sync(folder: index.folder)
            try willChange(.files)
            for path in hidden { try BundleStaging.remove(path) }
            return outcome
        }
    }

    /// The bundles that go, and what there is to say of the others.
    private func chosen() throws -> (Outcome, [ManifestHead]) {
        var outcome = Outcome()
        var zones: [String: CalendarZone] = [:]
        func zone(_ name: String) -> CalendarZone {
            if let known = zones[name] { return known }
            let zone = (try? CalendarZone(name: name)) ?? .utc
            zones[name] = zone
            return zone
        }
        var candidates: [(bundle: RetentionRule.Bundle, manifest: ManifestHead)] = []
        for name in try PlainFile.names(in: index.folder) where !name.hasPrefix(".") {
            let path = "\(index.folder)/\(name)"
            guard PlainFile.isFolder(path) else { continue }
            guard let manifest = ManifestHead.read(bundle: path),
                let bundle = RetentionRule.Bundle(manifest, zone: zone)
            else {
                let reason = unread { _ = try Pins.ofBundle(path) }
                outcome.left.append((name, reason ?? "it is no bundle that can be told by its manifest"))
                continue
            }
            guard manifest.bundle.isSameInBytes(as: name) else {
                outcome.left.append((name, "its manifest is that of the bundle '\(manifest.bundle)'"))
                continue
            }
            guard manifest.organization.id.isSameInBytes(as: index.organization) else {
                outcome.left.append((name, "it is a bundle of organization '\(manifest.organization.id)'"))
                continue
            }
            candidates.append((bundle, manifest))
        }
        var kept =
            rule.isEmpty ? Set(candidates.map { ExactText($0.bundle.name) }) : rule.kept(of: candidates.map(\.bundle))
        kept.formUnion(alwaysKept)
        if let latest = PlainFile.target(ofLink: "\(index.folder)/\(BundleIndex.link)") {
            kept.insert(ExactText(latest))
        }
        var removed: [ManifestHead] = []
        for (bundle, manifest) in candidates {
            guard !kept.contains(ExactText(bundle.name)) else {
                outcome.kept.append(bundle.name)
                continue
            }
            var isSound = false
            let reason = unread { isSound = try Checksums.verified(bundle: "\(index.folder)/\(bundle.name)") != nil }
            if isSound {
                removed.append(manifest)
            } else {
                outcome.left.append((bundle.name, reason ?? "its files are not those that SHA256SUMS lists"))
            }
        }
        outcome.removed = removed.map(\.bundle)
        return (outcome, removed)
    }

    /// Why something can't be read; nil where it can.
    private func unread(_ look: () throws -> Void) -> String? {
        do { try look() } catch { return (error as? EvidenceError)?.summary ?? "\(error)" }
        return nil
    }
}

/// What the removal of bundles frees.
enum FreedFiles {
    /// Counts the files in bundles, and the bytes of those that have no name elsewhere.
    static func count(in bundles: [String]) -> (files: Int, bytes: Int) {
        struct Place: Hashable {
            var device: dev_t
            var number: ino_t
        }
        var files = 0
        var names: [Place: (found: Int, all: Int, bytes: Int)] = [:]
        for bundle in bundles {
            for name in (try? PlainFile.names(in: bundle)) ?? [] {
                var status = stat()
                guard lstat("\(bundle)/\(name)", &status) == 0 else { continue }
                files += 1
                let place = Place(device: status.st_dev, number: status.st_ino)
                names[place, default: (0, Int(status.st_nlink), Int(status.st_size))].found += 1
            }
        }
        return (files, names.values.reduce(0) { $1.found >= $1.all ? $0 + $1.bytes : $0 })
    }
}
