import CloudHeed
import Evidence

/// A run as those are told of it who did not watch: when it came, how it ended and what it cost.
package struct RunRecord: Sendable {
    /// The command: `run`, `pull`, `report`.
    package var command: String
    /// When it began.
    package var began: Instant
    /// When it ended.
    package var ended: Instant
    /// The exit status.
    package var status: Int
    /// What was asked of the service.
    var cost: ServiceClient.Counters

    /// Describes a run.
    package init(command: String, began: Instant, ended: Instant, status: Int, cost: ServiceClient.Counters) {
        self.command = command
        self.began = began
        self.ended = ended
        self.status = status
        self.cost = cost
    }

    /// Seconds it took; 0 where a clock was put back meanwhile.
    var duration: Int64 { max(0, ended.seconds - began.seconds) }
}
