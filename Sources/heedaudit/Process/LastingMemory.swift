import Synchronization

/// What lives as long as the process.
///
/// A report is the last thing that a command makes. Taking hundreds of thousands of texts apart one by one only to end behind
/// that takes a fiftieth of its time; the system takes all of them back at once.
enum LastingMemory {
    private static let values = Mutex<[any Sendable]>([])

    /// Keeps a value until the process ends.
    static func keep(_ value: any Sendable) { values.withLock { $0.append(value) } }
}
