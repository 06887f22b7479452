import Foundation

/// Names of files taken apart, and where they lead.
package enum PathNames {
    /// The folder of a path, as text: nothing is looked at, and no name is too short; empty where the path names none.
    package static func parent(of path: String) -> String {
        let bytes = Array(path.utf8)
        guard let last = bytes.lastIndex(where: { $0 != slash }),
            let end = bytes[..<last].lastIndex(of: slash)
        else { return bytes.first == slash ? "/" : "" }
        guard let behind = bytes[..<end].lastIndex(where: { $0 != slash }) else { return "/" }
        return String(decoding: bytes[...behind], as: UTF8.self)
    }

    /// The path without links and steps back; nil where nothing stands.
    package static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The path without links and steps back, also of what is not there yet; empty for the root.
    package static func resolved(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return full.split(separator: "/").reduce(into: "") { place, step in
            switch step {
            case ".": break
            case "..": place = parent(of: place)
            default: place = real("\(place)/\(step)") ?? "\(place)/\(step)"
            }
            if place == "/" { place = "" }
        }
    }

    /// Where a path leads that may be a link to a link, also to what is not there yet; the path itself where it is none.
    ///
    /// Links of the folders above are not taken out.
    package static func target(of path: String) -> String {
        var path = path
        // As many as the kernel follows.
        for _ in 0..<40 {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            let folder = parent(of: path)
            path = next.hasPrefix("/") || folder.isEmpty ? next : "\(folder)/\(next)"
        }
        return path
    }

    private static let slash = UInt8(ascii: "/")
}
