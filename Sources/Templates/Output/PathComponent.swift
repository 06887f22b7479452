import Evidence

/// Makes a name into one component of a path: nothing in it can lead elsewhere, and different names stay different.
package enum PathComponent {
    private static let longest = 100
    private static let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+".utf8)

    /// The name itself if it is harmless, else what is left of it and a part of its digest, which is harmless.
    package static func safe(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let isHarmless =
            !bytes.isEmpty && bytes.count <= longest && bytes[0] != UInt8(ascii: ".") && bytes[0] != UInt8(ascii: "-")
            && bytes.allSatisfy(allowed.contains) && !["latest", "index.html"].contains(name)
        if isHarmless { return name }
        var kept = bytes.map { allowed.contains($0) ? $0 : UInt8(ascii: "_") }
        kept = Array(kept.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }.prefix(longest - 9))
        return String(decoding: kept, as: UTF8.self) + "-" + Digest.sha256(bytes).prefix(8)
    }
}
