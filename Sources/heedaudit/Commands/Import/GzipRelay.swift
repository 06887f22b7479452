import CZLib
import Foundation
import Synchronization

/// Unpacks a file into a pipe, on a thread of its own.
final class GzipRelay: Sendable {
    /// Where the bytes are read.
    let output: Int32
    private let done = DispatchSemaphore(value: 0)
    private let failure = Mutex<String?>(nil)

    private static let pieceSize = 1 << 18

    /// Begins to unpack.
    init(of descriptor: Int32) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Problem(.tryAgainLater, "can't make a pipe: \(String(cString: strerror(errno)))")
        }
        output = ends[0]
        let input = ends[1]
        Thread.detachNewThread { [self] in
            let reason = Self.unpack(descriptor, input)
            close(input)
            failure.withLock { $0 = reason }
            done.signal()
        }
    }

    /// Ends the unpacking, also of what nobody reads any more.
    ///
    /// - Returns: Why not all of the file could be unpacked; nil when it was, or nobody wanted it.
    func finish() -> String? {
        close(output)
        done.wait()
        return failure.withLock { $0 }
    }

    /// Calls `body` with one piece after the other until it says no.
    private static func forEachPiece(of source: Int32, _ body: (ArraySlice<UInt8>) -> Bool) -> String? {
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = Foundation.read(source, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return "can't be read on: \(String(cString: strerror(errno)))" }
            if count == 0 || !body(piece[..<count]) { return nil }
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(target, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Whoever reads the pipe has enough.
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Members of gzip one behind the other; zeros behind the last one mean nothing (RFC 1952 section 2.2).
    private static func unpack(_ source: Int32, _ target: Int32) -> String? {
        var stream = z_stream()
        guard heed_inflate_begin(&stream, 15 + 16) == Z_OK else { return "no memory to unpack it" }
        defer { inflateEnd(&stream) }
        var unpacked = [UInt8](repeating: 0, count: pieceSize)
        var isInMember = true
        var isWanted = true
        var reason: String?
        func take(_ packed: ArraySlice<UInt8>) -> Bool {
            var packed = Array(packed)
            return packed.withUnsafeMutableBufferPointer { packed in
                stream.next_in = packed.baseAddress
                stream.avail_in = UInt32(packed.count)
                stream.avail_out = 1
                while stream.avail_in > 0 || stream.avail_out == 0 {
                    if !isInMember {
                        guard stream.avail_in > 0 else { return true }
                        if stream.next_in[0] == 0 {
                            stream.next_in += 1
                            stream.avail_in -= 1
                            continue
                        }
                        inflateReset(&stream)
                        isInMember = true
                    }
                    let (status, count) = unpacked.withUnsafeMutableBufferPointer { unpacked in
                        stream.next_out = unpacked.baseAddress
                        stream.avail_out = UInt32(unpacked.count)
                        let status = inflate(&stream, Z_NO_FLUSH)
                        return (status, unpacked.count - Int(stream.avail_out))
                    }
                    guard write(unpacked[..<count], to: target) else {
                        isWanted = false
                        return false
                    }
                    switch status {
                    case Z_OK, Z_BUF_ERROR: break
                    case Z_STREAM_END: isInMember = false
                    default:
                        reason = "it is damaged, or not packed by gzip"
                        return false
                    }
                    if status == Z_BUF_ERROR, count == 0 { break }
                }
                return true
            }
        }
        if let failure = forEachPiece(of: source, take) { return failure }
        return reason ?? (isInMember && isWanted ? "its end is missing" : nil)
    }
}
