import Analysis
import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// Commands that the configuration names: what they get, and what becomes of those that misbehave.
@Suite struct HookTests {
    /// As the tool does when it begins.
    init() { signal(SIGPIPE, SIG_IGN) }

    private func run(
        _ script: String,
        limit: Double = 20,
        input: String = "{}\n",
        environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) -> Hook.Outcome {
        Hook(words: ["sh", "-c", script], limit: limit).run(Array(input.utf8), environment: environment)
    }

    @Test func readsItsInputAndNoToken() {
        let outcome = run(
            "cat; echo token=$CLOUDHEED_TOKEN other=$OTHER",
            input: "{\"a\":1}\n",
            environment: ["PATH": "/usr/bin:/bin", "CLOUDHEED_TOKEN": "ch_secret", "OTHER": "x"]
        )
        #expect(outcome.end == .exited(0) && outcome.lastLines(9) == ["{\"a\":1}", "token= other=x"])
    }

    @Test func inheritsNoDescriptor() throws {
        // As a file would be that this process was itself started with.
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let outcome = Hook(words: ["ls", "/proc/self/fd"], limit: 20).run([], environment: ["PATH": "/usr/bin:/bin"])
        // The last is the folder that is listed.
        #expect(outcome.lastLines(99) == ["0", "1", "2", "3"])
    }

    @Test func failuresAreTold() {
        #expect(run("exit 7").end == .exited(7))
        #expect(run("kill -9 $$").end == .killed(9))
        let missing = Hook(words: ["/no/such/program"], limit: 1).run([])
        guard case .notStarted = missing.end else { return #expect(Bool(false), "\(missing.end)") }
        // Signals that this process ignores are not ignored there.
        #expect(run("kill -PIPE $$").end == .killed(13))
    }

    @Test func aMegabyteIsKeptWithinBounds() {
        let outcome = run("head -c 1000000 /dev/zero | tr '\\0' x; echo; printf 'bad\\033[31m\\n'; exit 1")
        #expect(outcome.end == .exited(1) && outcome.isCut && outcome.output.count <= Hook.mostKept)
        let lines = outcome.lastLines(5)
        #expect(lines.count == 2 && lines[0].count == Hook.longestLine + 1 && lines[1] == "bad [31m", "\(lines)")
    }

    @Test func inputThatNobodyReadsHoldsNobodyUp() {
        let input = String(repeating: "x", count: 4 << 20)
        #expect(run("exit 0", input: input).end == .exited(0))
        #expect(run("exec 0<&-; sleep 0.2; exit 3", input: input).end == .exited(3))
        #expect(run("sleep 0.2", input: input).end == .exited(0))
        #expect(run("wc -c", input: input).lastLines(1) == ["\(4 << 20)"])
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

/// Who is told of runs, as the settings name them.
@Suite struct TellingSettingsTests {
    private func read(_ text: String, _ environment: [String: String] = [:]) throws -> (
        TellingSettings, ConfigurationMistakes
    ) {
        var mistakes = ConfigurationMistakes()
        let file = try ConfigurationFile(path: "c.yaml", text: text)
        let telling = TellingSettings(SettingReader(flags: [:], environment: environment, file: file), &mistakes)
        return (telling, mistakes)
    }

    @Test func commandsAreListsOfWordsOrOneText() throws {
        let text = """
            on_success: [tell, "two words", "a,b"]
            on_error: page  --loud me
            on_finding: [~/bin/tell]
            notify_from: low
            hook_timeout: 5s
            metrics_file: ~/m.prom
            """
        let (telling, mistakes) = try read(text, ["HOME": "/home/me"])
        #expect(mistakes.all.isEmpty)
        #expect(telling.hooks[.onSuccess] == ["tell", "two words", "a,b"])
        #expect(telling.hooks[.onError] == ["page", "--loud", "me"])
        #expect(telling.hooks[.onFinding] == ["/home/me/bin/tell"] && telling.metricsFile == "/home/me/m.prom")
        #expect(telling.notifyFrom == .low && telling.hookTimeout == .seconds(5))
        let (other, _) = try read(text, ["HEEDAUDIT_ON_SUCCESS": "other a,b"])
        #expect(other.hooks[.onSuccess] == ["other", "a,b"])
    }

    @Test func whatNamesNoProgramIsRefused() throws {
        for text in ["on_error: []", "on_error: ''", "on_error: [[a]]", "hook_timeout: 0s", "notify_from: loud"] {
            let (telling, mistakes) = try read(text)
            #expect(mistakes.all.count == 1, "\(text)")
            #expect(telling.hooks.isEmpty)
        }
    }
}
