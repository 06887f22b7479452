import Analysis
import Evidence
import Publishing
import Reporting
import Templates

/// Removes an organization's bundles that a rule does not keep.
///
/// The archive is not looked at.
package struct PruneJob: Sendable {
    /// What was removed of one folder of bundles, or would be.
    package struct Outcome: Sendable {
        /// Whose bundles they are.
        package var organization: String
        /// The folder below the output.
        package var folder: String
        /// What became of them.
        package var bundles: BundlePruner.Outcome
    }

    private let publisher: BundlePublisher
    private let folders: [String]
    private let organization: String
    private let rule: RetentionRule
    private let library: TemplateLibrary
    private let words: Words

    /// Finds the bundles before anything is removed.
    ///
    /// - Parameters:
    ///   - settings: Where bundles are, whose, and in which look and language the page that lists them is written.
    ///   - rule: What stays.
    /// - Returns: The job, to be run.
    /// - Throws: `AuditError` where it does not say whose bundles are meant, or there are none; `EvidenceError` where that
    ///   can't be told; `ReportingError` for templates.
    package static func prepared(_ settings: ReportSettings, rule: RetentionRule) throws -> PruneJob {
        let all = OrganizationFolder.all(in: settings.output)
        let own = all.filter { one in settings.organization?.isSameInBytes(as: one.organization) ?? true }
        if own.isEmpty { try OrganizationFolder.requireReadable(in: settings.output) }
        let owners = Set(all.map { ExactText($0.organization) }).sorted().map(\.text)
        guard let organization = settings.organization ?? (owners.count == 1 ? owners.first : nil) else {
            guard !owners.isEmpty else {
                throw AuditError(
                    .noSuchBundle,
                    "there are no bundles in \(settings.output)",
                    hint: "name the reports' folder by --output"
                )
            }
            throw AuditError(
                .severalOrganizations,
                "\(settings.output) holds bundles of \(owners.count) organizations: \(owners.prefix(5).joined(separator: ", "))",
                hint: "name one by --organization"
            )
        }
        let folders = all.filter { $0.organization.isSameInBytes(as: organization) }.map(\.folder)
        guard !folders.isEmpty else {
            throw AuditError(
                .noSuchBundle,
                "there are no bundles of organization '\(organization)' in \(settings.output)",
                hint: owners.isEmpty
                    ? "name the reports' folder by --output"
                    : "there are of: \(owners.prefix(5).joined(separator: ", "))"
            )
        }
        let library = try TemplateLibrary(overlay: settings.templates)
        return PruneJob(
            publisher: BundlePublisher(output: settings.output, mode: settings.outputMode),
            folders: folders,
            organization: organization,
            rule: rule,
            library: library,
            words: try library.words(settings.language)
        )
    }

    /// Removes what the rule does not keep.
    ///
    /// - Parameters:
    ///   - isTrial: Whether nothing is changed.
    ///   - kept: The name of a bundle that stays whatever the rule says.
    /// - Returns: What was removed, a folder each; in a trial, what would be.
    /// - Throws: `ReportingError`.
    package func run(isTrial: Bool = false, keeping kept: String? = nil) throws -> [Outcome] {
        try folders.map { folder in
            let pruner = BundlePruner(
                publisher,
                folder: folder,
                organization: organization,
                rule: rule,
                alwaysKept: kept.map { [$0] } ?? [],
                library: library,
                words: words
            )
            return Outcome(organization: organization, folder: folder, bundles: try pruner.prune(isTrial: isTrial))
        }
    }
}
