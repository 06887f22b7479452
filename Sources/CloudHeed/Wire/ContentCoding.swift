import CZLib

/// What an answer is when its `Content-Encoding` is taken off (RFC 9110 section 8.4.1), within a bound.
///
/// Read as browsers do: `gzip` of several members and with anything behind them, `deflate` with zlib's header or without.
enum ContentCoding {
    /// Why an answer could not be unpacked.
    enum Failure: Error {
        /// The bytes are not what the header says, or end in the middle.
        case damaged
        /// More than the bound.
        case tooLarge
        /// A coding that was not offered.
        case unknown(String)
    }

    /// What we offer.
    static let accepted = "gzip, deflate"

    /// Takes the codings off, the last applied one first.
    ///
    /// - Throws: ``Failure``.
    static func decoded(_ body: [UInt8], _ header: String?, limit: Int) throws -> [UInt8] {
        var body = body
        let codings = (header ?? "").split(separator: ",").map { name in
            name.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        for coding in codings.reversed() {
            switch coding {
            case "", "identity": break
            case "gzip", "x-gzip": body = try inflated(body, window: gzipWindow, limit: limit)
            case "deflate": body = try deflated(body, limit: limit)
            default: throw Failure.unknown(coding)
            }
        }
        guard body.count <= limit else { throw Failure.tooLarge }
        return body
    }

    private static let gzipWindow: Int32 = 15 + 16
    private static let zlibWindow: Int32 = 15
    private static let rawWindow: Int32 = -15

    /// `deflate` means zlib's format, and some servers send it without its header.
    private static func deflated(_ body: [UInt8], limit: Int) throws -> [UInt8] {
        do {
            return try inflated(body, window: zlibWindow, limit: limit)
        } catch Failure.damaged {
            return try inflated(body, window: rawWindow, limit: limit)
        }
    }

    private static func inflated(_ body: [UInt8], window: Int32, limit: Int) throws -> [UInt8] {
        guard !body.isEmpty else { return [] }
        var stream = z_stream()
        guard heed_inflate_begin(&stream, window) == Z_OK else { throw Failure.damaged }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var input = body
        try input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            while true {
                let (status, count) = piece.withUnsafeMutableBufferPointer { piece in
                    stream.next_out = piece.baseAddress
                    stream.avail_out = UInt32(piece.count)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    return (status, piece.count - Int(stream.avail_out))
                }
                output += piece[..<count]
                guard output.count <= limit else { throw Failure.tooLarge }
                if status == Z_STREAM_END {
                    // Another member, or something that is none and means nothing.
                    guard window == gzipWindow, stream.avail_in > 1, stream.next_in[0] == 0x1F,
                        stream.next_in[1] == 0x8B,
                        inflateReset(&stream) == Z_OK
                    else { return }
                } else if status != Z_OK || (count == 0 && stream.avail_in == 0) {
                    throw Failure.damaged
                }
            }
        }
        return output
    }
}
