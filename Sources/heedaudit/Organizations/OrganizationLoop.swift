import ArgumentParser
import Auditing
import CloudHeed
import Dispatch
import Evidence
import Foundation
import Logging

/// Works through several organizations, some at a time; one that fails stops no other.
struct OrganizationLoop: Sendable {
    /// The work for one organization.
    typealias Work = @Sendable (ToolConfiguration) async throws -> Void

    let command: String
    /// What holds for all of them.
    let common: ToolConfiguration
    /// Each one's settings, in the order of the file.
    let members: [ToolConfiguration]
    /// The settings of all organizations of the file.
    let listed: [ToolConfiguration]
    /// Whether the service is asked.
    let asksService: Bool
    /// Whether the work makes reports: then the overview is made anew.
    let makesReports: Bool
    let work: Work

    /// Does a command's work for the organization that is meant, or for each of several.
    ///
    /// - Parameters:
    ///   - command: The command's name.
    ///   - options: What was typed, a group after the other.
    ///   - asksService: Whether the service is asked: then organizations of one address and token share its allowance.
    ///   - makesReports: Whether the work makes reports, which the overview shows.
    ///   - adjust: Changes settings by flags that are the command's own.
    ///   - work: The work for one organization.
    /// - Throws: `Problem` for settings that make no sense; what the work for the only organization throws; of several, after
    ///   the sum is told, `ExitCode` with the most serious status.
    static func each(
        _ command: String,
        _ options: [any SettingOptions],
        asksService: Bool = false,
        makesReports: Bool = false,
        adjust: (inout ToolConfiguration) -> Void = { _ in },
        work: @escaping Work
    ) async throws {
        switch try ToolConfiguration.resolveAll(options) {
        case .one(var configuration):
            adjust(&configuration)
            try await work(configuration)
        case .several(var common, var members, let listed):
            adjust(&common)
            for place in members.indices { adjust(&members[place]) }
            try await OrganizationLoop(
                command: command,
                common: common,
                members: members,
                listed: listed,
                asksService: asksService,
                makesReports: makesReports,
                work: work
            ).run()
        }
    }

    /// Does the work for each, and tells the sum.
    ///
    /// - Throws: `ExitCode` with the most serious status that is not 0.
    func run() async throws {
        let began = Clock.now()
        let progress = OrganizationProgress(members)
        let asked = Interruption.tell(last: true) { problem in
            let ends = progress.ends(command, began, problem)
            let sum = OrganizationSum(command: command, began: began, ended: Clock.now(), ends: ends)
            sum.tellSum(common)
            writeMetrics(sum)
        }
        let ends = await ends(progress)
        Interruption.tellNobody(asked)
        let sum = OrganizationSum(command: command, began: began, ended: Clock.now(), ends: ends)
        sum.tell(common, members)
        if makesReports { sum.writeOverview(common, listed, askedService: asksService) }
        writeMetrics(sum)
        guard sum.status != .done else { return }
        throw ExitCode(sum.status.rawValue)
    }

    private func writeMetrics(_ sum: OrganizationSum) {
        guard let path = common.telling.metricsFile else { return }
        sum.writeMetrics(path, listed: Set(listed.compactMap(\.organization)), common.logger)
    }

    /// How each one's work ended, in the order of the file.
    private func ends(_ progress: OrganizationProgress) async -> [OrganizationSum.End] {
        let threads = ThreadsOfTheirOwn()
        let claims = FolderClaims(outputs: members.map(\.output))
        let shares = asksService ? FairShares(members, now: Clock.now()) : nil
        var waiting = shares?.order ?? Array(members.indices)
        var ends = [OrganizationSum.End?](repeating: nil, count: members.count)
        await withTaskGroup(of: (Int, OrganizationSum.End).self) { group in
            func begin() {
                guard !waiting.isEmpty else { return }
                let place = waiting.removeFirst()
                let turn = prepare(place, shares, claims, areOthersWaiting: !waiting.isEmpty)
                claims.begin(place)
                progress.begin(place, turn)
                group.addTask(executorPreference: threads) { (place, await take(turn, members[place])) }
            }
            for _ in 0..<common.jobs { begin() }
            while let (place, end) = await group.next() {
                let goesOn = end.problem != nil && end.contents.isToBeContinued
                claims.end(place)
                shares?.end(place, isDone: !goesOn, members[place], now: Clock.now())
                if goesOn {
                    waiting.append(place)
                } else {
                    tell(end, members[place])
                    ends[place] = end
                    progress.end(place, end)
                }
                begin()
            }
        }
        return ends.compactMap(\.self)
    }

    /// What an organization's turn may ask of the service.
    private func prepare(_ place: Int, _ shares: FairShares?, _ claims: FolderClaims, areOthersWaiting: Bool)
        -> OrganizationTurn
    {
        var (queue, most, refusal) = (RequestQueue?.none, Int?.none, Problem?.none)
        switch shares?.begin(place, areOthersWaiting: areOthersWaiting, now: Clock.now()) {
        case .nothing(let problem): refusal = problem
        case .pages(let pages, let shared): (most, queue) = (pages, shared)
        case nil: break
        }
        return OrganizationTurn(
            wantsMetrics: common.telling.metricsFile != nil,
            queue: queue,
            mostPages: most,
            refusal: refusal,
            mayGoOn: { shares?.hasMore(place, now: Clock.now()) ?? false },
            describe: { claims.describe(place, $0) },
            isTaken: { claims.isTaken($0, for: place) }
        )
    }

    /// Does an organization's work as far as its turn goes.
    private func take(_ turn: OrganizationTurn, _ configuration: ToolConfiguration) async -> OrganizationSum.End {
        var (status, problem) = (ExitStatus.done, Problem?.none)
        do {
            try await OrganizationTurn.$current.withValue(turn) { try await work(configuration) }
        } catch is ThresholdReached {
            status = .findings
        } catch {
            let found = Problem(from: error)
            (status, problem) = (found.status, found)
        }
        return OrganizationSum.End(
            organization: configuration.organization ?? "",
            status: status,
            problem: problem,
            ended: Clock.now(),
            contents: turn.soFar
        )
    }

    /// Prints what came of an organization's turns.
    private func tell(_ end: OrganizationSum.End, _ configuration: ToolConfiguration) {
        if !end.contents.text.isEmpty { StandardStreams.outputText(end.contents.text) }
        guard let problem = end.problem else { return }
        let isJSON = configuration.logFormat == .json
        StandardStreams.error(isJSON ? problem.json(of: end.organization) : problem.lines(of: end.organization))
    }
}

/// Runs tasks on threads beside those that Swift's tasks share: a report takes seconds and a hook minutes, and meanwhile the
/// requests of other organizations go on.
final class ThreadsOfTheirOwn: TaskExecutor {
    private let queue = DispatchQueue(label: "heedaudit.organizations", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
