import Dispatch

/// Runs tasks on threads beside those that Swift's tasks share: a report takes seconds and a hook minutes, and meanwhile the
/// requests of other organizations go on.
final class ThreadsOfTheirOwn: TaskExecutor {
    private let queue = DispatchQueue(label: "heedaudit.organizations", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
