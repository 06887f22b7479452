import CBytes
import Foundation

/// A file that is written from its begin to its end: large aligned pieces past the page cache, where the file system
/// takes that (open(2), O_DIRECT), everything else through it.
///
/// Segments and a report's files are synced before they count, and seldom read again by who wrote them; copying hundreds of
/// megabytes into the page cache first takes several times the processor time of handing them to the disk.
package struct DirectFile {
    /// What the memory and the number of bytes of a piece are multiples of, for it to go past the page cache.
    package static let alignment = 4096

    private let descriptor: Int32
    private var offset = 0
    private var isDirect = false
    private var takesDirect: Bool

    private static let leastDirect = 1 << 16

    /// Writes to an empty file, which its owner closes; or behind what a file holds, then all through the page cache.
    package init(_ descriptor: Int32, takesDirect: Bool = true) {
        self.descriptor = descriptor
        self.takesDirect = takesDirect
    }

    /// Appends bytes; they are with the system when the call returns, and with the disk after a sync.
    /// - Returns: 0, or the number of the error; part of the bytes may be written then.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes
        while let start = rest.baseAddress, rest.count > 0 {
            setDirect(
                takesDirect && rest.count >= Self.leastDirect && offset % Self.alignment == 0
                    && UInt(bitPattern: start) % UInt(Self.alignment) == 0
            )
            let count = isDirect ? rest.count / Self.alignment * Self.alignment : rest.count
            // The way back through the page cache was refused, and less than a page can't go past it.
            guard count > 0 else { return EINVAL }
            let written = write(descriptor, start, count)
            if written < 0 {
                if errno == EINTR { continue }
                guard errno == EINVAL, isDirect else { return errno }
                takesDirect = false
                continue
            }
            offset += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return 0
    }

    private mutating func setDirect(_ wanted: Bool) {
        guard wanted != isDirect else { return }
        if heed_set_direct(descriptor, wanted) { isDirect = wanted } else { takesDirect = false }
    }
}
