import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// The service's double on 127.0.0.1: for the demo, the tests, and whoever builds against the API.
public final class SandboxServer: Sendable {
    private let configuration: SandboxConfiguration
    private let state: SandboxState
    private let running = Mutex<Task<Void, any Error>?>(nil)

    /// Prepares a sandbox; it listens once `start` was called.
    public init(_ configuration: SandboxConfiguration) {
        self.configuration = configuration
        state = SandboxState(configuration)
    }

    /// What was served so far.
    public func report() async -> ServedReport { await state.report() }

    /// Begins to listen on 127.0.0.1.
    ///
    /// - Returns: The port.
    /// - Throws: What the operating system says when the port can't be had.
    public func start() async throws -> Int {
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        let application = makeApplication { channel in
            continuation.yield(channel.localAddress?.port ?? 0)
        }
        let task = Task {
            do {
                try await application.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        running.withLock { $0 = task }
        for try await port in ports { return port }
        throw CancellationError()
    }

    /// Stops listening and ends what is under way.
    public func stop() async {
        let task = running.withLock { $0 }
        task?.cancel()
        _ = await task?.result
    }

    /// Waits until the sandbox ends.
    public func wait() async throws {
        let task = running.withLock { $0 }
        try await task?.value
    }

    private func makeApplication(
        _ onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<CallbackResponder<BasicRequestContext>> {
        let state = state
        let date = configuration.faults.date
        var logger = Logger(label: "heedaudit.sandbox")
        logger.logLevel = .critical
        return Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                try await Self.respond(to: request, state)
            },
            server: .http1(configuration: .init(additionalChannelHandlers: [DateHeader(date)])),
            configuration: .init(address: .hostname("127.0.0.1", port: configuration.port), serverName: nil),
            onServerRunning: onRunning,
            logger: logger
        )
    }

    private static func respond(to request: Request, _ state: SandboxState) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: 1 << 26)
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let reply = await state.answer(
            method: request.method.rawValue,
            path: request.uri.path,
            query: query,
            authorization: request.headers[.authorization],
            body: Array(body.readableBytesView)
        )
        if reply.delaySeconds > 0 { try await Task.sleep(for: .seconds(reply.delaySeconds)) }
        var headers = HTTPFields()
        headers[.contentType] = reply.contentType
        for (name, value) in reply.headers {
            if let field = HTTPField.Name(name) { headers[field] = value }
        }
        let status = HTTPResponse.Status(code: reply.status)
        if reply.drips {
            return Response(
                status: status,
                headers: headers,
                body: ResponseBody(contentLength: reply.body.count) { writer in
                    for start in stride(from: 0, to: reply.body.count, by: 4) {
                        try await writer.write(ByteBuffer(bytes: reply.body[start..<min(start + 4, reply.body.count)]))
                        try await Task.sleep(for: .seconds(1))
                    }
                    try await writer.finish(nil)
                }
            )
        }
        guard let cut = reply.cutAfter else {
            return Response(
                status: status,
                headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
            )
        }
        let part = ByteBuffer(bytes: reply.body.prefix(cut))
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(contentLength: reply.body.count) { writer in
                try await writer.write(part)
                throw ConnectionCut()
            }
        )
    }

    private struct ConnectionCut: Error {}

    /// IMF-fixdate (RFC 9110 section 5.6.7) of so many seconds from now.
    static func httpDate(after seconds: Double) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date().addingTimeInterval(seconds))
    }
}
