import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Publishing
@testable import Templates

/// Texts that have broken reports are the same in every format.
@Suite struct FormatsAgreeTests {
    @Test func ofHostileText() throws {
        let bundle = try HostileReport(long: 40_000).publish(formats: ReportFormat.allCases)
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        let found = try runCommand("python3", [tests + "/AcceptanceTests/Oracle/formats.py", bundle.path])
        #expect(found.status == 0, "\(found.output) \(found.error)")
    }
}
