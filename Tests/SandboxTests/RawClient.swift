import Foundation

/// A connection to a port of 127.0.0.1 over which every byte is sent and seen as it is.
final class RawClient {
    private let socket: Int32

    init(port: Int) {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let descriptor = socket
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { close(socket) }

    /// Sends bytes, and sees nothing of what becomes of them.
    func send(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends a request with the sandbox's token; `more` are header lines, each with its end.
    func ask(_ method: String, _ target: String, _ more: String = "", body: String = "") {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ch_live_sandbox\r\n\(length)\(more)\r\n"
        send((head + body).utf8)
    }

    /// The next bytes; none when the other side has closed.
    func receive(atMost count: Int = 1 << 16) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, recv(socket, buffer.baseAddress, count, 0))
        }
    }

    /// The next answer: its head, and of its body what came before the other side closed.
    func answer() -> (head: String, body: String) {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let byte = receive(atMost: 1)
            if byte.isEmpty { return (String(decoding: head, as: UTF8.self), "") }
            head += byte
        }
        let text = String(decoding: head, as: UTF8.self)
        let length = text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }.flatMap {
            Int($0.dropFirst(16))
        }
        var body: [UInt8] = []
        while body.count < length ?? 0 {
            let part = receive(atMost: (length ?? 0) - body.count)
            if part.isEmpty { break }
            body += part
        }
        return (text, String(decoding: body, as: UTF8.self))
    }
}
