import Auditing
import CloudHeed
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
    /// The requests of all organizations with its address and token; nil where it asks nothing.
    let queue: RequestQueue?
    /// How many pages of the log it may ask for; nil for any number.
    let mostPages: Int?
    /// Why it may ask nothing; nil where it may.
    let refusal: Problem?
    /// Whether there is another turn where the pages are used up.
    private let mayGoOn: @Sendable () -> Bool
    /// Hears what the organization's folder of reports would be called.
    let describe: @Sendable (_ folder: String) -> Void
    /// Whether a folder that holds no reports yet is to be another organization's.
    let isTaken: @Sendable (_ folder: String) -> Bool
    private let contents = Mutex(Contents())

    /// A turn that has done nothing yet.
    init(
        wantsMetrics: Bool,
        queue: RequestQueue? = nil,
        mostPages: Int? = nil,
        refusal: Problem? = nil,
        mayGoOn: @escaping @Sendable () -> Bool = { false },
        describe: @escaping @Sendable (_ folder: String) -> Void = { _ in },
        isTaken: @escaping @Sendable (_ folder: String) -> Bool = { _ in false }
    ) {
        (self.wantsMetrics, self.queue, self.mostPages) = (wantsMetrics, queue, mostPages)
        (self.refusal, self.mayGoOn) = (refusal, mayGoOn)
        (self.describe, self.isTaken) = (describe, isTaken)
    }

    /// Its pages are used up, and there are more.
    func useUp() {
        let goesOn = mayGoOn()
        note { $0.isToBeContinued = goesOn }
    }

    /// What came of it so far.
    var soFar: Contents { contents.withLock { $0 } }

    /// Notes something.
    func note(_ change: (inout sending Contents) -> Void) { contents.withLock { change(&$0) } }
}
