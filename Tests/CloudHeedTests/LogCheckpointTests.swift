import Foundation
import Testing

@testable import CloudHeed

@Suite("Checkpoints of a reading")
struct LogCheckpointTests {
    @Test func aCheckpointIsReadAsItWasWritten() throws {
        for order in [LogOrder.newestFirst, .oldestFirst, .neither, .unknown] {
            let checkpoint = LogCheckpoint(
                pass: 3,
                isResumed: true,
                isIncremental: false,
                order: order,
                pageSize: 100,
                totalAtBegin: 12_345,
                grown: 7,
                contiguous: 6_000
            )
            let json = try checkpoint.json()
            #expect(try JSONDecoder().decode(LogCheckpoint.self, from: Data(json.utf8)) == checkpoint)
            // A journal of an earlier version is read on.
            let text = """
                {"contiguous":6000,"grown":7,"isIncremental":false,"isResumed":true,"order":"\(order.rawValue)",\
                "pageSize":100,"pass":3,"totalAtBegin":12345,"unfinished":0}
                """
            #expect(json == text)
        }
    }
}
