import Foundation
import TestSupport
import Testing

/// What bundles that can't be relied on, or are gone, do to the evidence of their organization, and to no other's.
@Suite struct OtherBundlesTests {
    private func add(_ number: Int, _ organization: String = "a", in folder: String) throws {
        let line = #"{"id":"e\#(number)","action":"x.y","created_at":"2026-0\#(number)-05T00:00:00Z"}"# + "\n"
        let arguments = ["import", "-", "--organization", organization]
        let result = try Tool.run(arguments, in: folder, input: Data(line.utf8))
        try #require(result.status == 0, "\(result.error)")
    }

    private func report(_ organization: String = "a", in folder: String) throws -> (CommandResult, [String], String) {
        let arguments = ["report", "--format", "csv", "--json", "--organization", organization]
        let result = try Tool.run(arguments, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let bundle = try #require(object?["bundle"] as? String, "\(result.error)")
        let table = try BundleFiles.read("\(folder)/\(bundle)/findings.csv")
        let rows = String(decoding: table, as: UTF8.self).split(separator: "\r\n").filter {
            $0.contains(",LOG-INTACT,")
        }
        let findings = object?["findings"] as? [[String: Any]] ?? []
        let statuses = findings.filter { $0["control"] as? String == "LOG-INTACT" }.compactMap {
            $0["status"] as? String
        }
        return (result, statuses, rows.joined(separator: "\n"))
    }

    private func shell(_ command: String, in folder: String) throws {
        let result = try runCommand("sh", ["-c", command], in: folder)
        try #require(result.status == 0, "\(result.error)")
    }

    @Test func aFaultyBundleIsItsOwnOrganizationsAlone() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            try add(2, "b", in: folder)
            _ = try report(in: folder)
            // Somebody moved it to where the other one's would be.
            try shell("mv output/a output/b && sed -i s/sound/s0und/ output/b/*/manifest.json", in: folder)
            #expect(try report("b", in: folder).1 == ["pass"])
            #expect(try report("a", in: folder).1 == ["not_proven"])
        }
    }

    @Test func whatIsWrongWithABundleIsToldAsThat() throws {
        let cases = [
            ("sed -i s/sound/s0und/ output/a/*/manifest.json", "not as it was sealed"),
            ("cd output/a/latest/ && rm SHA256SUMS && mkdir SHA256SUMS", "could not be read"),
            ("cd output/a && rm latest *.html SHA256SUMS && ln -s 2026-01-0-1 latest", "is gone, and nothing tells"),
        ]
        for (command, words) in cases {
            try withTemporaryFolder { folder in
                try add(1, in: folder)
                _ = try report(in: folder)
                try add(2, in: folder)
                try shell(command, in: folder)
                let (told, statuses, rows) = try report(in: folder)
                #expect(statuses == ["not_proven"] && rows.contains(words), "\(command): \(rows)\(told.error)")
                #expect(told.error.contains("warning"), "\(told.error)")
                for (_, other) in cases where other != words { #expect(!rows.contains(other), "\(rows)") }
            }
        }
    }

    @Test func aBadBundleOfAnotherStopsNoAcknowledgement() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            try shell("cp -a archive backup", in: folder)
            try add(2, in: folder)
            _ = try report(in: folder)
            try add(3, "b", in: folder)
            _ = try report("b", in: folder)
            try shell("rm -r archive/a && mv backup/a archive/a", in: folder)
            try shell("sed -i s/sound/s0und/ output/b/*/manifest.json", in: folder)
            let noted = try Tool.run(["acknowledge", "--reason", "restored", "--organization", "a"], in: folder)
            #expect(noted.status == 0 && noted.output.contains("acknowledged"), "\(noted.output)\(noted.error)")
            #expect(!noted.error.contains("output/b"), "\(noted.error)")
            #expect(try report("a", in: folder).1 == ["waived"])
            let again = try Tool.run(["acknowledge", "--reason", "restored", "--organization", "a"], in: folder)
            #expect(again.status == 64 && again.error.contains("nothing to acknowledge"), "\(again.error)")
        }
    }

    @Test func whatCannotBeReadIsNotGivenUp() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            try shell("cp -a archive backup", in: folder)
            for number in 2...3 {
                try add(number, in: folder)
                _ = try report(in: folder)
            }
            try shell("rm -r archive && mv backup archive", in: folder)
            // Nothing tells whose it is, or what it pins.
            try shell("mkdir output/x output/x/stray && echo >output/x/stray/SHA256SUMS", in: folder)
            try shell("cp -a output/a kept", in: folder)
            try shell("cd output/a && rm *.html SHA256SUMS && echo >latest/manifest.json", in: folder)
            let noted = try Tool.run(["acknowledge", "--reason", "restored"], in: folder)
            #expect(noted.status == 0 && noted.output.contains("pins entry 2"), "\(noted.output)\(noted.error)")
            #expect(!noted.output.contains("pins entry 3"), "\(noted.output)")
            #expect(noted.output.contains("what 2 reports pin is not known, and not given up"), "\(noted.output)")
            #expect(noted.error.contains("output/x/stray") && noted.error.contains("warning"), "\(noted.error)")
            let again = try Tool.run(["acknowledge", "--reason", "restored"], in: folder)
            #expect(again.status == 65 && !again.error.contains("nothing to acknowledge"), "\(again.error)")
            try shell("rm -r output/* && mv kept output/a", in: folder)
            let rest = try Tool.run(["acknowledge", "--reason", "the rest"], in: folder)
            #expect(rest.status == 0 && rest.output.contains("pins entry 3"), "\(rest.output)\(rest.error)")
            #expect(try Tool.run(["verify"], in: folder).status == 0)
        }
    }

    /// What a bundle pinned that somebody removed by hand is held against the ledger as long as the folder stands.
    @Test func aBundleThatIsRemovedByHandIsNotForgotten() throws {
        try withTemporaryFolder { folder in
            try add(1, in: folder)
            try shell("cp -a archive backup", in: folder)
            try add(2, in: folder)
            _ = try report(in: folder)
            try shell("readlink output/a/latest >name", in: folder)
            let name = try String(contentsOfFile: folder + "/name", encoding: .utf8).trimmingCharacters(in: .newlines)
            try add(3, in: folder)
            _ = try report(in: folder)
            try shell("mv output/a/\(name) kept", in: folder)
            let missing = try Tool.run(["verify"], in: folder)
            #expect(missing.status == 65 && missing.output.contains("missing: ./output/a/\(name)"), "\(missing.output)")
            try add(4, in: folder)
            let (told, statuses, _) = try report(in: folder)
            // It is known what it pinned, and that the ledger holds it.
            #expect(statuses == ["pass"] && told.error.contains("\(name) is gone"), "\(told.error)")
            for _ in 1...2 {
                let after = try Tool.run(["verify"], in: folder)
                #expect(after.status == 0 && after.error.contains("\(name) is gone"), "\(after.output)\(after.error)")
                try add(5, in: folder)
                _ = try report(in: folder)
            }
            let status = try Tool.run(["doctor"], in: folder)
            #expect(status.output.contains("\(name) is gone"), "\(status.output)")
            // One that is back is not gone.
            try shell("cp -a kept output/a/\(name)", in: folder)
            let back = try Tool.run(["verify"], in: folder)
            #expect(back.status == 0 && !back.error.contains("is gone"), "\(back.output)\(back.error)")
            // A ledger that was cut below it does not hold what it pinned.
            try shell("rm -r archive && mv backup archive", in: folder)
            try shell("ls -d output/a/*/ | grep -v latest | xargs rm -r; rm output/a/latest", in: folder)
            #expect(try report(in: folder).1 == ["fail"])
        }
    }

    /// `latest` that leads to another's report makes nothing of this organization's theirs, and is not no report.
    @Test func aLinkElsewhereIsToldAsThat() throws {
        try withTemporaryFolder { folder in
            for organization in ["a", "b"] {
                try add(1, organization, in: folder)
                _ = try report(organization, in: folder)
            }
            try shell("ln -sfn ../b/$(readlink output/b/latest) output/a/latest", in: folder)
            let status = try Tool.run(["status", "--organization", "a"], in: folder)
            #expect(status.output.contains("output/a/latest leads to no report beside it"), "\(status.output)")
            #expect(!status.output.contains("report        none"), "\(status.output)")
            _ = try report("a", in: folder)
            try shell("test ! -e output/a-a", in: folder)
            #expect(try Tool.run(["verify"], in: folder).status == 0)
            try shell("rm -r output/a/$(readlink output/a/latest)", in: folder)
            let gone = try Tool.run(["status", "--organization", "a"], in: folder)
            #expect(gone.output.contains("leads to no report beside it"), "\(gone.output)")
        }
    }
}
