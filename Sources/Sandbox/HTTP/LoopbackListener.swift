import Foundation
import Synchronization

/// A port of 127.0.0.1, with a thread for each client.
final class LoopbackListener: Sendable {
    /// Why a port can't be had, in the system's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The port that it listens on.
    let port: Int
    private let listening: Int32
    /// The sockets that threads hold; nil once it is stopped.
    private let sockets = Mutex<Set<Int32>?>([])
    private let threads = DispatchGroup()

    /// Takes a port, 0 any that is free; clients wait until `run` is called, which must be.
    ///
    /// - Throws: `Failure`.
    init(port: Int) throws(Failure) {
        guard let number = UInt16(exactly: port) else { throw Failure(description: "ports go from 0 to 65535") }
        listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listening >= 0 else { throw Self.failure() }
        setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, [Int32(1)], socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listening
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 256) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isListening else {
            let failure = Self.failure()
            close(listening)
            throw failure
        }
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    private static func failure() -> Failure { Failure(description: String(cString: strerror(errno))) }

    /// Begins to accept clients, each served on a thread of its own with its socket, which is closed afterwards.
    func run(_ serve: @escaping @Sendable (Int32) -> Void) {
        hold(listening) { [self] in
            while true {
                let client = accept(listening, nil, nil)
                if client >= 0 {
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    hold(client) { serve(client) }
                } else if errno == EMFILE || errno == ENFILE {
                    usleep(50_000)
                } else if errno != EINTR, errno != ECONNABORTED {
                    return
                }
            }
        }
    }

    /// Ends what is under way and takes no more clients.
    func stop() {
        sockets.withLock { held in
            for socket in held ?? [] { shutdown(socket, Int32(SHUT_RDWR)) }
            held = nil
        }
    }

    /// Waits until all threads are through.
    func ended() async {
        await withCheckedContinuation { waiting in
            threads.notify(queue: .global()) { waiting.resume() }
        }
    }

    /// Sockets are closed and shut down behind the same lock: the number of one that is closed may be another's at once.
    private func hold(_ socket: Int32, _ work: @escaping @Sendable () -> Void) {
        guard sockets.withLock({ $0?.insert(socket) }) != nil else {
            close(socket)
            return
        }
        threads.enter()
        Thread.detachNewThread { [self] in
            work()
            sockets.withLock { held in
                held?.remove(socket)
                _ = close(socket)
            }
            threads.leave()
        }
    }
}
