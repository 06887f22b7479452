import CBytes

extension [UInt8] {
    /// Where some bytes stand first, from a place on; nil where they don't.
    ///
    /// By memmem(3): what is looked through are files of megabytes.
    package func range(of bytes: StaticString, from start: Int = 0) -> Range<Int>? {
        withUnsafeBytes { all in
            guard start <= all.count, let base = all.baseAddress,
                let found = heed_find(base + start, all.count - start, bytes.utf8Start, bytes.utf8CodeUnitCount)
            else { return nil }
            let place = found - base
            return place..<place + bytes.utf8CodeUnitCount
        }
    }
}
