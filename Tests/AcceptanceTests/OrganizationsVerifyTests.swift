import Foundation
import TestSupport
import Testing

/// What `verify` says where a configuration lists organizations: a list narrows nothing.
@Suite struct OrganizationsVerifyTests {
    /// Ways to make a folder of reports, or an archive's, nobody's.
    private static let tampered = [
        "echo -n > $B/manifest.json", "rm $B/manifest.json", "rm $B/manifest.json $B/SHA256SUMS",
        "sed -i 's/\"org-1\"/\"org-l\"/' $B/manifest.json", "mv $O/acme-corp-1 away; ln -s ../away $O/acme-corp-1",

        "mkdir $O/deep; mv $O/acme-corp-1 $O/deep; echo > $O/deep/acme-corp-1/$N/x",
        "mkdir -p archive/org-9/events; echo x > archive/org-9/events/00000001.ndjson",
        "ln -s org-1 archive/org-9", "mkdir $O/empty; echo > $O/empty/x",
    ]

    @Test func aFolderThatIsNobodysIsNotPassedOver() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "20"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            try #require(try fleet.run(["run", "--quiet"]).status == 0)
            try #require(try fleet.run(["verify", "--quiet"]).status == 0)
            let names = "O=output; B=$(readlink -f output/acme-corp-1/latest); N=$(basename $B); "
            func shell(_ script: String) throws {
                let done = try runCommand("sh", ["-c", "set -e; \(names)\(script)"], in: folder)
                try #require(done.status == 0, "\(script): \(done.error)")
            }
            try shell("cp -a output o; cp -a archive a")
            for script in Self.tampered {
                try shell(script)
                for arguments in [["verify"], ["verify", "--organization", "org-2,org-1"]] {
                    let found = try fleet.run(arguments)
                    #expect(found.status == 65, "\(script): \(found.output)\(found.error)")
                }
                _ = try runCommand(
                    "sh",
                    ["-c", "rm -rf output archive away; cp -a o output; cp -a a archive"],
                    in: folder
                )
            }
            #expect(try fleet.run(["verify", "--quiet"]).status == 0)
        }
    }

    /// Reports that stand where nobody's turn looks pin entries of the listed organizations all the same.
    @Test func whatStandsElsewhereIsHeldAgainstTheirArchives() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "20"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            for _ in 0..<2 { try #require(try fleet.run(["run", "--quiet"]).status == 0) }
            let script = """
                B=$(readlink -f output/acme-corp-1/latest); mv $B output/moved; rm -r output/acme-corp-1
                cd archive/org-1; head -n 1 ledger.ndjson > l; mv l ledger.ndjson; chmod 600 ledger.ndjson
                """
            try #require(try runCommand("sh", ["-ec", script], in: folder).status == 0)
            let found = try fleet.run(["verify"])
            #expect(found.status == 65 && found.output.contains("truncated: ./archive/org-1"), "\(found.output)")
            #expect(found.output.contains("output/moved"), "\(found.output)")
        }
    }

    /// Several configurations may share their folders: the others' organizations are looked at, and accused of nothing.
    @Test func organizationsOfAnotherConfigurationAreSound() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "3", "--generate", "20"], in: folder)
            try #require(try Fleet(3, sandbox, in: folder).run(["run", "--quiet"]).status == 0)
            let fleet = try Fleet(2, sandbox, in: folder)
            let sound = try fleet.run(["verify"])
            #expect(sound.status == 0 && sound.output.contains("archive/org-3: sound"), "\(sound.output)\(sound.error)")
            try FileManager.default.moveItem(atPath: folder + "/archive/org-3", toPath: folder + "/elsewhere")
            let apart = try fleet.run(["verify"])
            #expect(apart.status == 0, "\(apart.output)\(apart.error)")
            #expect(apart.error.contains("belongs to no archive looked at"), "\(apart.error)")
        }
    }

    /// Where paths are named, a link that leads to what would be looked at is told as one.
    @Test func aLinkAmongNamedFoldersIsTold() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--organizations", "2", "--generate", "20"], in: folder)
            let fleet = try Fleet(2, sandbox, in: folder)
            try #require(try fleet.run(["run", "--quiet"]).status == 0)
            for place in ["output/acme-corp-1", "archive/org-1"] {
                try #require(
                    try runCommand("sh", ["-ec", "mv \(place) away; ln -s ../away \(place)"], in: folder).status == 0
                )
                for paths in [["output", "archive"], ["."]] {
                    let found = try fleet.run(["verify"] + paths)
                    #expect(found.status == 65, "\(found.output)\(found.error)")
                    #expect(found.output.contains("\(place): it is a symbolic link"), "\(found.output)")
                }
                try #require(
                    try runCommand("sh", ["-ec", "rm \(place); mv away \(place)"], in: folder).status == 0
                )
            }
            #expect(try fleet.run(["verify", "output", "archive"]).status == 0)
        }
    }
}
