import TestSupport
import Testing

@testable import Analysis
@testable import Evidence
@testable import Reporting
@testable import Templates

/// What findings come to by control and by requirement, held against a count that knows nothing of how it is made.
@Suite struct ControlResultsTests {
    private static let gravity: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .notApplicable, .pass]

    private func findings(_ seed: UInt64) -> [Finding] {
        var random = SplitMix(state: seed)
        var findings: [Finding] = []
        for control in ControlCatalogue.controls where Int.random(in: 0..<4, using: &random) > 0 {
            for number in 0..<Int.random(in: 1...4, using: &random) {
                let status = Status.allCases.randomElement(using: &random) ?? .pass
                var finding = control.finding(status, subject: "subject \(number)", "Because.")
                if status == .pass, Bool.random(using: &random) {
                    finding.judgedTo = "2026-03-0\(Int.random(in: 1...9, using: &random))T00:00:00Z"
                }
                findings.append(finding)
            }
        }
        return Finding.inReportOrder(findings)
    }

    @Test(arguments: 1...20) func everyControlHasOneRowThatCountsItsFindings(seed: Int) throws {
        let findings = findings(UInt64(seed))
        let results = ControlResults(findings)
        #expect(Set(results.all.map(\.control)) == Set(ControlCatalogue.controls.map(\.id)))
        #expect(results.all.count == ControlCatalogue.controls.count)
        for result in results.all {
            let own = findings.filter { $0.control == result.control }
            #expect(result.subjects == own.count)
            for status in Status.allCases {
                #expect((result.counts[status] ?? 0) == own.count { $0.status == status })
            }
            let gravest = Self.gravity.first { status in own.contains { $0.status == status } }
            #expect(result.status == gravest ?? .notApplicable)
            #expect(result.worst == findings.firstIndex { $0.control == result.control && $0.status == gravest })
            #expect(result.judgedTo == own.compactMap(\.judgedTo).min())
        }
        let ranks = results.worstFirst.map { Self.gravity.firstIndex(of: $0.status) ?? 0 }
        #expect(ranks == ranks.sorted())
    }

    @Test func aControlWithoutFindingsIsNotPassed() throws {
        let results = ControlResults([])
        #expect(results.all.allSatisfy { $0.status == .notApplicable && $0.subjects == 0 && !$0.needsAttention })
        let frameworks = FrameworkResults(results)
        #expect(frameworks.all.allSatisfy { $0.requirements.allSatisfy { $0.status == .notApplicable } })
    }

    @Test(arguments: 1...10) func everyRequirementNamesItsControls(seed: Int) throws {
        let findings = findings(UInt64(seed))
        let frameworks = FrameworkResults(ControlResults(findings))
        #expect(frameworks.all.map(\.name) == ControlCatalogue.frameworkNames)
        for framework in frameworks.all {
            for requirement in framework.requirements {
                let own = ControlCatalogue.controls.filter {
                    $0.frameworks.contains { $0.name == framework.name && $0.id == requirement.id }
                }
                #expect(Set(requirement.controls.map(\.control)) == Set(own.map(\.id)))
                let statuses = own.flatMap { control in findings.filter { $0.control == control.id }.map(\.status) }
                #expect(requirement.status == Self.gravity.first(where: statuses.contains) ?? .notApplicable)
            }
        }
        let pairs = ControlCatalogue.controls.reduce(0) { $0 + $1.frameworks.count }
        #expect(frameworks.rows.count == pairs)
    }

    @Test func requirementsStandInTheirOwnOrder() {
        let ids = ["CC6.10", "A.5.2", "CC6.2", "A.5.15", "164.312(b)", "AC-2", "AC-2(3)", "AU-10"]
        #expect(
            ids.sorted(by: FrameworkResults.precedes)
                == ["164.312(b)", "A.5.2", "A.5.15", "AC-2", "AC-2(3)", "AU-10", "CC6.2", "CC6.10"]
        )
    }
}
