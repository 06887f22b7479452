import Foundation
import TestSupport
import Testing

/// What stands between this machine and the service, told at once, in plain words, with the status of the contract.
@Suite struct ConnectionFailureTests {
    @Test func whatCannotBeTrustedIsSaidAtOnce() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try NetworkServer.certificate("good", in: folder)
                try NetworkServer.certificate("expired", in: folder, days: -1)
                try NetworkServer.certificate("other", in: folder, host: "other.example")
                try NetworkServer.certificate("weak", in: folder, bits: 1024)
                try NetworkServer.certificate("client", in: folder, extensions: "extendedKeyUsage=clientAuth")
                try NetworkServer.certificate("authority", in: folder, extensions: "keyUsage=keyCertSign")
                let all = ["good", "expired", "other", "weak", "client", "authority"].map { "cat \($0).crt" }.joined(
                    separator: ";"
                )
                try #require(try runCommand("sh", ["-c", "(\(all)) > ca.pem"], in: folder).status == 0)
                func check(_ server: [String], _ words: String, status: Int32 = 69, trusting: Bool = true) throws {
                    let server = try NetworkServer(server, in: folder)
                    let (result, seconds) = try NetworkServer.show(
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
                try check(["tls", "client.pem"], "is not made for a server")
                try check(["tls", "authority.pem"], "is not made for a server")
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
                    let (result, seconds) = try NetworkServer.show(url, in: folder)
                    #expect(result.status == 69 && seconds < 20 && result.error.contains(words), "\(result.error)")
                }
                let bare = try NetworkServer(["bare"], in: folder)
                let (result, _) = try NetworkServer.show("http://127.0.0.1:\(bare.port)", in: folder)
                #expect(result.status == 69 && result.error.contains("does not speak HTTP"), "\(result.error)")
            }
        }
    }

    @Test func proxiesAreUsedAsTheEnvironmentNamesThem() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try NetworkServer.certificate("good", in: folder)
                let service = try NetworkServer(["tls", "good.pem"], in: folder)
                let socks = try NetworkServer(["socks"], in: folder)
                let (open, login) = (try NetworkServer.freePort(), try NetworkServer.freePort())
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
                    return try NetworkServer.show(url, in: folder, ["--ca-file", "good.crt"], environment: environment)
                        .result
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

    /// A server that wants to see a certificate of ours says so by an alert, by TLS 1.3 behind the handshake.
    @Test(arguments: [
        ("-tls1_3", "it wants a certificate of its client"), ("-tls1_2", "or wants a certificate of its client"),
    ])
    func aServerThatWantsACertificateIsSaidAtOnce(_ version: String, _ words: String) async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try NetworkServer.certificate("good", in: folder)
                let port = try NetworkServer.freePort()
                let server = try RunningCommand(
                    "openssl",
                    [
                        "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "good.crt", "-key", "good.key", "-www",
                        "-Verify", "1", "-verify_return_error", version,
                    ],
                    in: folder
                )
                defer { server.send(SIGKILL) }
                _ = try server.firstLine()
                Thread.sleep(forTimeInterval: 0.5)
                let url = "https://localhost:\(port)"
                let (result, seconds) = try NetworkServer.show(url, in: folder, ["--ca-file", "good.crt"])
                #expect(result.status == 69 && seconds < 10 && result.error.contains(words), "\(result.error)")
                #expect(result.error.contains("hint: "), "\(result.error)")
            }
        }
    }

    /// What a proxy says to the wish for a connection, and whether it is asked again.
    @Test(
        arguments: [
            ("400", 69, "is that a proxy for https", false), ("403", 69, "ask whoever runs the proxy, or name", false),
            ("405", 69, "is that a proxy for https", false), ("407", 78, "wants a user and a password", false),
            ("302", 69, "is that a proxy for https", false), ("501", 69, "is that a proxy for https", false),
            ("502", 69, "ask whoever runs the proxy; the next run continues", true),
        ] as [(String, Int32, String, Bool)]
    )
    func aProxyThatMakesNoConnectionIsNamed(_ answer: String, _ status: Int32, _ words: String, _ isAskedAgain: Bool)
        async throws
    {
        try await aside {
            try withTemporaryFolder { folder in
                let proxy = try NetworkServer(["proxy", answer], in: folder)
                let (result, seconds) = try NetworkServer.show(
                    "https://localhost:1",
                    in: folder,
                    environment: ["https_proxy": "http://127.0.0.1:\(proxy.port)"]
                )
                #expect(result.status == status && (seconds > 5) == isAskedAgain, "\(seconds) s: \(result.error)")
                #expect(result.error.contains(words) && result.error.contains("(\(answer))"), "\(result.error)")
                #expect(result.error.contains("proxy http://127.0.0.1:\(proxy.port)"), "\(result.error)")
            }
        }
    }

    /// A proxy that is spoken to by TLS is trusted as the service is, and what fails there is said of it.
    @Test func aProxySpokenToByTLSIsToldFromTheService() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                try NetworkServer.certificate("good", in: folder)
                try NetworkServer.certificate("client", in: folder, extensions: "extendedKeyUsage=clientAuth")
                try NetworkServer.certificate("other", in: folder, host: "other.example")
                let all = "cat good.crt client.crt other.crt > ca.pem"
                try #require(try runCommand("sh", ["-c", all], in: folder).status == 0)
                let service = try NetworkServer(["tls", "good.pem"], in: folder)
                func check(_ server: [String], _ words: String, _ hint: String, trusting: Bool = true) throws {
                    let proxy = try NetworkServer(server, in: folder)
                    let (result, seconds) = try NetworkServer.show(
                        "https://localhost:\(service.port)",
                        in: folder,
                        trusting ? ["--ca-file", "ca.pem"] : [],
                        environment: ["https_proxy": "https://localhost:\(proxy.port)"]
                    )
                    #expect(result.status == (hint.isEmpty ? 0 : 69) && seconds < 5, "\(result.error)")
                    #expect((result.output + result.error).contains(words), "\(result.error)")
                    guard !hint.isEmpty else { return }
                    #expect(result.error.contains("the proxy https://localhost:\(proxy.port)"), "\(result.error)")
                    #expect(result.error.contains(hint), "\(result.error)")
                }
                try check(["proxy", "200", "good.pem"], "Acme", "")
                try check(["proxy", "200"], "does not speak TLS", "https_proxy: most proxies are http://")
                try check(["proxy", "200", "good.pem"], "nobody whom this machine", "--ca-file", trusting: false)
                try check(["proxy", "200", "client.pem"], "is not made for a server", "whoever runs it")
                try check(["proxy", "200", "other.pem"], "another host's", "name the proxy in https_proxy")
            }
        }
    }

    @Test func aProxyThatSpeaksNoSOCKSIsSaidAtOnceAndAHostOfNoProxyIsNoProxy() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let server = try NetworkServer(["proxy", "400"], in: folder)
                let (socks, took) = try NetworkServer.show(
                    "https://localhost:1",
                    in: folder,
                    environment: ["https_proxy": "socks5h://127.0.0.1:\(server.port)"]
                )
                #expect(socks.status == 69 && took < 5 && socks.error.contains("the proxy socks5h"), "\(socks.error)")
                let (direct, seconds) = try NetworkServer.show(
                    "https://localhost:1",
                    in: folder,
                    environment: ["https_proxy": "http://127.0.0.1:1", "no_proxy": "localhost"]
                )
                #expect(direct.status == 69 && seconds < 5, "\(direct.error)")
                #expect(direct.error.contains("nothing listens at https://localhost:1"), "\(direct.error)")
            }
        }
    }
}
