import Foundation
import TestSupport
import Testing

/// How the tool speaks to the service: TLS, proxies, tokens, interruptions, allowances.
@Suite(.serialized) struct ServiceMannersTests {
    @Test func ownCertificateAuthorityAndProxyAreHonoured() async throws {
        let results = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "120"], in: folder)
                let gateway = try TLSGateway(to: sandbox.baseURL, in: folder)
                defer { gateway.stop() }
                let environment = ["CLOUDHEED_TOKEN": Optional(SandboxProcess.token)]
                let url = ["--base-url", "https://localhost:\(gateway.tlsPort)"]
                let trusted = try Tool.run(
                    ["pull", "--ca-file", "ca.pem", "--archive", "a"] + url,
                    in: folder,
                    environment: environment
                )
                try "request_timeout: 2s\n".write(toFile: folder + "/quick.yaml", atomically: true, encoding: .utf8)
                let untrusted = try Tool.run(
                    ["doctor", "--config", "quick.yaml", "--archive", "b"] + url,
                    in: folder,
                    environment: environment
                )
                let proxied = try Tool.run(
                    ["pull", "--ca-file", "ca.pem", "--archive", "c"] + url,
                    in: folder,
                    environment: environment.merging(
                        ["https_proxy": "http://127.0.0.1:\(gateway.proxyPort)"]
                    ) { _, new in new }
                )
                return (trusted, untrusted, proxied, gateway.log())
            }
        }
        #expect(results.0.status == 0, "\(results.0.error)")
        #expect(results.1.status != 0)
        #expect(results.2.status == 0, "\(results.2.error)")
        #expect(results.3.contains("CONNECT localhost:"))
        // The proxy sees where the request goes, and not with what right.
        #expect(!results.3.contains(SandboxProcess.token))
    }

    @Test func spentDailyQuotaIsContinuedAndEndsTheSame() async throws {
        let (first, message, requests, entry, alike) = try await aside {
            try withTemporaryFolder { folder in
                let limited = try SandboxProcess(["--generate", "2450", "--seed", "5", "--per-day", "15"], in: folder)
                let spent = try limited.run(["pull", "--archive", "a"], in: folder)
                limited.process.send(SIGKILL)
                // The next day: the same log, a new allowance.
                let open = try SandboxProcess(["--generate", "2450", "--seed", "5"], in: folder)
                let rest = try open.run(["pull", "--archive", "a"], in: folder)
                try #require(rest.status == 0, "\(rest.error)")
                let requests = try open.served()["log_requests"] as? Int ?? 0
                let calm = try open.run(["pull", "--archive", "calm"], in: folder)
                try #require(calm.status == 0)
                let alike = try Archived.lines(in: folder + "/a") == Archived.lines(in: folder + "/calm")
                return (spent.status, spent.error, requests, try Archived.lastEntryText(in: folder + "/a"), alike)
            }
        }
        #expect(first == 75)
        #expect(message.contains("spent until") && message.contains("what was read is kept"))
        // 25 pages; of the 12 or so that the allowance was enough for, up to four were under way and are asked for again.
        #expect(requests <= 20, "\(requests) requests")
        #expect(entry.contains(#""attempts":2"#) && entry.contains(#""complete":true"#))
        #expect(alike)
    }

    /// A minute scaled down to three seconds: the allowance is used up, and 429 stays the exception.
    @Test(arguments: [(30, 1.0), (30, 0.5)]) func allowanceIsUsedAndNotOverdrawn(limit: Int, share: Double) async throws
    {
        let (seconds, served) = try await aside { () -> (Double, [String: Int]) in
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(
                    ["--generate", "8050", "--per-minute", "\(limit)", "--window", "3s"],
                    in: folder
                )
                try "rate_share: \(share)\n".write(
                    toFile: folder + "/heedaudit.yaml",
                    atomically: true,
                    encoding: .utf8
                )
                let begin = Date()
                let pull = try sandbox.run(["pull"], in: folder)
                try #require(pull.status == 0, "\(pull.error)")
                let served = try sandbox.served()
                return (
                    Date().timeIntervalSince(begin),
                    ["requests": served["requests"] as? Int ?? 0, "limited": served["rate_limited"] as? Int ?? 9]
                )
            }
        }
        #expect(served["requests"] == 88)
        #expect((served["limited"] ?? 9) <= 1)
        // 81 pages, the newest again, settings, three lists, and the organization when the pull begins and ends: they need so many windows; the first begins anywhere, and the last need not be waited for.
        let windows = (85.0 / (Double(limit) * share)).rounded(.up)
        #expect(seconds <= windows * 3 + 5, "\(seconds) s")
        #expect(seconds >= (windows - 2) * 3, "\(seconds) s: more was used than allowed")
    }

    @Test func interruptedWhileItWaitsItEndsAtOnce() async throws {
        let (status, seconds) = try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "900", "--fault", "429@4=600"], in: folder)
                let running = try RunningCommand(
                    Tool.path,
                    ["pull"] + sandbox.flags,
                    environment: Tool.cleanEnvironment.merging(sandbox.environment) { _, new in new },
                    in: folder
                )
                Thread.sleep(forTimeInterval: 1)
                let begin = Date()
                running.send(SIGINT)
                let ended = running.wait(killAfter: 10)
                return (ended.status, Date().timeIntervalSince(begin))
            }
        }
        #expect(status == 75)
        #expect(seconds < 2)
    }
}

/// A TLS server with a certificate of its own authority in front of a sandbox, and a CONNECT proxy, both in Python.
private final class TLSGateway {
    let tlsPort: Int
    let proxyPort: Int
    private let process: RunningCommand

    init(to target: String, in folder: String) throws {
        let make = try runCommand("sh", ["-c", Self.certificates], in: folder)
        try #require(make.status == 0, "openssl: \(make.error)")
        process = try RunningCommand("python3", ["-u", "-c", Self.program, target], in: folder)
        let deadline = Date().addingTimeInterval(20)
        while process.outputSoFar.split(separator: "\n").count < 2, Date() < deadline {
            Thread.sleep(forTimeInterval: 0.02)
        }
        let ports = process.outputSoFar.split(separator: "\n").prefix(2).compactMap { Int($0) }
        try #require(ports.count == 2, "the gateway did not start: \(process.outputSoFar)")
        (tlsPort, proxyPort) = (ports[0], ports[1])
    }

    func stop() { process.send(SIGKILL) }

    /// What the proxy was asked.
    func log() -> String { process.outputSoFar }

    private static let certificates = """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost\\n' > names
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem
        """

    private static let program = """
        import socket, ssl, sys, threading
        from urllib.parse import urlparse
        target = urlparse(sys.argv[1])
        def pump(a, b):
            try:
                while True:
                    data = a.recv(65536)
                    if not data: break
                    b.sendall(data)
            except OSError: pass
            for s in (a, b):
                try: s.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def join(a, b):
            threading.Thread(target=pump, args=(a, b), daemon=True).start()
            pump(b, a)
        def serve(listener, handle):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=handle, args=(client,), daemon=True).start()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain('server.pem', 'server.key')
        def tls(client):
            try: client = context.wrap_socket(client, server_side=True)
            except (ssl.SSLError, OSError): return
            join(client, socket.create_connection((target.hostname, target.port)))
        def proxy(client):
            head = b''
            while b'\\r\\n\\r\\n' not in head:
                part = client.recv(4096)
                if not part: return
                head += part
            print(head.decode('latin-1').strip().replace('\\r\\n', ' | '))
            host, port = head.split()[1].decode().rsplit(':', 1)
            server = socket.create_connection(('127.0.0.1', int(port)))
            client.sendall(b'HTTP/1.1 200 Connection established\\r\\n\\r\\n')
            join(client, server)
        listeners = [socket.create_server(('127.0.0.1', 0)) for _ in range(2)]
        for listener in listeners: print(listener.getsockname()[1])
        threading.Thread(target=serve, args=(listeners[0], tls), daemon=True).start()
        serve(listeners[1], proxy)
        """
}
