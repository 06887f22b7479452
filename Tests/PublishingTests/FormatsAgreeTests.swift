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
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let oracles = tests.path + "/AcceptanceTests/Oracle"
        let checkers = tests.deletingLastPathComponent().path + "/.build/checkers"
        let comparisons = [
            [oracles + "/formats.py", bundle.path], [oracles + "/ocsf.py", checkers, bundle.path],
            [oracles + "/oscal.py", checkers, bundle.path],
            [oracles + "/workbook.py", checkers, bundle.path],
        ]
        for arguments in comparisons {
            let found = try runCommand("python3", arguments)
            #expect(found.status == 0, "\(found.output) \(found.error)")
        }
    }
}
