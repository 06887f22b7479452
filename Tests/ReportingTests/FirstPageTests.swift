import Evidence
import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// The first screen of the rendered page in every case, held against counts that know nothing of how it is made.
@Suite struct FirstPageTests {
    private static let gravity: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .notApplicable, .pass]
    private static let attention: Set<Status> = [.fail, .notProven, .manual]

    private func page(_ report: SampleReport) throws -> PageText {
        let bundle = try report.publish()
        return PageText(try String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8))
    }

    /// Findings of the catalogue's controls; a control that gets no verdict has none.
    private func findings(subject: String = "subject", _ verdicts: (Int) -> [Status]) -> [Finding] {
        Finding.inReportOrder(
            ControlCatalogue.controls.enumerated().flatMap { number, control in
                verdicts(number).enumerated().map { place, status in
                    control.finding(status, subject: "\(subject) \(place)", "Because.")
                }
            }
        )
    }

    /// The verdict of each control as a reader would work it out from findings.csv.
    private func expected(_ findings: [Finding]) -> [String: Status] {
        var verdicts = Dictionary(uniqueKeysWithValues: ControlCatalogue.controls.map { ($0.id, Status.notApplicable) })
        for control in verdicts.keys {
            let own = Set(findings.filter { $0.control == control }.map(\.status))
            verdicts[control] = Self.gravity.first(where: own.contains) ?? .notApplicable
        }
        return verdicts
    }

    /// The table and the grid say what the findings say, of every control, each once.
    private func holds(_ page: PageText, _ findings: [Finding]) {
        let verdicts = expected(findings)
        #expect(page.controls.map(\.id).sorted() == verdicts.keys.sorted())
        for row in page.controls { #expect(verdicts[row.id]?.rawValue == row.status, "\(row.id)") }
        let ranks = page.controls.map { row in Self.gravity.firstIndex { $0.rawValue == row.status } ?? -1 }
        #expect(ranks == ranks.sorted(), "the worst stand first")
        #expect(page.grid.count == Severity.allCases.count)
        for (severity, cells) in zip(Severity.allCases, page.grid) {
            for status in Status.allCases {
                let count = ControlCatalogue.controls.count { $0.severity == severity && verdicts[$0.id] == status }
                #expect((cells[status.rawValue] ?? 0) == count, "\(severity) \(status)")
            }
        }
        #expect(page.grid.flatMap(\.values).reduce(0, +) == ControlCatalogue.controls.count)
        for id in verdicts.keys {
            #expect(page.html.components(separatedBy: "id=\"control-\(id)\"").count == 2, "\(id)")
        }
        concludes(page.conclusion, findings, verdicts)
    }

    /// The sentence's numbers are those of the verdicts.
    private func concludes(_ sentence: String, _ findings: [Finding], _ verdicts: [String: Status]) {
        let attention = verdicts.values.count(where: Self.attention.contains)
        let failed = verdicts.filter { $0.value == .fail }.map(\.key)
        let critical = failed.count { id in
            ControlCatalogue.controls.contains { $0.id == id && $0.severity == .critical }
        }
        #expect(
            sentence.hasSuffix(".") && !sentence.contains(/\{(count|total|counts|heading|subject)\}/),
            "\(sentence)"
        )
        if findings.isEmpty {
            #expect(sentence == "No control was judged.")
        } else if !failed.isEmpty {
            #expect(sentence.contains("\(attention) of \(verdicts.count) controls need"), "\(sentence)")
            #expect(
                sentence.contains(critical > 0 ? "\(critical) critical one" : "\(failed.count) failed"),
                "\(sentence)"
            )
        } else if attention > 0 {
            let count = verdicts.values.count(of: .notProven) > 0 ? verdicts.values.count(of: .notProven) : attention
            #expect(sentence.hasPrefix("No control failed, but \(count) of \(verdicts.count) "), "\(sentence)")
        } else {
            let judged = findings.filter { $0.status != .notApplicable }
            let count = Set(judged.map(\.control)).count
            let lead =
                count == 0
                ? "No control was judged" : "None of the \(count) controls that were judged needs attention"
            #expect(sentence.hasPrefix("\(lead): "), "\(sentence)")
            for status in Set(verdicts.values) {
                #expect(sentence.contains("\(verdicts.values.count(of: status)) "), "\(sentence)")
            }
        }
    }

    private func event(_ number: Int) -> [String: Any] {
        SampleReport.event("evt-\(number)", at: "2026-03-01T10:0\(number % 10):00Z")
    }

    @Test func noEvents() throws {
        let page = try page(SampleReport(events: [], completeness: .init(state: .complete)))
        #expect(page.banner.state == "complete" && page.banner.text.contains("no event"))
        holds(page, [])
    }

    @Test func oneEvent() throws {
        let findings = findings { _ in [.pass] }
        let page = try page(SampleReport(events: [event(1)], completeness: .init(state: .complete), findings: findings))
        #expect(page.banner.state == "complete" && page.banner.text.contains("The report holds 1."))
        holds(page, findings)
    }

    @Test func everythingFails() throws {
        let findings = findings { _ in [.fail, .fail, .notProven] }
        let page = try page(SampleReport(events: [event(1)], findings: findings))
        holds(page, findings)
        #expect(page.conclusion.contains("(and 1 more case)"), "\(page.conclusion)")
    }

    @Test(arguments: [[Status.notProven], [.manual], [.waived], [.notProven, .pass], [.manual, .reviewed]])
    func onlyOneKind(_ verdicts: [Status]) throws {
        let findings = findings { $0 % 3 == 0 ? verdicts : [.pass] }
        let page = try page(SampleReport(events: [event(1)], findings: findings))
        holds(page, findings)
    }

    @Test(arguments: 1...12) func anyVerdicts(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let findings = findings { _ in
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Status.allCases[Int.random(in: 0..<Status.allCases.count, using: &random)]
            }
        }
        holds(try page(SampleReport(events: [event(1)], findings: findings)), findings)
    }

    @Test func notComplete() throws {
        var completeness = ReportCompleteness(
            state: .incomplete,
            reasons: ["the service refused page 12"],
            received: 42_565,
            total: 42_602,
            gaps: [.init(from: "2026-03-03T00:00:00Z", to: "2026-03-05T00:00:00Z", reason: "refused")]
        )
        completeness.missing = 37
        let findings = findings { _ in [.notProven] }
        let page = try page(SampleReport(events: [event(1)], completeness: completeness, findings: findings))
        #expect(page.banner.state == "incomplete")
        #expect(page.banner.text.contains("37 of 42,602 events were never delivered"))
        #expect(page.banner.text.contains("Not covered: 2026-03-03 to 2026-03-05"), "\(page.banner.text)")
        holds(page, findings)
        completeness.missing = nil
        let other = try self.page(SampleReport(events: [event(1)], completeness: completeness))
        #expect(other.banner.text.contains("events may be missing"))
    }

    @Test func completenessUnknown() throws {
        let page = try page(SampleReport(events: [event(1), event(2)], completeness: .init(state: .unknown)))
        #expect(page.banner.state == "unknown" && page.banner.text.contains("these 2 events"))
        #expect(page.banner.text.contains("imported"))
    }

    @Test func damaged() throws {
        let findings = findings { [$0 == 0 ? .fail : .notProven] }
        let damage = (1...5).map { "events/0000000\($0).ndjson is not what the ledger says" }
        let page = try page(
            SampleReport(events: [event(1)], completeness: .init(state: .complete, damage: damage), findings: findings)
        )
        #expect(page.banner.state == "damaged" && page.banner.text.contains("nothing in this report can be relied on"))
        #expect(page.banner.text.contains("events/00000003.ndjson") && page.banner.text.contains("And 2 more."))
        #expect(page.conclusion.hasPrefix("The archive is damaged, and none of this can be relied on: "))
        holds(page, findings)
    }

    @Test func aRunningMonthAndAPastOne() throws {
        let month = WrittenPeriod(
            name: "2026-11",
            from: "2026-10-31T23:00:00Z",
            to: "2026-11-30T23:00:00Z",
            timeZone: "Europe/Berlin"
        )
        var completeness = ReportCompleteness(state: .running, from: "2026-01-01T00:00:00Z", to: "2026-11-26T11:05:00Z")
        let running = try page(SampleReport(events: [], period: month, completeness: completeness))
        #expect(running.banner.state == "running" && running.banner.text.contains("2026-11-26 11:05 UTC"))
        #expect(running.banner.text.contains("ends on 2026-11-30."), "\(running.banner.text)")
        completeness.state = .complete
        #expect(
            try page(SampleReport(events: [], period: month, completeness: completeness)).banner.state == "complete"
        )
    }

    @Test func lossesAreSaidInEveryState() throws {
        for state in [ReportCompleteness.State.complete, .running, .incomplete, .unknown] {
            var completeness = ReportCompleteness(state: state)
            completeness.isRestored = true
            completeness.losses = [.init(entries: 3, by: "Jo Marsh", at: "2026-03-09T01:00:00Z", reason: "a disk died")]
            let banner = try page(SampleReport(events: [], completeness: completeness)).banner
            #expect(banner.state == state.rawValue)
            #expect(banner.text.contains("restored from an older copy"))
            #expect(banner.text.contains("3 entries") && banner.text.contains("Jo Marsh took note of it on 2026-03-09"))
        }
    }

    @Test func aLimitHidesNoControl() throws {
        let findings = findings { number in
            Array(repeating: number == 4 ? .fail : .manual, count: number == 4 ? 5_000 : 30)
        }
        let page = try page(SampleReport(events: [event(1)], findings: findings))
        holds(page, findings)
        #expect(page.html.utf8.count < 600_000)
        #expect(page.html.contains("And 4,990 more in findings.csv, between rows "))
        let blocks = page.html.matches(of: /<article class="finding/).count
        #expect(blocks == ControlCatalogue.controls.count)
    }

    @Test func hostileNamesStayInTheirPlace() throws {
        for name in nastyValues + [String(repeating: "long name ", count: 500), "\u{202E}evil", "مؤسسة", "株式会社"] {
            let findings = findings(subject: name) { _ in [.fail, .pass] }
            var report = try SampleReport(events: [event(1)], findings: findings)
            report.document.organization = ReportOrganization(
                id: "org-1",
                snapshot: try JSONSerialization.data(withJSONObject: ["name": name]).map { $0 }
            )
            let page = try page(report)
            holds(page, findings)
            #expect(page.conclusion.count < 1_500)
            #expect(!page.html.contains("<img") && page.html.components(separatedBy: "<script").count == 2)
        }
    }
}

extension Collection where Element: Equatable {
    fileprivate func count(of element: Element) -> Int { count { $0 == element } }
}
