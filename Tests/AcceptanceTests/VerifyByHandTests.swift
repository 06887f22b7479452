import Foundation
import TestSupport
import Testing

/// docs/verify-by-hand.md, command by command, on what is sound and on what somebody changed.
@Suite struct VerifyByHandTests {
    /// The document's blocks of commands; the first gives the names.
    private static func blocks() throws -> [String] {
        let text = try String(contentsOfFile: Tool.repository + "/docs/verify-by-hand.md", encoding: .utf8)
        return text.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    /// Which block is which, by what it does.
    private enum Block: Int, CaseIterable {
        case names, files, signature, chain, sealed, counts, pins, stamp, stamped
    }

    /// A folder with an archive of several entries, signed reports, who may sign, and the authority behind the stamps.
    private func withEvidence(_ body: (String, StampClock) throws -> Void) throws {
        try withTemporaryFolder { place in
            let folder = place + "/evidence"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let keys = """
                ssh-keygen -q -t ed25519 -N '' -f ada && ssh-keygen -q -t ed25519 -N '' -f eve || exit 1
                echo "ada@example.com namespaces=\\"heedaudit\\" $(cat ada.pub)" > allowed_signers
                """
            try #require(try runCommand("sh", ["-c", keys], in: folder).status == 0)
            let sandbox = try SandboxProcess(["--generate", "300", "--seed", "4", "--unlimited"], in: folder)
            let signed = ["HEEDAUDIT_SIGNING_KEY": "ada"]
            for number in 1...3 {
                let run = try sandbox.run(["run", "--format", "csv,html"], in: folder, environment: signed)
                try #require(run.status == 0, "\(run.error)")
                let line = #"{"id":"late-\#(number)","action":"x.y","created_at":"2026-11-2\#(number)T00:00:00Z"}"#
                try sandbox.post("append", line + "\n")
            }
            let clock = try StampClock(in: folder)
            try body(folder, clock)
        }
    }

    /// Runs a block behind the names.
    private func run(_ block: Block, _ clock: StampClock, in folder: String) throws -> CommandResult {
        let blocks = try Self.blocks()
        let organization = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/archive").first)
        let names = blocks[0].replacing("org-123", with: organization).replacing(
            "https://freetsa.org/tsr",
            with: clock.address
        )
        return try runCommand("sh", ["-euc", names + blocks[block.rawValue]], in: folder, killAfter: 60)
    }

    @Test func everyBlockIsKnown() throws {
        #expect(try Self.blocks().count == Block.allCases.count)
    }

    @Test func whatIsSoundPasses() throws {
        try withEvidence { folder, clock in
            for block in Block.allCases {
                let result = try run(block, clock, in: folder)
                #expect(result.status == 0 && result.output.isEmpty, "\(block): \(result.output)\(result.error)")
            }
            #expect(try Tool.run(["verify", "--allowed-signers", "allowed_signers"], in: folder).status == 0)
        }
    }

    /// What somebody changed; where needed everything that can be made anew without the key and the clock is.
    private static let changes: [(change: String, block: Int)] = [
        (#"echo '<p>all is well' >> "$b/report.html""#, 1), (#"rm "$b/findings.csv""#, 1),
        (#"echo x > "$b/more.html""#, 1), (#"mv "$b/events.csv" kept; ln -s "$PWD/kept" "$b/events.csv""#, 1),
        (#"cd "$b"; echo x >> report.html; sha256sum $(cut -c67- SHA256SUMS) > ../s; mv ../s SHA256SUMS"#, 2),
        (
            #"cd "$b"; ssh-keygen -q -Y sign -n heedaudit -f ../../../eve < SHA256SUMS > ../s; mv ../s SHA256SUMS.sig"#,
            2
        ),
        (#"cd "$b"; ssh-keygen -q -Y sign -n file -f ../../../ada < SHA256SUMS > ../s; mv ../s SHA256SUMS.sig"#, 2),
        (#"rm "$b/SHA256SUMS.sig""#, 2), (#"sed -i 2d "$a/ledger.ndjson""#, 3),
        (#"sed -i '1 s/"attempts":1/"attempts":2/' "$a/ledger.ndjson""#, 3),
        (#"sed -i '3 s/"entry":3/"entry":4/' "$a/ledger.ndjson""#, 3),
        (#"sed -i 's/"organization":"org-123"/"organization":"org-124"/' "$a/ledger.ndjson""#, 3),
        (#"mv "$a/events" kept; ln -s "$PWD/kept" "$a/events""#, 3), (#"truncate -s -1 "$a/ledger.ndjson""#, 3),
        (#"sed -i 's/"action":"database.deleted"/"action":"database.resized"/' "$a"/events/*"#, 4),
        (#"rm "$a/events/00000001.ndjson""#, 4), (#"echo '{}' > "$a/events/00000099.ndjson""#, 4),
        (#"printf ' ' >> "$(ls "$a"/snapshots/* | head -1)""#, 4), (#"echo x > "$a/variants/note.txt""#, 4),
        (#"sed -i '3 s/"count":1,/"count":2,/' "$a/ledger.ndjson""#, 5),
        (#"sed -i '3 s/"received":/"received":1/' "$a/ledger.ndjson""#, 5),
        (#"sed -i '3d' "$a/ledger.ndjson""#, 6), (#"sed -i '3 s/"attempts":1/"attempts":2/' "$a/ledger.ndjson""#, 6),
        (forged, 6), (forged, 8),
    ]

    /// An event is taken out, and the entry that added it tells of none: sums, chain, files and counts hold.
    private static let forged = """
        line=$(tail -n 1 "$a/ledger.ndjson")
        file=$(printf '%s' "$line" | jq -r '.segments[0].file')
        rm "$a/$file"
        sed -i '$ d' "$a/ledger.ndjson"
        printf '%s\\n' "$line" | jq -c '.segments = [] | .new = 0 | .already_archived = .unique' >> "$a/ledger.ndjson"
        """

    @Test func whatSomebodyChangedIsSeen() throws {
        try withEvidence { folder, clock in
            #expect(try run(.stamp, clock, in: folder).status == 0)
            for (change, number) in Self.changes {
                let (block, changed) = (try #require(Block(rawValue: number)), folder + "-changed")
                defer { try? FileManager.default.removeItem(atPath: changed) }
                try FileManager.default.copyItem(atPath: folder, toPath: changed)
                let names = "a=$PWD/archive/org-123; b=$PWD/output/acme-corp/$(readlink output/acme-corp/latest)\n"
                let made = try runCommand("sh", ["-euc", names + change], in: changed)
                try #require(made.status == 0, "\(change): \(made.error)")
                let result = try run(block, clock, in: changed)
                #expect(result.status != 0, "\(change): \(block) does not see it")
                guard change == Self.forged else { continue }
                for other in [Block.chain, .sealed] {
                    let blind = try run(other, clock, in: changed)
                    #expect(blind.status == 0, "\(other): \(blind.output)\(blind.error)")
                }
            }
        }
    }
}

/// A clock that stamps, as others offer it: RFC 3161 over HTTP, made of openssl.
private final class StampClock {
    let address: String
    private let process: RunningCommand

    /// Makes an authority, whose certificate is `clock-ca.pem`, and serves.
    init(in folder: String) throws {
        let prepare = """
            mkdir clock; cd clock; echo 01 > serial
            cat > clock.cnf <<END
            [tsa]
            default_tsa = own
            [own]
            serial = $PWD/serial
            signer_cert = $PWD/cert.pem
            signer_key = $PWD/key.pem
            signer_digest = sha256
            default_policy = 1.2.3.4
            digests = sha256
            ess_cert_id_alg = sha256
            [ext]
            basicConstraints = critical,CA:false
            keyUsage = critical,digitalSignature
            extendedKeyUsage = critical,timeStamping
            END
            openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Clock CA' -keyout ca.pem -out ../clock-ca.pem -days 9 &&
            openssl req -newkey rsa:2048 -nodes -subj '/CN=Clock' -keyout key.pem -out request.pem &&
            openssl x509 -req -in request.pem -CA ../clock-ca.pem -CAkey ca.pem -CAcreateserial -days 9 -out cert.pem \
              -extfile clock.cnf -extensions ext
            """
        let made = try runCommand("sh", ["-c", prepare], in: folder)
        try #require(made.status == 0, "\(made.error)")
        let serve = """
            import http.server, subprocess
            class Clock(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    open("asked", "wb").write(self.rfile.read(int(self.headers["Content-Length"])))
                    subprocess.run("openssl ts -reply -config clock.cnf -queryfile asked -out answer".split(), check=True)
                    self.send_response(200); self.end_headers(); self.wfile.write(open("answer", "rb").read())
                def log_message(self, *parts): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Clock)
            print(server.server_port, flush=True)
            server.serve_forever()
            """
        process = try RunningCommand("python3", ["-c", serve], in: folder + "/clock")
        address = "http://127.0.0.1:\(try process.firstLine())/"
    }

    deinit { process.send(SIGKILL) }
}
