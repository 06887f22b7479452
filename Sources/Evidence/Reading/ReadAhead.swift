import Dispatch
import Synchronization

/// Loads a segment's chunks on another thread, a few ahead of who uses them.
///
/// Sendable although it holds a file and chunks: a chunk is touched by the thread that loads it from the signal of
/// `free` on, and by the user from the signal of `full` on, never by both; the file is the loading thread's alone until
/// the last chunk, with `isLast`, was handed over.
final class ReadAhead: @unchecked Sendable {
    private struct Slot {
        var chunk: SegmentChunk
        var isLast = false
        var error: (any Error)?
    }

    private let file: SegmentFile
    private let hiddenIDs: EventSet
    private let slots: UnsafeMutableBufferPointer<Slot>
    private let free: DispatchSemaphore
    private let full = DispatchSemaphore(value: 0)
    private let isCancelled = Atomic<Bool>(false)
    private var next = 0
    private var isAtEnd = false

    /// How many chunks are loaded before they are used: so many that neither thread waits for the other to wake up.
    static let depth = 10

    /// Begins to load.
    init(file: SegmentFile, chunks: [SegmentChunk], hiddenIDs: EventSet) {
        self.file = file
        self.hiddenIDs = hiddenIDs
        slots = .allocate(capacity: chunks.count)
        _ = slots.initialize(from: chunks.map { Slot(chunk: $0) })
        // A semaphore must not be freed with a lower value than it was made with: so it is raised from 0.
        free = DispatchSemaphore(value: 0)
        for _ in chunks { free.signal() }
        DispatchQueue.global(qos: .userInitiated).async { [self] in load() }
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }

    /// Characters shown as U+FFFD in all chunks; to be asked for at the end.
    var replacements: Int { slots.reduce(0) { $0 + $1.chunk.replacements } }

    /// Takes the next chunk and gives a used one back.
    ///
    /// - Returns: false at the end of the segment.
    /// - Throws: What loading the chunk threw.
    func exchange(_ used: inout SegmentChunk) throws -> Bool {
        guard !isAtEnd else { return false }
        full.wait()
        swap(&used, &slots[next].chunk)
        isAtEnd = slots[next].isLast
        if let error = slots[next].error { throw error }
        next = (next + 1) % slots.count
        free.signal()
        return true
    }

    /// Lets the loading thread end before the segment does.
    func cancel() {
        isCancelled.store(true, ordering: .releasing)
        free.signal()
    }

    private func load() {
        var place = 0
        while true {
            free.wait()
            if isCancelled.load(ordering: .acquiring) { return }
            do { try slots[place].chunk.load(file, hiddenIDs: hiddenIDs) } catch { slots[place].error = error }
            let isLast = file.reachedEnd || slots[place].error != nil
            slots[place].isLast = isLast
            full.signal()
            if isLast { return }
            place = (place + 1) % slots.count
        }
    }
}
