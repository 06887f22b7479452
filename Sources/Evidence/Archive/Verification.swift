import Crypto
import Foundation

/// A file, or a place in the chain, that is not what it was sealed as.
public struct Discrepancy: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: String, Sendable {
        case missing
        case added
        case changed
        /// The chain of the ledger does not hold.
        case chain
        /// The ledger no longer holds an entry that a bundle pins.
        case truncated
    }

    /// The file's path.
    public var file: String
    /// What is wrong with it.
    public var kind: Kind
    /// The same in words.
    public var detail: String

    /// Describes a discrepancy.
    public init(file: String, kind: Kind, detail: String) {
        self.file = file
        self.kind = kind
        self.detail = detail
    }
}

/// Re-checks archives and bundles from their files alone.
public enum Verifier {
    /// What was looked at, and what was wrong with it.
    public struct Outcome: Sendable {
        /// Files whose digest was reckoned.
        public var filesChecked = 0
        /// Ledger entries read.
        public var entriesChecked = 0
        /// What is not as it was sealed.
        public var discrepancies: [Discrepancy] = []
    }

    /// A head that a bundle pins.
    public struct Pin: Sendable, Hashable {
        /// The manifest that pins it.
        public var manifest: String
        /// The organization's id.
        public var organization: String
        /// The entry's number.
        public var entry: Int
        /// The entry's digest.
        public var head: String
    }

    /// Checks one organization's archive: the chain, every file's digest, and that there are no others.
    public static func verify(archiveAt path: String) throws -> Outcome {
        let archive = try Archive(path: path)
        var outcome = Outcome()
        outcome.entriesChecked = archive.entries.count
        for fault in archive.ledger.faults {
            outcome.discrepancies.append(Discrepancy(file: path + "/" + Ledger.fileName, kind: .chain, detail: fault))
        }
        if archive.ledger.tornBytes > 0 {
            outcome.discrepancies.append(
                Discrepancy(
                    file: path + "/" + Ledger.fileName,
                    kind: .changed,
                    detail: "its last line has no end; if a run was killed just now, the next one mends it"
                )
            )
        }
        var named: Set<String> = []
        let last = archive.entries.count - 1
        for (index, entry) in archive.entries.enumerated() {
            for file in entry.files where named.insert(file.path).inserted {
                outcome.filesChecked += 1
                check(file, of: archive, mayBeStaged: index == last, into: &outcome)
            }
        }
        for folder in ["events", "snapshots", "variants", "unreadable"] {
            for name in try Files.names(in: path + "/" + folder) where !named.contains(folder + "/" + name) {
                outcome.discrepancies.append(
                    Discrepancy(
                        file: "\(path)/\(folder)/\(name)",
                        kind: .added,
                        detail: "no entry of the ledger names it"
                    )
                )
            }
        }
        let expected: Set<String> = [
            Ledger.fileName, "events", "snapshots", "variants", "unreadable", "staging", "cache", "lock",
        ]
        for name in try Files.names(in: path) where !expected.contains(name) {
            outcome.discrepancies.append(
                Discrepancy(file: "\(path)/\(name)", kind: .added, detail: "it does not belong into an archive")
            )
        }
        return outcome
    }

    private static func check(
        _ file: (path: String, sha256: String),
        of archive: Archive,
        mayBeStaged: Bool,
        into outcome: inout Outcome
    ) {
        let path = archive.path + "/" + file.path
        let staged = archive.path + "/staging/sealed/" + file.path
        let present = Files.exists(path) ? path : mayBeStaged && Files.exists(staged) ? staged : nil
        guard let present else {
            outcome.discrepancies.append(
                Discrepancy(file: path, kind: .missing, detail: "the ledger names it, and it is not there")
            )
            return
        }
        if let detail = difference(ofFile: present, from: file.sha256, namedIn: "the ledger") {
            outcome.discrepancies.append(Discrepancy(file: path, kind: .changed, detail: detail))
        }
    }

    /// Checks one bundle by its `SHA256SUMS`: files missing, added, changed.
    public static func verify(bundleAt path: String) throws -> Outcome {
        var outcome = Outcome()
        let sums = String(decoding: try Files.read(path + "/SHA256SUMS"), as: UTF8.self)
        var named: Set<String> = ["SHA256SUMS"]
        for line in sums.split(separator: "\n") {
            let digest = line.prefix(64)
            let name = String(line.dropFirst(66))
            guard line.utf8.count > 66, !name.contains("/") else {
                outcome.discrepancies.append(
                    Discrepancy(file: path + "/SHA256SUMS", kind: .changed, detail: "a line of it names no file")
                )
                continue
            }
            named.insert(name)
            outcome.filesChecked += 1
            let file = path + "/" + name
            if !Files.exists(file) {
                outcome.discrepancies.append(
                    Discrepancy(file: file, kind: .missing, detail: "SHA256SUMS names it, and it is not there")
                )
            } else if let detail = difference(ofFile: file, from: String(digest), namedIn: "SHA256SUMS") {
                outcome.discrepancies.append(Discrepancy(file: file, kind: .changed, detail: detail))
            }
        }
        for name in try Files.names(in: path) where !named.contains(name) {
            outcome.discrepancies.append(
                Discrepancy(file: path + "/" + name, kind: .added, detail: "SHA256SUMS does not name it")
            )
        }
        return outcome
    }

    /// The head that a bundle's manifest pins; nil when the manifest pins none.
    public static func pin(ofBundleAt path: String) throws -> Pin? {
        let manifest = path + "/manifest.json"
        guard let bytes = try Files.readIfPresent(manifest),
            let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let evidence = object["evidence"] as? [String: Any], let head = evidence["head"] as? String,
            let entry = evidence["entry"] as? Int
        else { return nil }
        let organization = (object["organization"] as? [String: Any])?["id"] as? String ?? ""
        return Pin(manifest: manifest, organization: organization, entry: entry, head: head)
    }

    /// Looks for a pinned head in an archive's chain.
    public static func check(_ pin: Pin, against archive: Archive) -> Discrepancy? {
        let ledger = archive.path + "/" + Ledger.fileName
        guard pin.entry >= 1, pin.entry <= archive.ledger.digests.count else {
            return Discrepancy(
                file: ledger,
                kind: .truncated,
                detail: "it ends at entry \(archive.head.entry); \(pin.manifest) pins entry \(pin.entry)"
            )
        }
        guard archive.ledger.digests[pin.entry - 1] == pin.head else {
            return Discrepancy(
                file: ledger,
                kind: .chain,
                detail: "its entry \(pin.entry) is not the one that \(pin.manifest) pins"
            )
        }
        return nil
    }

    /// What is wrong with a file; nil for nothing.
    ///
    /// One that can't be read is named like the others, not the end of it.
    private static func difference(ofFile path: String, from sha256: String, namedIn source: String) -> String? {
        do {
            return try digest(ofFile: path) == sha256 ? nil : "its digest is not the one in \(source)"
        } catch {
            return (error as? EvidenceError)?.summary ?? "it can't be read"
        }
    }

    private static func digest(ofFile path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EvidenceError.cannotRead(path, errno) }
        defer { close(descriptor) }
        var hasher = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw EvidenceError.cannotRead(path, errno)
            }
            if count == 0 { return Digest.hex(hasher.finalize()) }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
