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
    ///   - results: What became of those that were worked on.
    /// - Returns: Each once.
    func overviewMembers(_ listed: [ToolConfiguration], _ results: [OrganizationResult] = []) -> [FleetMember] {
        let ends = Dictionary(results.map { (ExactText($0.id), $0) }) { _, last in last }
        var folders: [ExactText: [ExactText: String]] = [:]
        func folder(of id: String, in output: String) -> String? {
            let known =
                folders[ExactText(output)]
                ?? Dictionary(OrganizationFolder.all(in: output).map { (ExactText($0.organization), $0.folder) }) {
                    first,
                    _ in first
                }
            folders[ExactText(output)] = known
            return known[ExactText(id)].map { "\(output)/\($0)" }
        }
        // That one was not worked on makes nothing of a failure before.
        let earlier = listed.count > ends.count ? FleetRuns.all(in: output) : [:]
        let members = listed.compactMap { member -> FleetMember? in
            guard let id = member.organization else { return nil }
            guard let end = ends[ExactText(id)] else {
                var known = earlier[ExactText(id)] ?? FleetMember(id: id)
                known.folder = folder(of: id, in: member.output)
                return known
            }
            let message = [end.message, end.howFar ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
            return FleetMember(
                id: id,
                folder: folder(of: id, in: member.output),
                status: end.status,
                message: message,
                lastRun: end.lastRun
            )
        }
        let ids = Set(members.map { ExactText($0.id) })
        return members + FleetMember.all(in: output).filter { !ids.contains(ExactText($0.id)) }
    }
}

extension OrganizationSum {
    /// Makes the overview anew, where reports were made; that it can't be made fails nothing that was done.
    func writeOverview(_ common: ToolConfiguration, _ listed: [ToolConfiguration]) {
        do {
            _ = try common.overview().write(common.overviewMembers(listed, results))
        } catch {
            common.logger.warning("the overview in \(common.output) is not made anew: \(Problem(from: error).summary)")
        }
    }
}
