import Evidence
import Foundation
import TestSupport
import Testing

@testable import Publishing

/// The program that signs, as it may behave.
@Suite struct SSHKeygenTests {
    @Test func oneThatDoesNotEndIsStopped() throws {
        try withTemporaryFolder { folder in
            let pipe = folder + "/key"
            #expect(mkfifo(pipe, 0o600) == 0)
            let begin = ContinuousClock.now
            let error = #expect(throws: EvidenceError.self) {
                _ = try SSHKeygen.run(["-l", "-f", pipe], within: 0.3)
            }
            #expect(error?.code == .cannotWrite && error?.hint?.contains("signing_key") == true)
            #expect(ContinuousClock.now - begin < .seconds(10))
        }
    }

    @Test func bothStreamsAreReadToTheirEnds() throws {
        let answer = try SSHKeygen.run(["-l", "-f", "/nowhere/key"])
        #expect(answer.status != 0 && answer.output.isEmpty && answer.error.contains("/nowhere/key"))
    }
}
