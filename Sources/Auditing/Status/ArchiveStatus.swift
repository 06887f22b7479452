import Analysis
import Evidence
import Publishing

/// What is archived, proven and reported of one organization, and what stands wrong with it: from the ledger, the names and
/// sizes of the files it names, and the manifest that `latest` leads to.
package struct ArchiveStatus: Sendable {
    /// Something that somebody should look at, for as long as it stands.
    package struct Alarm: Sendable, Hashable {
        /// What kind of alarm it is; the names are published and stay.
        package enum Kind: String, Sendable, CaseIterable {
            /// The newest pull is not complete.
            case notComplete = "not_complete"
            /// Archived events changed at the service.
            case altered
            /// Archived events are gone from the service.
            case vanished
            /// The archive is not what its ledger says.
            case damaged
            /// Entries that a report rests on are not in the ledger.
            case restored
            /// No pull came when one was expected.
            case overdue
            /// No complete pull is young enough.
            case stale
            /// The newest pull, or the newest complete one, is dated in the future: nobody can say how long it is ago.
            case ahead
            /// Nothing can be said of the archive.
            case unreadable
        }

        /// What kind of alarm it is.
        package var kind: Kind
        /// The same in words; texts from outside may stand in it.
        package var text: String
    }

    /// The newest report.
    package struct Report: Sendable {
        /// The bundle's folder.
        package var path: String
        /// Its manifest, with the open findings.
        package var manifest: Manifest
        /// Open findings that the bundle it was compared with did not have; nil where it was compared with none.
        package var new: [FindingComparison.Key]?
        /// Entries of the ledger behind those that it was made of.
        package var entriesSince: Int
        /// Events in them.
        package var eventsSince: Int

        /// Open findings of a severity.
        package func open(_ severity: Severity) -> Int {
            manifest.findings.lazy.filter {
                $0.severity == severity.rawValue && ["fail", "not_proven"].contains($0.status)
            }
            .reduce(0) { $0 &+ $1.count }
        }
    }

    /// The organization's id.
    package var organization: String
    /// Its name, by its newest snapshot; nil where that tells none.
    package var name: String?
    /// The folder of its archive.
    package var path: String
    /// How many entries the ledger has.
    package var entries = 0
    /// How many events are archived.
    package var events = 0
    /// The ledger's head.
    package var head = LedgerHead.empty
    /// The newest pull's entry; nil where only imports are archived.
    package var lastPull: LedgerEntry?
    /// When the newest complete pull ended, RFC 3339; nil for none.
    package var lastCompleteAt: String?
    /// The newest report; nil for none.
    package var report: Report?
    /// Whether the archive could be read: else nothing that is told of it but the alarm counts.
    package var isArchiveRead = true
    /// The same of the newest report.
    package var isReportRead = true
    /// What stands wrong.
    package var alarms: [Alarm] = []

    /// Says nothing of an organization but its name and place.
    init(organization: String, path: String) {
        self.organization = organization
        self.path = path
    }

    /// The span that is proven, as the newest pull's entry says; nil for none.
    package var proven: LedgerEntry.Span? { lastPull?.proven }

    /// Seconds since the newest complete pull; nil without one.
    package func age(_ now: Instant) -> Int64? {
        lastCompleteAt.flatMap(Instant.init(rfc3339:)).map { now.seconds - $0.seconds }
    }
}
