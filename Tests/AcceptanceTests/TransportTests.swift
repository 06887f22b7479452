import Foundation
import TestSupport
import Testing

/// What answers say in place of what was asked for, told at once, in plain words, with the status of the contract.
@Suite struct TransportTests {
    /// One line of 200 KB; many that are short.
    @Test(arguments: [("200000", "1", "100 KiB"), ("60000", "6", "256 KiB")])
    func headersWithoutMeasureAreToldFromShortMemory(_ bytes: String, _ lines: String, _ bound: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["headers", bytes, lines], in: folder)
                let (result, seconds) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 65 && seconds < 5, "\(result.error)")
                #expect(result.error.contains("its headers are larger than \(bound)"), "\(result.error)")
            }
        }
    }

    @Test(arguments: [("settings", "settings"), ("audit-log", "audit log")])
    func doctorSaysWhatTheScopesRefuseAlone(_ path: String, _ name: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["refuse", path], in: folder)
                let result = try Tool.run(
                    ["doctor", "--base-url", "http://127.0.0.1:\(server.port)"],
                    in: folder,
                    environment: ["CLOUDHEED_TOKEN": "ch_live_test"]
                )
                let problems = result.lines.filter { $0.hasPrefix("problem ") }
                #expect(result.status == 77 && problems.count == 1, "\(result)")
                #expect(problems.allSatisfy { $0.contains(" \(name): ") && $0.contains("org:read") }, "\(problems)")
                #expect(result.output.contains("ok       service: ") && !result.output.contains("ok       scope"))
            }
        }
    }

    /// The answer `{"id":"org-1"}`, packed as servers pack it.
    @Test(arguments: [
        ("gzip", "1f8b0800000000000203ab56ca4c51b252ca2f4ad73554aa050006c82d570e000000"),
        ("x-gzip", "1f8b0800000000000203ab56ca4c51b252ca2f4ad73554aa050006c82d570e000000"),
        // Two members; zeros behind.
        (
            "gzip",
            "1f8b0800000000000203ab56ca4c5102009e5eecd1050000001f8b0800000000000203b352ca2f4ad73554aa0500b7b3b40809000000"
        ),
        ("GZip", "1f8b0800000000000203ab56ca4c51b252ca2f4ad73554aa050006c82d570e00000000000000"),
        ("deflate", "789cab56ca4c51b252ca2f4ad73554aa05001fe8042e"), ("deflate", "ab56ca4c51b252ca2f4ad73554aa0500"),
        ("identity", "7b226964223a226f72672d31227d"),
    ]) func packedAnswersAreRead(_ coding: String, _ body: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(
                    ["answer", "200", #"{"Content-Encoding":"\#(coding)"}"#, body],
                    in: folder
                )
                let (result, _) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 0 && result.output.contains("org-1"), "\(result.error)")
            }
        }
    }

    @Test func aCodingThatWasNotAskedForIsNamed() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["answer", "200", #"{"Content-Encoding":"br"}"#, "00"], in: folder)
                let (result, _) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 65 && result.error.contains("'br'"), "\(result.error)")
            }
        }
    }

    private static func hex(_ text: String) -> String { text.utf8.map { String(format: "%02x", $0) }.joined() }

    private static func error(_ code: String, _ message: String = "words") -> String {
        #"{"error":{"code":"\#(code)","message":"\#(message)"},"meta":{"request_id":"req-1"}}"#
    }

    /// What no repetition mends is said at once, each in its own words.
    @Test(arguments: [
        (401, error("invalid_token"), 77, "make a new API key"), (402, error("payment_required"), 65, "payment"),
        (403, error("insufficient_permissions"), 77, "needs the scope org:read"),
        (403, "<html><body>Blocked</body></html>", 69, "it is not the token"),
        (404, error("not_found"), 65, "base URL"),
        (422, error("validation_error"), 65, "words"), (301, "", 65, "redirects"), (418, "", 65, "418"),
        (511, "<html>log in</html>", 69, "captive portal"),
        (200, error("internal", "boom"), 65, "says 200 and an error in it: internal: boom"),
        (409, error("conflict"), 65, "somebody else"), (410, "", 65, "newer heedaudit"), (405, "", 65, "proxy"),
    ]) func refusalsAreSaidAtOnce(_ status: Int, _ body: String, _ expected: Int32, _ words: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["answer", "\(status)", "{}", Self.hex(body)], in: folder)
                let (result, seconds) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == expected && seconds < 5, "\(result.error)")
                #expect(result.error.contains(words), "\(result.error)")
                #expect(!result.error.contains("plan does not include"))
                #expect(result.error.contains("hint: "), "\(result.error)")
            }
        }
    }

    /// What passes is tried again, and not before the service wants it.
    @Test(arguments: [(408, "{}", 0.0), (425, "{}", 0), (503, #"{"Retry-After":"3"}"#, 2.5), (500, "{}", 0)])
    func whatPassesIsTriedAgain(_ status: Int, _ headers: String, _ least: Double) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["answer", "\(status)", headers, "", "1"], in: folder)
                let (result, seconds) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 0 && result.output.contains("Acme"), "\(result.error)")
                #expect(seconds >= least && seconds < least + 6)
            }
        }
    }

    @Test func aServiceThatWantsToBeLeftAloneForLongIsLeftAlone() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["answer", "503", #"{"Retry-After":"86400"}"#, ""], in: folder)
                let (result, seconds) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 75 && seconds < 10, "\(result.error)")
                let asked = result.error.contains("the service asks to wait until ")
                #expect(asked && !result.error.contains("allowance"), "\(result.error)")
            }
        }
    }

    @Test func theTokenIsBlankedWhereverItComesBack() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let long = String(repeating: "x", count: 595) + "ch_live_test"
                for (headers, body) in [
                    (#"{"X-Request-Id":"ch_live_test"}"#, ""), ("{}", Self.error("ch_live_test", long)),
                    ("{}", #"{"error":{"message":"m"},"meta":{"request_id":"\#(long)"}}"#),
                    (#"{"X-Request-Id":"\#(String(repeating: "y", count: 96))ch_live_test"}"#, ""),
                ] {
                    let server = try NetworkServer(["answer", "422", headers, Self.hex(body)], in: folder)
                    let (result, _) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder)
                    #expect(result.status == 65 && !result.error.contains("ch_l"), "\(result.error)")
                }
                let named = #"{"id":"ch_live_test","name":"\#u{9B}31m\#u{202E}x"}"#
                let server = try NetworkServer(["answer", "200", "{}", Self.hex(named)], in: folder)
                for arguments in [[], ["--json"]] {
                    let (result, _) = try NetworkServer.show("http://127.0.0.1:\(server.port)", in: folder, arguments)
                    #expect(result.status == 0 && !result.output.contains("ch_live"), "\(result.output)")
                    #expect(!result.output.unicodeScalars.contains { [0x9B, 0x202E].contains($0.value) })
                }
            }
        }
    }
}
