import Analysis
import Auditing
import CloudHeed
import Evidence
import Logging
import Publishing

extension ToolConfiguration {
    /// What surrounds the jobs of this process.
    private func context(_ bar: ProgressBar?) -> AuditContext {
        let logger = logger
        var context = AuditContext(
            tool: ToolVersion.name,
            now: Clock.now,
            warn: { logger.warning("\($0)") },
            progress: { progress in
                guard let progress else { return ProgressBar.clearLine() }
                bar?.show(done: progress.received, total: progress.total)
            },
            clean: TerminalText.clean
        )
        context.note = { logger.notice("\($0)") }
        context.halted = { read, total in
            let of = total.map { " of \(Counted.digits($0))" } ?? ""
            OrganizationTurn.current?.note { $0.howFar = "\(Counted.digits(read))\(of) events of the log are read" }
        }
        context.described = { organization in
            let id = organization.id ?? ""
            OrganizationTurn.current?.describe(
                OrganizationFolder.preferred(for: id, slug: organization.slug ?? id)
            )
        }
        return context
    }

    /// Brings the archive up to date.
    ///
    /// - Parameter told: Gets the client, which knows at any time what was asked of the service.
    /// - Returns: What the pull did.
    /// - Throws: What the token, the service or the archive refuses.
    func pull(by told: (ServiceClient) -> Void = { _ in }) async throws -> PullOutcome {
        var settings = PullSettings(archive: archive)
        settings.organization = organization
        settings.namesOrganization = organizationHeader
        settings.locks = locks
        settings.full = full
        settings.readsAccess = access
        settings.fullEvery = fullEvery
        settings.connections = connections
        let bar = ProgressBar(title: "audit log", isEnabled: !quiet && !isOneOfSeveral)
        let job = PullJob(settings, context(bar))
        return try await ServiceAccess.withClient(self, onWait: { bar.wait(TerminalText.clean($0)) }) {
            client in
            told(client)
            return try await job.run(client)
        }
    }

    /// The report that is asked for, checked before any work is done.
    ///
    /// - Throws: `Problem` with status 78 for a `SOURCE_DATE_EPOCH` that is none, and for an output among evidence; what is wrong
    ///   with period and templates.
    func reportJob() throws -> ReportJob {
        try requireSeparateFolders()
        var settings = reportSettings
        settings.generatedAt = try Clock.sourceDateEpoch()
        return try .prepared(settings, context(nil))
    }

    /// What a report is asked for.
    var reportSettings: ReportSettings {
        var settings = ReportSettings(archive: archive, output: output)
        settings.organization = organization
        settings.outputMode = outputMode
        settings.outputGroup = outputGroup
        if let turn = OrganizationTurn.current { settings.isTaken = turn.isTaken }
        settings.templates = templates
        settings.signingKey = signingKey
        (settings.period, settings.from, settings.to) = (period, from, to)
        settings.mayLookBack = periodIsFlag
        settings.timeZone = timeZone
        settings.language = language
        settings.formats = formats
        settings.csvProfile = csvProfile
        settings.compare = compare
        settings.reportEvery = reportEvery
        settings.policy = policy
        settings.notes = notes
        settings.namesNew = telling.hooks[.onFinding] != nil
        for key in [ConfigurationKey.workingHours, .thresholds] {
            settings.writtenPolicy[key.rawValue] = structured[key]?.canonical
        }
        return settings
    }
}

extension ConfigurationFile.Value {
    /// One text for one meaning: members in the order of their names.
    fileprivate var canonical: String {
        switch self {
        case .text(let text): text
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .mapping(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.canonical)" }.joined(separator: ",")
                + "}"
        case .nothing: "~"
        }
    }
}
