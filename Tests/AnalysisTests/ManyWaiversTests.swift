import Evidence
import Testing

@testable import Analysis

@Suite struct ManyWaiversTests {
    private func waiver(_ subject: String, _ reason: String, expires: String = "2027-01-01") throws -> Waiver {
        try Waiver(
            ["control": "KEY-AGE", "subject": subject, "reason": reason, "approver": "boss", "expires": expires],
            source: "here"
        )
    }

    @Test func fortyThousandMeetAsManyFindingsInTime() throws {
        let control = try #require(ControlCatalogue.control("KEY-AGE"))
        let count = 40_000
        let findings = (0..<count).map { control.finding(.fail, subject: "key \($0)", "") }
        let waivers = try (0..<count).map { try waiver("key \($0)", "known") }
        let clock = ContinuousClock()
        var waived: [Finding] = []
        let time = clock.measure { waived = Waivers.apply(waivers, to: findings, at: Instant(seconds: 1_780_000_000)) }
        #expect(waived.allSatisfy { $0.status == .waived })
        #expect(time < .seconds(20))
    }

    @Test func theFirstThatCountsIsToldAndAllThatCoverAreUsed() throws {
        let control = try #require(ControlCatalogue.control("KEY-AGE"))
        let findings = [control.finding(.fail, subject: "key 1", "")]
        let waivers = [
            try waiver("key 1", "expired", expires: "2020-01-01"), try waiver("*", "everything"),
            try waiver("key 1", "this one"), try waiver("key 2", "another"),
        ]
        let applied = Waivers.apply(waivers, to: findings, at: Instant(seconds: 1_780_000_000))
        #expect(applied[0].status == .waived)
        #expect(applied[0].detail.contains("everything"))
        #expect(applied.dropFirst().map(\.status) == [.fail, .manual])
        #expect(applied.last?.subject == "KEY-AGE: key 2")
    }

    @Test func thousandsAcceptEverythingOrOneName() throws {
        let control = try #require(ControlCatalogue.control("KEY-AGE"))
        let count = 20_000
        let findings = (0..<count).map { control.finding(.fail, subject: "key", key: "\($0)", "") }
        for (subject, status) in [("*", Status.waived), ("key", .fail)] {
            let waivers = try (0..<count).map { try waiver(subject, "reason \($0)") }
            let applied = Waivers.apply(waivers, to: findings, at: Instant(seconds: 1_780_000_000))
            #expect(applied.prefix(count).allSatisfy { $0.status == status })
            #expect(applied.count == (subject == "*" ? count : 2 * count))
            #expect(subject != "*" || applied[0].acceptance?.reason == "reason 0")
        }
    }
}
