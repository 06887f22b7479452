import Evidence
import Foundation

/// A group of the system, by its name or number: whose members may read an organization's bundles.
package struct OutputGroup: Sendable, Hashable {
    /// As it was written.
    let name: String
    /// Its number.
    let number: UInt32

    /// Looks a group up; nil where the system has none of the name.
    package init?(_ name: String) {
        self.name = name
        if let number = UInt32(name), number != .max {
            self.number = number
            return
        }
        var group = group()
        var found: UnsafeMutablePointer<group>?
        var room = [CChar](repeating: 0, count: 1 << 16)
        guard getgrnam_r(name, &group, &room, room.count, &found) == 0, found != nil else { return nil }
        number = group.gr_gid
    }

    /// Hands a folder to the group, with the bit that hands the group on to what is made in it; what stands in it already stays
    /// as it is.
    ///
    /// - Throws: ``ReportingError`` with code `cannotCreate` where this user may not do so.
    package func take(_ folder: String) throws {
        var status = stat()
        guard stat(folder, &status) == 0 else { throw ReportingError.create(folder) }
        if status.st_gid == number, status.st_mode & S_ISGID != 0 { return }
        guard chown(folder, uid_t.max, number) == 0, chmod(folder, status.st_mode & 0o7777 | S_ISGID) == 0 else {
            let reason = String(cString: strerror(errno))
            throw ReportingError(
                .cannotCreate,
                "cannot hand \(folder) to the group \(name): \(reason)",
                hint: "who runs this must own the folder and belong to the group; see output_group"
            )
        }
    }
}
