import Foundation

/// What to do where the system lets a process not read or write something.
package enum AccessHint {
    /// What to do about a failure; nil where it is not about rights.
    package static func hint(for path: String, _ number: Int32) -> String? {
        guard number == EACCES || number == EPERM else { return nil }
        var place = path
        var status = stat()
        while stat(place, &status) != 0 {
            let parent = PathNames.parent(of: place)
            let next = parent.isEmpty ? "." : parent
            guard next != place else { return nil }
            place = next
        }
        if geteuid() == 0 { return "even root may not: is the file system read-only, or the file immutable?" }
        if status.st_uid != geteuid() {
            return "\(place) belongs to \(name(of: status.st_uid)): \(handOver(place))"
        }
        return "type: chmod u+rwX \(place)"
    }

    /// How the running user comes to own something.
    static func handOver(_ path: String) -> String {
        "run heedaudit always as one user, or type as root: chown -R \(name(of: geteuid())) \(path)"
    }

    /// A user's name; the number where it has none.
    static func name(of user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }
}
