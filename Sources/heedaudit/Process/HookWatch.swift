import Dispatch
import Foundation

/// A hook that runs: hands it its input, keeps the last of its output, and sees to its end.
struct HookWatch {
    private let process: pid_t
    private var input: ArraySlice<UInt8>
    private let toIt: HookPipe
    private let fromIt: HookPipe
    private(set) var output: [UInt8] = []
    private(set) var isCut = false

    /// Milliseconds between two looks whether it has ended.
    private static let step: Int32 = 20
    /// Seconds between asking it to end and ending it.
    private static let grace = 2.0
    /// Bytes that are still read when it has ended: what it left behind may print for ever.
    private static let mostBehind = 1 << 20

    init(process: pid_t, input: [UInt8], toIt: HookPipe, fromIt: HookPipe) {
        self.process = process
        self.input = input[...]
        self.toIt = toIt
        self.fromIt = fromIt
        for descriptor in [toIt.writing, fromIt.reading] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    /// Waits for its end, at most so many seconds; then it and what it started are ended.
    mutating func wait(_ limit: Double) -> Hook.End {
        if let end = watch(limit) { return end }
        kill(-process, SIGTERM)
        let isOver = watch(Self.grace) != nil
        // What it started may have stayed.
        kill(-process, SIGKILL)
        if !isOver { _ = watch(Self.grace) }
        return .ranOutOfTime
    }

    private mutating func watch(_ limit: Double) -> Hook.End? {
        let deadline = DispatchTime.now().uptimeNanoseconds &+ UInt64(limit * 1e9)
        while true {
            exchange()
            if let end = ended() {
                var rest = Self.mostBehind
                while rest > 0 {
                    let count = read()
                    guard count > 0 else { break }
                    rest -= count
                }
                return end
            }
            if DispatchTime.now().uptimeNanoseconds >= deadline { return nil }
        }
    }

    private func ended() -> Hook.End? {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
    }

    /// Writes and reads what can be, or waits a little.
    private mutating func exchange() {
        if input.isEmpty { toIt.closeWriting() }
        var ends = [
            pollfd(fd: toIt.writing, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: fromIt.reading, events: Int16(POLLIN), revents: 0),
        ]
        // A negative descriptor is one that is not looked at.
        guard poll(&ends, 2, Self.step) > 0 else { return }
        if ends[0].revents != 0 { write() }
        if ends[1].revents != 0, read() == 0 {
            // Both its streams are closed, and it goes on.
            fromIt.closeReading()
        }
    }

    private mutating func write() {
        let count = input.withUnsafeBytes { Foundation.write(toIt.writing, $0.baseAddress, $0.count) }
        if count > 0 {
            input = input.dropFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            // It does not want to know.
            input = []
        }
    }

    /// - Returns: How many bytes came; 0 at the end, and -1 where none are there.
    private mutating func read() -> Int {
        guard fromIt.reading >= 0 else { return -1 }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = Foundation.read(fromIt.reading, &bytes, bytes.count)
        guard count > 0 else { return count }
        output += bytes[..<count]
        if output.count > Hook.mostKept {
            output.removeFirst(output.count - Hook.mostKept)
            isCut = true
        }
        return count
    }
}
