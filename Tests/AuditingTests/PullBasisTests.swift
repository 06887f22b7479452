import CloudHeed
import Testing

@testable import Auditing
@testable import Evidence

/// What earlier pulls allow the next one to leave unread.
@Suite struct PullBasisTests {
    private static let now = Instant(seconds: 1_774_000_000)

    private func entry(daysAgo: Int64, _ mode: LedgerEntry.Mode, _ change: (inout LedgerEntry) -> Void = { _ in })
        -> LedgerEntry
    {
        var entry = LedgerEntry(kind: .pull, at: Self.now.adding(seconds: -daysAgo * 86_400))
        entry.mode = mode
        entry.complete = true
        entry.order = "newest_first"
        entry.totalAtEnd = 100
        change(&entry)
        return entry
    }

    private func mode(_ entries: [LedgerEntry], _ change: (inout PullSettings) -> Void = { _ in }) -> String {
        var settings = PullSettings(archive: "a")
        change(&settings)
        switch PullBasis.mode(entries, settings, now: Self.now) {
        case .full: return "full"
        case .incremental(let total, _, _): return "from \(total)"
        }
    }

    @Test func needsAPullWhoseSumsClosed() {
        #expect(mode([]) == "full")
        #expect(mode([entry(daysAgo: 1, .full)]) == "from 100")
        #expect(mode([entry(daysAgo: 1, .full) { $0.complete = false }]) == "full")
        #expect(mode([entry(daysAgo: 1, .full) { $0.order = "neither" }]) == "full")
        #expect(mode([entry(daysAgo: 2, .full), entry(daysAgo: 1, .incremental) { $0.complete = false }]) == "full")
    }

    @Test func needsTheWholeLogToHaveBeenReadLately() {
        let entries = [entry(daysAgo: 8, .full), entry(daysAgo: 1, .incremental)]
        #expect(mode(entries) == "full")
        #expect(mode(entries) { $0.fullEvery = .seconds(9 * 86_400) } == "from 100")
        #expect(mode(entries) { $0.full = true } == "full")
        #expect(mode([entry(daysAgo: -1, .full)]) == "full")
    }

    @Test func countsWhatPullsThatWereRefusedAPageArchived() {
        let refused = entry(daysAgo: 1, .incremental) {
            $0.complete = false
            $0.refusedPage = 2
            $0.new = 7
        }
        #expect(mode([entry(daysAgo: 2, .full), refused]) == "from 107")
        #expect(mode([refused]) == "full")
    }
}
