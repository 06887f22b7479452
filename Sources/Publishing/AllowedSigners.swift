import Evidence
import Foundation

/// Whose signatures count: a file as `ssh-keygen -Y verify` reads it.
package struct AllowedSigners: Sendable {
    private let path: String

    /// Names the file.
    ///
    /// - Throws: `EvidenceError` with code `.notFound` where it can't be read.
    package init(path: String) throws {
        guard access(path, R_OK) == 0 else {
            throw EvidenceError(
                .notFound,
                "can't read the allowed signers in \(path): \(String(cString: strerror(errno)))",
                hint: "a line each: NAME namespaces=\"heedaudit\" and the public key"
            )
        }
        self.path = path
    }

    /// What is wrong with the signature of a folder's sums; nil for one by an allowed signer.
    ///
    /// - Throws: `EvidenceError` with code `.unsupported` where there is no `ssh-keygen`.
    func fault(inSignatureOf folder: String) throws -> String? {
        let signature = "\(folder)/\(SigningKey.signatureFile)"
        let found = try SSHKeygen.run(["-Y", "find-principals", "-s", signature, "-f", path])
        let names = String(decoding: found.output, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard found.status == 0, !names.isEmpty else {
            // A key that is named for another time is named all the same.
            let isOfAnotherTime = ["key has expired", "key is not yet valid"].contains(where: found.error.contains)
            return isOfAnotherTime
                ? "it is by a key that does not count today: \(found.error)" : "it is by nobody whom \(path) names"
        }
        var reason = ""
        for name in names {
            let answer = try SSHKeygen.run(
                ["-Y", "verify", "-n", SSHKeygen.namespace, "-f", path, "-I", String(name), "-s", signature],
                input: PlainFile.named("\(folder)/\(Checksums.fileName)", atMost: SigningKey.largestSums)
            )
            if answer.status == 0 { return nil }
            reason = answer.error
        }
        return "it is no signature of SHA256SUMS by \(names.joined(separator: ", ")): \(reason)"
    }
}

extension BundleVerifier {
    /// Looks at the signature of a bundle's sums: whether it is there where it is due, and by whom it is.
    static func checkSignature(
        of path: String,
        _ signers: AllowedSigners?,
        _ outcome: inout Outcome
    ) throws {
        let file = "\(path)/\(SigningKey.signatureFile)"
        switch PlainFile.kind(file) {
        case nil:
            if let signer = Manifest.signer(ofBundle: path) {
                outcome.add(.missing, file, "the manifest says that the bundle is signed by \(signer)")
            } else if signers != nil {
                outcome.add(.missing, file, "the bundle is not signed")
            }
        case .file:
            guard let signers else { return outcome.signaturesUnchecked += 1 }
            outcome.filesChecked += 1
            if let fault = try signers.fault(inSignatureOf: path) { outcome.add(.changed, file, fault) }
        case .hidden(let failure): throw EvidenceError.cannotRead(file, failure)
        default: outcome.add(.changed, file, "it is no plain file")
        }
    }
}
