import CBytes
import Foundation

/// A file that holds a token, and who can read it.
///
/// Its owner, root and the running user may. A group may where it is one of the running user's and the file is as machines
/// hand secrets out: mode 0440, or another's (Kubernetes' `fsGroup`), or by an ACL that names the running user alone
/// (systemd's `LoadCredential`).
struct TokenFile {
    /// A token is a line; whatever is longer is something else.
    private static let longest = 4096

    /// The file's bytes.
    let bytes: [UInt8]

    /// Reads a file.
    ///
    /// - Throws: `ServiceError`: `.tokenFileTooOpen` with the command to type, `.tokenMissing`.
    init(_ path: String) throws {
        // Not blocking: a named pipe that nobody writes to would hold the run for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let failure = errno
        guard descriptor >= 0 else {
            throw ServiceError(
                .tokenMissing,
                "can't read token file \(path): \(String(cString: strerror(failure)))",
                hint: failure == EACCES
                    ? "its owner must be the user that runs heedaudit"
                    : "put the API key into it and type: chmod 600 \(path)"
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ServiceError(
                .tokenMissing,
                "token file \(path) is no plain file",
                hint: "put the API key into a file"
            )
        }
        guard !Self.isOpenToOthers(status, Self.accessList(of: descriptor)) else {
            throw ServiceError(
                .tokenFileTooOpen,
                "token file \(path) can be read by others",
                hint: "type: chmod 600 \(path)"
            )
        }
        var bytes = [UInt8](repeating: 0, count: Self.longest + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw ServiceError(.tokenMissing, "can't read token file \(path): \(String(cString: strerror(errno)))")
        }
        guard count <= Self.longest else {
            throw ServiceError(
                .tokenMissing,
                "token file \(path) holds more than \(Self.longest) bytes, which is no token",
                hint: "it holds the API key alone, such as ch_live_…"
            )
        }
        self.bytes = Array(bytes[..<count])
    }

    /// An entry of a file's access control list.
    private struct Access {
        var tag: UInt16
        var canRead: Bool
        var id: UInt32

        static let user: UInt16 = 0x02
        static let owningGroup: UInt16 = 0x04
        static let group: UInt16 = 0x08
        static let mask: UInt16 = 0x10
        static let others: UInt16 = 0x20
    }

    /// The access control list, as Linux keeps it (`acl(5)`: a version, then tag, rights and id of each); empty without one.
    private static func accessList(of descriptor: Int32) -> [Access] {
        var bytes = [UInt8](repeating: 0, count: 1 << 12)
        let count = heed_access_list(descriptor, &bytes, bytes.count)
        guard count > 4 else { return [] }
        func number(_ place: Int, _ size: Int) -> UInt32 {
            (0..<size).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
        }
        return stride(from: 4, to: count - 7, by: 8).map { place in
            Access(
                tag: UInt16(truncatingIfNeeded: number(place, 2)),
                canRead: number(place + 2, 2) & 4 != 0,
                id: number(place + 4, 4)
            )
        }
    }

    private static func isOpenToOthers(_ status: stat, _ list: [Access]) -> Bool {
        guard status.st_mode & 0o027 == 0 else { return true }
        let isShared = isHandedOut(status)
        guard !list.isEmpty else {
            return status.st_mode & 0o040 != 0 && !(isShared && ownGroups.contains(status.st_gid))
        }
        guard list.contains(where: { $0.tag == Access.mask && $0.canRead }) else { return false }
        return list.contains { entry in
            guard entry.canRead else { return false }
            switch entry.tag {
            case Access.user: return ![geteuid(), 0, status.st_uid].contains(entry.id)
            case Access.owningGroup: return !(isShared && ownGroups.contains(status.st_gid))
            case Access.group: return !ownGroups.contains(entry.id)
            case Access.others: return true
            default: return false
            }
        }
    }

    /// Whether the file is as machines make it for a reader: nobody writes it, or somebody else owns it.
    private static func isHandedOut(_ status: stat) -> Bool {
        status.st_mode & 0o777 == 0o440 || status.st_uid != geteuid()
    }

    private static var ownGroups: Set<gid_t> {
        var groups = [gid_t](repeating: 0, count: 1 << 16)
        let count = getgroups(Int32(groups.count), &groups)
        return Set(groups.prefix(max(0, Int(count))) + [getegid()])
    }
}
