import Foundation
import Synchronization
import Testing

@testable import CloudHeed

@Suite struct RequestQueueTests {
    private final class Order: Sendable {
        let clients = Mutex<[String]>([])
    }

    /// Asks for so many turns for each client at once, and gives the clients in the order in which they had them.
    private func turns(_ counts: KeyValuePairs<String, Int>, of queue: RequestQueue) async -> [String] {
        let order = Order()
        await withTaskGroup(of: Void.self) { group in
            for client in counts.flatMap({ Array(repeating: $0.key, count: $0.value) }) {
                group.addTask { await Self.turn(of: client, queue, order) }
            }
        }
        return order.clients.withLock { $0 }
    }

    private static func turn(of client: String, _ queue: RequestQueue, _ order: Order) async {
        guard await queue.turn(of: client, onWait: { _ in }) == .send else { return }
        order.clients.withLock { $0.append(client) }
        queue.update { $0.answered(oneAtATime, now: Double(DispatchTime.now().uptimeNanoseconds) / 1e9) }
    }

    /// With one request left nobody goes before whoever went has been answered, in a window that doesn't end.
    private static let oneAtATime = RequestPacer.Allowance(limit: 1_000, remaining: 1, resetsIn: 1e6)

    @Test func nobodyWaitsForTheManyRequestsOfAnother() async throws {
        let queue = RequestQueue(share: 1, maxWait: .seconds(60))
        // One is under way, and what comes meanwhile waits.
        #expect(await queue.turn(of: "first", onWait: { _ in }) == .send)
        async let waiting = turns(["many": 20, "few": 3], of: queue)
        while queue.waitingCount < 23 { try await Task.sleep(for: .milliseconds(5)) }
        queue.update { $0.answered(Self.oneAtATime, now: Double(DispatchTime.now().uptimeNanoseconds) / 1e9) }
        let order = await waiting
        #expect(order.count == 23)
        #expect((order.lastIndex(of: "few") ?? 23) < 6, "\(order)")
    }

    @Test func theDayEndsAtMidnight() async {
        let queue = RequestQueue(share: 1, maxWait: .seconds(60))
        let now = Int64(Date().timeIntervalSince1970)
        queue.limitDay(to: 10, used: 8, at: now)
        #expect(queue.leftOfDay(at: now) == 2)
        let order = await turns(["one": 2], of: queue)
        #expect(order == ["one", "one"])
        let decision = await queue.turn(of: "one", onWait: { _ in })
        guard case .giveUp(let seconds) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(seconds > 0 && seconds <= 86_400)
        #expect(queue.leftOfDay(at: now + 86_400) == 10)
    }

    @Test func whatPlansAllow() {
        #expect(Organization.dailyLimit(ofPlan: "free") == 1_000)
        #expect(Organization.dailyLimit(ofPlan: "pro") == 100_000)
        #expect(Organization.dailyLimit(ofPlan: "enterprise") == nil)
        #expect(Organization.dailyLimit(ofPlan: nil) == nil)
    }
}
