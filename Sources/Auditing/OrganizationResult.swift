import Evidence

/// What became of one of several organizations that a command worked through.
package struct OrganizationResult: Sendable {
    /// The organization's id.
    package var id: String
    /// The folder that holds its folder of reports.
    package var output: String
    /// The exit status that its work alone would have had: 0 and 1 mean that it was done.
    package var status: Int
    /// What was done, or why it was not, in one line; empty where that may tell of another organization.
    package var message: String
    /// When its work ended.
    package var lastRun: Instant
    /// How far its log is read, in a sentence, where the work ended before its end and goes on next time; else nil.
    package var howFar: String?

    /// Describes it.
    package init(
        id: String,
        output: String,
        status: Int,
        message: String,
        lastRun: Instant,
        howFar: String? = nil
    ) {
        (self.id, self.output, self.status) = (id, output, status)
        (self.message, self.lastRun, self.howFar) = (message, lastRun, howFar)
    }
}
