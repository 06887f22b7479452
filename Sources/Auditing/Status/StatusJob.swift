import Analysis
import Evidence
import Publishing
import Reporting

/// Says what is archived, proven and reported, of every organization of an archive or of one; reads no events.
package struct StatusJob: Sendable {
    /// The archive's folder.
    private let archive: String
    /// The folder below which bundles land.
    private let output: String
    /// How old the newest complete pull may be, in seconds; nil for any age.
    package var maxAge: Int64?
    /// How often runs are expected; nil where nobody said.
    package var schedule: RunSchedule?

    /// Prepares it.
    package init(archive: String, output: String) {
        self.archive = archive
        self.output = output
    }

    /// Looks.
    ///
    /// - Parameters:
    ///   - organization: Whose status; nil for every organization's.
    ///   - opened: An archive that is open as it stands now, and need not be read again; nil for none.
    ///   - now: What the clock says.
    /// - Returns: A status an organization, in the order of their folders.
    /// - Throws: `EvidenceError` with code `.notFound` where there is no archive, or none of the organization.
    package func run(organization: String?, opened: Archive? = nil, now: Instant) throws -> [ArchiveStatus] {
        let root = ArchiveRoot(path: archive)
        if let organization {
            // Whether there is one is the root's to say, with what there is instead.
            let folder = ArchiveRoot.folderName(of: organization)
            guard root.holds(organization) else {
                return [status(of: try root.open(organization: organization), now)]
            }
            return [status(root, folder, opened, now)]
        }
        let folders = try root.organizations()
        guard !folders.isEmpty else { return [status(of: try root.open(organization: nil), now)] }
        return folders.map { status(root, $0, opened, now) }
    }

    /// Looks at one of the organizations that somebody lists: that it has no archive is an alarm, and hides no other.
    ///
    /// - Parameters:
    ///   - organization: Its id.
    ///   - now: What the clock says.
    /// - Returns: Its status.
    package func status(ofListed organization: String, now: Instant) -> ArchiveStatus {
        do {
            if let status = try run(organization: organization, now: now).first { return status }
        } catch {
            let path = "\(archive)/\(ArchiveRoot.folderName(of: organization))"
            return unreadable(organization, path, error)
        }
        return ArchiveStatus(organization: organization, path: archive)
    }

    private func unreadable(_ organization: String, _ path: String, _ error: any Error) -> ArchiveStatus {
        var status = ArchiveStatus(organization: organization, path: path)
        status.isArchiveRead = (error as? EvidenceError)?.code == .notFound
        status.isReportRead = status.isArchiveRead
        status.alarms = [.init(kind: .unreadable, text: Self.words(error))]
        return status
    }

    private static func words(_ error: any Error) -> String { (error as? EvidenceError)?.summary ?? "\(error)" }

    /// One that can't be read hides no other.
    private func status(_ root: ArchiveRoot, _ folder: String, _ opened: Archive?, _ now: Instant) -> ArchiveStatus {
        do {
            let isOpen = opened.map { ArchiveRoot.folderName(of: $0.organization).isSameInBytes(as: folder) } ?? false
            let archive = try isOpen ? opened ?? root.open(folder: folder) : root.open(folder: folder)
            try archive.requireKnownEntries([])
            return status(of: archive, now)
        } catch {
            return unreadable(folder, "\(root.path)/\(folder)", error)
        }
    }

    /// What an archive that is open tells.
    func status(of archive: Archive, _ now: Instant) -> ArchiveStatus {
        var status = ArchiveStatus(organization: archive.organization, path: archive.path)
        let organization = ReportOrganization(of: archive)
        status.name = organization.value("name")
        let entries = archive.entries
        status.entries = entries.count
        status.head = archive.head
        status.lastPull = archive.lastPull
        // By place: a copy of an entry costs more than what is asked of it.
        for place in entries.indices {
            status.events += entries[place].new
            if entries[place].kind == .pull, entries[place].complete == true {
                status.lastCompleteAt = entries[place].at
            }
        }
        let folder = OrganizationFolder.name(for: archive.organization, slug: organization.folder, in: output)
        do { status.report = try report(archive, entries, folder) } catch {
            status.isReportRead = false
            status.alarms = [.init(kind: .unreadable, text: "the newest report: \(Self.words(error))")]
        }
        status.alarms += evidenceAlarms(archive, status) + timeAlarms(status, now)
        return status
    }

    /// The newest report; nil for none.
    ///
    /// - Throws: `EvidenceError` where there may be one that can't be read.
    private func report(_ archive: Archive, _ entries: [LedgerEntry], _ folder: String) throws -> ArchiveStatus.Report?
    {
        let publisher = BundlePublisher(output: output)
        guard let manifest = publisher.latest(organizationFolder: folder) else {
            try publisher.requireNoLatest(organizationFolder: folder)
            return nil
        }
        guard manifest.organization.id.isSameInBytes(as: archive.organization) else { return nil }
        let since = entries.dropFirst(max(0, min(manifest.evidence.entry, entries.count)))
        return ArchiveStatus.Report(
            path: "\(BundlePublisher.folder(output, folder))/\(manifest.bundle)",
            manifest: manifest,
            new: compared(manifest, publisher, folder).map {
                FindingComparison(previous: $0.openFindings ?? [], now: manifest.openFindings ?? []).new
            },
            entriesSince: since.count,
            eventsSince: since.indices.reduce(0) { $0 + entries[$1].new }
        )
    }

    /// The bundle that a report was compared with.
    private func compared(_ manifest: Manifest, _ publisher: BundlePublisher, _ folder: String) -> Manifest? {
        guard let name = manifest.inputs.parts[LatestBundle.comparedWith], !name.contains("/"), !name.hasPrefix(".")
        else { return nil }
        return publisher.bundle(named: name, organizationFolder: folder)
    }

    // MARK: Alarms

    private func evidenceAlarms(_ archive: Archive, _ status: ArchiveStatus) -> [ArchiveStatus.Alarm] {
        var alarms: [ArchiveStatus.Alarm] = []
        if let pull = status.lastPull, pull.complete != true {
            let reasons = pull.incompleteBecause.joined(separator: "; ")
            let text = "the newest pull is not complete: \(reasons.isEmpty ? "no reason given" : reasons)"
            alarms.append(.init(kind: .notComplete, text: text))
        }
        alarms += upstreamAlarms(archive, status.report?.manifest)
        var damage = archive.ledger.faults
        do {
            damage += try archive.absences()
            if let strange = try archive.unnamedInWords() { damage.append(strange) }
        } catch {
            alarms.append(.init(kind: .unreadable, text: Self.words(error)))
        }
        let state = status.report?.manifest.evidenceState
        if let first = damage.first {
            let more = damage.count > 1 ? " and \(Counted.digits(damage.count - 1)) more" : ""
            alarms.append(.init(kind: .damaged, text: "\(archive.path): \(first)\(more)"))
        } else if state == EvidenceState.damaged.rawValue {
            alarms.append(.init(kind: .damaged, text: "the newest report says that the archive is damaged"))
        }
        let pins = status.report.flatMap { try? Pins.ofBundle($0.path) }.map { [$0] } ?? []
        if let restoration = archive.restoration(pins) {
            alarms.append(.init(kind: .restored, text: restoration.words))
        } else if state == EvidenceState.restored.rawValue {
            alarms.append(.init(kind: .restored, text: "the newest report says that entries of the ledger are gone"))
        }
        return alarms
    }

    /// Events that changed or vanished at the service, but for those of which the newest report knows that somebody accepted it.
    private func upstreamAlarms(_ archive: Archive, _ latest: Manifest?) -> [ArchiveStatus.Alarm] {
        let (anomalies, known) = (archive.anomalies, latest?.evidence.entry ?? 0)
        let kinds: [(ArchiveStatus.Alarm.Kind, String)] = [
            (.altered, "changed at the service after being archived"), (.vanished, "vanished at the service"),
        ]
        return kinds.compactMap { kind, words in
            let open = UpstreamChange.all(of: kind.rawValue, anomalies).filter { change in
                change.entry > known || latest?.openFindings.map(change.isOpen) ?? true
            }
            let count = open.reduce(0) { $0 + $1.events.count }
            return count == 0 ? nil : .init(kind: kind, text: "\(Counted.text(count, "event")) \(words)")
        }
    }

    private func timeAlarms(_ status: ArchiveStatus, _ now: Instant) -> [ArchiveStatus.Alarm] {
        var alarms = aheadAlarms(status, now)
        if let schedule, let last = status.lastPull.flatMap({ Instant(rfc3339: $0.at) }),
            schedule.isOverdue(now, last: last)
        {
            alarms.append(.init(kind: .overdue, text: "a pull is overdue: the newest one ended at \(last.rfc3339)"))
        }
        if let maxAge {
            if let age = status.age(now) {
                if age > maxAge {
                    let at = status.lastCompleteAt ?? ""
                    alarms.append(
                        .init(kind: .stale, text: "the newest complete pull ended at \(at), longer ago than allowed")
                    )
                }
            } else {
                alarms.append(.init(kind: .stale, text: "no pull was ever complete"))
            }
        }
        return alarms
    }

    /// A pull that a wrong clock dated would be young for as long as that time does not come.
    private func aheadAlarms(_ status: ArchiveStatus, _ now: Instant) -> [ArchiveStatus.Alarm] {
        let pulls = [("newest complete pull", status.lastCompleteAt), ("newest pull", status.lastPull?.at)]
        for (name, at) in pulls {
            guard let at, Instant(rfc3339: at)?.isAhead(of: now) == true else { continue }
            let text =
                "the \(name) is dated \(at), in the future: a clock is or was wrong, and how old it is can't be told"
            return [.init(kind: .ahead, text: text)]
        }
        return []
    }
}
