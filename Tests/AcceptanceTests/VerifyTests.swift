import Evidence
import Foundation
import TestSupport
import Testing

/// What `verify` says of everything that an archive's and a report's folder can hold.
@Suite struct VerifyTests {
    @Test func theFirstVersionsArchivesVerifyReportAndAreContinued() throws {
        try withFirstVersion { folder in
            for (archive, output) in [("archive", "output"), ("imported", "imported-output")] {
                let places = ["--archive", archive, "--output", output]
                try expectSound(places, in: folder)
                for period in ["all", "2025-08"] {
                    let report = try Tool.run(["report", "--period", period] + places, in: folder)
                    #expect(report.status == 0, "\(report.error)")
                }
                try expectSound(places, in: folder)
            }
            let more = Tool.repository + "/Tests/Fixtures/first-version/c.ndjson"
            let result = try Tool.run(["import", "--archive", "imported", more], in: folder)
            #expect(
                result.status == 0 && result.output.contains("60 already archived"),
                "\(result.output)\(result.error)"
            )
            try expectSound(["--archive", "imported", "--output", "imported-output"], in: folder)
        }
    }

    @Test(arguments: [
        "rm output/acme-corp/all-9*/manifest.json", "rm output/acme-corp/all-9*/SHA256SUMS",
        "rm output/acme-corp/all-9*/manifest.json output/acme-corp/all-9*/SHA256SUMS",
        "mkdir output/acme-corp/more; echo x > output/acme-corp/more/x",
        "echo x > output/acme-corp/note.txt", "rm archive/org-123/ledger.ndjson", "rm -r archive/org-123",
        "mv archive/org-123 kept; ln -s ../kept archive/org-123",
        "mv archive/org-123/events kept; ln -s ../../kept archive/org-123/events",
        "mv output/acme-corp kept; ln -s ../kept output/acme-corp",
        "b=$(basename output/acme-corp/all-9*); mv output/acme-corp/$b kept; ln -s ../../kept output/acme-corp/$b",
        "rm output/acme-corp/latest; ln -s ../acme-corp/all-9* output/acme-corp/latest",
        "rm output/acme-corp/latest; ln -s nowhere output/acme-corp/latest",
        "rm output/acme-corp/latest; ln -s \"$PWD\"/output/acme-corp/all-9* output/acme-corp/latest",
        "rm output/acme-corp/latest; cp -r output/acme-corp/all-9* output/acme-corp/latest",
        "rm output/acme-corp/latest; echo all > output/acme-corp/latest",
        "echo '<p>all is well' >> output/acme-corp/index.html", "rm output/acme-corp/index.html",
        "rm output/acme-corp/index.html; ln -s latest/report.html output/acme-corp/index.html",
        "rm output/acme-corp/SHA256SUMS; touch output/acme-corp/SHA256SUMS",
        "echo >> output/acme-corp/SHA256SUMS", "b=$(echo output/acme-corp/all-9*); echo >> $b/SHA256SUMS",
        "echo '{}' > output/acme-corp/pins.ndjson", "mkfifo archive/org-123/events/00000099.ndjson",
        "rm archive/org-123/snapshots/3*; mkfifo archive/org-123/snapshots/$(ls kept-names)",
        "b=$(echo output/acme-corp/all-9*); rm $b/events.csv; mkfifo $b/events.csv",
        "b=$(echo output/acme-corp/all-9*); rm $b/manifest.json; mkfifo $b/manifest.json",
        "b=$(echo output/acme-corp/all-9*); rm $b/SHA256SUMS; mkfifo $b/SHA256SUMS",
        "rm archive/org-123/ledger.ndjson; mkfifo archive/org-123/ledger.ndjson",
        "printf 'x' > \"$(printf 'archive/org-123/\\377')\"", "printf 'x' > \"$(printf 'output/acme-corp/\\377')\"",
        "sed -i '$ s/\"organization\":\"org-123\"/\"organization\":\"org-124\"/' archive/org-123/ledger.ndjson",
        "mv archive/org-123 archive/org-124",
        "mkdir -p archive/org-9/events; echo '{}' > archive/org-9/events/00000001.ndjson",
        "mkdir -p archive/org-9/snapshots; echo '{}' > archive/org-9/snapshots/x.json",
        "mkdir archive/old; cp -a archive/org-123 archive/old/", "cp -a archive/org-123 archive/.org-123",
        "mkdir archive/old; cp -a archive/org-123 archive/old/; cd archive/org-123; sed -i 1q ledger.ndjson; "
            + "rm variants/* events/00000019* events/00000020*",
        "rm archive/org-123/lock; mkdir archive/org-123/lock",
        "b=$(basename output/acme-corp/all-9*); mv output/acme-corp/$b output/acme-corp/.x; ln -sfn .x output/acme-corp/latest",
        "echo x > output/acme-corp/.evil.html", "mkdir output/acme-corp/.index-1",
        "mkdir output/.x; echo x > output/.x/x",
        "mkdir -p archive/org-123/staging/sealed/variants; echo '{}' > archive/org-123/staging/sealed/variants/00000001.ndjson",
    ])
    func whatIsNotAsItWasSealedIs65(change: String) throws {
        try withFirstVersion { folder in
            let report = try Tool.run(["report", "--format", "csv"], in: folder)
            try #require(report.status == 0, "\(report.error)")
            let script =
                "ls archive/org-123/snapshots | grep ^3 > kept-names.tmp; true; "
                + change.replacingOccurrences(
                    of: "$(ls kept-names)",
                    with: "$(cat kept-names.tmp)"
                )
            let changed = try runCommand("sh", ["-c", script], in: folder)
            try #require(changed.status == 0, "\(changed.error)")
            let verified = try Tool.run(["verify"], in: folder, killAfter: 60)
            #expect(verified.status == 65, "\(change): \(verified.output)\(verified.error)")
            for command in [["report", "--format", "csv"], ["import", "/dev/null"], ["controls"]] {
                let result = try Tool.run(command, in: folder, killAfter: 60)
                #expect([0, 64, 65, 73, 74, 78].contains(result.status), "\(change): \(command) \(result.status)")
            }
        }
    }

    /// What a run is about to make, and what a killed one leaves of it, is no discrepancy.
    @Test func whatIsNotFinishedIsNone() throws {
        try withFirstVersion { folder in
            #expect(try Tool.run(["report", "--format", "csv"], in: folder).status == 0)
            let left = """
                mkdir -p output/second/.partial-abcdef archive/org-7/staging archive/org-7/events archive/org-8
                touch output/second/.partial-abcdef/report.html archive/org-7/lock output/acme-corp/.index-17
                mkdir output/acme-corp/.partial-uvwxyz; ln -s nowhere output/acme-corp/.latest-17
                rm output/acme-corp/index.html output/acme-corp/SHA256SUMS
                """
            #expect(try runCommand("sh", ["-c", left], in: folder).status == 0)
            let verified = try Tool.run(["verify"], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            for words in ["archive/org-7 has no entry yet", "archive/org-8 has no entry yet", "has no index.html"] {
                #expect(verified.error.contains(words), "\(verified.error)")
            }
        }
    }

    @Test func reportsMayLandInTheArchivesFolder() throws {
        try withFirstVersion { folder in
            _ = try runCommand("sh", ["-c", "mkdir archive/reports; mv output archive/reports/"], in: folder)
            for output in ["archive/reports/output", "archive/reports/output/"] {
                let verified = try Tool.run(["verify", "--output", output], in: folder)
                #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            }
            #expect(try Tool.run(["verify"], in: folder).status == 65)
        }
    }

    /// A copy that holds what a bundle pins does not speak for one that does not.
    @Test func everyCopyMustHoldWhatIsPinned() throws {
        try withFirstVersion { folder in
            let shorten = """
                mkdir copies; cp -a archive/org-123 copies/; cd archive/org-123; sed -i 1q ledger.ndjson
                rm variants/* events/00000019* events/00000020*
                """
            #expect(try runCommand("sh", ["-c", shorten], in: folder).status == 0)
            let verified = try Tool.run(["verify", "archive", "copies", "output"], in: folder)
            #expect(
                verified.status == 65 && verified.output.contains("truncated: archive/org-123"),
                "\(verified.output)"
            )
        }
    }

    @Test func onePathIsLookedAtByItself() throws {
        try withFirstVersion { folder in
            #expect(try Tool.run(["report", "--format", "csv"], in: folder).status == 0)
            #expect(try Tool.run(["verify", "archive"], in: folder).status == 0)
            #expect(try Tool.run(["verify", "."], in: folder + "/output/acme-corp/latest").status == 0)
            #expect(try Tool.run(["verify", "output/acme-corp", "archive"], in: folder).status == 0)
            #expect(try Tool.run(["verify", "."], in: folder).status == 0)
            #expect(try Tool.run(["verify", "."], in: folder + "/archive/org-123").status == 0)
            let bundles = try Tool.run(["verify", "output"], in: folder)
            #expect(bundles.status == 0 && bundles.error.contains("their heads were not compared"), "\(bundles.error)")
            try FileManager.default.removeItem(atPath: folder + "/archive")
            #expect(try Tool.run(["verify"], in: folder).status == 65)
            try FileManager.default.removeItem(atPath: folder + "/output")
            #expect(try Tool.run(["verify"], in: folder).status == 64)
        }
    }

    @Test func anEntryOfANewerVersionIs78() throws {
        try withFirstVersion { folder in
            #expect(try Tool.run(["import", "--archive", "imported", "/dev/null"], in: folder).status == 0)
            let script =
                #"sed -i '$ s/"format":2/"format":3/; $ s/heedaudit \#(Release.version)/heedaudit 9.0.0/' imported/local/ledger.ndjson"#
            #expect(try runCommand("sh", ["-c", script], in: folder).status == 0)
            for command in [["verify"], ["report"], ["import", "/dev/null"]] {
                let places =
                    command[0] == "import"
                    ? ["--archive", "imported"] : ["--archive", "imported", "--output", "imported-output"]
                let result = try Tool.run(command + places, in: folder)
                #expect(result.status == 78, "\(command): \(result.status) \(result.error)")
                #expect(result.error.contains("heedaudit 9.0.0") && result.error.contains("upgrade"), "\(result.error)")
            }
        }
    }

    /// What a run commits while `verify` looks is no discrepancy.
    @Test func whatIsAddedAtTheSameMomentIsNone() throws {
        try withTemporaryFolder { folder in
            let busy = """
                for i in $(seq 1 30); do
                  printf '{"id":"e%s","action":"x","created_at":"2026-03-01T00:00:00Z"}\\n' $i | "$0" import - >/dev/null || exit 1
                  "$0" report --format csv --quiet || exit 1
                done
                """
            let running = try RunningCommand(
                "sh",
                ["-c", busy, Tool.path],
                environment: Tool.cleanEnvironment,
                in: folder
            )
            Thread.sleep(forTimeInterval: 0.5)
            for _ in 0..<25 {
                let verified = try Tool.run(["verify"], in: folder)
                #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            }
            #expect(running.wait().status == 0)
        }
    }

    private func expectSound(_ places: [String], in folder: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let verified = try Tool.run(["verify"] + places, in: folder)
        #expect(verified.status == 0, "\(verified.output)\(verified.error)", sourceLocation: sourceLocation)
    }
}

/// A folder with archives and bundles that the first version wrote: `archive` and `output` of two pulls, `imported` and
/// `imported-output` of two imports out of order.
func withFirstVersion(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
        let fixture = Tool.repository + "/Tests/Fixtures/first-version/first-version.tar.gz"
        let unpacked = try runCommand("tar", ["-xzf", fixture], in: folder)
        try #require(unpacked.status == 0, "\(unpacked.error)")
        try body(folder)
    }
}
