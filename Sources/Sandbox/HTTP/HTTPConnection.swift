import Foundation

/// A client's connection: requests are read and answers written by calls that wait, on the thread that serves it.
///
/// The socket is the caller's, who closes it; when it is shut down, every wait in here ends.
final class HTTPConnection {
    private enum End: Error {
        case closed
        /// The client is told by a status and nothing else.
        case refused(Int)
    }

    private static let longestHead = 1 << 16
    private static let largestBody = 1 << 26

    private let socket: Int32
    /// What came and was not asked for yet.
    private var received: [UInt8] = []

    init(_ socket: Int32) {
        self.socket = socket
        // Pieces of a body go out when they are written.
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, [Int32(1)], socklen_t(MemoryLayout<Int32>.size))
    }

    /// Answers requests, one after the other, until one side wants no more.
    func serve(_ answer: (HTTPRequest) -> SandboxReply) {
        do throws(End) {
            var isLast = false
            while !isLast {
                let request = try nextRequest()
                try send(answer(request), isHeadOnly: request.method == "HEAD")
                isLast = request.isLast
            }
        } catch {
            if case .refused(let status) = error {
                try? send("HTTP/1.1 \(HTTPStatus.line(status))\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            }
        }
        takeLeave()
    }

    /// Says that nothing more comes and takes some of what the client still sends: a socket that is closed with something
    /// unread takes back its answer.
    private func takeLeave() {
        shutdown(socket, Int32(SHUT_WR))
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        for _ in 0..<64 {
            received = []
            guard (try? receive()) != nil else { return }
        }
    }

    // MARK: Reading

    private func nextRequest() throws(End) -> HTTPRequest {
        guard var request = HTTPRequest(head: try take(until: [13, 10, 13, 10])) else { throw .refused(400) }
        if request.expectsContinue { try send("HTTP/1.1 100 Continue\r\n\r\n") }
        switch request.bodyLength {
        case .counted(let count): request.body = try take(count)
        case .chunked: request.body = try takeChunks()
        }
        return request
    }

    private func takeChunks() throws(End) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try take(until: [13, 10]).prefix { $0 != UInt8(ascii: ";") }
            guard let count = Int(String(decoding: size, as: UTF8.self), radix: 16), count >= 0 else {
                throw .refused(400)
            }
            if count == 0 { break }
            guard count <= Self.largestBody - body.count else { throw .refused(413) }
            body += try take(count)
            guard try take(until: [13, 10]).isEmpty else { throw .refused(400) }
        }
        while !(try take(until: [13, 10]).isEmpty) {}
        return body
    }

    private func take(_ count: Int) throws(End) -> [UInt8] {
        guard count <= Self.largestBody else { throw .refused(413) }
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// What stands before a mark, which is taken, too.
    private func take(until mark: [UInt8]) throws(End) -> [UInt8] {
        var start = 0
        while start < Self.longestHead {
            if received.count - start < mark.count {
                try receive()
            } else if received[start..<start + mark.count].elementsEqual(mark) {
                defer { received.removeFirst(start + mark.count) }
                return Array(received[..<start])
            } else {
                start += 1
            }
        }
        throw .refused(400)
    }

    private func receive() throws(End) {
        let room = 1 << 16
        var count = -1
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
            repeat { count = recv(socket, buffer.baseAddress, room, 0) } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        guard count > 0 else { throw .closed }
        received += piece
    }

    // MARK: Writing

    private func send(_ reply: SandboxReply, isHeadOnly: Bool) throws(End) {
        if reply.delaySeconds > 0 { try pause(reply.delaySeconds) }
        let body = isHeadOnly || !reply.hasBody ? [] : reply.body
        try send(reply.head, isContinued: !body.isEmpty && !reply.drips)
        if reply.drips {
            for start in stride(from: 0, to: body.count, by: 4) {
                try send(body[start..<min(start + 4, body.count)])
                try pause(1)
            }
        } else if let cut = reply.cutAfter {
            try send(body.prefix(cut))
            throw .closed
        } else {
            try send(body[...])
        }
    }

    private func send(_ text: String, isContinued: Bool = false) throws(End) {
        try send(Array(text.utf8)[...], isContinued: isContinued)
    }

    /// `isContinued`: whether the system may wait for what is sent next.
    private func send(_ bytes: ArraySlice<UInt8>, isContinued: Bool = false) throws(End) {
        // A client that is gone is no reason for a signal.
        let flags = Int32(MSG_NOSIGNAL) | (isContinued ? Int32(MSG_MORE) : 0)
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, flags) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .closed }
            rest = rest.dropFirst(count)
        }
    }

    private func pause(_ seconds: Double) throws(End) {
        let end = Date().addingTimeInterval(seconds)
        var watched = pollfd(fd: socket, events: 0, revents: 0)
        while end.timeIntervalSinceNow > 0 {
            let milliseconds = Int32(min(end.timeIntervalSinceNow * 1000 + 1, 1e6))
            // With no event asked for it ends early for nothing but a connection that is gone.
            guard poll(&watched, 1, max(0, milliseconds)) <= 0 else { throw .closed }
        }
    }
}
