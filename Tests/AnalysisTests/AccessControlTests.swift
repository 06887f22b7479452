import Evidence
import Testing

@testable import Analysis

/// The controls over lists as they stood at the end: what each says of a table of cases.
@Suite("Controls over the lists of access")
struct AccessControlTests {
    private static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(seconds: 0) }

    /// When the list of the cases was read: an hour before the end.
    private static let read = at("2026-03-31T23:00:00Z")

    static func facts(_ lists: [AccessLists]?, _ change: (inout JudgedFacts) -> Void = { _ in }) throws -> JudgedFacts {
        var facts = JudgedFacts(
            period: try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc),
            isComplete: true,
            incompleteBecause: [],
            proven: InstantRange(from: at("2025-01-01T00:00:00Z"), to: at("2026-11-23T00:00:00Z")),
            anomalies: [],
            damage: [],
            segmentsChecked: 3,
            entries: 7
        )
        facts.log = WatchedLog()
        facts.asOf = at("2026-11-23T02:00:00Z")
        facts.organizationCreated = at("2025-01-01T00:00:00Z")
        facts.access = lists
        facts.policy.approvedDomains = ["example.com"]
        change(&facts)
        return facts
    }

    private func judged(_ control: String, _ facts: JudgedFacts) -> [Finding] {
        Verdicts.judge(facts).filter { $0.control == control }
    }

    private func statuses(_ control: String, _ lists: [AccessLists]?, _ change: (inout JudgedFacts) -> Void = { _ in })
        throws -> [Status]
    {
        judged(control, try Self.facts(lists, change)).map(\.status)
    }

    private static func lists(
        at: Instant = read,
        members: [AccessMember] = [],
        invitations: [AccessInvitation] = [],
        keys: [AccessKey] = [],
        unreadable: Int = 0,
        missing: String? = nil
    ) -> AccessLists {
        AccessLists(
            servedAt: at,
            members: .read(members, unreadable: unreadable, missing: missing),
            invitations: .read(invitations, unreadable: unreadable, missing: missing),
            keys: .read(keys, unreadable: unreadable, missing: missing)
        )
    }

    private static func members(_ roles: [String?]) -> [AccessMember] {
        roles.indices.map { AccessMember(userID: "u\($0)", email: "u\($0)@example.com", role: roles[$0]) }
    }

    private static let overLists = ["MEM-ADMINS", "MEM-DOMAIN", "KEY-EXPIRY", "KEY-UNUSED", "KEY-SCOPES", "INV-STALE"]

    @Test("A key that is valid to the end of the period is judged in it", arguments: [0, -1])
    func validToTheEnd(seconds: Int64) throws {
        let end = Self.at("2026-04-01T00:00:00Z")
        let key = AccessKey(
            id: "k",
            name: "ci",
            createdAt: Self.at("2025-06-01T00:00:00Z"),
            expiresAt: .at(end.adding(seconds: seconds))
        )
        let found = try statuses("KEY-AGE", [Self.lists(keys: [key])])
        #expect(found.contains(.fail) == (seconds == 0), "\(found)")
        let lists = [Self.lists(keys: [key])]
        let period = try ReportingPeriod.parse(from: "2026-03-01", to: "2026-04-01", zone: .utc)
        let log = try watch([], policy: ControlPolicy(), period: period, access: AccessWatch(lists))
        let state = AccessState(lists, log, at: end, last: end.adding(seconds: -1))
        #expect(state.keys.map(\.status) == [seconds == 0 ? .active : .expired])
    }

    // MARK: Earlier lists of the period

    @Test("A pass names the earlier lists of the period that say otherwise")
    func earlierLists() throws {
        func detail(_ control: String, _ lists: [AccessLists]) throws -> String {
            let found = judged(control, try Self.facts(lists))
            #expect(found.allSatisfy { $0.status == .pass }, "\(control) \(found.map(\.detail))")
            return found.map(\.detail).joined(separator: " ")
        }
        let many = Self.members(Array(repeating: "owner", count: 10))
        let few = Self.members(["owner", "developer"])
        func list(_ day: String, _ members: [AccessMember]) -> AccessLists {
            Self.lists(at: Self.at("2026-03-\(day)T02:00:00Z"), members: members)
        }
        let last = Self.lists(members: few)
        let before = Self.lists(at: Self.at("2026-02-28T02:00:00Z"), members: many)
        #expect(try !detail("MEM-ADMINS", [before, list("03", few), last]).contains("otherwise"))
        let told = try detail("MEM-ADMINS", [before, list("03", many), list("04", many), list("05", few), last])
        #expect(told.hasSuffix("Before that it was otherwise on lists of this period, read on 2026-03-03, 2026-03-04."))
        let strangers = [AccessMember(userID: "x", email: "x@evil.example", role: "viewer")]
        #expect(try detail("MEM-DOMAIN", [list("07", strangers), last]).contains("read on 2026-03-07."))
        #expect(try !detail("MEM-DOMAIN", [list("07", few), last]).contains("otherwise"))
        // The same list twice: the invitation ended between them, the key while it could write.
        let invitation = AccessInvitation(
            id: "i",
            email: "a@example.com",
            status: "pending",
            createdAt: Self.at("2026-03-08T00:00:00Z"),
            expiresAt: Self.at("2026-03-10T00:00:00Z")
        )
        let invitations = ["09", "10"].map {
            Self.lists(at: Self.at("2026-03-\($0)T02:00:00Z"), invitations: [invitation])
        }
        #expect(try detail("INV-STALE", invitations + [last]).hasSuffix("read on 2026-03-10."))
        let key = AccessKey(
            id: "k",
            scopes: ["databases:write"],
            createdAt: Self.at("2026-03-01T00:00:00Z"),
            lastUsedAt: .never,
            expiresAt: .at(Self.at("2026-03-10T00:00:00Z"))
        )
        let keys = ["09", "10"].map { Self.lists(at: Self.at("2026-03-\($0)T02:00:00Z"), keys: [key]) }
        #expect(try detail("KEY-SCOPES", keys + [last]).hasSuffix("read on 2026-03-09."))
    }

    // MARK: What is there to look at

    @Test("What was read months before the end of a period says nothing of it, whether or not anything was read since")
    func oldList() throws {
        for asOf in ["2026-01-05T02:00:00Z", "2026-11-23T02:00:00Z"] {
            let lists = [Self.lists(at: Self.at("2026-01-05T02:00:00Z"), members: Self.members(["owner"]))]
            let facts = try Self.facts(lists) {
                $0.asOf = Self.at(asOf)
                $0.proven?.to = Self.at(asOf)
                $0.periodHasEnded = true
            }
            for control in Self.overLists {
                #expect(Set(judged(control, facts).map(\.status)) == [.notProven], "\(control) \(asOf)")
            }
        }
        let stopped = try Self.facts(nil) {
            $0.asOf = Self.at("2026-01-05T02:00:00Z")
            $0.proven?.to = Self.at("2026-01-05T01:55:00Z")
            $0.periodHasEnded = true
        }
        #expect(judged("LOG-FRESH", stopped).map(\.status) == [.fail])
    }

    @Test("Of a period that goes on and of which nothing was read nothing passes")
    func nothingRead() throws {
        let read = Self.at("2026-01-05T02:00:00Z")
        let facts = try Self.facts([Self.lists(at: read, members: Self.members(["owner"]))]) {
            $0.asOf = read
            $0.proven?.to = read
            $0.periodHasEnded = false
            $0.runs = [read.adding(seconds: -86_400), read]
            $0.policy.schedule = RunSchedule(every: 86_400)
        }
        let findings = Verdicts.judge(facts)
        #expect(findings.contains { $0.status == .notProven })
        #expect(findings.filter { $0.status == .pass }.map(\.control) == [])
        #expect(findings.first { $0.control == "LOG-RUNS" }?.detail.contains("2026-01-05") == true)
    }

    @Test("A list that can't be read whole is never told as one that has nothing")
    func missing() throws {
        var halfRead = Self.lists()
        halfRead.members = .read([], unreadable: 2)
        halfRead.keys = .unavailable("403")
        let facts = try Self.facts([halfRead])
        #expect(facts.membersMissing?.contains("2 elements of the list of members") == true)
        #expect(facts.keysMissing?.contains("403") == true)
        let whole = try Self.facts([Self.lists()])
        #expect(whole.membersMissing == nil && whole.keysMissing == nil)
        #expect(try Self.facts(nil).membersMissing?.contains("nobody asked") == true)
    }

    @Test("Without lists there is nothing to judge, and why is said; lists that could be read before are not proven")
    func standings() throws {
        let good = Self.lists()
        func refused(_ at: Instant) -> AccessLists {
            AccessLists(
                servedAt: at,
                members: .unavailable("403"),
                invitations: .unavailable("403"),
                keys: .unavailable("403")
            )
        }
        let later = Self.lists(at: Self.at("2026-04-20T00:00:00Z"))
        var unknown = good
        unknown.isTimeKnown = false
        let cases: [([AccessLists]?, Status, String)] = [
            (nil, .notApplicable, "nobody asked"), ([], .notApplicable, "nobody asked"),
            ([AccessLists(servedAt: Self.read)], .notApplicable, "nobody asked"),
            ([refused(Self.read)], .notApplicable, "403"),
            ([good], .pass, "2026-03-31"),
            ([refused(Self.at("2026-03-01T00:00:00Z")), good], .pass, "2026-03-31"),
            ([good, refused(Self.read.adding(seconds: 60))], .notProven, "403"),
            ([good, refused(Self.at("2026-04-02T00:00:00Z"))], .pass, "2026-03-31"),
            ([later], .notProven, "2026-04-20"), ([unknown], .notProven, "clocks disagree"),
            ([Self.lists(unreadable: 2)], .notProven, "2 elements"),
            ([Self.lists(missing: "20 of 30 came")], .notProven, "20 of 30 came"),
            ([good, Self.lists(at: Self.read.adding(seconds: 60), missing: "cut")], .notProven, "cut"),
            ([Self.lists(missing: "cut"), Self.lists(at: Self.read.adding(seconds: 60))], .pass, "2026-03-31"),
            ([Self.lists(at: Self.at("2026-03-20T00:00:00Z"))], .notProven, "12 days before the end"),
        ]
        for control in Self.overLists {
            for (lists, status, detail) in cases {
                let found = judged(control, try Self.facts(lists))
                #expect(Set(found.map(\.status)) == [status], "\(control): \(found.map(\.detail))")
                #expect(found.allSatisfy { $0.detail.contains(detail) }, "\(control): \(found.map(\.detail))")
            }
            #expect(try statuses(control, [good]) { $0.damage = ["x"] }.allSatisfy { $0 == .notProven })
        }
    }

    @Test("What stands on a list that is not whole counts, and what does not proves nothing")
    func partial() throws {
        let pending = AccessInvitation(id: "i", createdAt: Self.at("2026-01-01T00:00:00Z"))
        let some = Self.lists(
            members: Self.members(Array(repeating: "admin", count: 6)),
            invitations: [pending],
            keys: [AccessKey(id: "k", lastUsedAt: .never, expiresAt: .never)],
            missing: "20 of 30 came"
        )
        for control in ["MEM-ADMINS", "INV-STALE", "KEY-EXPIRY"] {
            #expect(try Set(statuses(control, [some])) == [.fail, .notProven], "\(control)")
        }
        #expect(try Self.facts([some]).membersMissing?.contains("20 of 30 came") == true)
        // The rows are those of the last list that was whole, where there is one.
        let whole = Self.lists(at: Self.read.adding(seconds: -60), members: Self.members(["owner"]))
        let course = AccessCourse([whole, some]) { $0.members }
        #expect(course.fullest(at: nil)?.elements.count == 1 && course.complete.count == 1)
        #expect(AccessCourse([some]) { $0.members }.fullest(at: nil)?.elements.count == 6)
        // A list behind the end that is not whole confirms nothing.
        let (old, behind) = (Self.at("2026-03-01T02:00:00Z"), Self.at("2026-04-01T02:00:00Z"))
        for (missing, status) in [(nil, Status.pass), ("cut", .notProven)] {
            let lists = [Self.lists(at: old), Self.lists(at: behind, missing: missing)]
            #expect(try statuses("MEM-ADMINS", lists) == [status])
        }
    }

    @Test("MEM-ADMINS: the organization's owner whom the list does not have may be one more")
    func ownerBesideTheList() throws {
        func member(_ role: String?, id: String?) -> AccessMember {
            AccessMember(userID: id, email: "\(id ?? "x")@example.com", role: role)
        }
        let five = Self.members(Array(repeating: "admin", count: 5))
        let cases: [(String, [AccessMember], owner: String?, Status)] = [
            ("nobody says who owns it", five, nil, .pass), ("not on the list", five, "u9", .notProven),
            ("on the list", five, "u3", .pass), ("room for one more", Array(five.dropLast()), "u9", .pass),
            ("too many without them", five + [member("admin", id: "u5")], "u9", .fail),
            ("on the list in another role", five + [member("viewer", id: "u9")], "u9", .notProven),
            ("an owner without an id", Array(five.dropLast()) + [member("owner", id: nil)], "u9", .pass),
            ("an owner of another id", Array(five.dropLast()) + [member("owner", id: "u8")], "u9", .notProven),
            (
                "beside a role that nobody documents", Array(five.dropLast()) + [member("pilot", id: "u8")], "u9",
                .notProven
            ),
        ]
        for (name, members, owner, status) in cases {
            let facts = try Self.facts([Self.lists(members: members)]) { $0.owner = owner }
            let found = judged("MEM-ADMINS", facts)
            #expect(found.map(\.status) == [status], "\(name): \(found.map(\.detail))")
            guard status == .notProven, let detail = found.first?.detail else { continue }
            #expect(detail.contains("The organization names u9 as its owner"), "\(detail)")
            #expect(detail.contains("documents") == false && detail.contains("document") == (name.contains("beside")))
        }
    }

    @Test("MEM-ADMINS: a role that is not understood may be an administrator's")
    func unclearRoles() throws {
        var members = Self.members(Array(repeating: "admin", count: 5) + [nil])
        members[5].isRoleUnclear = true
        #expect(try statuses("MEM-ADMINS", [Self.lists(members: members)]) == [.notProven])
        let facts = try Self.facts([Self.lists(members: [members[5]])])
        #expect(judged("MEM-ADMINS", facts).map(\.status) == [.pass])
        #expect(facts.membersMissing?.contains("gives 1 role in a form that is not understood") == true)
        for (text, role, isUnclear) in [
            (#"{"role":{"name":"viewer"}}"#, "viewer", false), (#"{"role":{"id":"r","name":"admin"}}"#, "admin", false),
            (#"{"role":["viewer"]}"#, "viewer", false), (#"{"roles":["viewer"]}"#, "viewer", false),
            (#"{"role":null,"roles":[{"name":"owner"}]}"#, "owner", false), (#"{"role":["a","b"]}"#, nil, true),
            (#"{"role":{"id":"r"}}"#, nil, true), (#"{"role":true}"#, nil, true), (#"{"roles":[]}"#, nil, true),
            (#"{"role":null}"#, nil, false), ("{}", nil, false),
        ] as [(String, String?, Bool)] {
            let member = AccessMember(try #require(SnapshotFields(Array(text.utf8))))
            #expect(member.role == role && member.isRoleUnclear == isUnclear, "\(text)")
        }
    }

    @Test("An old list stands for the end where the first one behind it says the same")
    func confirmed() throws {
        let before = Self.at("2026-03-01T02:00:00Z")
        let after = Self.at("2026-04-01T02:00:00Z")
        let few = Self.members(["owner"])
        let many = Self.members(Array(repeating: "admin", count: 6))
        func judged(_ first: [AccessMember], _ second: [AccessMember], at: Instant) throws -> [Status] {
            try statuses("MEM-ADMINS", [Self.lists(at: before, members: first), Self.lists(at: at, members: second)])
        }
        #expect(try judged(few, few, at: after) == [.pass])
        #expect(try judged(few, many, at: after) == [.notProven])
        #expect(try judged(many, few, at: after) == [.fail])
        #expect(try judged(few, few, at: Self.at("2026-04-04T00:00:00Z")) == [.notProven])
        // To the second: two days without an expectation of runs.
        let end = Self.at("2026-04-01T00:00:00Z")
        for (age, status) in [(Int64(172_800), Status.pass), (172_801, .notProven)] {
            let lists = [Self.lists(at: end.adding(seconds: -age), members: few)]
            #expect(try statuses("MEM-ADMINS", lists) == [status])
        }
        // A list of the very end counts, one behind it does not.
        #expect(try statuses("MEM-ADMINS", [Self.lists(at: end, members: many)]) == [.fail])
        #expect(try statuses("MEM-ADMINS", [Self.lists(at: end.adding(seconds: 1), members: many)]) == [.notProven])
    }

    // MARK: Each control

    @Test("MEM-ADMINS counts owners and admins, and says where roles are unknown")
    func administrators() throws {
        let cases: [([String?], Status)] = [
            (Array(repeating: "admin", count: 5), .pass), (Array(repeating: "admin", count: 6), .fail),
            (["OWNER", "Admin", "admin", "admin", "admin", "admin"], .fail),
            (Array(repeating: "admin", count: 5) + [nil], .notProven),
            (Array(repeating: "admin", count: 5) + ["superuser"], .notProven),
            (["owner", "superuser", nil, "member", "developer", "viewer"], .pass),
            (Array(repeating: "developer", count: 100), .pass), ([], .pass),
        ]
        for (roles, status) in cases {
            #expect(try statuses("MEM-ADMINS", [Self.lists(members: Self.members(roles))]) == [status], "\(roles)")
        }
        // Pages shift while they are read: a member who was changed meanwhile stands on two, and is one.
        var twice = Self.members(Array(repeating: "admin", count: 5))
        twice.append(AccessMember(userID: "u0", email: "new@example.com", role: "ADMIN"))
        #expect(try statuses("MEM-ADMINS", [Self.lists(members: twice)]) == [.pass])
        twice.append(AccessMember(userID: "u6", role: "admin"))
        #expect(try statuses("MEM-ADMINS", [Self.lists(members: twice)]) == [.fail])
        twice.append(AccessMember(userID: "u6", role: "viewer"))
        #expect(try statuses("MEM-ADMINS", [Self.lists(members: twice)]) == [.notProven])
        // Whom the list gives nothing of may be anybody, and counts each time.
        let nobody = Array(repeating: AccessMember(role: "admin"), count: 6)
        #expect(try statuses("MEM-ADMINS", [Self.lists(members: nobody)]) == [.fail])
        let many = judged(
            "MEM-ADMINS",
            try Self.facts([Self.lists(members: Self.members(Array(repeating: "admin", count: 7)))])
        )
        #expect(many.first?.detail.contains("7 members") == true && many.first?.subjectKey == "members")
        let six = [Self.lists(members: Self.members(Array(repeating: "admin", count: 6)))]
        #expect(try statuses("MEM-ADMINS", six) { $0.policy.thresholds = ["MEM-ADMINS": 6] } == [.pass])
        #expect(try statuses("MEM-ADMINS", six) { $0.policy.thresholds = ["MEM-ADMINS": 21] } == [.fail])
    }

    @Test("MEM-DOMAIN compares what stands behind the last @, letter case aside, and no more")
    func domains() throws {
        let cases: [(String?, Status)] = [
            ("ann@example.com", .pass), ("Ann@EXAMPLE.com", .pass), ("ann@sub.example.com", .fail),
            ("ann@example.com.evil.net", .fail), ("ann@evil.net@example.com", .pass), ("ann@notexample.com", .fail),
            ("ann", .notProven), ("@example.com", .notProven), ("ann@", .notProven), (nil, .notProven),
        ]
        for (mail, status) in cases {
            let member = AccessMember(userID: "u1", email: mail, role: "viewer")
            let found = try statuses("MEM-DOMAIN", [Self.lists(members: [member])])
            #expect(Set(found).subtracting([.pass]) == Set([status]).subtracting([.pass]), "\(mail ?? "-")")
            let open = AccessInvitation(id: "i1", email: mail, status: "pending")
            let ofInvitation = try statuses("MEM-DOMAIN", [Self.lists(invitations: [open])])
            #expect(Set(ofInvitation).subtracting([.pass]) == Set([status]).subtracting([.pass]))
        }
        let settled = AccessInvitation(id: "i1", email: "x@evil.net", status: "accepted")
        #expect(try statuses("MEM-DOMAIN", [Self.lists(invitations: [settled])]) == [.pass, .pass])
        let both = [Self.lists(members: Self.members(["owner"]))]
        #expect(try statuses("MEM-DOMAIN", both) { $0.policy.approvedDomains = nil } == [.manual, .manual])
        #expect(try statuses("MEM-DOMAIN", both) { $0.policy.approvedDomains = ["@Example.COM"] } == [.pass, .pass])
        // A service that gives members and no invitations.
        var members = both[0]
        members.invitations = .unavailable("404")
        let alone = judged("MEM-DOMAIN", try Self.facts([members]))
        #expect(alone.map(\.status) == [.pass] && alone[0].detail.contains("404"))
    }

    @Test("INV-STALE: pending past the end or for fourteen days, to the second")
    func invitations() throws {
        let age = { (seconds: Int64) in Self.read.adding(seconds: -seconds) }
        let day: Int64 = 86_400
        let cases: [(AccessInvitation, Status)] = [
            (AccessInvitation(id: "i", createdAt: age(14 * day - 1)), .pass),
            (AccessInvitation(id: "i", createdAt: age(14 * day)), .fail),
            (AccessInvitation(id: "i", status: "PENDING", createdAt: age(20 * day)), .fail),
            (AccessInvitation(id: "i", status: "accepted", createdAt: age(20 * day)), .pass),
            (AccessInvitation(id: "i", status: "expired", createdAt: age(20 * day)), .pass),
            (AccessInvitation(id: "i", status: "sleeping", createdAt: age(20 * day)), .notProven),
            (AccessInvitation(id: "i", createdAt: age(day), expiresAt: Self.read), .fail),
            (AccessInvitation(id: "i", createdAt: age(day), expiresAt: age(-1)), .pass),
            (AccessInvitation(id: "i", expiresAt: age(1)), .fail), (AccessInvitation(id: "i"), .notProven),
            (AccessInvitation(createdAt: age(-day)), .pass),
        ]
        for (invitation, status) in cases {
            #expect(try statuses("INV-STALE", [Self.lists(invitations: [invitation])]) == [status], "\(invitation)")
        }
    }

    @Test("KEY-EXPIRY, KEY-UNUSED and KEY-SCOPES judge the keys that had not expired")
    func keys() throws {
        let age = { (seconds: Int64) in Self.read.adding(seconds: -seconds) }
        let day: Int64 = 86_400
        let fine = AccessKey(
            id: "k",
            scopes: ["databases:read"],
            createdAt: age(400 * day),
            lastUsedAt: .at(age(day)),
            expiresAt: .at(age(-1))
        )
        func key(_ change: (inout AccessKey) -> Void) -> AccessKey {
            var key = fine
            change(&key)
            return key
        }
        let cases: [(String, AccessKey, Status)] = [
            ("KEY-EXPIRY", fine, .pass), ("KEY-UNUSED", fine, .pass), ("KEY-SCOPES", fine, .pass),
            ("KEY-EXPIRY", key { $0.expiresAt = .never }, .fail),
            ("KEY-EXPIRY", key { $0.expiresAt = .unknown }, .notProven),
            ("KEY-UNUSED", key { $0.lastUsedAt = .at(age(90 * day)) }, .fail),
            ("KEY-UNUSED", key { $0.lastUsedAt = .at(age(90 * day - 1)) }, .pass),
            ("KEY-UNUSED", key { $0.lastUsedAt = .never }, .fail),
            ("KEY-UNUSED", key { ($0.lastUsedAt, $0.createdAt) = (.never, age(day)) }, .pass),
            ("KEY-UNUSED", key { ($0.lastUsedAt, $0.createdAt) = (.never, nil) }, .notProven),
            ("KEY-UNUSED", key { $0.lastUsedAt = .unknown }, .notProven),
            ("KEY-UNUSED", key { ($0.lastUsedAt, $0.expiresAt) = (.never, .at(Self.read)) }, .pass),
            ("KEY-SCOPES", key { $0.scopes = ["databases:read", "databases:write"] }, .manual),
            ("KEY-SCOPES", key { $0.scopes = ["admin"] }, .manual),
            ("KEY-SCOPES", key { $0.scopes = ["read", "ORG:READ"] }, .pass),
            ("KEY-SCOPES", key { $0.scopes = [] }, .notProven), ("KEY-SCOPES", key { $0.scopes = nil }, .notProven),
        ]
        for (control, key, status) in cases {
            let found = judged(control, try Self.facts([Self.lists(keys: [key])]))
            #expect(found.map(\.status) == [status], "\(control): \(key)")
            if status == .pass { #expect(found[0].detail.contains("caller's alone")) }
        }
    }

    @Test("Findings are told apart by what the list gives, by its bytes; without anything they are still two")
    func subjects() throws {
        let keys =
            ["caf\u{e9}", "cafe\u{301}"].map { AccessKey(id: $0, expiresAt: .never) } + [
                AccessKey(expiresAt: .never), AccessKey(expiresAt: .never),
            ]
        let found = judged("KEY-EXPIRY", try Self.facts([Self.lists(keys: keys)]))
        #expect(found.count == 4 && Set(found.map(\.id)).count == 4)
        #expect(
            Set(found.map(\.id))
                == Set(judged("KEY-EXPIRY", try Self.facts([Self.lists(keys: keys.reversed())])).map(\.id))
        )
    }
}
