import CBytes
import Evidence
import Foundation

/// A command that the configuration names, started with something on its standard input, watched for a limited time.
///
/// It is started as it is written, by no shell; with no descriptor of ours but its three streams; without the token; and in a
/// process group of its own, which ends as a whole where the time is over.
struct Hook: Sendable {
    /// How it ended.
    enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(Int32)
        case ranOutOfTime
        case notStarted(String)
    }

    /// How it ended, and the last of what it printed.
    struct Outcome: Sendable {
        var end: End
        /// At most ``Hook/mostKept`` bytes.
        var output: [UInt8]
        /// Whether it printed more.
        var isCut: Bool

        /// The last lines of what it printed.
        func lastLines(_ count: Int) -> [String] {
            let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(count)
            return lines.map { line in
                let text = TerminalText.clean(String(line.prefix(Hook.longestLine + 1)))
                return text.count > Hook.longestLine ? text.prefix(Hook.longestLine) + "…" : text
            }
        }
    }

    /// Bytes of its output that are kept, the last ones.
    static let mostKept = 16 << 10
    /// Characters of a line that are shown.
    static let longestLine = 200

    /// The program, looked for in `PATH`, and its arguments; not empty.
    let words: [String]
    /// How long it may take, in seconds.
    let limit: Double

    /// Starts it, and waits for its end.
    ///
    /// - Parameters:
    ///   - input: What it can read.
    ///   - environment: Its variables, before the token is taken out.
    /// - Returns: How it ended, and what it printed.
    func run(_ input: [UInt8], environment: [String: String] = ProcessInfo.processInfo.environment) -> Outcome {
        guard let toIt = HookPipe(), let fromIt = HookPipe() else {
            return Outcome(end: .notStarted(String(cString: strerror(errno))), output: [], isCut: false)
        }
        heed_keep_descriptors()
        var process: pid_t = 0
        let failure = start(&process, toIt, fromIt, SecretVariables.without(environment))
        toIt.closeReading()
        fromIt.closeWriting()
        guard failure == 0 else {
            return Outcome(end: .notStarted(String(cString: strerror(failure))), output: [], isCut: false)
        }
        var watch = HookWatch(process: process, input: input, toIt: toIt, fromIt: fromIt)
        let end = watch.wait(limit)
        return Outcome(end: end, output: watch.output, isCut: watch.isCut)
    }

    private func start(
        _ process: inout pid_t,
        _ toIt: HookPipe,
        _ fromIt: HookPipe,
        _ environment: [String: String]
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toIt.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromIt.writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromIt.writing, STDERR_FILENO)
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
}

/// Two ends of a pipe, closed at the latest when nobody has it any more.
final class HookPipe {
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
