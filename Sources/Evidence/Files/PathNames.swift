/// Names of files taken apart as text: nothing is looked at, and no name is too short.
package enum PathNames {
    /// The folder of a path; empty where the path names none.
    package static func parent(of path: String) -> String {
        let bytes = Array(path.utf8)
        guard let last = bytes.lastIndex(where: { $0 != slash }),
            let end = bytes[..<last].lastIndex(of: slash)
        else { return bytes.first == slash ? "/" : "" }
        guard let behind = bytes[..<end].lastIndex(where: { $0 != slash }) else { return "/" }
        return String(decoding: bytes[...behind], as: UTF8.self)
    }

    private static let slash = UInt8(ascii: "/")
}
