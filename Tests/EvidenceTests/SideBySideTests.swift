import Dispatch
import Evidence
import Foundation
import Synchronization
import Testing

@Suite struct SideBySideTests {
    /// More callers than the system has threads for: each must do what no thread is left for.
    @Test func moreCallersThanThreadsComeToAnEnd() async {
        let callers = 600
        let begun = Atomic<Int>(0)
        let ended = Atomic<Int>(0)
        let all = DispatchGroup()
        for _ in 0..<callers {
            DispatchQueue.global(qos: .userInitiated).async(group: all) {
                begun.add(1, ordering: .relaxed)
                sideBySide(
                    {
                        // Until the threads are all taken, or the pool gives no more.
                        for _ in 0..<200 where begun.load(ordering: .relaxed) < callers { usleep(1_000) }
                    },
                    { ended.add(1, ordering: .relaxed) }
                )
            }
        }
        let isDone = await withCheckedContinuation { done in
            Thread.detachNewThread { done.resume(returning: all.wait(timeout: .now() + 60) == .success) }
        }
        #expect(isDone)
        #expect(ended.load(ordering: .relaxed) == callers)
    }
}
