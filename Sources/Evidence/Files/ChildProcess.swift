import CBytes
import Foundation

/// A program that is started, fed, and watched for a limited time.
///
/// It is started as it is written, by no shell; with no descriptor of ours but its three streams; without the token; and in a
/// process group of its own, which ends as a whole where the time is over.
package struct ChildProcess: Sendable {
    /// How it ended.
    package enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(Int32)
        case ranOutOfTime
        /// It could not be started; an `errno`.
        case notStarted(Int32)
    }

    /// How it ended, and the last of what it printed.
    package struct Outcome: Sendable {
        package var end: End
        /// Of its standard output, or of both streams where they are one.
        package var output: [UInt8] = []
        /// Of its standard error; empty where both are one.
        package var error: [UInt8] = []
        /// Whether it printed more than was kept.
        var isCut = false
    }

    /// The program, looked for in `PATH`, and its arguments; not empty.
    private let words: [String]
    private let environment: [String: String]
    private let joinsStreams: Bool
    /// Bytes of each stream that are kept, the last ones.
    private let mostKept: Int

    /// Seconds between asking it to end and ending it.
    private static let grace = 2.0
    /// The most milliseconds between two looks whether it has ended.
    private static let longestPause: Int32 = 20
    /// Bytes that are still read when it has ended: what it left behind may print for ever.
    private static let mostBehind = 1 << 20

    /// Prepares it.
    ///
    /// - Parameters:
    ///   - words: The program, looked for in `PATH`, and its arguments; not empty.
    ///   - environment: Its variables, before the token is taken out.
    ///   - joinsStreams: Whether standard error goes where standard output goes.
    ///   - mostKept: Bytes of each stream that are kept, the last ones.
    package init(
        _ words: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        joinsStreams: Bool = false,
        mostKept: Int = 1 << 16
    ) {
        self.words = words
        self.environment = SecretVariables.without(environment)
        self.joinsStreams = joinsStreams
        self.mostKept = mostKept
    }

    /// Starts it, and waits for its end; what it started and left behind is left alone, unless its time runs out.
    ///
    /// - Parameters:
    ///   - input: What it can read.
    ///   - seconds: How long it may take.
    /// - Returns: How it ended, and what it printed.
    package func run(_ input: [UInt8], within seconds: Double) -> Outcome {
        let pipes = (0..<(joinsStreams ? 2 : 3)).compactMap { _ in ChildPipe() }
        guard pipes.count == (joinsStreams ? 2 : 3) else { return Outcome(end: .notStarted(errno)) }
        heed_keep_descriptors()
        var process: pid_t = 0
        let failure = start(&process, pipes)
        pipes[0].closeReading()
        for pipe in pipes[1...] { pipe.closeWriting() }
        guard failure == 0 else { return Outcome(end: .notStarted(failure)) }
        var watch = Watch(
            process: process,
            input: input[...],
            toIt: pipes[0],
            fromIt: Array(pipes[1...]),
            most: mostKept
        )
        var outcome = Outcome(end: watch.wait(seconds), isCut: watch.isCut)
        outcome.output = watch.texts[0]
        if !joinsStreams { outcome.error = watch.texts[1] }
        return outcome
    }

    private func start(_ process: inout pid_t, _ pipes: [ChildPipe]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0].reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[1].writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, (pipes.last ?? pipes[1]).writing, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process ignores, its children would ignore as well.
        var (ordinary, none) = (sigset_t(), sigset_t())
        sigemptyset(&ordinary)
        sigemptyset(&none)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&ordinary, number) }
        posix_spawnattr_setsigdefault(&attributes, &ordinary)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        return posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
    }

    /// One that runs: hands it its input, keeps the last of its output, and sees to its end.
    private struct Watch {
        let process: pid_t
        var input: ArraySlice<UInt8>
        let toIt: ChildPipe
        let fromIt: [ChildPipe]
        let most: Int
        private(set) var texts: [[UInt8]]
        private(set) var isCut = false
        /// Milliseconds that nothing is waited for: longer and longer while nothing happens.
        private var pause: Int32 = 1

        init(process: pid_t, input: ArraySlice<UInt8>, toIt: ChildPipe, fromIt: [ChildPipe], most: Int) {
            (self.process, self.input, self.toIt, self.fromIt, self.most) = (process, input, toIt, fromIt, most)
            texts = fromIt.map { _ in [] }
            for descriptor in [toIt.writing] + fromIt.map(\.reading) {
                _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            }
        }

        /// Waits for its end, at most so many seconds; then it and what it started are ended.
        mutating func wait(_ limit: Double) -> End {
            if let end = watch(limit) { return end }
            kill(-process, SIGTERM)
            let isOver = watch(grace) != nil
            // What it started may have stayed.
            kill(-process, SIGKILL)
            if !isOver { _ = watch(grace) }
            return .ranOutOfTime
        }

        private mutating func watch(_ limit: Double) -> End? {
            let deadline = ContinuousClock.now + .seconds(limit)
            while true {
                exchange()
                if let end = ended() {
                    var rest = mostBehind
                    for place in fromIt.indices {
                        while rest > 0, case let count = read(place), count > 0 { rest -= count }
                    }
                    return end
                }
                if ContinuousClock.now >= deadline { return nil }
            }
        }

        private func ended() -> End? {
            var status: Int32 = 0
            guard waitpid(process, &status, WNOHANG) == process else { return nil }
            let signal = status & 0x7F
            return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
        }

        /// Writes and reads what can be, or waits a little.
        private mutating func exchange() {
            if input.isEmpty { toIt.closeWriting() }
            // A negative descriptor is one that is not looked at.
            var ends = [pollfd(fd: toIt.writing, events: Int16(POLLOUT), revents: 0)]
            ends += fromIt.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
            guard poll(&ends, nfds_t(ends.count), pause) > 0 else {
                pause = min(pause + 1, longestPause)
                return
            }
            pause = 1
            if ends[0].revents != 0 { write() }
            for place in fromIt.indices where ends[place + 1].revents != 0 {
                if read(place) == 0 { fromIt[place].closeReading() }
            }
        }

        private mutating func write() {
            let count = input.withUnsafeBytes { Foundation.write(toIt.writing, $0.baseAddress, $0.count) }
            if count > 0 {
                input = input.dropFirst(count)
            } else if errno != EAGAIN, errno != EINTR {
                // It does not want to know.
                input = []
            }
        }

        /// - Returns: How many bytes came; 0 at the end, and -1 where none are there.
        private mutating func read(_ place: Int) -> Int {
            guard fromIt[place].reading >= 0 else { return -1 }
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            let count = Foundation.read(fromIt[place].reading, &bytes, bytes.count)
            guard count > 0 else { return count }
            texts[place] += bytes[..<count]
            if texts[place].count > most {
                texts[place].removeFirst(texts[place].count - most)
                isCut = true
            }
            return count
        }
    }
}

/// Two ends of a pipe, closed at the latest when nobody has it any more.
private final class ChildPipe {
    private(set) var reading: Int32 = -1
    private(set) var writing: Int32 = -1

    /// Makes a pipe whose ends no program inherits, neither of them in the place of a standard stream; nil where there is none
    /// to be had, with the reason in `errno`.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 3)
        writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 3)
        let failure = errno
        close(ends[0])
        close(ends[1])
        guard reading >= 0, writing >= 0 else {
            errno = failure
            return nil
        }
    }

    func closeReading() { Self.shut(&reading) }
    func closeWriting() { Self.shut(&writing) }

    private static func shut(_ descriptor: inout Int32) {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    deinit {
        closeReading()
        closeWriting()
    }
}
