import Evidence
import Foundation
import Templates

/// One organization of an overview, and what is known of its last run.
package struct FleetMember: Sendable, Hashable {
    /// The organization's id.
    package var id: String
    /// The folder of its reports, as a path; nil where it has the one below the overview's folder that holds its reports, if any.
    package var folder: String?
    /// The exit status of its last run; nil where nobody told.
    var status: Int?
    /// What that run said where it failed; empty for nothing; texts from outside may stand in it.
    var message: String
    /// When that run ended; nil where nobody told.
    var lastRun: Instant?
    /// What stands wrong with its archive now; nil for nothing, and where nobody looked.
    package var archive: FleetNotice?

    /// Names an organization.
    package init(id: String, folder: String? = nil, status: Int? = nil, message: String = "", lastRun: Instant? = nil) {
        self.id = id
        self.folder = folder
        self.status = status
        self.message = message
        self.lastRun = lastRun
    }

    /// Every organization that has a folder below an output folder, in the order of the folders' names.
    ///
    /// One whose reports can't be read has the name of its folder.
    package static func all(in output: String) -> [FleetMember] {
        let known = OrganizationFolder.all(in: output)
        let owners = Dictionary(known.map { (ExactText($0.folder), $0.organization) }) { first, _ in first }
        return ((try? PlainFile.folders(in: output)) ?? []).compactMap { name in
            let path = "\(output)/\(name)"
            if let owner = owners[ExactText(name)] { return FleetMember(id: owner, folder: path) }
            return access(path, R_OK | X_OK) != 0 || BundleVerifier.looksLikeOrganization(path)
                ? FleetMember(id: name, folder: path) : nil
        }
    }
}

/// Something that the overview has to say of an organization beside its verdicts: each keeps it from looking sound.
///
/// The names are published and stay.
package enum FleetNotice: String, Sendable, Hashable, CaseIterable {
    /// The newest report can't be read, and may be sound.
    case unreadableReport = "unreadable_report"
    /// The newest report's files are not what its sums and its manifest say, or the two don't say the same.
    case damagedReport = "damaged_report"
    /// There is no report.
    case noReport = "no_report"
    /// It has reports, and no archive.
    case noArchive = "no_archive"
    /// The archive is not what its ledger says.
    case damagedArchive = "damaged_archive"
    /// The report says that the archive was damaged.
    case damagedEvidence = "damaged_evidence"
    /// The report says that entries of the ledger were gone.
    case restoredEvidence = "restored_evidence"
    /// Entries that the report rests on are not in the archive's ledger.
    case shortenedArchive = "shortened_archive"
    /// The archive can't be read, and may be sound.
    case unreadableArchive = "unreadable_archive"
    /// The last run failed behind the newest report, or there is none.
    case runFailed = "run_failed"
    /// The last run was ended before it was done, and goes on next time.
    case runUnfinished = "run_unfinished"
    /// No run and no report for longer than is expected.
    case stale
    /// The report's evidence is of a time that has not come.
    case ahead
    /// The period's events are not all archived.
    case incomplete
    /// Whether they are all archived can't be told.
    case unknownCompleteness = "unknown_completeness"
    /// The report is of a version that tells less, or otherwise, than this one reads.
    case otherFormat = "other_format"

    /// Whether nothing that the report says can be relied on, or there is none.
    var isUnreliable: Bool {
        [.unreadableReport, .damagedReport, .noReport, .noArchive, .damagedArchive, .damagedEvidence].contains(self)
    }

    /// Whether it means that the organization has not reported lately.
    var isSilence: Bool {
        [.unreadableReport, .damagedReport, .noReport, .runFailed, .runUnfinished, .stale, .ahead].contains(self)
    }
}

/// How an organization stands: the worst thing that there is to say of it, the worst first.
///
/// The names are published and stay.
package enum FleetState: String, Sendable, Hashable, CaseIterable {
    /// There is no report that can be relied on.
    case unknown
    /// A finding of this severity fails or is not proven.
    case critical, high
    /// A notice says that the report is old, partial or of another version, or that the last run failed.
    case doubtful
    case medium, low, info
    /// An agreed action is overdue.
    case overdue
    /// People have to look at something.
    case review
    /// Nothing of all this.
    case clear
}
