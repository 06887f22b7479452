import Foundation
import TestSupport
import Testing

/// Every format of a report says the same, figure by figure.
@Suite struct FormatsTests {
    private static let formats = ["--format", "html,csv,xml,json,ocsf,oscal,xlsx"]

    private func agree(_ bundle: String) throws {
        let oracles = Tool.repository + "/Tests/AcceptanceTests/Oracle"
        let checkers = Tool.repository + "/.build/checkers"
        let comparisons = [
            [oracles + "/formats.py", bundle], [oracles + "/ocsf.py", checkers, bundle],
            [oracles + "/oscal.py", checkers, bundle],
            [oracles + "/workbook.py", checkers, bundle],
        ]
        for arguments in comparisons {
            let found = try runCommand("python3", arguments)
            #expect(found.status == 0, "\(found.output) \(found.error)")
        }
        let schema = ["--noout", "--schema", "oscal-assessment-results.xsd", "oscal-assessment-results.xml"]
        let valid = try runCommand("xmllint", schema, in: bundle)
        #expect(valid.status == 0, "\(valid.error)")
        let sums = try runCommand("sha256sum", ["--check", "--quiet", "SHA256SUMS"], in: bundle)
        #expect(sums.status == 0, "\(sums.output)")
    }

    @Test func ofTheDemo() throws {
        try withTemporaryFolder { folder in
            try #require(try Tool.run(["demo"], in: folder).status == 0)
            let places = ["--archive", "heedaudit-demo/archive", "--output", "output"]
            let report = try Tool.run(["report", "--period", "all"] + Self.formats + places, in: folder)
            try #require(report.status == 0, "\(report.error)")
            try agree(folder + "/output/acme-corp/latest")
            #expect(try Tool.run(["verify"] + places, in: folder).status == 0)
            // A file that was added to is no part of a sound bundle.
            let schema = folder + "/output/acme-corp/latest/report.schema.json"
            try (String(contentsOfFile: schema, encoding: .utf8) + "\n")
                .write(toFile: schema, atomically: false, encoding: .utf8)
            let damaged = try Tool.run(["verify"] + places, in: folder)
            #expect(damaged.status == 65 && (damaged.output + damaged.error).contains("report.schema.json"))
        }
    }

    @Test func ofAnEmptyOrganization() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/none.ndjson"))
            try #require(
                try Tool.run(["import", "--organization", "empty", "none.ndjson"], in: folder).status == 0
            )
            try "format: [html, csv, xml, json, ocsf, oscal, xlsx]\n"
                .write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            let report = try Tool.run(["report"], in: folder)
            try #require(report.status == 0, "\(report.error)")
            try agree(folder + "/output/empty/latest")
        }
    }

    /// What people promised and accepted.
    @Test func ofWaiversAndPlans() throws {
        try withTemporaryFolder { folder in
            try #require(try Tool.run(["demo"], in: folder).status == 0)
            try """
            waivers:
              - {control: ORG-SSO, subject: sso_enabled, approver: "Bea <b> ", reason: "No identity\\nprovider yet", expires: 2027-03-31}

            """.write(toFile: folder + "/heedaudit.yaml", atomically: true, encoding: .utf8)
            let places = ["--archive", "heedaudit-demo/archive"]
            let csv = ["report", "--period", "all", "--format", "csv", "--output", "first"]
            let first = try Tool.run(csv + places, in: folder)
            try #require(first.status == 0, "\(first.error)")
            // Who deletes databases in a burst depends on the day.
            let findings = try String(contentsOfFile: folder + "/first/acme-corp/latest/findings.csv", encoding: .utf8)
            let burst = findings.split(whereSeparator: \.isNewline).first { $0.contains(",DB-BURST,") }
            let subject = try #require(burst?.split(separator: ",", omittingEmptySubsequences: false)[5])
            try """
            control,subject,owner,due,decision,reason
            DB-BURST,\(subject),Ann,2026-01-31,fix,Soon
            MEM-SELF,ben.okafor@acme.example (user-102)," Ben	& co ",2027-01-31,fix,
            KEY-ORPHAN,removed members,Ann,,,

            """.write(toFile: folder + "/plan.csv", atomically: true, encoding: .utf8)
            let asked = ["report", "--period", "all", "--action-plan", "plan.csv"]
            let report = try Tool.run(asked + Self.formats + places, in: folder)
            try #require(report.status == 0, "\(report.error)")
            let bundle = folder + "/output/acme-corp/latest"
            try agree(bundle)
            let text = try String(contentsOfFile: bundle + "/oscal-assessment-results.xml", encoding: .utf8)
            #expect(text.contains("<deadline>2027-03-31T23:59:59Z</deadline>"), "\(report.error)")
            #expect(text.contains("<deadline>2026-01-31T23:59:59Z</deadline>"), "\(report.error)")
            #expect(text.contains(">deviation-approved</status>") && text.contains(#"value="Ben &amp; co""#))
        }
    }

    /// The comparison can fail: a figure that is changed in one format is told.
    @Test func aFigureThatDiffersIsTold() throws {
        try withTemporaryFolder { folder in
            try #require(try Tool.run(["demo"], in: folder).status == 0)
            let report = try Tool.run(
                ["report", "--period", "all", "--archive", "heedaudit-demo/archive"] + Self.formats,
                in: folder
            )
            try #require(report.status == 0, "\(report.error)")
            let bundle = folder + "/output/acme-corp/latest/"
            let oracles = Tool.repository + "/Tests/AcceptanceTests/Oracle/"
            let checkers = Tool.repository + "/.build/checkers"
            let changes = [
                (
                    "oscal.py", "oscal-assessment-results.xml",
                    #"name="events" ns="urn:heedaudit:oscal:1" value="1200""#, "1200", "1201"
                ),
                (
                    "oscal.py", "oscal-assessment-results.xml",
                    #"name="received" ns="urn:heedaudit:oscal:1" value=""#, #"value=""#, #"value="9"#
                ),
                ("oscal.py", "oscal-assessment-results.xml", #"state="not-satisfied""#, "not-satisfied", "satisfied"),
                ("oscal.py", "oscal-assessment-results.xml", "<status>open</status>", "open", "closed"),
                ("formats.py", "report.xml", #"<summary events="1200""#, "1200", "1201"),
                ("formats.py", "report.json", #""events":1200"#, "1200", "1201"),
                ("formats.py", "actions.csv", "database.created", "created", "made"),
                ("formats.py", "findings.csv", ",fail,", "fail", "pass"),
                ("ocsf.py", "ocsf-findings.ndjson", #""status_id":1,"#, "1", "4"),
                ("ocsf.py", "ocsf-events.ndjson", #""class_uid":6003"#, "6003", "3001"),
            ]
            for (oracle, name, place, one, other) in changes {
                let whole = try String(contentsOfFile: bundle + name, encoding: .utf8)
                let found = try #require(whole.range(of: place), "\(name) has no \(place)")
                let changed = whole.replacingCharacters(in: found, with: place.replacing(one, with: other))
                try changed.write(toFile: bundle + name, atomically: false, encoding: .utf8)
                let arguments = [oracles + oracle] + (oracle == "formats.py" ? [] : [checkers]) + [bundle]
                let told = try runCommand("python3", arguments)
                #expect(
                    told.status == 1 && !told.output.hasPrefix("0 "),
                    "\(name) \(place): \(told.output) \(told.error)"
                )
                try whole.write(toFile: bundle + name, atomically: false, encoding: .utf8)
            }
        }
    }

    @Test func ofADamagedArchive() throws {
        try withTemporaryFolder { folder in
            let sandbox = try SandboxProcess(["--generate", "400", "--unlimited"], in: folder)
            try #require(try sandbox.run(["pull"], in: folder).status == 0)
            let segment = folder + "/archive/org-123/events/00000001.ndjson"
            let text = try String(contentsOfFile: segment, encoding: .utf8)
            try text.replacing("database.created", with: "database.deleted")
                .write(toFile: segment, atomically: false, encoding: .utf8)
            let report = try Tool.run(["report", "--period", "all"] + Self.formats, in: folder)
            try #require(report.status == 65, "\(report.error)")
            let output = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/output").first)
            try agree("\(folder)/output/\(output)/latest")
        }
    }

    @Test func ofIncompleteEvidence() throws {
        try withTemporaryFolder { folder in
            let lying = try SandboxProcess(["--generate", "400", "--unlimited", "--fault", "total=1"], in: folder)
            try #require(try lying.run(["pull"], in: folder).status == 0)
            let report = try Tool.run(["report", "--period", "all", "--language", "de"] + Self.formats, in: folder)
            try #require(report.status == 0, "\(report.error)")
            let output = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/output").first)
            let bundle = "\(folder)/output/\(output)/latest"
            let text = try String(contentsOfFile: bundle + "/report.json", encoding: .utf8)
            #expect(text.contains(#""state":"incomplete""#) && text.contains(#""language":"de""#))
            try agree(bundle)
        }
    }

    @Test func ofRealEvents() throws {
        try withTemporaryFolder { folder in
            let imported = try Tool.run(["import", try RealEvents.write(into: folder)], in: folder)
            try #require(imported.status == 0, "\(imported.error)")
            try #require(try Tool.run(["report", "--period", "all"] + Self.formats, in: folder).status == 0)
            try agree(folder + "/output/local/latest")
        }
    }

    /// Events without a time, an actor or a resource, with addresses that are none, and with actions nobody documents.
    @Test func ofOddEvents() throws {
        try withTemporaryFolder { folder in
            let lines = [
                #"{"id":"1","action":"database.created","created_at":"never","actor":{"id":"u"}}"#,
                #"{"id":"2","action":"member.invited","created_at":"1969-12-31T23:59:59.9999Z","ip_address":"::1"}"#,
                #"{"id":"3","action":"member.role_changed","created_at":"2026-03-01T00:00:00.0019Z","actor":{"email":"no address"},"resource":{"type":"member"},"ip_address":"1.2.3.4 or so"}"#,
                #"{"id":"4","action":"member.removed","created_at":"2026-03-01T00:00:00Z","actor":{"id":"u","email":"a@b.example"},"resource":{"type":"member","id":"m","name":"n"},"ip_address":"1.2.3"}"#,
                #"{"id":"5","action":"x.y","created_at":"2026-03-01T00:00:00Z","resource":{"type":"alone"},"ip_address":"1.2.3.4\u0000"}"#,
                #"{"id":"6","action":"","created_at":"2026-03-01T00:00:00Z","resource":{"name":"n"},"ip_address":"203.0.113.7"}"#,
                #"{"id":"7","action":"database.created ","created_at":"9999-12-31T23:59:59Z","resource":{"id":"i"},"actor":{"email":"a@b@c.example"}}"#,
            ]
            try (lines.joined(separator: "\n") + "\n")
                .write(toFile: folder + "/odd.ndjson", atomically: true, encoding: .utf8)
            try #require(try Tool.run(["import", "odd.ndjson"], in: folder).status == 0)
            let report = try Tool.run(["report", "--period", "all"] + Self.formats, in: folder)
            try #require(report.status == 0, "\(report.error)")
            try agree(folder + "/output/local/latest")
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/output/local/latest")
            let sums = try String(contentsOfFile: folder + "/output/local/latest/SHA256SUMS", encoding: .utf8)
            // Same evidence, same bytes.
            let again = ["--output", "again"] + Self.formats
            try #require(try Tool.run(["report", "--period", "all"] + again, in: folder).status == 0)
            let other = try String(contentsOfFile: "\(folder)/again/local/\(bundle)/SHA256SUMS", encoding: .utf8)
            #expect(sums == other)
        }
    }
}
