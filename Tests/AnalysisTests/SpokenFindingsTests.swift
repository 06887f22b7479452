import Evidence
import TestSupport
import Testing

@testable import Analysis

/// Findings of many facts, in every language: the same findings under the same ids, and no sentence of one in the other.
@Suite("Findings in several languages")
struct SpokenFindingsTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    static let german = Words.builtIn("de")

    /// Facts of a period in which nothing is out of order.
    private static func plain() throws -> JudgedFacts {
        var facts = JudgedFacts(
            readings: [reading("2026-03-10T00:00:00Z", true)],
            period: try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc),
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(from: at("2026-01-01T00:00:00Z"), to: at("2026-11-23T00:00:00Z")),
            anomalies: [],
            damage: [],
            segmentsChecked: 3,
            entries: 7
        )
        facts.policy.approvedRegions = ["fsn1"]
        facts.log = WatchedLog()
        facts.asOf = at("2026-11-23T02:00:00Z")
        facts.organizationCreated = at("2026-01-01T00:00:00Z")
        facts.policy.workingHours = try WorkingHours(days: "mon-fri", from: "08:00", to: "18:00", timeZone: "UTC")
        return facts
    }

    private static func reading(_ at: String, _ isOn: Bool) -> SettingsReading {
        var values: [String: SettingsReading.Value] = ["allowed_regions": .list(isOn ? ["fsn1"] : ["ash"])]
        for name in ControlCatalogue.settings where name != "allowed_regions" { values[name] = .boolean(isOn) }
        return SettingsReading(at: self.at(at), values: values)
    }

    private static let actor = "chen.wei@example.com (usr_1)"
    private static let span = InstantRange(from: at("2026-03-05T02:11:00Z"), to: at("2026-03-06T02:16:00Z"))

    private static func flag(_ subject: String, _ key: String) -> WatchedLog.Flag {
        WatchedLog.Flag(subject: subject, key: key, eventIDs: ["evt-1", "evt-2"], span: span)
    }

    /// Somebody deletes a database at an address that is new to them, and somebody else at one that may be.
    private static var newAddresses: NewUses? {
        func event(_ id: String, by actor: String, from address: String, _ at: Instant?) -> PlainEvent {
            PlainEvent(
                id: id,
                seconds: at?.seconds,
                action: "database.deleted",
                actorID: actor,
                actorEmail: "chen.wei@example.com",
                resourceType: "database",
                resourceID: "db-1",
                address: address
            )
        }
        let (known, new) = ("203.0.113.1", "203.0.113.201")
        let events = ["usr_1", "usr_2"].flatMap { actor in
            [
                event("\(actor) first", by: actor, from: known, span.from),
                event("\(actor) then", by: actor, from: new, span.to),
            ]
        }
        let undated = event("undated", by: "usr_2", from: new, nil)
        return try? watch(events + [undated], policy: ControlPolicy(), period: plain().period).newAddresses
    }

    /// A log in which every control finds something, for certain or perhaps.
    private static func eventful(doubt: JoinDoubt?, revocation: WatchedLog.Revocation?) -> WatchedLog {
        var log = WatchedLog()
        let away = [false, true].map { isAway in
            WatchedLog.OpenKey(
                id: "key-\(isAway)",
                key: "key-\(isAway)",
                name: "deploy key 139",
                creator: "quinn.harper@example.com",
                createdAt: at("2025-03-01T00:00:00Z"),
                event: "evt-3",
                revocation: revocation,
                orphan: .init(removal: "evt-4", removedAt: span.from, doubt: doubt, wasAway: isAway)
            )
        }
        let bare = WatchedLog.OpenKey(
            id: "",
            key: "\u{1}event:evt-5",
            name: "",
            creator: "",
            event: "evt-5",
            isAnonymous: true,
            isUnidentified: true
        )
        log.openKeys = away + [bare]
        log.ghosts = [
            .init(
                subject: actor,
                key: "g1",
                removals: ["evt-6"],
                acts: [.init(event: "evt-7", span: span)],
                doubtful: ["x"]
            ),
            .init(subject: actor, key: "g2", removals: ["evt-6"], doubtful: ["evt-8"], doubt: doubt),
            .init(subject: actor, key: "g3", removals: ["evt-6"], doubt: doubt),
        ]
        log.unmatchedRemovals = [flag("", ""), flag("bo@example.com", "b"), flag("c", "c"), flag("d", "d")]
        log.ownRoleChanges = [flag(actor, "usr_1")]
        log.doubtfulRoleChanges = [flag("ann@example.com (usr_2)", "usr_2")]
        log.roleChanges = ["evt-1"]
        (log.roleChangeSpan, log.deletionSpan) = (span, span)
        log.deletions = ["evt-1", "evt-2"]
        func burst(_ key: String, _ databases: Int, more: Bool = false, doubtful: Bool = false) -> WatchedLog.Burst {
            .init(
                actor: actor,
                key: key,
                from: at("2026-03-05T02:11:00Z"),
                to: at("2026-03-05T02:16:00Z"),
                databases: databases,
                mayBeMore: more,
                isDoubtful: doubtful,
                eventIDs: (0..<14).map { "evt-\($0)" }
            )
        }
        log.bursts =
            [burst("b1", 14), burst("b2", 9, more: true), burst("b3", 3, doubtful: true)]
            + (0..<7).map { _ in burst("b4", 14) }
        log.offHours = [flag(actor, "usr_1"), flag("", "")]
        log.newAddresses = newAddresses
        log.unknownActions = [flag("", ""), flag("billing.viewed", "billing.viewed")]
        log.anonymous = ["evt-9"]
        return log
    }

    private static func drift() -> SettingsDrift {
        let fields = [
            ("setting", "require_2fa", true), ("organization", "owner_id", true), ("setting", "a_list", false),
        ]
        let differences = fields.map { kind, field, isProven in
            SettingsDrift.Difference(
                kind: kind,
                field: field,
                before: nil,
                after: "true",
                from: at("2026-03-02T00:00:00Z"),
                to: at("2026-03-03T00:00:00Z"),
                isProven: isProven
            )
        }
        return SettingsDrift(
            snapshots: ["2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z"].map(at),
            differences: differences,
            events: [.init(event: "evt-10", at: at("2026-03-15T00:00:00Z"), actor: actor)],
            unreadable: [at("2026-03-04T00:00:00Z")]
        )
    }

    /// Facts of all kinds, by what is out of order.
    static func cases() throws -> [(name: String, facts: JudgedFacts)] {
        var cases: [(String, JudgedFacts)] = []
        func add(_ name: String, _ edit: (inout JudgedFacts) throws -> Void) throws {
            for isRunning in [false, true] {
                var facts = try plain()
                facts.periodHasEnded = !isRunning
                try edit(&facts)
                cases.append(("\(name), \(isRunning ? "goes on" : "is over")", facts))
            }
        }
        try add("in order") { _ in }
        try add("compared") {
            let day = at("2026-03-01T00:00:00Z")
            $0.drift = SettingsDrift(snapshots: [day, at("2026-04-02T00:00:00Z")], differences: [], events: [])
        }
        try add("imported") { ($0.isComplete, $0.proven) = (nil, nil) }
        try add("not complete") {
            ($0.isComplete, $0.proven) = (false, nil)
            $0.incompleteBecause = ["the service says 150 events, 148 different ones were served", "the dog ate it"]
        }
        try add("damaged") { $0.damage = ["events/00000001.ndjson is missing", "ledger.ndjson:7 is no ledger entry"] }
        try add("gaps") { $0.proven = InstantRange(from: at("2026-03-05T00:00:00Z"), to: at("2026-03-20T00:00:00Z")) }
        try add("without a time") {
            let group = UndatedEvents.Group(spans: [.all], count: 3, eventIDs: ["u"], settingsUpdated: ["u"])
            ($0.undated, $0.implausible) = (UndatedEvents([group]), UndatedEvents([group]))
        }
        try add("of nobody") {
            for id in ["KEY-ORPHAN", "MEM-GHOST", "MEM-SELF", "NEW-IP", "DB-BURST"] {
                $0.log?.unmatched[id, default: .init()].byNobody = 2
                $0.log?.unmatched[id, default: .init()].eventIDs = ["n"]
            }
        }
        for doubt in [nil, .order, .invitation, .sharedMail, .mailOfRemoved] as [JoinDoubt?] {
            try add("eventful, \(doubt.map { "\($0)" } ?? "certain")") {
                $0.log = eventful(doubt: doubt, revocation: nil)
                $0.drift = drift()
            }
        }
        for isUndated in [false, true] {
            try add("revoked perhaps \(isUndated)") {
                $0.log = eventful(doubt: nil, revocation: .init(event: "r", isUndated: isUndated))
            }
        }
        try add("eventful with gaps") {
            $0.log = eventful(doubt: nil, revocation: nil)
            $0.proven = InstantRange(from: at("2026-03-05T12:00:00Z"), to: at("2026-03-20T00:00:00Z"))
        }
        try add("settings off") { $0.readings = [reading("2026-03-10T00:00:00Z", false)] }
        try add("settings odd") {
            var reading = reading("2026-03-10T00:00:00Z", true)
            for name in ControlCatalogue.settings { reading.values?[name] = .other }
            $0.readings = [reading]
        }
        try add("settings before") { $0.readings = [reading("2026-02-10T00:00:00Z", true)] }
        try add("settings around") {
            $0.readings = [reading("2026-02-10T00:00:00Z", false), reading("2026-03-10T00:00:00Z", true)]
        }
        try add("settings never") { $0.readings = [] }
        try add("settings at no time") {
            $0.readings[0].isTimeKnown = false
            $0.policy.approvedRegions = nil
        }
        try add("evidence odd") {
            $0.anomalies = ["altered", "vanished", "two_contents"].map { .init(kind: $0, event: "e") }
            $0.unreadable = 2
            $0.givenUp = [
                .init(entry: 3, entries: 2, by: "Ann", reason: "Gone", at: "2026-03-05T00:00:00Z", span: .all)
            ]
        }
        try add("policy") {
            $0.policy.workingHours = nil
            $0.policy.approvedRegions = nil
            $0.policy.thresholds = ["KEY-AGE": 999, "LOG-RETENTION": 3]
            $0.log = eventful(doubt: nil, revocation: nil)
            func waiver(_ control: String, _ subject: String, _ day: String) throws -> Waiver {
                try Waiver(
                    [
                        "control": control, "subject": subject, "reason": "Why", "approver": "Ann", "expires": day,
                    ],
                    source: "waivers.yaml"
                )
            }
            $0.policy.waivers = [
                try waiver("DB-DELETE", "audit log", "2099-01-01"), try waiver("DB-BURST", "nobody", "2099-01-01"),
                try waiver("DB-BURST", actor, "2099-01-01"), try waiver("MEM-SELF", actor, "2020-01-01"),
            ]
        }
        return cases
    }

    @Test("The same findings have the same ids, whatever they are called")
    func ids() throws {
        for (name, facts) in try Self.cases() {
            let english = Verdicts.judge(facts)
            var translated = facts
            translated.words = Self.german
            let german = Verdicts.judge(translated)
            let (left, right) = (english.map(Self.identity).sorted(), german.map(Self.identity).sorted())
            #expect(left == right, "\(name)")
            #expect(Set(english.map(\.id)).count == english.count, "\(name)")
        }
    }

    private static func identity(_ finding: Finding) -> String {
        "\(finding.control) \(finding.id) \(finding.status) \(finding.eventIDs)"
    }

    @Test("No sentence is English in a German report, and none has a place left open")
    func sentences() throws {
        var controls: Set<String> = []
        for (name, facts) in try Self.cases() {
            let english = Dictionary(Verdicts.judge(facts).map { ($0.id, $0) }) { first, _ in first }
            var translated = facts
            translated.words = Self.german
            for finding in Verdicts.judge(translated) {
                controls.insert(finding.control)
                let original = try #require(english[finding.id])
                let pairs = [
                    ("detail", finding.detail, original.detail), ("title", finding.title, original.title),
                    ("heading", finding.heading, original.heading),
                    ("remediation", finding.remediation, original.remediation),
                ]
                for (part, text, other) in pairs {
                    #expect(text != other && !text.isEmpty, "\(name): \(finding.control) \(part): \(text)")
                    #expect(!text.contains("{") && !other.contains("{"), "\(name): \(text) / \(other)")
                    let left = Self.englishWords.filter { " \(text) ".contains(" \($0) ") }
                    #expect(left.isEmpty, "\(name): \(finding.control) \(part): \(left) in \(text)")
                }
                #expect((finding.short == nil) == (original.short == nil))
                if let short = finding.short {
                    #expect(short != original.short && !short.contains("{") && short.last != ".", "\(short)")
                }
            }
        }
        #expect(controls == Set(ControlCatalogue.controls.map(\.id)))
    }

    /// Words that stand in no German sentence.
    private static let englishWords = [
        "the", "and", "of", "not", "is", "are", "were", "on", "from", "to", "event", "events", "whether", "they",
        "that",
        "log", "with", "by", "no",
    ]

    @Test("Sentences say who, what and when")
    func whoWhatWhen() throws {
        var facts = try Self.plain()
        facts.log = Self.eventful(doubt: nil, revocation: nil)
        let findings = Verdicts.judge(facts)
        func all(_ control: String) -> [Finding] { findings.filter { $0.control == control } }
        #expect(
            all("NEW-IP").contains {
                $0.detail
                    == "database.deleted on 2026-03-06 02:16 UTC from 203.0.113.201, never used by chen.wei@example.com before."
            }
        )
        #expect(
            all("DB-BURST").contains {
                $0.detail == "chen.wei@example.com deleted 14 databases in 5 minutes, from 2026-03-05 02:11 UTC to "
                    + "2026-03-05 02:16 UTC."
                    && $0.short == "chen.wei deleted 14 databases in 5 minutes on 2026-03-05"
                    && $0.heading == "Many databases deleted at once"
            }
        )
        #expect(
            all("KEY-ORPHAN").contains {
                $0.short == "key “deploy key 139” of quinn.harper is not revoked, 26 days after they left"
            }
        )
        #expect(all("KEY-AGE").contains { $0.short == "key “deploy key 139” of quinn.harper is 396 days old" })
        #expect(
            all("MEM-SELF").contains {
                $0.short == "chen.wei changed their own role between 2026-03-05 02:11 UTC and 2026-03-06 02:16 UTC"
            }
        )
        #expect(
            all("MEM-GHOST").contains {
                $0.detail.hasPrefix("4 removed members could not be matched to an actor, so we")
            }
        )
        #expect(all("MEM-GHOST").contains { $0.remediation.hasPrefix("Pulling again does not prove this") })
        #expect(all("LOG-COMPLETE").first?.detail.hasPrefix("We counted: every event the service says it has") == true)
    }

    @Test("A waiver counts by the English name of what has none, and by the report's own")
    func waivers() throws {
        for subject in ["audit log", "Protokoll"] {
            var facts = try Self.plain()
            facts.words = Self.german
            facts.log = Self.eventful(doubt: nil, revocation: nil)
            facts.policy.waivers = [
                try Waiver(
                    [
                        "control": "DB-DELETE", "subject": subject, "reason": "Why", "approver": "Ann",
                        "expires": "2099-01-01",
                    ],
                    source: "waivers.yaml"
                )
            ]
            let findings = Verdicts.judge(facts)
            #expect(findings.first { $0.control == "DB-DELETE" }?.status == .waived)
            #expect(!findings.contains { $0.control == "WAIVER-EXPIRED" })
        }
    }
}
