import Evidence
import TestSupport
import Testing

@testable import Analysis

/// What controls make of an archive that is damaged: nothing passes, and nobody is blamed without a word about it.
@Suite("Findings of damaged evidence")
struct DamagedEvidenceTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    /// Every kind of facts, over, going on and of all time, with lists of people and keys that are in order and that are not.
    private static func cases() throws -> [(name: String, facts: JudgedFacts)] {
        let read = at("2026-03-31T23:00:00Z")
        func lists(_ member: AccessMember, _ key: AccessKey) -> AccessLists {
            let invitation = AccessInvitation(email: "eve@evil.example", createdAt: at("2026-01-01T00:00:00Z"))
            let isGood = member.role == "developer"
            return AccessLists(
                servedAt: read,
                members: .read([member] + (isGood ? [] : many), unreadable: 0),
                invitations: .read(isGood ? [] : [invitation], unreadable: 0),
                keys: .read([key], unreadable: 0)
            )
        }
        let many = (0..<6).map { AccessMember(userID: "a\($0)", email: "a\($0)@example.com", role: "owner") }
        let good = lists(
            AccessMember(userID: "u1", email: "ann@example.com", role: "developer", joinedAt: read),
            AccessKey(
                id: "k1",
                scopes: ["databases:read"],
                createdAt: at("2026-01-01T00:00:00Z"),
                lastUsedAt: .at(read),
                expiresAt: .at(at("2027-01-01T00:00:00Z"))
            )
        )
        let bad = lists(
            AccessMember(userID: "u2", email: "eve@evil.example", role: "owner"),
            AccessKey(id: "k2", scopes: ["admin"], createdAt: at("2025-01-01T00:00:00Z"), expiresAt: .never)
        )
        var made = PlainEvent(id: "e-key")
        (made.seconds, made.action, made.actorID) = (at("2026-01-01T00:00:00Z").seconds, "api_key.created", "u1")
        (made.resourceType, made.resourceID) = ("api_key", "k1")
        let march = try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc)
        let trail = try watch([made], policy: ControlPolicy(), period: march, access: AccessWatch()).access
        let combined = [("good lists", good, nil), ("bad lists, all time", bad, ReportingPeriod.all)]
        return try SpokenFindingsTests.cases().flatMap { name, facts in
            combined.map { what, lists, period in
                var facts = facts
                facts.period = period ?? facts.period
                facts.access = ["2026-02-28T23:00:00Z", "2026-03-31T23:00:00Z", "2026-04-01T00:00:10Z"].map { time in
                    var lists = lists
                    (lists.servedAt, lists.earliest) = (at(time), at(time))
                    return lists
                }
                facts.log?.access = trail
                facts.policy.approvedDomains = ["example.com"]
                facts.policy.schedule = RunSchedule(every: 86_400)
                facts.runs = (0..<100).map { at("2026-01-01T00:00:00Z").adding(seconds: $0 * 86_400) }
                return ("\(name), \(what)", facts)
            }
        }
    }

    @Test("Nothing passes by what may have been changed, of whatever control, period and list")
    func noPass() throws {
        var passing: Set<String> = []
        for (name, facts) in try Self.cases() {
            if facts.damage.isEmpty {
                passing.formUnion(Verdicts.judge(facts).filter { $0.status == .pass }.map(\.control))
            }
            var damaged = facts
            damaged.damage = ["events/00000001.ndjson is not what the ledger says"]
            let findings = Verdicts.judge(damaged)
            let passed = findings.filter { $0.status == .pass || $0.judgedTo != nil }
            #expect(passed.isEmpty, "\(name): \(passed.map { "\($0.control) \($0.detail)" })")
        }
        // Each of them passes where nothing is damaged, so that this has been looked at.
        let silent = Set(ControlCatalogue.controls.map(\.id)).subtracting(passing)
        #expect(silent == ["WAIVER-EXPIRED"], "\(silent)")
    }

    @Test("Whatever is held against somebody says that the archive is damaged, in full and in short, in each language")
    func cautions() throws {
        let named = Set(NamedSubject.allCases.map(\.rawValue))
        for words in [Words.english, SpokenFindingsTests.german] {
            let reason = words("finding.damaged_evidence")
            let aside = words("finding.damaged_aside")
            var warned: Set<String> = []
            for (name, facts) in try Self.cases() {
                var damaged = facts
                (damaged.words, damaged.damage) = (words, ["events/00000001.ndjson is not what the ledger says"])
                for finding in Verdicts.judge(damaged)
                where !["LOG-INTACT", "WAIVER-EXPIRED"].contains(finding.control) {
                    let isAboutAll = finding.status == .notProven && named.contains(finding.subjectKey)
                    guard !isAboutAll || !finding.eventIDs.isEmpty, finding.subjectKey != "threshold" else { continue }
                    guard finding.subjectKey != "working hours" || finding.status != .manual else { continue }
                    guard finding.status != .notApplicable else { continue }
                    #expect(textTold(finding.tellDetail) == finding.detail)
                    let times = finding.detail.components(of: String(reason.dropFirst()))
                    #expect(times == 1, "\(name): \(finding.control) \(finding.status): \(finding.detail)")
                    if let short = finding.short { #expect(short.components(of: aside) == 1, "\(name): \(short)") }
                    warned.insert("\(finding.control) \(finding.status.rawValue)")
                }
            }
            let blaming = [
                "DB-BURST fail", "DB-DELETE waived", "NEW-IP fail", "MEM-GHOST fail", "KEY-ORPHAN fail", "KEY-AGE fail",
                "MEM-SELF fail", "OFF-HOURS fail", "ACT-ANON fail", "MEM-ADMINS fail", "MEM-DOMAIN fail",
                "INV-STALE fail", "KEY-EXPIRY fail", "KEY-SCOPES manual", "DB-DELETE manual", "ORG-MFA fail",
                "MEM-ROLE manual", "KEY-DRIFT not_proven", "ACT-UNKNOWN manual",
            ]
            #expect(warned.isSuperset(of: blaming), "\(Set(blaming).subtracting(warned))")
        }
    }

    @Test("What rests on the configuration alone has no caution")
    func configured() throws {
        var facts = try #require(try Self.cases().first).facts
        facts.damage = ["x"]
        (facts.policy.workingHours, facts.policy.thresholds) = (nil, ["KEY-AGE": 100_000])
        for (control, status) in [("OFF-HOURS", Status.manual), ("KEY-AGE", .fail)] {
            let finding = try #require(Verdicts.judge(facts).first { $0.control == control })
            #expect(finding.status == status && !finding.detail.contains("damaged"), "\(finding.detail)")
        }
    }

    @Test("What a sound archive says has no caution")
    func sound() throws {
        let reason = Words.english("finding.damaged_evidence").dropFirst()
        for (name, facts) in try Self.cases() where facts.damage.isEmpty {
            #expect(Verdicts.judge(facts).allSatisfy { !$0.detail.contains(reason) }, "\(name)")
        }
    }

    @Test("A review and a waiver of what a damaged archive says keep the caution, once")
    func kept() throws {
        var facts = try #require(try Self.cases().first { $0.name.hasPrefix("eventful, certain, is over, bad") }).facts
        facts.damage = ["x"]
        let reason = facts.words("finding.damaged_evidence").dropFirst()
        let manual = try #require(Verdicts.judge(facts).first { $0.control == "DB-DELETE" })
        facts.policy.review = manual.eventIDs.map {
            Review.Row(finding: manual.id, event: $0, reviewedBy: "Ann", reviewedOn: "2026-04-02", result: .ok)
        }
        let reviewed = try #require(Verdicts.judge(facts).first { $0.control == "DB-DELETE" })
        #expect(reviewed.status == .reviewed && reviewed.detail.components(of: String(reason)) == 1)
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
