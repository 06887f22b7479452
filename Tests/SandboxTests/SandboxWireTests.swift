import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// What goes over the wire, byte by byte: the manners of HTTP, and faults that a client library would hide.
@Suite struct SandboxWireTests {
    private static let organization = "/v1/organization"

    private func withSandbox(_ faults: String..., body: @escaping @Sendable (Int) throws -> Void)
        async throws
    {
        var configuration = SandboxConfiguration(until: 1_780_000_000)
        configuration.faults = try FaultPlan(parsing: faults)
        configuration.limitPerWindow = nil
        let server = SandboxServer(configuration)
        let port = try server.start()
        do {
            try await aside { try body(port) }
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func answersManyRequestsOnOneConnection() async throws {
        try await withSandbox { port in
            let client = RawClient(port: port)
            for number in 1...3 {
                client.ask("GET", Self.organization)
                let answer = client.answer()
                #expect(
                    answer.head.hasPrefix(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: req-\(number)\r\nContent-Length: "
                    )
                )
                #expect(answer.head.contains("\r\nDate: ") && answer.head.contains(" GMT\r\n"))
                #expect(answer.body.hasPrefix("{") && answer.body.hasSuffix("}"))
            }
            client.ask("GET", Self.organization)
            client.ask("GET", "/v1/nothing")
            #expect(client.answer().head.hasPrefix("HTTP/1.1 200 "))
            #expect(client.answer().head.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
            client.ask("HEAD", Self.organization)
            client.ask("GET", Self.organization, "Connection: close\r\n")
            let head = String(decoding: client.receive(atMost: 22), as: UTF8.self)
            #expect(head == "HTTP/1.1 404 Not Found")
            while !client.receive().isEmpty {}
        }
    }

    @Test func takesBodiesOfEveryForm() async throws {
        try await withSandbox { port in
            let client = RawClient(port: port)
            client.ask("PATCH", Self.organization, body: #"{"name":"One"}"#)
            #expect(client.answer().body.contains(#""name":"One""#))
            client.ask("PATCH", Self.organization, "Transfer-Encoding: chunked\r\n")
            for byte in "5;x=y\r\n{\"nam\r\nA\r\ne\":\"Two\"} \r\n0\r\nX: y\r\n\r\n".utf8 { client.send([byte]) }
            #expect(client.answer().body.contains(#""name":"Two""#))
            client.ask("PATCH", Self.organization, "Expect: 100-continue\r\nContent-Length: 16\r\n")
            #expect(client.answer().head == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send(#"{"name":"Three"}"#.utf8)
            #expect(client.answer().body.contains(#""name":"Three""#))
            client.ask("POST", "/sandbox/append", body: String(repeating: " ", count: 5 << 20))
            let answer = client.answer()
            #expect(answer.head.hasPrefix("HTTP/1.1 204 No Content\r\n") && !answer.head.contains("Content-Length"))
        }
    }

    @Test(arguments: [
        ("hello\r\n\r\n", 400), ("long", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 67108865\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4000001\r\n", 413),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
    ])
    func refusesAndCloses(request: String, status: Int) async throws {
        try await withSandbox { port in
            let client = RawClient(port: port)
            let long = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 70_000) + "\r\n\r\n"
            client.send((request == "long" ? long : request).utf8)
            let answer = client.answer()
            #expect(
                answer.head == "HTTP/1.1 \(HTTPStatus.line(status))\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )
            #expect(client.receive().isEmpty)
        }
    }

    @Test func cutsConnectionsInTheMiddleOfABodyWhoseLengthItPromised() async throws {
        try await withSandbox("reset@2") { port in
            let client = RawClient(port: port)
            client.ask("GET", Self.organization)
            let whole = client.answer().body
            client.ask("GET", Self.organization)
            let cut = client.answer()
            #expect(cut.head.contains("Content-Length: \(whole.utf8.count)\r\n"))
            #expect(cut.body == whole.prefix(whole.utf8.count / 2))
            #expect(client.receive().isEmpty)
        }
    }

    @Test func drips() async throws {
        try await withSandbox("drip") { port in
            let client = RawClient(port: port)
            client.ask("GET", Self.organization)
            var received = ""
            while !received.contains("\r\n\r\n{") { received += String(decoding: client.receive(), as: UTF8.self) }
            let start = ContinuousClock.now
            #expect(client.receive().count == 4)
            #expect(client.receive().count == 4)
            #expect(ContinuousClock.now - start > .seconds(1))
        }
    }

    @Test(arguments: [("date=none", nil), ("date=garbled", "the day after tomorrow"), ("date=3600", nil)])
    func saysAnotherDate(fault: String, text: String?) async throws {
        try await withSandbox(fault) { port in
            let client = RawClient(port: port)
            client.ask("GET", Self.organization)
            let dates = client.answer().head.components(separatedBy: "\r\n").filter { $0.hasPrefix("Date: ") }
            guard fault == "date=3600" else {
                #expect(dates == (text.map { ["Date: \($0)"] } ?? []))
                return
            }
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.dateFormat = "'Date: 'EEE, dd MMM yyyy HH:mm:ss zzz"
            let date = try #require(dates.first.flatMap(formatter.date(from:)))
            #expect(abs(date.timeIntervalSinceNow - 3600) < 60)
        }
    }

    @Test func stopEndsWhatWaits() async throws {
        var configuration = SandboxConfiguration(until: 1_780_000_000)
        configuration.faults = try FaultPlan(parsing: ["slow=36000"])
        let server = SandboxServer(configuration)
        let port = try server.start()
        let (idle, waiting) = (RawClient(port: port), RawClient(port: port))
        waiting.ask("GET", Self.organization)
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        await server.stop()
        // Ten hours are asked for; a busy machine may take its time.
        #expect(ContinuousClock.now - start < .seconds(3_600))
        #expect(idle.receive().isEmpty && waiting.receive().isEmpty)
        configuration.port = port
        let next = SandboxServer(configuration)
        #expect(try next.start() == port)
        await next.stop()
    }

    @Test func saysWhyAPortCannotBeHad() async throws {
        try await withSandbox { port in
            var configuration = SandboxConfiguration(until: 1_780_000_000)
            configuration.port = port
            let second = SandboxServer(configuration)
            let taken = #expect(throws: LoopbackListener.Failure.self) { try second.start() }
            #expect(taken?.description == "Address already in use")
        }
        #expect(throws: LoopbackListener.Failure.self) { try LoopbackListener(port: 65_536) }
    }
}
