import Evidence
import Testing

@testable import Analysis

/// An answer of a review counts for what its reviewer saw, and for nothing else.
@Suite struct SeenAnswersTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    /// An event as review.csv shows it.
    private static let texts = [
        "2026-11-05T01:00:00.25Z", "Zoë@x.com", "database.deleted", "database a,=db-1", "10.0.0.1",
    ]

    private func finding(_ events: [String]) throws -> Finding {
        try #require(ControlCatalogue.control("DB-DELETE")).finding(.manual, subject: "s", "Look.", eventIDs: events)
    }

    private func events(_ known: [(String, [String])]) -> ReviewedEvents {
        var events = ReviewedEvents()
        for (id, texts) in known { events.byID[ExactText(id), default: []].append(Review.Seen(texts)) }
        return events
    }

    private static let header =
        "finding_id,event_id,created_at,actor,action,resource,ip_address,detail,reviewed_by,reviewed_on,result\n"

    private func read(_ rows: [[String]]) throws -> Review.Reading {
        let lines = rows.map { $0.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n" }
        return try Review.read(Array((Self.header + lines.joined()).utf8), named: "review.csv")
    }

    private func judged(_ finding: Finding, _ rows: [[String]], _ events: ReviewedEvents) throws
        -> (finding: Finding, refused: [RefusedAnswer.Reason])
    {
        var findings = [finding]
        let refused = Reviews.apply(try read(rows).rows, to: &findings, from: 0, events, .english)
        return (findings[0], refused.map(\.reason))
    }

    @Test("A row that tells of another event answers for none, good or bad, and the finding says so")
    func otherEvents() throws {
        let (finding, events) = (try finding(["evt-1"]), events([("evt-1", Self.texts)]))
        for (place, other) in [
            (0, "2026-11-06T01:00:00Z"), (0, "2026-11-05T01:00:01Z"), (0, "6.11.2026"), (0, "46331.0"),
            (1, "bea@x.com"), (2, "database.created"), (3, "database db-1"), (4, "10.0.0.2"),
        ] {
            var texts = Self.texts
            texts[place] = other
            for result in ["ok", "not ok"] {
                let done = try judged(
                    finding,
                    [[finding.id, "evt-1"] + texts + ["", "Ann", "2026-11-06", result]],
                    events
                )
                #expect(done.finding.status == .manual, "\(other)")
                #expect(done.refused == [.otherEvent([Review.Seen.columns[place]])], "\(other)")
                #expect(done.finding.detail.contains("an answer that is about something else"))
            }
        }
    }

    @Test("What a spreadsheet makes of the texts of an event is still about that event")
    func spreadsheets() throws {
        let (finding, events) = (try finding(["evt-1"]), events([("evt-1", Self.texts)]))
        for (place, form) in [
            (0, ""), (0, "2026-11-05 01:00:00"), (0, "05.11.2026 01:00"), (0, "11/5/2026"), (0, "5/11/2026 1:00:00"),
            (0, "46331.0416695602"), (0, "46331"), (0, "2026-11-05T02:00:00+01:00"), (0, "#####"),
            (1, " Zo\u{EB}@x.com\u{A0}"), (1, "Zo?@x.com"), (1, ""), (3, "database a,'=db-1"), (3, "database  a,=db-1"),
        ] {
            var texts = Self.texts
            texts[place] = form
            let done = try judged(finding, [[finding.id, "evt-1"] + texts + ["", "Ann", "2026-11-06", "ok"]], events)
            #expect(done.finding.status == .reviewed, "'\(form)': \(done.refused)")
        }
        // A name that a spreadsheet takes for a number comes back as whatever that looks like.
        let odd = self.events([("evt-1", ["", "1E5", "a", "", ""])])
        let row = [finding.id, "evt-1", "", "100000", "a", "", "", "", "Ann", "2026-11-06", "ok"]
        #expect(try judged(finding, [row], odd).finding.status == .reviewed)
    }

    @Test("Nobody has looked at an event before the day on which it came, wherever that day began last")
    func olderThanTheEvent() throws {
        let finding = try finding(["evt-1", "evt-2"])
        let known = events([("evt-1", ["2026-03-05T01:00:00Z"]), ("evt-2", ["2026-11-20T11:59:59Z"])])
        func status(on day: String, _ result: String = "ok") throws -> (Status, [RefusedAnswer.Reason]) {
            let rows = ["evt-1", "evt-2"].map {
                [finding.id, $0, "", "", "", "", "", "", "Ann", $0 == "evt-1" ? "2026-11-20" : day, result]
            }
            let done = try judged(finding, rows, known)
            return (done.finding.status, done.refused)
        }
        #expect(try status(on: "2026-11-19").0 == .reviewed)
        #expect(try status(on: "2026-11-18") == (.manual, [.beforeEvent("2026-11-20")]))
        // Who finds something wrong is heard, whatever day they wrote.
        #expect(try status(on: "2026-11-18", "not ok").0 == .fail)
    }

    @Test("Events whose ids are written alike are answered for where each has a row that tells of it")
    func alike() throws {
        let (one, other) = (Self.texts, ["2026-11-05T03:00:00Z"] + Self.texts.dropFirst())
        func row(_ id: String, _ texts: [String], _ result: String = "ok") throws -> [String] {
            [try finding(["a"]).id, id] + texts + ["", "Ann", "2026-11-06", result]
        }
        let blank = (try finding(["evt-1", "evt-1 "]), events([("evt-1", one), ("evt-1 ", other)]))
        let lonely = try judged(blank.0, [try row("evt-1", one)], blank.1)
        #expect(lonely.finding.status == .manual && lonely.refused == [.severalEvents])
        #expect(
            lonely.finding.detail.contains("ids that are written alike") && lonely.finding.detail.contains("2 of 2")
        )
        #expect(try judged(blank.0, [row("evt-1", one), row("evt-1 ", other)], blank.1).finding.status == .reviewed)
        #expect(
            try judged(blank.0, [row("evt-1", one), row("evt-1", other, "not ok")], blank.1).finding.status == .fail
        )
        // Where another event of the period has the id, the row tells which one was looked at.
        let elsewhere = (try finding(["1"]), events([("1", one), ("1", other)]))
        #expect(try judged(elsewhere.0, [row("1", one)], elsewhere.1).finding.status == .reviewed)
        let empty = Array(repeating: "", count: Self.texts.count)
        #expect(try judged(elsewhere.0, [row("1", empty)], elsewhere.1).refused == [.severalEvents])
        // Shown by one text, there is one row for two.
        let shown = (try finding(["1", "1"]), events([("1", one), ("1", other)]))
        let both = try judged(shown.0, [row("1", one)], shown.1)
        #expect(both.finding.status == .manual && both.finding.detail.contains("2 of 2 have no result"))
    }

    @Test("Rows that a spreadsheet made alike are told apart by their events, and one that is there twice is named")
    func madeAlike() throws {
        let finding = try finding(["0012", "12"])
        let (one, other) = (Self.texts, ["2026-11-05T03:00:00Z"] + Self.texts.dropFirst())
        let rows = [one, other].map { [finding.id, "12"] + $0 + ["", "Ann", "2026-11-06", "ok"] }
        let done = try judged(finding, rows, events([("0012", one), ("12", other)]))
        #expect(done.finding.status == .manual && done.finding.detail.contains("1 of 2 has no result"))
        #expect(done.refused == [.otherEvent(["created_at"])])
        let twice = try read([rows[0], rows[0]])
        #expect(twice.rows.count == 1)
        #expect(twice.notes == ["review.csv:3: about the event of review.csv:2 once more; the row is not used"])
    }

    // MARK: Findings that name no event

    private func facts(_ change: (inout JudgedFacts) -> Void) throws -> JudgedFacts {
        try AccessControlTests.facts(nil) { facts in
            facts.policy.approvedDomains = nil
            facts.period.range = .all
            facts.periodHasEnded = false
            facts.readings = [
                SettingsReading(at: Self.at("2026-03-31T23:00:00Z"), values: ["allowed_regions": .list(["fsn1"])])
            ]
            change(&facts)
        }
    }

    private func lists(_ at: String, scopes: [String] = ["db:write"], mails: [String] = ["a@x.com"]) -> AccessLists {
        AccessLists(
            servedAt: Self.at(at),
            members: .read(mails.map { AccessMember(userID: $0, email: $0, role: "owner") }, unreadable: 0),
            invitations: .read([], unreadable: 0),
            keys: .read([AccessKey(id: "k", name: "ci", scopes: scopes)], unreadable: 0)
        )
    }

    /// What findings become in other facts, by a review of some that answers all of them.
    private func statuses(_ before: JudgedFacts, _ after: JudgedFacts, withDetail: Bool = true, on day: String) throws
        -> [String: Status]
    {
        let asked = Verdicts.judge(before).filter { $0.status == .manual && $0.eventIDs.isEmpty }
        let rows = asked.map {
            [$0.id, "", "", "", "", "", "", withDetail ? $0.detail : "", "Ann", day, "ok"]
        }
        var after = after
        after.policy.review = try read(rows).rows
        let found = Verdicts.judge(after).filter { ["MEM-DOMAIN", "KEY-SCOPES", "ORG-REGIONS"].contains($0.control) }
        // Of two lists the one of members tells.
        return Dictionary(found.map { ($0.control, $0.status) }) { $1 }
    }

    @Test("What is read again and says the same keeps its answer; what says something else is asked about anew")
    func otherFacts() throws {
        for words in [Words.english, Words.builtIn("de")] {
            let march = try facts {
                $0.words = words
                $0.access = [lists("2026-03-31T23:00:00Z")]
            }
            var april = march
            april.access?.append(lists("2026-04-30T23:00:00Z"))
            april.readings.append(
                SettingsReading(at: Self.at("2026-04-30T23:00:00Z"), values: ["allowed_regions": .list(["fsn1"])])
            )
            #expect(
                try statuses(march, april, on: "2026-04-02")
                    == ["MEM-DOMAIN": .reviewed, "KEY-SCOPES": .reviewed, "ORG-REGIONS": .reviewed]
            )
            // A month that is over says otherwise when the settings were read.
            var over = april
            over.period = try ReportingPeriod.parse(from: "2026-03-01", to: "2026-05-01", zone: .utc)
            over.periodHasEnded = true
            #expect(try statuses(april, over, on: "2026-05-02")["ORG-REGIONS"] == .reviewed)
            var other = march
            other.access?.append(
                lists("2026-04-30T23:00:00Z", scopes: ["db:write", "admin"], mails: ["a@x.com", "b@y.com"])
            )
            other.readings.append(
                SettingsReading(
                    at: Self.at("2026-04-30T23:00:00Z"),
                    values: ["allowed_regions": .list(["fsn1", "ash"])]
                )
            )
            let asked: [String: Status] = ["MEM-DOMAIN": .manual, "KEY-SCOPES": .manual, "ORG-REGIONS": .manual]
            for day in ["2026-03-02", "2026-04-02", "2026-05-02"] {
                #expect(try statuses(march, other, on: day) == asked, "\(day)")
                #expect(try statuses(other, march, on: day) == asked, "\(day)")
            }
        }
    }

    @Test("A row without its detail is about what was read by then")
    func withoutDetail() throws {
        let facts = try facts { $0.access = [lists("2026-03-31T13:00:00Z")] }
        let reviewed: [String: Status] = ["MEM-DOMAIN": .reviewed, "KEY-SCOPES": .reviewed, "ORG-REGIONS": .reviewed]
        #expect(try statuses(facts, facts, withDetail: false, on: "2026-03-31") == reviewed)
        #expect(try statuses(facts, facts, withDetail: false, on: "2026-03-30").values.allSatisfy { $0 == .manual })
        #expect(try statuses(facts, facts, on: "2026-03-30") == reviewed)
    }

    @Test("Where more is to be judged than a detail names, an answer counts for what was read by then")
    func tooMany() throws {
        func facts(_ last: String) throws -> JudgedFacts {
            let scopes = (0..<30).map { "s\($0):write" } + [last]
            return try self.facts { $0.access = [lists("2026-03-31T13:00:00Z", scopes: scopes)] }
        }
        let (one, other) = (try facts("a"), try facts("b"))
        #expect(try statuses(one, other, on: "2026-03-30")["KEY-SCOPES"] == .manual)
        #expect(try statuses(one, one, on: "2026-03-31")["KEY-SCOPES"] == .reviewed)
    }
}
