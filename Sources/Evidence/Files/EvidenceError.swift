import Foundation

/// Why the archive can't be read, written or trusted.
package typealias EvidenceError = CodedError<EvidenceFault>

/// The kinds of failure of ``EvidenceError``.
package enum EvidenceFault: Sendable, Hashable {
    /// There is no archive, or no such organization in it (64).
    case notFound
    /// The archive is not what its ledger says (65).
    case damaged
    /// A copy holds what the archive does not (65).
    case diverged
    /// The archive was written by a newer version (78).
    case newer
    /// Input that is no event (65).
    case unusableInput
    /// A file can't be read (65).
    case cannotRead
    /// A file or folder can't be created (73).
    case cannotCreate
    /// A file can't be written in full (74).
    case cannotWrite
    /// The machine can't do what evidence needs (78).
    case unsupported
    /// Another process works on this organization (75).
    case locked
    /// Memory is short (75).
    case outOfMemory
}

extension EvidenceError {
    /// A file or folder that the system does not let us read; `number` is its `errno`.
    package static func cannotRead(_ path: String, _ number: Int32) -> EvidenceError {
        if number == ENOMEM { return noMemory(path) }
        return EvidenceError(
            .cannotRead,
            "can't read \(path): \(reason(number))",
            hint: AccessHint.hint(for: path, number)
        )
    }

    static func cannotWrite(_ path: String, _ number: Int32) -> EvidenceError {
        if number == ENOMEM { return noMemory(path) }
        return EvidenceError(
            .cannotWrite,
            "can't write \(path): \(reason(number))",
            hint: AccessHint.hint(for: path, number)
        )
    }

    static func cannotCreate(_ path: String, _ number: Int32) -> EvidenceError {
        if number == ELOOP { return isLink(path) }
        if number == ENOMEM { return noMemory(path) }
        if number == ENXIO { return isNoFile(path) }
        return EvidenceError(
            .cannotCreate,
            "can't create \(path): \(reason(number))",
            hint: AccessHint.hint(for: path, number)
        )
    }

    /// What is wrong is the machine's, and not the file's.
    private static func noMemory(_ path: String) -> EvidenceError {
        EvidenceError(
            .outOfMemory,
            "memory is short: there was none for \(path)",
            hint: "free some, or raise the limit (ulimit -v), and run it again; nothing half-written counts"
        )
    }

    /// A symbolic link where something is to be written.
    static func isLink(_ path: String) -> EvidenceError {
        EvidenceError(
            .cannotCreate,
            "can't write to \(path): it is a symbolic link, and nothing in an organization's folder is followed",
            hint: "run 'heedaudit verify', and put what it points to in its place"
        )
    }

    /// A pipe, a socket, a device or a folder where a file is to be written.
    static func isNoFile(_ path: String) -> EvidenceError {
        EvidenceError(
            .cannotCreate,
            "can't write to \(path): it is no plain file",
            hint: "run 'heedaudit verify', and move it away"
        )
    }

    /// A sealed file that is not what its entry tells.
    static func changed(_ path: String) -> EvidenceError {
        EvidenceError(
            .damaged,
            "\(path) is not what the ledger says; nothing is added to an archive that can't be trusted",
            hint: "run 'heedaudit verify', and restore the archive from a backup"
        )
    }

    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
