import Foundation
import TestSupport
import Testing

@testable import Evidence

/// Programs that are started: what they get, and what becomes of those that misbehave.
@Suite struct ChildProcessTests {
    /// As the tool does when it begins.
    init() { signal(SIGPIPE, SIG_IGN) }

    private func run(
        _ script: String,
        limit: Double = 20,
        input: String = "{}\n",
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        joined: Bool = true
    ) -> ChildProcess.Outcome {
        ChildProcess(["sh", "-c", script], environment: environment, joinsStreams: joined, mostKept: 16 << 10)
            .run(Array(input.utf8), within: limit)
    }

    private func text(_ outcome: ChildProcess.Outcome) -> String { String(decoding: outcome.output, as: UTF8.self) }

    @Test func readsItsInputAndNoToken() {
        let outcome = run(
            "cat; echo token=$CLOUDHEED_TOKEN other=$OTHER",
            input: "{\"a\":1}\n",
            environment: ["PATH": "/usr/bin:/bin", "CLOUDHEED_TOKEN": "ch_secret", "OTHER": "x"]
        )
        #expect(outcome.end == .exited(0) && text(outcome) == "{\"a\":1}\ntoken= other=x\n")
    }

    @Test func inheritsNoDescriptor() throws {
        // As a file would be that this process was itself started with.
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let outcome = ChildProcess(["ls", "/proc/self/fd"]).run([], within: 20)
        // The last is the folder that is listed.
        #expect(text(outcome) == "0\n1\n2\n3\n")
    }

    @Test func failuresAreTold() {
        #expect(run("exit 7").end == .exited(7))
        #expect(run("kill -9 $$").end == .killed(9))
        #expect(ChildProcess(["/no/such/program"]).run([], within: 1).end == .notStarted(ENOENT))
        // Signals that this process ignores are not ignored there.
        #expect(run("kill -PIPE $$").end == .killed(13))
    }

    @Test func aMegabyteIsKeptWithinBounds() {
        let outcome = run("head -c 1000000 /dev/zero | tr '\\0' x; echo end; exit 1")
        #expect(outcome.end == .exited(1) && outcome.isCut && outcome.output.count == 16 << 10)
        #expect(text(outcome).hasSuffix("xend\n"))
    }

    @Test func streamsAreKeptApartOrJoined() {
        let apart = run("echo out; head -c 100000 /dev/zero >&2; echo err >&2", joined: false)
        #expect(apart.end == .exited(0) && text(apart) == "out\n" && apart.error.suffix(4) == Array("err\n".utf8)[...])
        #expect(text(run("echo out; echo err >&2")) == "out\nerr\n")
    }

    @Test func oneThatClosesItsStreamsIsWaitedFor() {
        for joined in [true, false] {
            let outcome = run("exec 0<&- 1>&- 2>&-; sleep 0.3; exit 4", input: "", joined: joined)
            #expect(outcome.end == .exited(4))
        }
    }

    @Test func inputThatNobodyReadsHoldsNobodyUp() {
        let input = String(repeating: "x", count: 4 << 20)
        #expect(run("exit 0", input: input).end == .exited(0))
        #expect(run("exec 0<&-; sleep 0.2; exit 3", input: input).end == .exited(3))
        #expect(run("sleep 0.2", input: input).end == .exited(0))
        #expect(text(run("wc -c", input: input)) == "\(4 << 20)\n")
    }

    @Test func whatHangsIsEndedWithAllItStarted() throws {
        try withTemporaryFolder { folder in
            let outcome = run("trap '' TERM; sleep 300 & echo $! > \(folder)/child; sleep 300", limit: 0.5)
            #expect(outcome.end == .ranOutOfTime)
            let text = try String(contentsOfFile: folder + "/child", encoding: .utf8)
            let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            let deadline = Date().addingTimeInterval(10)
            while isRunning(child), Date() < deadline { usleep(20_000) }
            #expect(!isRunning(child))
        }
    }

    /// Whether a process runs; one that nobody has taken note of since it ended does not.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !text.contains(") Z ")
    }

    @Test func aChildThatStaysHoldsNobodyUp() throws {
        try withTemporaryFolder { folder in
            let outcome = run("(while :; do echo y; done) & echo $! > \(folder)/child; echo done", limit: 20)
            #expect(outcome.end == .exited(0))
            let text = try String(contentsOfFile: folder + "/child", encoding: .utf8)
            kill(try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
        }
    }
}
