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

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - arguments: What follows the program's name.
    ///   - input: What it reads on standard input.
    ///   - seconds: After how many it is ended.
    /// - Returns: What it said.
    /// - Throws: `EvidenceError`: `.unsupported` where it is not installed, `.cannotWrite` where it does not end.
    static func run(
        _ arguments: [String],
        input: [UInt8] = [],
        within seconds: Double = patience
    ) throws -> Answer {
        let outcome = ChildProcess(["ssh-keygen"] + arguments, environment: environment).run(input, within: seconds)
        // Some complaints stand in a frame.
        let complaint = String(decoding: outcome.error, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("@") }
        func answer(_ status: Int32) -> Answer {
            Answer(status: status, output: outcome.output, error: complaint.joined(separator: "; "))
        }
        switch outcome.end {
        case .exited(let status): return answer(status)
        // What a signal ended has no status of its own.
        case .killed(let signal): return answer(128 + signal)
        case .ranOutOfTime:
            throw EvidenceError(
                .cannotWrite,
                "ssh-keygen did not end within \(Int(seconds)) seconds and was stopped",
                hint: "does the key wait to be touched, or its agent for a word? run it again, or leave signing_key out"
            )
        case .notStarted(let reason):
            throw EvidenceError(
                .unsupported,
                "can't run ssh-keygen: \(String(cString: strerror(reason)))",
                hint: "signatures need it: apt install openssh-client"
            )
        }
    }

    /// The environment in which who would be asked for a passphrase answers nothing.
    private static var environment: [String: String] {
        let silent = ["SSH_ASKPASS": "/bin/false", "SSH_ASKPASS_REQUIRE": "force", "LC_ALL": "C"]
        return ProcessInfo.processInfo.environment.merging(silent) { _, new in new }
    }
}
