import Foundation
import TestSupport
import Testing

/// A pull killed at any moment and run again archives what a calm pull archives.
@Suite struct KilledPullTests {
    @Test func killedPullContinuesToTheSameContent() throws {
        try withTemporaryFolder { folder in
            let log = ["--generate", "3000", "--seed", "11", "--unlimited", "--latency", "5ms"]
            let sandbox = try SandboxProcess(log, in: folder)
            let calm = try sandbox.run(["pull", "--archive", "calm"], in: folder)
            #expect(calm.status == 0, "\(calm.error)")

            var (kills, random) = (0, SplitMix(state: testSeed(11)))
            for round in 0..<12 {
                let running = try RunningCommand(
                    Tool.path,
                    ["pull", "--archive", "killed"] + sandbox.flags,
                    environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
                    in: folder
                )
                let moment = Double.random(in: 0.02...(0.06 + 0.03 * Double(round)), using: &random)
                Thread.sleep(forTimeInterval: moment)
                running.send(SIGKILL)
                if running.wait().status == 128 + SIGKILL { kills += 1 }
            }
            #expect(kills > 0)
            let last = try sandbox.run(["pull", "--archive", "killed"], in: folder)
            #expect(last.status == 0, "\(last.error)")
            #expect(try content(of: folder + "/calm") == content(of: folder + "/killed"))
            let verified = try Tool.run(["verify", "--archive", "killed"], in: folder)
            #expect(verified.status == 0, "\(verified.error)")
        }
    }

    @Test func interruptedPullSaysSoAndEndsWith75() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(
                ["--generate", "3000", "--unlimited", "--latency", "100ms"],
                in: folder
            )
            let running = try RunningCommand(
                Tool.path,
                ["pull"] + sandbox.flags,
                environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
                in: folder
            )
            Thread.sleep(forTimeInterval: 0.6)
            running.send(SIGTERM)
            let ended = running.wait(killAfter: 10)
            #expect(ended.status == 75)
            #expect(ended.error.contains("interrupted"))
        }
    }

    /// The archived events, whatever segments they stand in.
    private func content(of archive: String) throws -> [String] {
        let result = try runCommand(
            "sh",
            [
                "-c",
                "cat \(archive)/*/events/*.ndjson | LC_ALL=C sort | sha256sum; cat \(archive)/*/events/*.ndjson | wc -l",
            ]
        )
        return result.lines
    }
}
