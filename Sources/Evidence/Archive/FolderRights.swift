import Foundation

/// The rights of the folders that hold evidence: their owner's alone.
enum FolderRights {
    /// Closes the archive's folder to others, unless it is a place that is shared on purpose or holds other things, too.
    ///
    /// - Throws: `EvidenceError` with code `.cannotCreate` where a stranger owns it or may write it.
    static func close(root path: String) throws {
        let status = try status(of: path)
        let isOpen = status.st_mode & 0o077 != 0
        // Who may make things in a sticky folder can't touch those of others.
        if status.st_mode & S_ISVTX != 0 { return }
        // A folder that only root can write is the administrator's way of saying where archives are.
        if status.st_uid == 0, status.st_mode & 0o022 == 0, geteuid() != 0 { return }
        try requireOwn(status, path)
        guard isOpen else { return }
        if try holdsArchivesAlone(path) {
            close(path, status)
        } else if status.st_mode & 0o022 != 0 {
            throw EvidenceError(
                .cannotCreate,
                "can't keep evidence in \(path): others may write it, and it holds more than archives",
                hint: "name a folder of its own by --archive, or type: chmod go-w \(path)"
            )
        }
    }

    /// Closes a folder of an organization's archive to others.
    ///
    /// - Throws: `EvidenceError` with code `.cannotCreate` where a stranger owns it.
    static func close(own path: String) throws {
        let status = try status(of: path)
        try requireOwn(status, path)
        if status.st_mode & 0o077 != 0 { close(path, status) }
    }

    /// Ends where something in an organization's archive would be written, or looked for, through a link.
    ///
    /// - Throws: `EvidenceError` with code `.cannotCreate`.
    static func requireNoLinks(in folder: String) throws {
        for name in ArchiveRoom.all + ["staging", "staging/sealed"] {
            switch PlainFile.kind(folder + "/" + name) {
            case nil, .folder: break
            case .link: throw EvidenceError.isLink(folder + "/" + name)
            default: throw EvidenceError.cannotCreate(folder + "/" + name, ENOTDIR)
            }
        }
        for name in [Ledger.fileName] + (try Files.names(in: folder + "/staging").map({ "staging/" + $0 })) {
            switch PlainFile.kind(folder + "/" + name) {
            case nil, .file: break
            case .folder where name != Ledger.fileName: break
            case .link: throw EvidenceError.isLink(folder + "/" + name)
            default: throw EvidenceError.isNoFile(folder + "/" + name)
            }
        }
    }

    private static func status(of path: String) throws -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else { throw EvidenceError.cannotCreate(path, errno) }
        return status
    }

    /// Root may act for the owner; anybody else can neither trust nor close what another owns.
    private static func requireOwn(_ status: stat, _ path: String) throws {
        let user = geteuid()
        guard user != 0, status.st_uid != user else { return }
        throw EvidenceError(
            .cannotCreate,
            "can't keep evidence in \(path): it belongs to \(AccessHint.name(of: status.st_uid))",
            hint: AccessHint.handOver(path, from: status.st_uid)
        )
    }

    private static func close(_ path: String, _ status: stat) {
        let mode = status.st_mode & 0o7777
        if chmod(path, mode & ~0o077 | 0o700) == 0 {
            MachineNotes.say("\(path) was open to others (\(String(mode, radix: 8))); it is its owner's alone now")
        } else if !FileSystemGap.rights.isReason(errno, on: path) {
            MachineNotes.say("\(path) is open to others, and can't be closed: \(EvidenceError.reason(errno))")
        }
    }

    private static func holdsArchivesAlone(_ path: String) throws -> Bool {
        try PlainFile.names(in: path).allSatisfy { name in
            let folder = "\(path)/\(name)"
            return name == ArchiveRoot.foundByRepair || PlainFile.kind(folder + "/lock") != nil
                || PlainFile.isFolder(folder)
                    && (Archive.holdsAnything(folder) || (try? PlainFile.names(in: folder))?.isEmpty == true)
        }
    }
}
