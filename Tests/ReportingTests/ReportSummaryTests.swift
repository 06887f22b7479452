import ReportSupport
import Evidence
import Foundation
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct ReportSummaryTests {
    private func summary(
        _ state: ReportCompleteness.State,
        events: Int = 1,
        damage: [String] = []
    ) throws -> ReportSummary {
        let events = (0..<events).map { SampleReport.event("evt-\($0)", at: "2026-03-01T10:00:00Z") }
        let report = try SampleReport(events: events, completeness: .init(state: state, damage: damage))
        return ReportSummary(report.document)
    }

    @Test func completenessIsHonestInEachState() throws {
        #expect(try summary(.complete).completenessWord == "Complete")
        #expect(try summary(.incomplete).completenessWord == "Not complete")
        #expect(try summary(.incomplete).completeness.contains("events may be missing"))
        #expect(try summary(.unknown).completenessWord == "Unknown")
        #expect(try summary(.unknown, events: 0).completeness.contains("is unknown"))
        #expect(try summary(.complete, damage: ["x"]).completenessWord == "Damaged")
    }

    @Test func aDamagedArchiveIsNeverComplete() throws {
        let report = try SampleReport(events: [], completeness: .init(state: .complete, damage: ["a file is missing"]))
        let values = report.document.templateValues().scalars["completeness"] ?? .missing
        #expect(values.member("complete") == .flag(false))
        #expect(values.member("complete_text") == .text("false"))
        #expect(values.member("state") == .text("damaged"))
    }

    @Test func nothingObservedIsNotCalledCalm() throws {
        let text = try summary(.incomplete, events: 0).sentences.joined(separator: " ")
        #expect(text.contains("does not mean that nothing happened"))
    }

    @Test func eventsWithoutActorAreNotCountedAsAnActor() throws {
        let report = try SampleReport(events: [
            SampleReport.event("a", at: "2026-03-01T10:00:00Z"),
            ["id": "b", "action": "", "created_at": "2026-03-02T10:00:00Z"],
        ])
        let text = ReportSummary(report.document).sentences.joined(separator: " ")
        #expect(text.contains("by 1 actor and some that the log does not name"))
        #expect(text.contains("on 1 resource and some that the log does not name"))
    }

    @Test func verdictsAreCounted() throws {
        var report = try SampleReport(events: [])
        #expect(ReportSummary(report.document).verdict == "No control was judged.")
        report.document.findings = [
            SampleReport.finding("A", .high, .fail), SampleReport.finding("B", .low, .pass),
            SampleReport.finding("C", .low, .pass), SampleReport.finding("D", .low, .waived),
        ]
        #expect(ReportSummary(report.document).verdict == "Of 4 verdicts, 1 failed, 1 is accepted and 2 passed.")
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")])
    func groupsDigits(_ number: Int, _ text: String) {
        #expect(Words.english.number(number) == text)
    }

    @Test func settingsAreReadAsText() throws {
        let json = #"{"b":true,"a":["x","y"],"c":null,"d":3,"e":{"f":[1]},"require_2fa":false,"g":1.5}"#
        let findings = [SampleReport.finding("ORG-MFA", .high, .fail)]
        let settings = try #require(ReportSetting.settings(of: Array(json.utf8), findings: findings))
        #expect(settings.map(\.name) == ["a", "b", "c", "d", "e", "g", "require_2fa"])
        #expect(settings.map(\.value) == ["x; y", "true", "", "3", "{f: 1}", "1.5", "false"])
        #expect(settings.last?.expected == "true" && settings.last?.status == "fail")
        #expect(ReportSetting.settings(of: Array("[]".utf8), findings: []) == nil)
    }

    @Test(arguments: [
        (Status.fail, true, [false, true], "false"), (.waived, true, [false], "false"), (.pass, true, [true], "true"),
        (.fail, false, [], "false"), (.notProven, true, [false], "true"), (.fail, true, [], "true"),
    ])
    func aFailedSettingIsShownAsItFails(_ status: Status, _ isOn: Bool, _ read: [Bool], _ value: String) throws {
        let readings = read.map { isOn in
            SettingsReading(at: Instant(seconds: 0), values: ["require_2fa": .boolean(isOn)])
        }
        let settings = ReportSetting.settings(
            of: Array(#"{"require_2fa":\#(isOn)}"#.utf8),
            findings: [SampleReport.finding("ORG-MFA", .high, status)],
            in: readings
        )
        #expect(settings?.map(\.value) == [value])
    }

    @Test func aPeriodThatGoesOnIsCompleteSoFar() throws {
        let month = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        var document = try SampleReport(events: [], period: month).document
        document.completeness = .init(state: .running, from: "2026-01-01T00:00:00Z", to: "2026-03-26T11:05:00Z")
        let summary = ReportSummary(document)
        #expect(summary.completenessWord == "Complete so far")
        #expect(summary.completeness.contains("up to 2026-03-26 11:05 UTC"))
        #expect(summary.completeness.contains("ends on 2026-03-31"))
        let values = document.templateValues().scalars["completeness"] ?? .missing
        #expect(values.member("complete_text") == "true" && values.member("state") == "running")
    }

    @Test func whatWasReadOfAPeriodReachesNoFurther() throws {
        let month = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        for count in 0...2 {
            let events = (0..<count).map { SampleReport.event("evt-\($0)", at: "2026-03-02T00:00:00Z") }
            var document = try SampleReport(events: events, period: month).document
            document.completeness = .init(state: .running, to: "2026-03-26T11:05:00Z")
            for (language, end) in [
                ("en", "The period goes on and ends on"), ("de", "Der Zeitraum läuft noch und endet am"),
            ] {
                document.words = Words.builtIn(language)
                // A sentence behind the day would be read as reaching up to it.
                #expect(ReportBanner(document).lines[0].hasSuffix("\(end) 2026-03-31."))
            }
        }
    }

    @Test func aChosenSpanIsNotSaidToHoldItsEnd() throws {
        let (from, to) = ("2026-03-20T00:00:00Z", "2026-05-01T00:00:00Z")
        for (period, english, german) in [
            (
                WrittenPeriod(name: "2026-03-20--2026-05-01", from: from, to: to),
                "the time from 2026-03-20 up to, and not including, 2026-05-01",
                "die Zeit vom 2026-03-20 bis vor den 2026-05-01"
            ),
            (
                WrittenPeriod(name: "begin--2026-05-01", from: nil, to: to), "the time before 2026-05-01",
                "die Zeit vor 2026-05-01"
            ),
            (
                WrittenPeriod(name: "2026-03-20--end", from: from, to: nil), "the time from 2026-03-20 on",
                "die Zeit ab 2026-03-20"
            ),
        ] {
            var document = try SampleReport(events: [], period: period).document
            #expect(ReportSummary(document).periodTitle == english && document.runningHeader.contains(english))
            document.words = Words.builtIn("de")
            #expect(ReportSummary(document).periodTitle == german)
        }
        let month = WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z")
        #expect(ReportSummary(try SampleReport(events: [], period: month).document).periodTitle == "2026-03")
    }

    @Test func regionsAreShownWithTheirVerdict() throws {
        let readings = [["fsn1", "ash"], ["nbg1"]].enumerated().map { day, regions in
            SettingsReading(at: Instant(seconds: Int64(day) * 86_400), values: ["allowed_regions": .list(regions)])
        }
        func setting(_ status: Status, _ approved: [String]?) throws -> ReportSetting {
            let settings = ReportSetting.settings(
                of: Array(#"{"allowed_regions":["nbg1"]}"#.utf8),
                findings: [SampleReport.finding("ORG-REGIONS", .medium, status)],
                in: readings,
                approved: approved
            )
            return try #require(settings?.first)
        }
        let failed = try setting(.fail, ["fsn1", "nbg1"])
        #expect(failed.value == "fsn1; ash" && failed.expected == "fsn1; nbg1" && failed.status == "fail")
        #expect(failed.readAt == readings[0].at)
        let passed = try setting(.pass, ["nbg1"])
        #expect(passed.value == "nbg1" && passed.status == "pass" && passed.readAt == nil)
        let asked = try setting(.manual, nil)
        #expect(asked.value == "nbg1" && asked.expected.isEmpty && asked.status == "manual")
    }

    @Test func aValueOfAnotherDaySaysSo() throws {
        var report = try SampleReport(events: [])
        let off = SettingsReading(at: Instant(seconds: 1_773_144_000), values: ["require_2fa": .boolean(false)])
        report.document.settings = ReportSetting.settings(
            of: Array(#"{"require_2fa":true,"sso_enabled":true}"#.utf8),
            findings: [SampleReport.finding("ORG-MFA", .high, .fail)],
            in: [off]
        )
        report.document.settingsReadAt = Instant(rfc3339: "2026-03-20T12:00:00Z")
        let page = try String(contentsOfFile: report.publish().path + "/report.html", encoding: .utf8)
        #expect(page.contains("as read at 2026-03-20 12:00 UTC</caption>"))
        #expect(page.components(separatedBy: "<small>as read at 2026-03-10 12:00 UTC</small>").count == 2)
    }

    @Test func nothingComparedIsNotNothingFound() throws {
        var document = try SampleReport(events: []).document
        #expect(ReportSummary(document).comparison.contains("not known"))
        document.comparison = ReportComparison(snapshots: 1, bundle: nil)
        #expect(ReportSummary(document).comparison.contains("nothing to compare that with"))
        document.comparison = ReportComparison(snapshots: 3, bundle: "2026-02-aa")
        let words = ReportSummary(document).comparison
        #expect(words.contains("3 readings") && words.contains("2026-02-aa"))
    }
}
