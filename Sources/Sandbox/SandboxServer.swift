import Synchronization

/// The service's double on 127.0.0.1: for the demo, the tests, and whoever builds against the API.
package final class SandboxServer: Sendable {
    private let port: Int
    private let date: FaultPlan.DateHeader
    private let now: @Sendable () -> Double
    private let state: Mutex<SandboxTenants>
    private let listener = Mutex<LoopbackListener?>(nil)

    /// Prepares a sandbox; it listens once `start` was called.
    package init(_ configuration: SandboxConfiguration) {
        port = configuration.port
        date = configuration.faults.date
        now = configuration.now
        state = Mutex(SandboxTenants(configuration))
    }

    /// Begins to listen on 127.0.0.1; called once.
    ///
    /// - Returns: The port.
    /// - Throws: What the operating system says when the port can't be had.
    package func start() throws -> Int {
        let listener = try LoopbackListener(port: port)
        self.listener.withLock { $0 = listener }
        listener.run { [self] socket in HTTPConnection(socket).serve(answer) }
        return listener.port
    }

    /// Stops listening and ends what is under way.
    package func stop() async {
        listener.withLock { $0 }?.stop()
        await wait()
    }

    /// Waits until the sandbox ends.
    package func wait() async { await listener.withLock { $0 }?.ended() }

    /// Moves the sandbox from inside the process, as a client does by the calls below `/sandbox/` that take a body.
    ///
    /// - Parameters:
    ///   - call: What stands behind `/sandbox/`, such as `append`.
    ///   - body: What the call is given.
    /// - Returns: Whether the sandbox took it.
    package func control(_ call: String, _ body: [UInt8]) -> Bool {
        guard var request = HTTPRequest(head: "POST /sandbox/\(call) HTTP/1.1\r\nHost: sandbox".utf8) else {
            return false
        }
        request.body = body
        return state.withLock { $0.answer(request) }.status == 204
    }

    private func answer(_ request: HTTPRequest) -> SandboxReply {
        var reply = state.withLock { $0.answer(request) }
        reply.date =
            switch date {
            case .off(let seconds): HTTPStatus.date(now() + Double(seconds))
            case .none: nil
            case .garbled: "the day after tomorrow"
            }
        return reply
    }
}
