import Analysis
import Evidence
import Foundation

/// How one organization stands: its newest report as far as it can be believed, its last run, and what follows from both.
struct FleetStanding {
    /// What is asked about.
    let member: FleetMember
    /// Its reports' folder, as a path; nil where there is none.
    let folder: String?
    /// The newest report; nil where there is none that can be believed.
    let report: FleetReport?
    /// Why the newest report is not believed; nil where it is, or where there is none.
    let refusal: FleetReport.Refusal?
    /// That report and those before it that each was compared with, the oldest first.
    let line: [FleetReport]
    /// What has to be said beside the verdicts, the gravest first.
    let notices: [FleetNotice]
    /// The worst of all.
    let state: FleetState

    /// When silence begins to count.
    struct Patience {
        /// What the clock says.
        var now: Instant
        /// Seconds after which neither run nor report are due; not asked where there is a schedule.
        var maxAge: Int64
        /// How often runs are expected; nil where nobody said.
        var schedule: RunSchedule?

        func isOver(since last: Instant) -> Bool {
            schedule?.isOverdue(now, last: last) ?? (now.seconds - last.seconds > maxAge)
        }
    }

    /// How many reports make a trend.
    static let mostReports = 12

    /// Reads what there is of an organization; what a run publishes at this moment is looked at again.
    ///
    /// `isHidden`: whether its reports, where no folder is known, may lie in one that can't be looked into.
    init(_ member: FleetMember, folder: String?, isHidden: Bool, _ patience: Patience) {
        self.member = member
        self.folder = folder
        var found = Result<FleetReport?, FleetReport.Refusal>.success(nil)
        for attempt in 0..<2 {
            if attempt > 0 { usleep(20_000) }
            do throws(FleetReport.Refusal) {
                guard let folder else {
                    if isHidden { throw .unreadable }
                    break
                }
                found = .success(try FleetReport.newest(in: folder, of: member.id))
                break
            } catch {
                found = .failure(error)
            }
        }
        switch found {
        case .success(let report):
            (self.report, refusal) = (report, nil)
            line = report.flatMap { own in folder.map { own.line(in: $0, atMost: Self.mostReports) } } ?? []
        case .failure(let reason):
            (report, refusal, line) = (nil, reason, [])
        }
        let said = Self.notices(member, report, refusal, patience)
        notices = FleetNotice.allCases.filter(said.contains)
        state = Self.state(report, notices)
    }

    private static func notices(
        _ member: FleetMember,
        _ report: FleetReport?,
        _ refusal: FleetReport.Refusal?,
        _ patience: Patience
    ) -> Set<FleetNotice> {
        var notices: Set<FleetNotice> = []
        let asOf = report.flatMap { Instant(rfc3339: $0.manifest.asOf) }
        switch refusal {
        case .unreadable: notices.insert(.unreadableReport)
        case .some: notices.insert(.damagedReport)
        case nil: if report == nil { notices.insert(.noReport) }
        }
        if let archive = member.archive, report != nil { notices.insert(archive) }
        if let report {
            switch report.state {
            case "damaged": notices.insert(.damagedEvidence)
            case "restored": notices.insert(.restoredEvidence)
            case "incomplete": notices.insert(.incomplete)
            case "unknown": notices.insert(.unknownCompleteness)
            default: break
            }
            if !report.isOfThisFormat { notices.insert(.otherFormat) }
        }
        // A run before the newest report says nothing of what came of it; what a wrong clock dated stands before nothing.
        let isBehind =
            member.lastRun.map { run in asOf.map { $0 <= run || $0.isAhead(of: patience.now) } ?? true } ?? true
        if let status = member.status, isBehind, ![0, 1].contains(status) {
            notices.insert(status == 75 ? .runUnfinished : .runFailed)
        }
        let worked = [0, 1].contains(member.status) ? member.lastRun : nil
        let last = [asOf, worked].compactMap(\.self).max()
        if let last {
            if last.isAhead(of: patience.now) { notices.insert(.ahead) }
            if patience.isOver(since: last) { notices.insert(.stale) }
        }
        return notices
    }

    private static func state(_ report: FleetReport?, _ notices: [FleetNotice]) -> FleetState {
        guard let report, !notices.contains(where: \.isUnreliable) else { return .unknown }
        var states: Set<FleetState> = notices.isEmpty ? [.clear] : [.doubtful]
        for (severity, state) in zip(Severity.allCases, [FleetState.critical, .high, .medium, .low, .info])
        where report.count([.fail, .notProven], severity) > 0 {
            states.insert(state)
        }
        if report.manifest.summary?.overdue ?? 0 > 0 { states.insert(.overdue) }
        if report.count([.manual]) > 0 { states.insert(.review) }
        return FleetState.allCases.first(where: states.contains) ?? .unknown
    }

    // MARK: The order

    /// Whether it stands before another one: worse, or as bad and earlier by name.
    func isWorse(than other: FleetStanding) -> Bool {
        let (one, two) = (gravity, other.gravity)
        if let place = one.indices.first(where: { one[$0] != two[$0] }) { return one[place] > two[place] }
        if !name.isSameInBytes(as: other.name) { return name.precedesInBytes(other.name) }
        return member.id.precedesInBytes(other.member.id)
    }

    /// The state, the gravest notice, open findings by severity, overdue actions: the greater the graver.
    private var gravity: [Int] {
        let state = -(FleetState.allCases.firstIndex(of: state) ?? 0)
        let open = Severity.allCases.map { report?.count([.fail, .notProven], $0) ?? 0 }
        let notice = -(notices.first.flatMap { FleetNotice.allCases.firstIndex(of: $0) } ?? FleetNotice.allCases.count)
        return [state] + open + [notice, report?.manifest.summary?.overdue ?? 0]
    }

    // MARK: What is shown

    /// The name as the report tells it, else the id.
    var name: String {
        let name = report?.manifest.organization.name ?? ""
        return name.isEmpty ? member.id : name
    }
}
