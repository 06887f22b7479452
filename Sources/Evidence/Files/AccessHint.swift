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
            return "\(place) belongs to \(name(of: status.st_uid)): \(handOver(place, from: status.st_uid))"
        }
        return "type: chmod u+rwX \(place)"
    }

    /// What to do about something that belongs to another than the running user.
    package static func handOver(_ path: String, from owner: uid_t) -> String {
        let user = name(of: geteuid())
        let command = "type as root: chown -R \(getpwuid(geteuid()) == nil ? String(geteuid()) : user) \(path)"
        // What root left behind is a mistake; what a service has is the service's.
        guard owner != 0 else { return "run heedaudit always as one user, or \(command)" }
        return
            "run it as that user (runuser -u \(name(of: owner)) -- heedaudit …); if \(user) is to run it from now on, \(command)"
    }

    /// A user's name; the number where it has none.
    package static func name(of user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }
}
