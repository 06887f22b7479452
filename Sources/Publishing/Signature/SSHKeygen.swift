import Evidence
import Foundation

/// Runs `ssh-keygen`, which makes and checks signatures: never through a shell, never asking anybody, never for long.
enum SSHKeygen {
    /// What it said.
    struct Answer: Sendable {
        var status: Int32
        var output: [UInt8]
        /// Its complaint, on one line.
        var error: String
    }

    /// The namespace of our signatures: one that was made for something else is none of ours.
    static let namespace = "heedaudit"

    /// Seconds that a signature may take: somebody may have to touch a key.
    private static let patience = 60.0
    /// The most bytes of an answer that are kept.
    private static let mostBytes = 1 << 16

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - arguments: What follows the program's name.
    ///   - input: The file that it reads on standard input.
    ///   - seconds: After how many it is killed.
    /// - Returns: What it said.
    /// - Throws: `EvidenceError`: `.unsupported` where it is not installed, `.cannotWrite` where it does not end.
    static func run(
        _ arguments: [String],
        input: String = "/dev/null",
        within seconds: Double = patience
    ) throws -> Answer {
        var (output, error): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&output) == 0, pipe(&error) == 0 else {
            (output + error).filter { $0 >= 0 }.forEach { close($0) }
            throw EvidenceError(.locked, "can't make a pipe: \(String(cString: strerror(errno)))")
        }
        defer { [output[0], error[0]].forEach { close($0) } }
        for descriptor in output + error { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let started = start(arguments, input: input, output: output[1], error: error[1])
        [output[1], error[1]].forEach { close($0) }
        switch started {
        case .success(let process):
            let deadline = ContinuousClock.now + .seconds(seconds)
            let texts = collect([output[0], error[0]], until: deadline)
            guard let status = end(of: process, by: deadline) else {
                throw EvidenceError(
                    .cannotWrite,
                    "ssh-keygen did not end within \(Int(seconds)) seconds and was stopped",
                    hint:
                        "does the key wait to be touched, or its agent for a word? run it again, or leave signing_key out"
                )
            }
            // Some complaints stand in a frame.
            let complaint = String(decoding: texts[1], as: UTF8.self).split(whereSeparator: \.isNewline)
                .filter { !$0.hasPrefix("@") }
            return Answer(status: status, output: texts[0], error: complaint.joined(separator: "; "))
        case .failure(let reason):
            throw EvidenceError(
                .unsupported,
                "can't run ssh-keygen: \(String(cString: strerror(reason.number)))",
                hint: "signatures need it: apt install openssh-client"
            )
        }
    }

    private struct Reason: Error { var number: Int32 }

    private static func start(
        _ arguments: [String],
        input: String,
        output: Int32,
        error: Int32
    ) -> Result<pid_t, Reason> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        let typed = (["ssh-keygen"] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { (typed + variables).forEach { free($0) } }
        var process: pid_t = 0
        let reason = posix_spawnp(&process, "ssh-keygen", &actions, nil, typed, variables)
        return reason == 0 ? .success(process) : .failure(Reason(number: reason))
    }

    /// The environment without the token; who would be asked for a passphrase answers nothing.
    private static var environment: [String] {
        var variables = SecretVariables.without()
        variables["SSH_ASKPASS"] = "/bin/false"
        variables["SSH_ASKPASS_REQUIRE"] = "force"
        variables["LC_ALL"] = "C"
        return variables.map { "\($0.key)=\($0.value)" }
    }

    /// Reads both streams to their ends, side by side, or until time is up.
    private static func collect(_ streams: [Int32], until deadline: ContinuousClock.Instant) -> [[UInt8]] {
        var texts: [[UInt8]] = streams.map { _ in [] }
        var waited = streams.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var piece = [UInt8](repeating: 0, count: 4096)
        while waited.contains(where: { $0.fd >= 0 }) {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { break }
            guard poll(&waited, nfds_t(waited.count), Int32(left) + 1) >= 0 || errno == EINTR else { break }
            for index in waited.indices where waited[index].fd >= 0 && waited[index].revents != 0 {
                let count = read(waited[index].fd, &piece, piece.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { waited[index].fd = -1 }
                if count > 0, texts[index].count < mostBytes { texts[index] += piece[..<count] }
            }
        }
        return texts
    }

    /// The status of a process that ends in time; nil for one that did not, and is no more.
    private static func end(of process: pid_t, by deadline: ContinuousClock.Instant) -> Int32? {
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            // What a signal ended has no status of its own.
            if ended == process { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
            if ended < 0, errno != EINTR { return 255 }
            guard ContinuousClock.now < deadline else { break }
            usleep(2_000)
        }
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return nil
    }
}
