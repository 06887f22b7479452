import Evidence
import Foundation
import Templates

/// The key that signs bundles: a private one, or the public one of a key that an agent or a security key holds.
package struct SigningKey: Sendable, Hashable {
    /// The key's file.
    let path: String
    /// Its fingerprint, `SHA256:…`.
    let fingerprint: String
    /// What its owner called it; empty for nothing.
    let comment: String

    private let isOnSecurityKey: Bool

    /// The file beside SHA256SUMS that holds the signature.
    static let signatureFile = "SHA256SUMS.sig"

    /// Reads the key's fingerprint, which needs no passphrase.
    ///
    /// - Throws: `EvidenceError` with code `.unsupported` for a file that is no key, and where there is no `ssh-keygen`.
    package init(path: String) throws {
        if access(path, R_OK) != 0, errno != ENOENT {
            throw EvidenceError(
                .unsupported,
                "can't read signing_key \(path): \(String(cString: strerror(errno)))",
                hint: AccessHint.hint(for: path, errno)
            )
        }
        let answer = try SSHKeygen.run(["-l", "-f", path])
        // "256 SHA256:… what it is called (ED25519)"
        let words = String(decoding: answer.output, as: UTF8.self).split(whereSeparator: \.isNewline).first?
            .split(separator: " ", omittingEmptySubsequences: false)
        guard answer.status == 0, let words, words.count >= 3, words[1].hasPrefix("SHA256:") else {
            throw EvidenceError(
                .unsupported,
                "signing_key \(path) is no key that ssh-keygen can read: \(answer.error)",
                hint: "make one by: ssh-keygen -t ed25519 -f \(path); or name the public key of one that an agent holds"
            )
        }
        self.path = path
        fingerprint = String(words[1])
        let name = words[2..<(words.count - 1)].joined(separator: " ")
        comment = name == "no comment" ? "" : name
        isOnSecurityKey = words.last?.hasSuffix("-SK)") == true
    }

    /// The key as a report names it.
    package var name: String { comment.isEmpty ? fingerprint : "\(fingerprint) (\(comment))" }

    /// Signs the sums of a bundle that is being written.
    ///
    /// - Returns: The signature's file.
    /// - Throws: `EvidenceError` with code `.unsupported` where the key does not sign, `.cannotWrite` where it takes too long;
    ///   `ReportingError` where the file can't be written.
    func sign(_ folder: String, mode: OutputMode) throws -> OutputFile {
        let sums = try PlainFile.named("\(folder)/\(Checksums.fileName)", atMost: Self.largestSums)
        let file = try OutputFile.write(signature(of: sums), as: Self.signatureFile, in: folder, mode)
        // The public part beside a private key may be that of another: the report would name the wrong one.
        guard try hasSigned(folder) else { throw refused("its signature is not that of \(fingerprint)") }
        return file
    }

    /// Whether the signature of a bundle's sums is there, is one of these sums, and is this key's.
    ///
    /// - Throws: `EvidenceError` with code `.unsupported` where there is no `ssh-keygen`.
    func hasSigned(_ folder: String) throws -> Bool {
        let answer = try SSHKeygen.run(
            ["-Y", "check-novalidate", "-n", SSHKeygen.namespace, "-s", "\(folder)/\(Self.signatureFile)"],
            input: PlainFile.named("\(folder)/\(Checksums.fileName)", atMost: Self.largestSums)
        )
        let signer = String(decoding: answer.output, as: UTF8.self).split(whereSeparator: \.isWhitespace).last ?? ""
        return answer.status == 0 && fingerprint.isSameInBytes(as: String(signer))
    }

    /// Tries whether the key signs: nothing is written.
    ///
    /// - Throws: `EvidenceError` as for a signature that is wanted.
    package func tryOut() throws { _ = try signature(of: []) }

    /// The most bytes of a list of digests that is signed.
    static let largestSums = 64 << 20

    private func signature(of text: [UInt8]) throws -> [UInt8] {
        if isOnSecurityKey { MachineNotes.say("\(path) is on a security key: touch it when it blinks") }
        let answer = try SSHKeygen.run(["-Y", "sign", "-n", SSHKeygen.namespace, "-f", path], input: text)
        guard answer.status == 0, answer.output.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) else {
            throw refused(answer.error)
        }
        return answer.output
    }

    private func refused(_ reason: String) -> EvidenceError {
        EvidenceError(
            .unsupported,
            "signing_key \(path) does not sign: \(reason)",
            hint:
                "without its signature there is no report; a key with a passphrase, or a public one's other half, must be in an agent "
                + "that this run reaches (ssh-add, SSH_AUTH_SOCK)"
        )
    }
}
