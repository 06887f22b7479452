import Analysis
import Auditing
import Evidence
import Foundation
import Logging
import Publishing
import Reporting
import Templates

extension ToolConfiguration {
    /// The overview of the organizations whose reports land in this output folder, ready to be written.
    ///
    /// - Throws: `ReportingError` for templates or words that can't be read.
    func overview() throws -> FleetOverview {
        let library = try TemplateLibrary(overlay: templates)
        if templates != nil, let problem = library.fleetProblems().first {
            throw ReportingError(.template, problem.description, hint: problem.hint ?? "see docs/templates.md")
        }
        for problem in library.unknownFleetNames() {
            logger.warning("\(problem.description)\(problem.hint.map { "; \($0)" } ?? "")")
        }
        var overview = FleetOverview(output: output, now: Clock.now())
        overview.mode = outputMode
        overview.library = library
        overview.words = try library.words(language)
        overview.tool = ToolVersion.name
        overview.generatedAt = try Clock.sourceDateEpoch()
        overview.schedule = policy.schedule
        return overview
    }

    /// Whom an overview of listed organizations shows: those of the list, in its order, then others that have reports.
    ///
    /// - Parameters:
    ///   - listed: Each organization's settings, in the order of the file.
    ///   - ends: How the work for those ended that were worked on.
    ///   - askedService: Whether that work asked the service.
    /// - Returns: Each once.
    func overviewMembers(
        _ listed: [ToolConfiguration],
        _ ends: [OrganizationSum.End] = [],
        askedService: Bool = false
    ) -> [FleetMember] {
        // What is made of the archive alone makes nothing of a failed run before, nor is it a run that came when it was due.
        let told = ends.filter { askedService || $0.problem != nil }
        let runs = Dictionary(told.map { (ExactText($0.organization), $0.member) }) { _, last in last }
        // That one was not worked on makes nothing of a failure before.
        let earlier = listed.count > runs.count ? FleetRuns.all(in: output) : [:]
        let owners = FolderOwners()
        let members = listed.compactMap { settings -> FleetMember? in
            guard let id = settings.organization else { return nil }
            var member = runs[ExactText(id)] ?? earlier[ExactText(id)] ?? FleetMember(id: id)
            member.folder = owners.folders(of: id, in: settings.output).first.map { "\(settings.output)/\($0)" }
            member.archive = settings.archiveNotice(id)
            return member
        }
        let ids = Set(members.map { ExactText($0.id) })
        return members + FleetMember.all(in: output).filter { !ids.contains(ExactText($0.id)) }
    }

    /// What stands wrong with an organization's archive, by its ledger and the names and sizes of its files; nil for nothing.
    func archiveNotice(_ organization: String) -> FleetNotice? {
        let status = StatusJob(archive: archive, output: output).status(ofListed: organization, now: Clock.now())
        guard status.isArchiveRead else { return .unreadableArchive }
        guard status.entries > 0 else { return .noArchive }
        let kinds = Set(status.alarms.map(\.kind))
        if kinds.contains(.damaged) { return .damagedArchive }
        if kinds.contains(.restored) { return .shortenedArchive }
        return status.isReportRead && kinds.contains(.unreadable) ? .unreadableArchive : nil
    }
}

extension OrganizationSum {
    /// Makes the overview anew, where reports were made; that it can't be made fails nothing that was done.
    func writeOverview(_ common: ToolConfiguration, _ listed: [ToolConfiguration], askedService: Bool) {
        do {
            _ = try common.overview().write(common.overviewMembers(listed, ends, askedService: askedService))
        } catch {
            common.logger.warning("the overview in \(common.output) is not made anew: \(Problem(from: error).summary)")
        }
    }
}
