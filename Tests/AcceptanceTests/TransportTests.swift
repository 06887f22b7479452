import Foundation
import TestSupport
import Testing

/// What goes wrong between this machine and the service, told at once, in plain words, with the status of the contract.
@Suite struct TransportTests {
    /// A server of `Servers/network.py`.
    private final class Server {
        private let process: RunningCommand
        let port: String

        init(_ arguments: [String], in folder: String) throws {
            let script = Tool.repository + "/Tests/AcceptanceTests/Servers/network.py"
            process = try RunningCommand("python3", ["-W", "ignore", script] + arguments, in: folder)
            port = try process.firstLine()
        }

        deinit { process.send(SIGKILL) }
    }

    private static func certificate(
        _ name: String,
        in folder: String,
        days: Int = 30,
        host: String = "localhost",
        bits: Int = 2048
    ) throws {
        let commands = """
            openssl req -new -newkey rsa:\(bits) -nodes -keyout \(name).key -out \(name).req -subj /CN=\(host) &&
            printf 'subjectAltName=DNS:\(host)' > \(name).ext &&
            openssl x509 -req -in \(name).req -signkey \(name).key -days \(days) -extfile \(name).ext -out \(name).crt &&
            cat \(name).key \(name).crt > \(name).pem
            """
        let made = try runCommand("sh", ["-c", commands], in: folder)
        try #require(made.status == 0, "\(made.error)")
    }

    private static func show(
        _ url: String,
        in folder: String,
        _ arguments: [String] = [],
        environment: [String: String?] = [:]
    ) throws -> (result: CommandResult, seconds: Double) {
        let started = Date()
        let result = try Tool.run(
            ["organization", "show", "--base-url", url] + arguments,
            in: folder,
            environment: ["CLOUDHEED_TOKEN": "ch_live_test", "https_proxy": nil, "no_proxy": nil].merging(environment) {
                $1
            }
        )
        return (result, Date().timeIntervalSince(started))
    }

    @Test func whatCannotBeTrustedIsSaidAtOnce() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.certificate("good", in: folder)
                try Self.certificate("expired", in: folder, days: -1)
                try Self.certificate("other", in: folder, host: "other.example")
                try Self.certificate("weak", in: folder, bits: 1024)
                let all = ["good", "expired", "other", "weak"].map { "cat \($0).crt" }.joined(separator: ";")
                try #require(try runCommand("sh", ["-c", "(\(all)) > ca.pem"], in: folder).status == 0)
                func check(_ server: [String], _ words: String, status: Int32 = 69, trusting: Bool = true) throws {
                    let server = try Server(server, in: folder)
                    let (result, seconds) = try Self.show(
                        "https://localhost:\(server.port)",
                        in: folder,
                        trusting ? ["--ca-file", "ca.pem"] : []
                    )
                    #expect(result.status == status && seconds < 10, "\(words): \(result.error)")
                    #expect((result.output + result.error).contains(words), "\(result.error)")
                }
                try check(["tls", "good.pem"], "Acme", status: 0)
                try check(["tls", "good.pem"], "nobody whom this machine trusts", trusting: false)
                try check(["tls", "expired.pem"], "has expired")
                try check(["tls", "other.pem"], "is another host's")
                try check(["tls", "weak.pem"], "too weak")
                try check(["tls", "good.pem", "old"], "no TLS 1.2 or later")
                try check(["plain"], "does not speak TLS")
            }
        }
    }

    @Test func placesThatAreNotThereAreSaidAtOnce() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                for (url, words) in [
                    ("https://no-such-host.invalid", "no host 'no-such-host.invalid'"),
                    ("https://127.0.0.1:1", "nothing listens at"), ("http://127.0.0.1:1", "nothing listens at"),
                ] {
                    let (result, seconds) = try Self.show(url, in: folder)
                    #expect(result.status == 69 && seconds < 20 && result.error.contains(words), "\(result.error)")
                }
            }
        }
    }

    @Test func proxiesAreUsedAsTheEnvironmentNamesThem() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try Self.certificate("good", in: folder)
                let service = try Server(["tls", "good.pem"], in: folder)
                let socks = try Server(["socks"], in: folder)
                let (open, login) = (try Self.freePort(), try Self.freePort())
                let common = "Listen 127.0.0.1\nTimeout 30\nMaxClients 20\nConnectPort \(service.port)\n"
                try (common + "Port \(open)\n").write(toFile: folder + "/open.conf", atomically: true, encoding: .utf8)
                try (common + "Port \(login)\nBasicAuth ann s3cret\n").write(
                    toFile: folder + "/login.conf",
                    atomically: true,
                    encoding: .utf8
                )
                let proxies = try ["open.conf", "login.conf"].map {
                    try RunningCommand("tinyproxy", ["-d", "-c", $0], in: folder)
                }
                defer { for proxy in proxies { proxy.send(SIGKILL) } }
                Thread.sleep(forTimeInterval: 0.5)
                func show(_ proxy: String, _ more: [String: String?] = [:]) throws -> CommandResult {
                    let environment = ["https_proxy": Optional(proxy)].merging(more) { $1 }
                    let url = "https://localhost:\(service.port)"
                    return try Self.show(url, in: folder, ["--ca-file", "good.crt"], environment: environment).result
                }
                #expect(try show("http://127.0.0.1:\(open)").status == 0)
                #expect(try show("http://ann:s3cret@127.0.0.1:\(login)").status == 0)
                #expect(try show("socks5h://127.0.0.1:\(socks.port)").status == 0)
                #expect(try show("http://no-proxy.invalid:1", ["no_proxy": "localhost"]).status == 0)
                let without = try show("http://127.0.0.1:\(login)")
                #expect(
                    without.status == 78 && without.error.contains("wants a user and a password"),
                    "\(without.error)"
                )
                let wrong = try show("http://ann:wr0ng@127.0.0.1:\(login)")
                #expect(wrong.status == 78 && !wrong.error.contains("wr0ng"), "\(wrong.error)")
                let missing = try show("http://no-proxy.invalid:1")
                #expect(
                    missing.status == 69 && missing.error.contains("no host of the proxy's name"),
                    "\(missing.error)"
                )
                for bad in [
                    "ftp://ann:s3cret@h:1", "http://ann:s3cret@", "http://ann:s3cret@h:port", "http://ann:s3 cret@h h",
                ] {
                    let result = try show(bad)
                    #expect(result.status == 78 && !result.error.contains("s3"), "\(bad): \(result.error)")
                }
            }
        }
    }

    /// One line of 200 KB; many that are short.
    @Test(arguments: [("200000", "1", "100 KiB"), ("60000", "6", "256 KiB")])
    func headersWithoutMeasureAreToldFromShortMemory(_ bytes: String, _ lines: String, _ bound: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try Server(["headers", bytes, lines], in: folder)
                let (result, seconds) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 65 && seconds < 5, "\(result.error)")
                #expect(result.error.contains("its headers are larger than \(bound)"), "\(result.error)")
            }
        }
    }

    @Test(arguments: [("settings", "settings"), ("audit-log", "audit log")])
    func doctorSaysWhatTheScopesRefuseAlone(_ path: String, _ name: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try Server(["refuse", path], in: folder)
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

    private static func freePort() throws -> String {
        let program = "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); print(s.getsockname()[1])"
        return try #require(try runCommand("python3", ["-c", program]).lines.first)
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
                let server = try Server(["answer", "200", #"{"Content-Encoding":"\#(coding)"}"#, body], in: folder)
                let (result, _) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 0 && result.output.contains("org-1"), "\(result.error)")
            }
        }
    }

    @Test func aCodingThatWasNotAskedForIsNamed() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try Server(["answer", "200", #"{"Content-Encoding":"br"}"#, "00"], in: folder)
                let (result, _) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
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
                let server = try Server(["answer", "\(status)", "{}", Self.hex(body)], in: folder)
                let (result, seconds) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
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
                let server = try Server(["answer", "\(status)", headers, "", "1"], in: folder)
                let (result, seconds) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
                #expect(result.status == 0 && result.output.contains("Acme"), "\(result.error)")
                #expect(seconds >= least && seconds < least + 6)
            }
        }
    }

    @Test func aServiceThatWantsToBeLeftAloneForLongIsLeftAlone() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try Server(["answer", "503", #"{"Retry-After":"86400"}"#, ""], in: folder)
                let (result, seconds) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
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
                    let server = try Server(["answer", "422", headers, Self.hex(body)], in: folder)
                    let (result, _) = try Self.show("http://127.0.0.1:\(server.port)", in: folder)
                    #expect(result.status == 65 && !result.error.contains("ch_l"), "\(result.error)")
                }
                let named = #"{"id":"ch_live_test","name":"\#u{9B}31m\#u{202E}x"}"#
                let server = try Server(["answer", "200", "{}", Self.hex(named)], in: folder)
                for arguments in [[], ["--json"]] {
                    let (result, _) = try Self.show("http://127.0.0.1:\(server.port)", in: folder, arguments)
                    #expect(result.status == 0 && !result.output.contains("ch_live"), "\(result.output)")
                    #expect(!result.output.unicodeScalars.contains { [0x9B, 0x202E].contains($0.value) })
                }
            }
        }
    }
}
