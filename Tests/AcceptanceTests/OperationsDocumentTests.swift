import Foundation
import TestSupport
import Testing

/// docs/operations.md: the commands that an administrator types, below a folder that stands for the root of the machine.
@Suite struct OperationsDocumentTests {
    /// The document's blocks of commands.
    private enum Block: Int, CaseIterable {
        case fromSource, backUp, restore, acknowledge, organization, units, beforeUpgrade
    }

    private static func document() throws -> String {
        try String(contentsOfFile: Tool.repository + "/docs/operations.md", encoding: .utf8)
    }

    private static func blocks() throws -> [String] {
        try document().components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    /// A machine: a folder with a configuration and the tool in its path, and a service.
    private struct Machine {
        let root: String
        let sandbox: SandboxProcess

        init(in folder: String) throws {
            root = folder
            sandbox = try SandboxProcess(["--generate", "200", "--unlimited"], in: folder)
            let prepare = """
                mkdir -p bin etc/heedaudit etc/systemd/system var/lib/heedaudit mnt/backup
                ln -s "$1" bin/heedaudit
                printf 'archive: %s\\noutput: %s\\nbase_url: %s\\nformat: csv\\nquiet: true\\n' \
                    "$PWD/var/lib/heedaudit/archive" "$PWD/var/lib/heedaudit/reports" "$2" > etc/heedaudit/heedaudit.yaml
                """
            let made = try runCommand("sh", ["-euc", prepare, "sh", Tool.path, sandbox.baseURL], in: folder)
            try #require(made.status == 0, "\(made.error)")
        }

        /// Runs commands as they stand in the document, but for the folders, the user and systemd, which is not asked.
        func run(_ commands: String) throws -> CommandResult {
            var script = commands
            for (written, here) in [
                ("runuser -u heedaudit -- ", ""), ("-o heedaudit ", ""), ("systemctl ", "true "),
                ("/usr/bin/heedaudit", "heedaudit"), ("/var/lib/", root + "/var/lib/"), ("/mnt/", root + "/mnt/"),
                (" /etc", " \(root)/etc"), (">/etc", ">\(root)/etc"),
                ("/usr/lib/systemd/system", Tool.repository + "/packaging/systemd"),
            ] {
                script = script.replacing(written, with: here)
            }
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let more = [
                "PATH": "\(root)/bin:\(path)", "HEEDAUDIT_CONFIG": root + "/etc/heedaudit/heedaudit.yaml",
                "CLOUDHEED_TOKEN": SandboxProcess.token,
            ]
            return try runCommand("sh", ["-euc", script], environment: more, in: root, killAfter: 120)
        }

        func run(_ block: Block) throws -> CommandResult { try run(OperationsDocumentTests.blocks()[block.rawValue]) }
    }

    private func withMachine(_ body: (Machine) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let machine = try Machine(in: folder)
            let first = try machine.run("heedaudit run")
            try #require(first.status == 0, "\(first.error)")
            try body(machine)
        }
    }

    @Test func everyBlockIsKnown() throws {
        #expect(try Self.blocks().count == Block.allCases.count)
    }

    @Test func whatIsBackedUpIsRestored() throws {
        try withMachine { machine in
            let backedUp = try machine.run(.backUp)
            #expect(backedUp.status == 0, "\(backedUp)")
            let listed = try machine.run("tar -tzf /mnt/backup/reports.tar.gz")
            #expect(listed.output.contains("/latest\n") && !listed.output.contains("/."), "\(listed)")
            let line = #"{"id":"late","action":"x.y","created_at":"2026-11-21T00:00:00Z"}"# + "\n"
            try machine.sandbox.post("append", line)
            #expect(try machine.run("heedaudit run").status == 0)
            let restored = try machine.run(.restore)
            #expect(restored.status == 65 && (restored.output + restored.error).contains("entry 2"), "\(restored)")
            let acknowledged = try machine.run(.acknowledge)
            #expect(acknowledged.status == 0, "\(acknowledged)")
            let upgraded = try machine.run(.beforeUpgrade)
            #expect(upgraded.status == 0, "\(upgraded)")
            let status = try machine.run("heedaudit status --json --max-age 1h")
            #expect(status.output.contains(#""events":201"#), "\(status)")
        }
    }

    @Test func oneMoreOrganizationHasAConfigurationOfItsOwn() throws {
        try withMachine { machine in
            let made = try machine.run(.organization)
            #expect(made.status == 0, "\(made)")
            let written = try Self.document().firstMatch(of: /`[0-9]+ 2 \* \* \*  heedaudit  ([^`]+ --config [^`]+)`/)
            let command = String(try #require(written).1)
            try SandboxProcess.token.write(
                toFile: machine.root + "/etc/heedaudit/globex.token",
                atomically: false,
                encoding: .utf8
            )
            // The service here knows one organization, which is another.
            #expect(
                try machine.run("echo base_url: \(machine.sandbox.baseURL) >>/etc/heedaudit/globex.yaml").status == 0
            )
            let other = try machine.run(command)
            #expect(other.status == 77 && other.error.contains("org-456"), "\(other)")
            #expect(try machine.run("sed -i s/org-456/org-123/ /etc/heedaudit/globex.yaml").status == 0)
            let own = try machine.run(command)
            #expect(own.status == 0 && own.error.isEmpty, "\(own)")
            #expect(try machine.run("heedaudit verify").status == 0)
        }
    }

    @Test func unitsOfAnInstanceAreThoseThatThereAre() throws {
        try withMachine { machine in
            let made = try machine.run(.units)
            #expect(made.status == 0, "\(made)")
            let unit = try String(
                contentsOfFile: machine.root + "/etc/systemd/system/heedaudit@.service",
                encoding: .utf8
            )
            #expect(unit.contains("ConditionPathExists=/etc/heedaudit/%i.token\n"), "\(unit)")
            #expect(unit.contains("LoadCredential=token:/etc/heedaudit/%i.token\n"), "\(unit)")
            let line =
                "run --quiet --config \(machine.root)/etc/heedaudit/%i.yaml --token-file ${CREDENTIALS_DIRECTORY}/token\n"
            #expect(unit.contains("ExecStart=/usr/bin/heedaudit " + line), "\(unit)")
        }
    }

    @Test func whatMayBeDeletedIsNotMissed() throws {
        try withMachine { machine in
            let script = """
                mkdir -p $o/cache /var/lib/heedaudit/reports/acme-corp/.partial-x
                echo half > $o/staging/half
                rm -r $o/staging $o/cache $o/lock /var/lib/heedaudit/reports/acme-corp/.partial-x
                heedaudit verify
                heedaudit pull --full
                heedaudit verify
                """.replacing("$o/", with: "/var/lib/heedaudit/archive/org-123/")
            let result = try machine.run(script)
            #expect(result.status == 0, "\(result)")
        }
    }
}
