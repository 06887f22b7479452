import Auditing
import Evidence
import Synchronization

/// An organization's turn, where a command works through several: what it prints is kept until the turn is over, so that
/// the lines of two that go on beside each other don't mingle.
final class OrganizationTurn: Sendable {
    /// The turn that this task has; nil where a command works on one organization.
    @TaskLocal static var current: OrganizationTurn?

    /// What came of a turn.
    struct Contents: Sendable {
        /// Lines for standard output.
        var text = ""
        /// The answer, where JSON is asked for.
        var answer: JSONText?
        /// What was done, in a few words.
        var message: String?
        /// How far the log is read, where the turn ended before its end.
        var howFar: String?
        /// How the run went, for the metrics' file.
        var run: RunRecord?
        /// What the archive holds, for the metrics' file.
        var archives: [ArchiveStatus] = []
        /// Whether the work goes on in another turn: nobody is told of it yet.
        var isToBeContinued = false
    }

    /// Whether somebody wants to know what the archive holds.
    let wantsMetrics: Bool
    private let contents = Mutex(Contents())

    /// A turn that has done nothing yet.
    init(wantsMetrics: Bool) { self.wantsMetrics = wantsMetrics }

    /// What came of it so far.
    var soFar: Contents { contents.withLock { $0 } }

    /// Notes something.
    func note(_ change: (inout sending Contents) -> Void) { contents.withLock { change(&$0) } }
}
