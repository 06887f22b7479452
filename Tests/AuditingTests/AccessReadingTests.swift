@testable import Analysis
@testable import CloudHeed
import Foundation
import TestSupport
import Testing

@testable import Auditing
@testable import Evidence

/// Lists that pulls archived, read back as values: nothing of them is lost.
@Suite struct AccessReadingTests {
    private func lists(_ audit: TestAudit) throws -> AccessReading {
        let archive = try audit.archive
        return AccessReading(archive, ArchivedSnapshot.all(of: archive, EntryTimes(archive.entries)))
    }

    private func pull(_ audit: TestAudit, _ lists: [String: [String]], _ missing: [String: String] = [:]) async throws {
        audit.wait(seconds: 3600)
        audit.service.change { script in
            script.lists = lists.mapValues { pages in
                ListAnswer(
                    from: "GET /x",
                    pages: pages.map { Array($0.utf8) },
                    // No fewer than the organization has members.
                    count: max(3, pages.count),
                    firstServed: script.time,
                    lastServed: script.time + 2
                )
            }
            for (name, reason) in missing { script.lists[name] = ListAnswer(unavailable: reason) }
        }
        try await audit.pull()
    }

    @Test func everyFieldOfEveryFormIsRead() async throws {
        try await withTestAudit(events: 3) { audit in
            // The server's clock is behind, so both ends can be told.
            audit.service.change { $0.time -= 10 }
            let member =
                #"{"id":"member-1","user":{"id":"user-1","email":"a@b.c","name":"Ann"},"role":"auditor","joined_at":"2026-02-15T00:00:00Z"}"#
            let other = #"{"id":"member-2","user_id":"user-2","email":"d@b.c","role":null,"joined_at":"soon"}"#
            try await pull(
                audit,
                [
                    "members": [#"{"members":[\#(member),\#(other),7,null,{}]}"#],
                    "invitations": [
                        #"{"invites":[{"id":"i","email":"x@y.z","role":"viewer","expires_at":"2026-02-15T00:00:00Z"}]}"#
                    ],
                    "api_keys": [
                        #"{"data":[{"id":"k","name":"n","key_prefix":"ch_","scopes":["a"],"last_used_at":null,"expires_at":"2027-01-01T00:00:00Z"},{"prefix":"p","scopes":"all"}]}"#
                    ],
                ]
            )
            let read = try #require(try lists(audit).lists.first)
            let joined = try #require(Instant(rfc3339: "2026-02-15T00:00:00Z"))
            #expect(
                read.members
                    == .read(
                        [
                            AccessMember(
                                memberID: "member-1",
                                userID: "user-1",
                                email: "a@b.c",
                                name: "Ann",
                                role: "auditor",
                                joinedAt: joined
                            ), AccessMember(memberID: "member-2", userID: "user-2", email: "d@b.c"), AccessMember(),
                        ],
                        unreadable: 2
                    )
            )
            #expect(
                read.invitations
                    == .read(
                        [AccessInvitation(id: "i", email: "x@y.z", role: "viewer", expiresAt: joined)],
                        unreadable: 0
                    )
            )
            let end = try #require(Instant(rfc3339: "2027-01-01T00:00:00Z"))
            #expect(
                read.keys
                    == .read(
                        [
                            AccessKey(
                                id: "k",
                                name: "n",
                                prefix: "ch_",
                                scopes: ["a"],
                                lastUsedAt: .never,
                                expiresAt: .at(end)
                            ), AccessKey(prefix: "p"),
                        ],
                        unreadable: 0
                    )
            )
            #expect(read.isTimeKnown && read.earliest == TestAudit.begin.adding(seconds: 3590))
            #expect(read.servedAt == TestAudit.begin.adding(seconds: 3592))
        }
    }

    @Test func whatRepeatsOnALaterPageCountsOnceAndOnAPageAsOftenAsItStands() async throws {
        try await withTestAudit(events: 3) { audit in
            let (one, two, three) = (#"{"id":"1"}"#, #"{"id":"2"}"#, #"{"id":"2","role":"x"}"#)
            try await pull(audit, ["members": ["[\(one),\(one),\(two)]", "[\(two),\(three)]"]])
            let read = try #require(try lists(audit).lists.first?.members.elements)
            #expect(read.map(\.memberID) == ["1", "1", "2", "2"] && read.last?.role == "x")
        }
    }

    @Test func tenThousandMembersAreRead() async throws {
        try await withTestAudit(events: 3) { audit in
            let pages = (0..<100).map { page in
                "[" + (0..<100).map { #"{"id":"m\#(page * 100 + $0)","user":null}"# }.joined(separator: ",") + "]"
            }
            try await pull(audit, ["members": pages])
            #expect(try lists(audit).lists.first?.members.elements?.count == 10_000)
        }
    }

    @Test func whatWasNotThereNotAskedForOrIsDamagedIsToldApart() async throws {
        try await withTestAudit(events: 3) { audit in
            try await audit.pull { $0.readsAccess = false }
            try await pull(audit, ["members": ["[1]"]], ["invitations": "GET /i: 403"])
            audit.service.change {
                $0.lists["members"] = ListAnswer(from: "GET /m", pages: [[91, 93]], unavailable: "cut")
            }
            audit.wait(seconds: 60)
            let page = try #require(try await audit.pull().archive.entries[1].snapshots?.lists[.members]?.pages.first)
            var read = try lists(audit)
            #expect(read.lists.count == 2 && read.damage.isEmpty)
            #expect(
                read.lists[0].members == .read([], unreadable: 1)
                    && read.lists[0].invitations == .unavailable("GET /i: 403")
            )
            #expect(read.lists[1].members == .read([], unreadable: 0, missing: "cut"))
            try FileManager.default.removeItem(atPath: audit.archive.path + "/snapshots/\(page.sha256).json")
            read = try lists(audit)
            #expect(read.damage == ["snapshots/\(page.sha256).json is missing, or not what the ledger says"])
            #expect(read.lists[0].members == .unavailable(read.damage[0]))
        }
    }
}
