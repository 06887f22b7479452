import Foundation
import TestSupport
import Testing

/// Bundles that an SSH key signs: what is made, what is refused, and who believes what.
@Suite struct SignedReportTests {
    /// A folder with an archive, keys `ada` and `eve`, and who is allowed to sign: `ada-only`, `eve-only`.
    private func withKeys(_ body: (String) throws -> Void) throws {
        try withFirstVersion { folder in
            let keys = """
                rm -r output
                ssh-keygen -q -t ed25519 -N '' -C 'Ada Lind <audit>' -f ada && ssh-keygen -q -t ecdsa -N '' -C '' -f eve || exit 1
                for who in ada eve; do echo "$who@example.com namespaces=\\"heedaudit\\" $(cut -d' ' -f1,2 $who.pub)" > $who-only; done
                """
            let made = try runCommand("sh", ["-c", keys], in: folder)
            try #require(made.status == 0, "\(made.error)")
            try body(folder)
        }
    }

    private func report(
        _ key: String?,
        in folder: String,
        environment: [String: String?] = [:]
    ) throws -> (result: CommandResult, bundle: String) {
        let result = try Tool.run(
            ["report", "--json"],
            in: folder,
            environment: ["HEEDAUDIT_SIGNING_KEY": key].merging(environment) { _, new in new }
        )
        let object = try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return (result, (object?["bundle"] as? String).map { "\(folder)/\($0)" } ?? "")
    }

    private func verify(_ signers: String?, in folder: String) throws -> CommandResult {
        try Tool.run(["verify"] + (signers.map { ["--allowed-signers", $0] } ?? []), in: folder)
    }

    @Test(arguments: ["ada", "eve"]) func isSignedAndChecked(key: String) throws {
        try withKeys { folder in
            let (unsigned, plain) = try report(nil, in: folder)
            #expect(unsigned.status == 0, "\(unsigned.error)")
            #expect(try verify("\(key)-only", in: folder).status == 65)
            try FileManager.default.removeItem(atPath: folder + "/output")

            let (signed, bundle) = try report(key, in: folder)
            #expect(signed.status == 0 && bundle != plain, "\(signed.error)")
            #expect(signed.output.contains("SHA256SUMS.sig"))
            let sums = try runCommand("sha256sum", ["--strict", "-c", "SHA256SUMS"], in: bundle)
            #expect(sums.status == 0 && !sums.output.contains(".sig"), "\(sums.output)")
            let rights = try runCommand("stat", ["-c", "%a", "SHA256SUMS.sig"], in: bundle)
            #expect(rights.output == "640\n")
            let told = try runCommand("ssh-keygen", ["-l", "-f", key], in: folder)
            let fingerprint = try #require(told.output.split(separator: " ").dropFirst().first)
            let page = String(decoding: try BundleFiles.read(bundle + "/report.html"), as: UTF8.self)
            #expect(page.contains(fingerprint.replacing("+", with: "&#43;")) || page.contains(fingerprint))
            #expect(page.contains("Signed by") && page.contains("ssh-keygen -Y verify"))
            let list = String(decoding: try BundleFiles.read(bundle + "/../index.html"), as: UTF8.self)
            #expect(list.contains("/SHA256SUMS.sig\""))
            if key == "ada" { #expect(page.contains("(Ada Lind &lt;audit&gt;)")) }

            let anybody = try verify(nil, in: folder)
            #expect(anybody.status == 0 && anybody.error.contains("1 bundle is signed"), "\(anybody.error)")
            let right = try verify("\(key)-only", in: folder)
            #expect(right.status == 0 && !right.error.contains("not looked at"), "\(right.output)\(right.error)")
            let wrong = try verify(key == "ada" ? "eve-only" : "ada-only", in: folder)
            #expect(wrong.status == 65 && wrong.output.contains("SHA256SUMS.sig: it is by nobody"), "\(wrong.output)")
            let past = "sed 's/ namespaces/ valid-before=\"20200101\",namespaces/' \(key)-only > past"
            try #require(try runCommand("sh", ["-c", past], in: folder).status == 0)
            let late = try verify("past", in: folder)
            #expect(late.status == 65 && late.output.contains("a key that does not count today: "), "\(late.output)")
            #expect(late.output.contains("valid-before 2020-01-01"), "\(late.output)")
            #expect(try verify("nobody", in: folder).status == 64)
            let again = try report(key, in: folder)
            #expect(again.result.status == 0 && again.bundle == bundle)
        }
    }

    @Test(arguments: [
        (change: "rm SHA256SUMS.sig", isSeenByAnybody: true),
        (change: "rm SHA256SUMS.sig; mkfifo SHA256SUMS.sig", isSeenByAnybody: true),
        (
            change: "echo '<p>' >> report.html; sha256sum $(cut -c67- SHA256SUMS) > s; mv s SHA256SUMS",
            isSeenByAnybody: false
        ),
        (change: "ssh-keygen -Y sign -n file -f ../../../ada < SHA256SUMS > SHA256SUMS.sig", isSeenByAnybody: false),
        (
            change: "ssh-keygen -Y sign -n heedaudit -f ../../../eve < SHA256SUMS > SHA256SUMS.sig",
            isSeenByAnybody: false
        ),
        (change: "echo nothing > SHA256SUMS.sig", isSeenByAnybody: false),
    ])
    func whatIsNotSignedAsItStandsIs65(change: String, isSeenByAnybody: Bool) throws {
        try withKeys { folder in
            let (signed, bundle) = try report("ada", in: folder)
            try #require(signed.status == 0, "\(signed.error)")
            let changed = try runCommand("sh", ["-c", change], in: bundle)
            try #require(changed.status == 0, "\(changed.error)")
            let verified = try verify("ada-only", in: folder)
            #expect(verified.status == 65 && verified.output.contains("SHA256SUMS.sig"), "\(verified.output)")
            #expect(try verify(nil, in: folder).status == (isSeenByAnybody ? 65 : 0))
            if change == "rm SHA256SUMS.sig" || change == "echo nothing > SHA256SUMS.sig" {
                let again = try report("ada", in: folder).result
                #expect(again.status == 65 && again.error.contains("its signature is gone"), "\(again.error)")
            }
        }
    }

    @Test func anAgentHoldsTheKey() throws {
        try withKeys { folder in
            let lock = "ssh-keygen -q -p -P '' -N secret -f ada && mv ada kept"
            #expect(try runCommand("sh", ["-c", lock], in: folder).status == 0)
            let refused = try report("ada.pub", in: folder, environment: ["SSH_AUTH_SOCK": nil]).result
            #expect(refused.status == 78 && refused.error.contains("ssh-add"), "\(refused.error)")
            let agent = try RunningCommand("ssh-agent", ["-D", "-a", "agent"], in: folder)
            defer { agent.send(SIGTERM) }
            for _ in 0..<100 where !FileManager.default.fileExists(atPath: folder + "/agent") { usleep(20_000) }
            let added = try runCommand(
                "sh",
                ["-c", "ssh-keygen -q -p -P secret -N '' -f kept && ssh-add -q kept && rm kept"],
                environment: ["SSH_AUTH_SOCK": "agent"],
                in: folder
            )
            try #require(added.status == 0, "\(added.error)")
            let signed = try report("ada.pub", in: folder, environment: ["SSH_AUTH_SOCK": "agent"]).result
            #expect(signed.status == 0, "\(signed.error)")
            #expect(try verify("ada-only", in: folder).status == 0)
        }
    }

    /// Where nothing can be signed there is no bundle, and what to do is said.
    @Test(arguments: [
        (prepared: "ssh-keygen -q -p -P '' -N secret -f ada", words: "ssh-add"),
        (prepared: "rm ada ada.pub", words: "ssh-keygen -t ed25519"),
        (prepared: "echo nonsense > ada; rm ada.pub", words: "is no key"),
        (prepared: "cp eve.pub ada.pub", words: "does not sign"),
        (prepared: "rm -r bin/ssh-keygen", words: "apt install"),
        (
            prepared: "printf '#!/bin/sh\\nexit 3\\n' > own; mv own bin/ssh-keygen; chmod +x bin/ssh-keygen",
            words: "is no key"
        ),
    ])
    func withoutASignatureThereIsNoBundle(prepared: String, words: String) throws {
        try withKeys { folder in
            let script = "mkdir bin; ln -s \"$(command -v ssh-keygen)\" bin/; \(prepared)"
            let made = try runCommand("sh", ["-c", script], in: folder)
            try #require(made.status == 0, "\(made.error)")
            let refused = try report("ada", in: folder, environment: ["PATH": "\(folder)/bin", "SSH_AUTH_SOCK": nil])
                .result
            #expect(refused.status == 78 && refused.error.contains(words), "\(refused.status) \(refused.error)")
            let doctor = try Tool.run(
                ["doctor", "--json"],
                in: folder,
                environment: ["HEEDAUDIT_SIGNING_KEY": "ada", "PATH": "\(folder)/bin", "SSH_AUTH_SOCK": nil]
            )
            // The wrong half beside a private key shows in what is signed only.
            let isSeen = doctor.output.contains(#""name":"signing key","state":"problem""#)
            #expect(isSeen || prepared.hasPrefix("cp"), "\(doctor.output)")
            let left = try runCommand("find", ["output", "-name", "SHA256SUMS*"], in: folder)
            #expect(left.output.isEmpty, "\(left.output)")
        }
    }
}
