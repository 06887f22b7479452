import CZLib
import Evidence
import Foundation

/// The files inside a ZIP file that somebody gave us: nothing it says of itself is believed before it is checked.
///
/// Of the format what workbooks use: stored and deflated files, one disk, no encryption, less than 4 GiB.
package struct ZipFile {
    /// Why a file can't be read; a part of a sentence.
    package struct Damage: Error {
        /// What is wrong with it.
        package let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private struct Entry {
        var method: Int
        var crc: UInt32
        var packed: Int
        var size: Int
        var header: Int
    }

    /// Reads bytes from a place on, fewer at the end alone.
    private let read: (_ place: Int, _ count: Int) throws -> [UInt8]
    private let size: Int
    private var entries: [ExactText: Entry] = [:]

    private static let mostEntries = 10_000
    private static let mostDirectory = 8 << 20
    private static let endSize = 22
    private static let piece = 1 << 16

    /// Reads the directory of a file in memory.
    ///
    /// - Throws: ``Damage`` when the bytes are no ZIP file that can be read.
    init(_ bytes: [UInt8]) throws {
        try self.init(size: bytes.count) { place, count in
            guard place >= 0, count >= 0, place <= bytes.count else { return [] }
            return Array(bytes[place..<min(bytes.count, place + count)])
        }
    }

    /// Reads the directory of a file that the caller keeps open.
    ///
    /// - Throws: ``Damage`` when the file is no ZIP file that can be read.
    package init(descriptor: Int32, size: Int) throws {
        try self.init(size: size) { place, count in
            var done = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
                while done < count {
                    let some = pread(
                        descriptor,
                        buffer.baseAddress.map { $0 + done },
                        count - done,
                        off_t(place + done)
                    )
                    if some < 0 && errno == EINTR { continue }
                    if some <= 0 { break }
                    done += some
                }
                filled = done
            }
            return bytes
        }
    }

    private init(size: Int, _ read: @escaping (Int, Int) throws -> [UInt8]) throws {
        self.size = size
        self.read = read
        let tail = try read(max(0, size - Self.endSize - 65_535), Self.endSize + 65_535)
        guard tail.count >= Self.endSize,
            let end = stride(from: tail.count - Self.endSize, through: 0, by: -1).first(where: {
                Self.number(tail, $0, 4) == 0x0605_4B50
            })
        else { throw Damage("it has no directory of the files inside") }
        let (count, length, start) = (
            Self.number(tail, end + 10, 2), Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4)
        )
        guard count <= Self.mostEntries, length <= Self.mostDirectory, start + length <= size else {
            throw Damage("its directory of the files inside makes no sense")
        }
        try readDirectory(try read(start, length), count)
    }

    private mutating func readDirectory(_ directory: [UInt8], _ count: Int) throws {
        var place = 0
        for _ in 0..<count {
            guard place + 46 <= directory.count, Self.number(directory, place, 4) == 0x0201_4B50 else {
                throw Damage("its directory of the files inside breaks off")
            }
            let field = { (offset: Int, count: Int) in Self.number(directory, place + offset, count) }
            let (nameSize, rest) = (field(28, 2), field(30, 2) + field(32, 2))
            guard place + 46 + nameSize + rest <= directory.count else {
                throw Damage("its directory of the files inside breaks off")
            }
            let name = String(decoding: directory[(place + 46)..<(place + 46 + nameSize)], as: UTF8.self)
            guard field(8, 2) & 1 == 0 else { throw Damage("it is protected by a password") }
            let entry = Entry(
                method: field(10, 2),
                crc: UInt32(truncatingIfNeeded: field(16, 4)),
                packed: field(20, 4),
                size: field(24, 4),
                header: field(42, 4)
            )
            guard entries.updateValue(entry, forKey: ExactText(name)) == nil else {
                throw Damage("it holds two files of one name")
            }
            place += 46 + nameSize + rest
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        guard place >= 0, place + count <= bytes.count else { return -1 }
        return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    /// Whether there is a file of a name.
    func holds(_ name: String) -> Bool { entries[ExactText(name)] != nil }

    /// Hands out the content of a file, piece by piece.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - most: The most bytes that are taken from it, unpacked.
    ///   - take: Gets the pieces in order.
    /// - Throws: ``Damage``, and what `take` throws.
    package func unpack(
        _ name: String,
        atMost most: Int,
        _ take: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let entry = entries[ExactText(name)] else { throw Damage("it has no \(name)") }
        guard entry.size <= most else {
            throw Damage("\(name) has \(entry.size) bytes; more than \(most) are not read")
        }
        let header = try read(entry.header, 30)
        guard header.count == 30, Self.number(header, 0, 4) == 0x0403_4B50 else {
            throw Damage("\(name) does not stand where its directory says")
        }
        let start = entry.header + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
        guard start + entry.packed <= size else { throw Damage("\(name) breaks off") }
        var (done, crc) = (0, crc32(0, nil, 0))
        func hand(_ bytes: UnsafeBufferPointer<UInt8>) throws {
            done += bytes.count
            guard done <= entry.size else { throw Damage("\(name) is longer than its directory says") }
            crc = crc32(crc, bytes.baseAddress, UInt32(bytes.count))
            try take(bytes)
        }
        switch entry.method {
        case 0: try forEachPiece(start, entry.packed) { try $0.withUnsafeBufferPointer(hand) }
        case 8: try inflate(start, entry.packed, name, hand)
        default: throw Damage("\(name) is packed in a way that is not read")
        }
        guard done == entry.size, UInt32(crc) == entry.crc else {
            throw Damage("\(name) is not what its checksum says")
        }
    }

    private func forEachPiece(_ start: Int, _ count: Int, _ take: ([UInt8]) throws -> Void) throws {
        var done = 0
        while done < count {
            let piece = try read(start + done, min(Self.piece, count - done))
            guard !piece.isEmpty else { throw Damage("it breaks off") }
            done += piece.count
            try take(piece)
        }
    }

    private func inflate(
        _ start: Int,
        _ count: Int,
        _ name: String,
        _ hand: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        var stream = z_stream()
        // Below zero: without a header of zlib's around it.
        guard heed_inflate_begin(&stream, -15) == Z_OK else { throw Damage("there is no memory to unpack it") }
        defer { inflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Self.piece * 4)
        var status = Z_OK
        try forEachPiece(start, count) { piece in
            var piece = piece
            try piece.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                try output.withUnsafeMutableBufferPointer { output in
                    repeat {
                        guard status == Z_OK else { throw Damage("\(name) can't be unpacked") }
                        stream.next_out = output.baseAddress
                        stream.avail_out = UInt32(output.count)
                        status = CZLib.inflate(&stream, Z_NO_FLUSH)
                        // No progress: more input is needed.
                        if status == Z_BUF_ERROR { status = Z_OK }
                        try hand(UnsafeBufferPointer(rebasing: output[..<(output.count - Int(stream.avail_out))]))
                    } while stream.avail_in > 0 || stream.avail_out == 0 && status == Z_OK
                }
            }
        }
        guard status == Z_STREAM_END else { throw Damage("\(name) can't be unpacked") }
    }
}
