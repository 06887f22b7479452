import NIOCore

/// Runs tasks on the thread that waits for the network, so that an answer is read where it arrives: handing each of its
/// pieces to another thread takes longer than reading it.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
