import Auditing
import Evidence

extension PullOutcome {
    /// One line: what came, and what it stands for.
    func print(_ configuration: ToolConfiguration) {
        guard !configuration.quiet else { return }
        StandardStreams.output(
            "\(organization): \(Counted.text(entry.new + (givenUp?.new ?? 0), "new event")), "
                + (entry.complete == true ? "complete" : "not complete") + ", head \(head.sha256) entry \(head.entry)"
        )
    }
}
