import CloudHeed
import Evidence

/// What surrounds a job: who runs it, what time it is, and who hears what it has to say meanwhile.
package struct AuditContext: Sendable {
    /// Name and version of the tool, as ledger entries and reports give it.
    var tool: String
    /// The time, to the second.
    package var now: @Sendable () -> Instant
    /// Hears what somebody should know of though the work is done, a line at a time.
    var warn: @Sendable (String) -> Void
    /// Hears what is as it may be, and worth a line all the same.
    package var note: @Sendable (String) -> Void = { _ in }
    /// Hears how many events a pull has received, and of how many if that is known; nil at the end.
    var progress: @Sendable ((received: Int, total: Int?)?) -> Void
    /// Hears how far a pull came that ends before its end: events read, and of how many if that is known.
    package var halted: @Sendable (_ read: Int, _ total: Int?) -> Void = { _, _ in }
    /// Hears what the service says of the organization, once it is known to be the one that is meant.
    package var described: @Sendable (Organization) -> Void = { _ in }
    /// Makes a text of the service harmless before it is kept: one line, without secrets.
    var clean: @Sendable (String) -> String

    /// Describes the surroundings; what is left out is heard by nobody.
    package init(
        tool: String,
        now: @escaping @Sendable () -> Instant,
        warn: @escaping @Sendable (String) -> Void = { _ in },
        progress: @escaping @Sendable ((received: Int, total: Int?)?) -> Void = { _ in },
        clean: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.tool = tool
        self.now = now
        self.warn = warn
        self.progress = progress
        self.clean = clean
    }
}
