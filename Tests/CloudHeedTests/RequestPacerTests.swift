import Testing

@testable import CloudHeed

@Suite struct RequestPacerTests {
    /// Plays a service with fixed windows against the pacer; gives requests a window and how many 429 there were.
    private func play(limit: Int, window: Double, windows: Int, share: Double = 1, latency: Double = 0.02) -> (
        perWindow: Double, refused: Int
    ) {
        var pacer = RequestPacer(share: share, maxWait: 900)
        var now = 0.0
        var used: [Int: Int] = [:]
        var refused = 0
        var sent = 0
        while now < window * Double(windows) {
            switch pacer.ask(now: now) {
            case .send:
                let current = Int(now / window)
                used[current, default: 0] += 1
                now += latency
                let left = limit - (used[current] ?? 0)
                let allowance = RequestPacer.Allowance(
                    limit: limit,
                    remaining: max(0, left),
                    resetsIn: Double(current + 1) * window - now
                )
                if left < 0 {
                    refused += 1
                    pacer.throttled(retryAfter: nil, allowance: allowance, now: now)
                } else {
                    sent += 1
                    pacer.answered(allowance, now: now)
                }
            case .wait(let seconds): now += seconds
            case .giveUp: return (0, refused)
            }
        }
        return (Double(sent) / Double(windows), refused)
    }

    @Test(arguments: [60, 1000])
    func usesTheAllowanceAndNoMore(limit: Int) {
        let result = play(limit: limit, window: 60, windows: 5)
        #expect(result.perWindow >= 0.95 * Double(limit))
        #expect(result.refused <= 1)
    }

    @Test func leavesTheShareOfOthers() {
        let result = play(limit: 100, window: 60, windows: 5, share: 0.5)
        #expect(result.perWindow <= 51)
        #expect(result.perWindow >= 45)
    }

    @Test func everyRequestPausesAfter429() {
        var pacer = RequestPacer(share: 1, maxWait: 900)
        #expect(pacer.ask(now: 0) == .send)
        pacer.throttled(retryAfter: 30, allowance: .init(), now: 1)
        #expect(pacer.ask(now: 2) == .wait(29))
        #expect(pacer.ask(now: 31.5) == .send)
    }

    @Test func aPauseThatIsAskedForIsNoSpentAllowance() {
        var pacer = RequestPacer(share: 1, maxWait: 900)
        pacer.pause(30, now: 0)
        #expect(pacer.isAskedToWait(now: 29) && !pacer.isAskedToWait(now: 31))
        pacer.throttled(retryAfter: 20, allowance: .init(), now: 1)
        #expect(pacer.isAskedToWait(now: 2))
        pacer.throttled(retryAfter: 60, allowance: .init(), now: 1)
        #expect(!pacer.isAskedToWait(now: 2))
        pacer.pause(70, now: 2)
        #expect(pacer.isAskedToWait(now: 3))
    }

    @Test func aWaitLongerThanAllowedEndsTheRun() {
        var pacer = RequestPacer(share: 1, maxWait: 900)
        #expect(pacer.ask(now: 0) == .send)
        pacer.answered(.init(limit: 1000, remaining: 0, resetsIn: 40_000), now: 0)
        #expect(pacer.ask(now: 0) == .giveUp(40_000))
    }

    @Test func withoutHeadersNothingIsHeldBack() {
        var pacer = RequestPacer(share: 1, maxWait: 900)
        for _ in 0..<100 {
            #expect(pacer.ask(now: 0) == .send)
            pacer.answered(.init(), now: 0)
        }
    }

    @Test func severalGoTogetherOnceTheAllowanceIsKnown() {
        var pacer = RequestPacer(share: 1, maxWait: 900)
        #expect(pacer.ask(now: 0) == .send)
        #expect(pacer.ask(now: 0) == .wait(0.01))
        pacer.answered(.init(limit: 60, remaining: 59, resetsIn: 60), now: 0)
        #expect(pacer.ask(now: 0) == .send)
        #expect(pacer.ask(now: 0) == .send)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
        ("Tue, 24 Nov 2026 00:00:00 GMT", 1_795_478_400),
    ])
    func readsHTTPDates(text: String, seconds: Int64) {
        #expect(AnswerHeaders.seconds(ofHTTPDate: text) == seconds)
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "120",
        "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
    ])
    func takesNothingElseForADate(text: String) {
        #expect(AnswerHeaders.seconds(ofHTTPDate: text) == nil)
    }

    @Test func retriesAtLeastFiveTimesAndGivesUpWithinThreeMinutes() {
        let policy = RetryPolicy(first: 0.5)
        var elapsed = 0.0
        var attempt = 1
        while let delay = policy.delay(after: attempt, elapsed: elapsed, random: 1) {
            elapsed += delay
            attempt += 1
        }
        #expect(attempt >= 5)
        #expect(elapsed < 180)
        #expect(policy.delay(after: 1, elapsed: 170, random: 1) == nil)
    }
}
