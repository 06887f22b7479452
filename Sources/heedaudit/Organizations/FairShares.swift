import Auditing
import CloudHeed
import Evidence
import Foundation
import Synchronization

/// Who asks how much in a turn: organizations of one address and token share an allowance, each page by page and turn by turn.
final class FairShares: Sendable {
    /// What an organization may do in a turn.
    enum Share {
        /// Ask for so many pages; nil for any number.
        case pages(Int?, RequestQueue?)
        /// Nothing, for the day's allowance is spent.
        case nothing(Problem)
    }

    /// Turns after which an organization goes on to its end: a log that never ends is found out only in one go.
    private static let mostTurns = 50

    /// Pages of a turn where others wait: an organization with a long log goes on when each of them had its own.
    static let pagesOfTurn = 100
    /// Requests of a pull besides the pages of the log, and a page: with less nothing is begun.
    static let least = 8

    private struct Group {
        var queue: RequestQueue
        /// Requests a day; nil where there is no limit, or none is known.
        var limit: Int?
        var isLimitKnown = false
        var turns: [Int: Int] = [:]
        /// Organizations whose work is not done.
        var members: Set<Int>
        /// Requests that those whose turn it is may send.
        var promised: [Int: Int] = [:]
    }

    private let groups: Mutex<[Group]>
    private let groupOfMember: [Int: Int]
    /// Places of the members in the order in which they are begun.
    let order: [Int]

    /// Finds out who shares what, and reckons the day.
    ///
    /// - Parameters:
    ///   - members: The organizations' settings, in the order of the file.
    ///   - now: What the clock says.
    init(_ members: [ToolConfiguration], now: Instant) {
        let environment = ProcessInfo.processInfo.environment
        var places: [String: Int] = [:]
        var (found, groupOfMember) = ([Group](), [Int: Int]())
        for (place, member) in members.enumerated() {
            // What is wrong with a token is told in the turn.
            guard let token = try? ServiceAccess.token(member, environment) else { continue }
            var key = member.baseURL + "\n"
            token.withSecret { key += $0 }
            let group = places[key] ?? found.count
            if group == found.count {
                places[key] = group
                let queue = RequestQueue(share: member.rateShare, maxWait: member.maxWait)
                found.append(Group(queue: queue, limit: nil, members: []))
            }
            found[group].members.insert(place)
            groupOfMember[place] = group
        }
        var isShort = false
        for group in found.indices {
            let sharing = found[group].members.sorted().map { members[$0] }
            let limit = sharing.compactMap(\.dailyLimit).min() ?? sharing.lazy.compactMap(Self.limitOfPlan).first
            (found[group].limit, found[group].isLimitKnown) = (limit, limit != nil)
            guard let limit else { continue }
            let used = sharing.reduce(0) {
                $0 + RequestsOfDay.sent(for: $1.organization ?? "", archive: $1.archive, on: now)
            }
            found[group].queue.limitDay(to: limit, used: used, at: now.seconds)
            isShort = isShort || limit - used < sharing.count * (Self.least + Self.pagesOfTurn)
        }
        self.groupOfMember = groupOfMember
        groups = Mutex(found)
        // Where not everybody can be served, whoever was served longest ago comes first.
        let served =
            isShort ? members.map { RequestsOfDay.lastPull(of: $0.organization ?? "", archive: $0.archive) } : []
        order = isShort ? members.indices.sorted { (served[$0], $0) < (served[$1], $1) } : Array(members.indices)
    }

    /// What a plan allows, as the newest answer that is archived names it.
    private static func limitOfPlan(_ member: ToolConfiguration) -> Int? {
        let plan = RequestsOfDay.plan(of: member.organization ?? "", archive: member.archive)
        return Organization.dailyLimit(ofPlan: plan)
    }

    /// Begins an organization's turn.
    ///
    /// - Parameters:
    ///   - place: Which one.
    ///   - areOthersWaiting: Whether any organization waits for a turn.
    ///   - now: What the clock says.
    /// - Returns: What it may do.
    func begin(_ place: Int, areOthersWaiting: Bool, now: Instant) -> Share {
        guard let number = groupOfMember[place] else { return .pages(nil, nil) }
        return groups.withLock { groups in
            let isPatient = areOthersWaiting && groups[number].turns[place, default: 0] < Self.mostTurns
            let ofTurn = isPatient ? Self.pagesOfTurn : nil
            let queue = groups[number].queue
            guard let left = queue.leftOfDay(at: now.seconds), let limit = groups[number].limit else {
                return .pages(ofTurn, queue)
            }
            let free = left - groups[number].promised.values.reduce(0, +)
            let turns = groups[number].turns
            let waiting = groups[number].members.count { other in
                groups[number].promised[other] == nil && turns[other, default: 0] <= turns[place, default: 0]
            }
            // Those that come first are served where there is not enough for all.
            let share = min(free, max(Self.least, free / max(1, waiting)))
            guard share >= Self.least else { return .nothing(Self.spent(limit)) }
            let pages = min(ofTurn ?? .max, share - Self.least + 1)
            groups[number].promised[place] = pages + Self.least - 1
            return .pages(pages, queue)
        }
    }

    /// Ends an organization's turn.
    ///
    /// - Parameters:
    ///   - place: Which one.
    ///   - isDone: Whether its work is, however it ended.
    ///   - member: Its settings.
    ///   - now: What the clock says.
    func end(_ place: Int, isDone: Bool, _ member: ToolConfiguration, now: Instant) {
        guard let number = groupOfMember[place] else { return }
        let isKnown = groups.withLock { groups in
            groups[number].promised[place] = nil
            groups[number].turns[place, default: 0] += 1
            if isDone { groups[number].members.remove(place) }
            defer { groups[number].isLimitKnown = groups[number].isLimitKnown || isDone }
            return groups[number].isLimitKnown
        }
        // The first one whose answer is archived tells what the plan allows.
        guard isDone, !isKnown, let limit = Self.limitOfPlan(member) else { return }
        groups.withLock { groups in
            groups[number].limit = limit
            groups[number].queue.limitDay(to: limit, used: 0, at: now.seconds)
        }
    }

    /// Whether an organization that used its share may have another.
    func hasMore(_ place: Int, now: Instant) -> Bool {
        guard let number = groupOfMember[place] else { return true }
        return groups.withLock { groups in
            guard let left = groups[number].queue.leftOfDay(at: now.seconds) else { return true }
            return left - groups[number].promised.values.reduce(0, +) >= 2 * Self.least
        }
    }

    private static func spent(_ limit: Int) -> Problem {
        Problem(
            .tryAgainLater,
            "the day's allowance of \(Counted.text(limit, "request")) is spent",
            hint: "run again after midnight UTC; whoever was served longest ago comes first then"
        )
    }
}
