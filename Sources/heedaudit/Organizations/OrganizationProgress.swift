import Auditing
import CloudHeed
import Evidence
import Synchronization

/// How far a command has come that works through several organizations, for a signal that ends it in the midst.
final class OrganizationProgress: Sendable {
    private struct State {
        var turns: [Int: OrganizationTurn] = [:]
        var ends: [Int: OrganizationSum.End] = [:]
    }

    private let members: [ToolConfiguration]
    private let state = Mutex(State())

    /// - Parameter members: Each one's settings, in the order of the file.
    init(_ members: [ToolConfiguration]) { self.members = members }

    /// An organization has a turn.
    func begin(_ place: Int, _ turn: OrganizationTurn) { state.withLock { $0.turns[place] = turn } }

    /// An organization's work ended.
    func end(_ place: Int, _ end: OrganizationSum.End) { state.withLock { $0.ends[place] = end } }

    /// How each one's work ends where all ends at once, in the order of the file.
    ///
    /// - Parameters:
    ///   - command: The command's name.
    ///   - began: When it began.
    ///   - problem: Why it ends: the end of those that were not done, or not begun.
    /// - Returns: Each with a run, so that whoever watches misses none.
    func ends(_ command: String, _ began: Instant, _ problem: Problem) -> [OrganizationSum.End] {
        let (state, now) = (state.withLock { $0 }, Clock.now())
        return members.indices.map { place in
            if let end = state.ends[place] { return end }
            var contents = state.turns[place]?.soFar ?? OrganizationTurn.Contents()
            if contents.run == nil {
                let status = Int(problem.status.rawValue)
                contents.run = RunRecord(command: command, began: began, ended: now, status: status, cost: .init())
            }
            return OrganizationSum.End(
                organization: members[place].organization ?? "",
                status: problem.status,
                problem: problem,
                ended: now,
                contents: contents
            )
        }
    }
}
