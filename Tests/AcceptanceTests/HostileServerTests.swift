import Foundation
import TestSupport
import Testing

/// Servers that misbehave: the archive holds exactly what the server ever showed, and "complete" is said only when the
/// archive holds the whole log.
@Suite struct HostileServerTests {
    struct Server: Sendable, CustomTestStringConvertible {
        var flags: [String]
        /// Whether the pull must come out complete; nil where either is right.
        var complete: Bool?
        var testDescription: String { flags.joined(separator: " ") }

        init(_ flags: String, complete: Bool? = true) {
            self.flags = flags.split(separator: " ").map(String.init)
            self.complete = complete
        }
    }

    static let servers: [Server] = [
        // Orders, envelopes and page sizes.
        Server("--order newest"), Server("--order oldest"), Server("--order shuffled"),
        Server("--envelope wrapped"), Server("--envelope named --order oldest"),
        Server("--generate 400 --fault end=404"), Server("--generate 400 --fault end=204 --order oldest"),
        Server("--generate 400 --fault end=null"), Server("--envelope bare --fault end=404", complete: false),
        Server("--fault refuse=422@3", complete: false), Server("--fault refuse=404@3 --order oldest", complete: false),
        Server("--envelope full"), Server("--envelope data"), Server("--envelope bare", complete: false),
        Server("--order oldest --envelope bare", complete: false),
        Server("--ignore-per-page --largest-page 20"), Server("--largest-page 1 --generate 37"),
        Server("--largest-page 7"), Server("--largest-page 99 --order oldest"), Server("--ignore-per-page"),
        Server("--generate 0"), Server("--generate 1"), Server("--generate 100"),
        Server("--generate 101 --order oldest"),
        // Each fault alone.
        Server("--fault 429@4"), Server("--fault 429-date@4"), Server("--fault 429-reset@4"),
        Server("--fault 429-silent@4"), Server("--fault 500@3x3"), Server("--fault 503@4x2"), Server("--fault reset@5"),
        Server("--fault truncate@3"), Server("--fault malformed@4"), Server("--fault html@3x2"),
        Server("--fault empty@1x2"), Server("--fault slow@4=1"), Server("--fault duplicates@3x4"),
        Server("--fault duplicates:1"), Server("--fault repeat-last"),
        // Totals that lie.
        Server("--fault total=5", complete: false), Server("--fault total=-5", complete: false),
        Server("--fault total=100", complete: false), Server("--fault total=-100", complete: false),
        Server("--fault total=-55 --order oldest", complete: false),
        Server("--fault swing=5000", complete: false), Server("--fault swing=5000 --order oldest", complete: false),
        Server("--fault dice=5000", complete: false), Server("--fault dice=5000 --order oldest", complete: false),
        Server("--fault total=1000000", complete: false),
        Server("--fault total=1000000 --order oldest", complete: false),
        Server("--fault total=9223372036854775000 --order oldest", complete: false),
        // Clocks, odd elements and odd times.
        Server("--fault date=3600"), Server("--fault date=-86400"), Server("--fault date=none"),
        Server("--fault date=garbled"), Server("--fault odd=9"), Server("--fault odd=9 --order oldest"),
        Server("--fault odd-times=5"), Server("--fault disorder=5"), Server("--fault disorder=5 --order oldest"),
        // Served, and gone when the pull ends: named, and not called the whole of what was served.
        Server("--fault withdraw=50@3", complete: false),
        // A log that moves while it is read.
        Server("--fault drift=1"), Server("--fault drift=20"), Server("--fault drift=1 --order oldest"),
        Server("--fault drift=60x4"), Server("--fault drift=300", complete: nil),
        Server("--fault expire=1x2"), Server("--fault expire=1", complete: nil),
        Server("--fault expire=3x2 --order oldest"), Server("--fault drift=2x3 --fault expire=2x3"),
        Server("--fault vanish=1x2", complete: nil), Server("--fault vanish=3x3 --order oldest", complete: nil),
        // Pairs.
        Server("--fault 500:0.15 --fault drift=3"), Server("--fault reset:0.1 --fault duplicates:0.3"),
        Server("--fault 429:0.1=1 --fault truncate:0.1"), Server("--fault repeat-last --fault drift=2"),
        Server("--order oldest --fault drift=5 --fault 500:0.1"),
        Server("--order shuffled --fault duplicates:0.5 --fault 500@3"),
        Server("--envelope data --largest-page 50 --fault html:0.1"),
    ]

    @Test(arguments: servers) func archiveHoldsWhatTheServerShowed(server: Server) async throws {
        #expect(try await aside { try Self.faults(of: server) } == [])
    }

    /// What is wrong with a pull from a server, in words.
    private static func faults(of server: Server) throws -> [String] {
        try withTemporaryFolder { folder in
            var faults: [String] = []
            let generated = server.flags.contains("--generate") ? [] : ["--generate", "450"]
            let sandbox = try SandboxProcess(generated + ["--unlimited"] + server.flags, in: folder)
            let pull = try sandbox.run(["pull"], in: folder)
            guard pull.status == 0 else { return ["status \(pull.status): \(pull.error)"] }
            let entry = try Archived.lastEntry(in: folder + "/archive")
            if try Archived.everything(in: folder + "/archive") != sandbox.lines("shown") {
                faults.append("the archive does not hold what the server showed")
            }
            let isComplete = entry["complete"] as? Bool == true
            if let expected = server.complete, isComplete != expected { faults.append("complete: \(entry)") }
            if isComplete {
                let held = Set(try Archived.everything(in: folder + "/archive"))
                // Drift goes on behind the last answer: what came then is no gap.
                let drifts = server.flags.contains { $0.hasPrefix("drift") }
                // What was served and is no more is named.
                let named = (entry["anomalies"] as? [[String: Any]] ?? []).count { $0["kind"] as? String == "expired" }
                if !drifts, entry["unique"] as? Int != (entry["total_at_end"] as? Int ?? 0) + named {
                    faults.append("sums: \(entry)")
                }
                if !drifts, try !held.isSuperset(of: sandbox.lines("log")) { faults.append("complete, and it is not") }
            } else if (entry["incomplete_because"] as? [String])?.isEmpty != false
                || !pull.error.contains("not complete")
            {
                faults.append("incomplete without a reason: \(entry)")
            }
            let verified = try Tool.run(["verify"], in: folder)
            if verified.status != 0 { faults.append("verify: \(verified.error)") }
            // Whatever happened in the first pull, a second one against the same server is no worse.
            let again = try sandbox.run(["pull"], in: folder)
            if again.status != 0 { faults.append("second pull, status \(again.status): \(again.error)") }
            if try !Set(Archived.everything(in: folder + "/archive")).isSuperset(of: sandbox.lines("shown")) {
                faults.append("the archive does not hold what the server showed later")
            }
            return faults
        }
    }

    /// Answers that no patience helps: the right status, a message, nothing archived.
    @Test(arguments: [
        ("--fault 500:1", 69), ("--fault shapeless@3x9", 65),
        ("--fault redirect@3", 65), ("--fault huge@3=80", 65), ("--fault bomb@3x9=200", 65),
        ("--fault echo-token@3", 65),
        ("--fault drip@3x50", 69), ("--per-day 4", 75), ("--fault 429@3=100000", 75), ("--fault 429-date@3=100000", 75),
    ]) func hopelessServerEndsWithItsStatus(flags: String, status: Int32) async throws {
        #expect(try await aside { try Self.faults(ofHopeless: flags, status) } == [])
    }

    private static func faults(ofHopeless flags: String, _ status: Int32) throws -> [String] {
        try withTemporaryFolder { folder in
            var faults: [String] = []
            let sandbox = try SandboxProcess(
                ["--generate", "450", "--per-minute", "1000"] + flags.split(separator: " ").map(String.init),
                in: folder
            )
            // Large answers need their time in a debug build; a slow one is to be given up soon.
            try "request_timeout: \(flags.contains("drip") ? 2 : 60)s\nconnections: 1\n".write(
                toFile: folder + "/heedaudit.yaml",
                atomically: true,
                encoding: .utf8
            )
            let started = Date()
            let pull = try sandbox.run(["pull"], in: folder)
            if pull.status != status || pull.error.isEmpty { faults.append("status \(pull.status): \(pull.error)") }
            if (pull.output + pull.error).contains(SandboxProcess.token) { faults.append("the token is shown") }
            if Date().timeIntervalSince(started) > 180 { faults.append("it took more than three minutes") }
            if try !Archived.lines(in: folder + "/archive").isEmpty { faults.append("something was archived") }
            return faults
        }
    }
}
