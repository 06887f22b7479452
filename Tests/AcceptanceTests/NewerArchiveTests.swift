import Evidence
import Foundation
import TestSupport
import Testing

/// Archives that a newer version wrote to, and those of the first version, before every command.
@Suite struct NewerArchiveTests {
    /// What the newest entry is made by a newer version with, and what stands behind it.
    enum Novelty: String, CaseIterable, Sendable {
        case format = #"s/"format":2/"format":3/"#
        case kind = #"s/"kind":"import"/"kind":"shredding"/"#
        case shape = #"s/"format":2/"format":3/; s/"received":[0-9]*/"received":{"events":"many"}/"#
        case onlyEntry = #"s/"format":2/"format":4/"#
    }

    private func commands(_ sandbox: SandboxProcess, _ archive: String) -> [[String]] {
        let places = ["--archive", archive, "--output", "reports"]
        return [
            ["verify"] + places, ["verify", archive], ["verify", archive + "/org-123"],
            ["report"] + places, ["report", "--period", "2025-08", "--format", "csv"] + places,
            ["report", "--organization", "org-123"] + places, ["run"] + places + sandbox.flags,
            ["pull", "--archive", archive] + sandbox.flags, ["pull", "--full", "--archive", archive] + sandbox.flags,
            ["import", "--archive", archive, "one.ndjson"],
            ["import", "--organization", "org-123", "--archive", archive, "one.ndjson"],
            ["acknowledge", "--reason", "restored"] + places, ["backup", "copies", "--archive", archive],
            ["doctor"] + places + sandbox.flags,
        ]
    }

    @Test(arguments: Novelty.allCases) func isNoDamageToAnyCommand(novelty: Novelty) throws {
        try withFirstVersion { folder in
            let sandbox = try SandboxProcess(["--generate", "50", "--unlimited"], in: folder)
            let archive = novelty == .onlyEntry ? "fresh" : "archive"
            let line = #"{"id":"one","action":"x.y","created_at":"2026-11-20T00:00:00Z"}"# + "\n"
            try line.write(toFile: folder + "/one.ndjson", atomically: true, encoding: .utf8)
            let added = ["import", "--organization", "org-123", "--archive", archive, "one.ndjson"]
            try #require(try Tool.run(added, in: folder).status == 0)
            let script =
                "sed -i '$ { \(novelty.rawValue); s/heedaudit \(Release.version)/heedaudit 9.0.0/ }' \(archive)/org-123/ledger.ndjson"
            try #require(try runCommand("sh", ["-c", script], in: folder).status == 0)
            let before = try runCommand("sh", ["-c", "cat \(archive)/*/ledger.ndjson | sha256sum"], in: folder).output
            for command in commands(sandbox, archive) {
                let result = try Tool.run(command, in: folder, environment: sandbox.environment)
                let said = result.output + result.error
                #expect(result.status == 78, "\(command): \(result.status) \(said)")
                #expect(
                    said.contains("written by heedaudit 9.0.0, this is heedaudit \(Release.version)"),
                    "\(command): \(said)"
                )
                #expect(said.contains("upgrade") && !said.contains("damage"), "\(command): \(said)")
                #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
            }
            let after = try runCommand("sh", ["-c", "cat \(archive)/*/ledger.ndjson | sha256sum"], in: folder).output
            #expect(before == after)
        }
    }

    /// What a pin contradicts is damage, whatever version it says that it is of.
    @Test func damageComesFirst() throws {
        try withFirstVersion { folder in
            let script =
                #"sed -i '$ s/"kind":"pull"/"format":3,"kind":"pull"/; $ s/heedaudit 0.1.0/heedaudit 9.0.0/' archive/org-123/ledger.ndjson"#
            try #require(try runCommand("sh", ["-c", script], in: folder).status == 0)
            for command in [["verify"], ["report", "--format", "csv"]] {
                let result = try Tool.run(command, in: folder)
                #expect(result.status == 65, "\(command): \(result.output)\(result.error)")
                #expect(!result.error.contains("upgrade"), "\(result.error)")
            }
        }
    }

    /// A copy that a newer version went on with is not overwritten.
    @Test func aCopyOfANewerVersionIsLeftAlone() throws {
        try withFirstVersion { folder in
            #expect(try Tool.run(["backup", "copies"], in: folder).status == 0)
            let added = ["import", "--archive", "copies", "/dev/null"]
            #expect(try Tool.run(added, in: folder).status == 0)
            let script =
                #"sed -i '$ s/"format":2/"format":3/; $ s/\#(Release.version)/9.0.0/' copies/org-123/ledger.ndjson"#
            #expect(try runCommand("sh", ["-c", script], in: folder).status == 0)
            let result = try Tool.run(["backup", "copies"], in: folder)
            #expect(result.status == 78 && result.error.contains("heedaudit 9.0.0"), "\(result.error)")
        }
    }

    @Test func bundlesOfTheFirstVersionAreComparedWith() throws {
        try withFirstVersion { folder in
            let old = "all-501b5231-0dd58f"
            for arguments in [["--compare", old], []] {
                let result = try Tool.run(["report", "--format", "csv", "--json"] + arguments, in: folder)
                #expect(result.status == 0, "\(result.error)")
                let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
                let bundle = try #require(object?["bundle"] as? String)
                let manifest = try BundleFiles.read("\(folder)/\(bundle)/manifest.json")
                #expect(String(decoding: manifest, as: UTF8.self).contains(#""compared_with" : "\#(old)""#))
            }
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        }
    }
}
