import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Analysis
@testable import Publishing
@testable import Reporting
@testable import Templates

/// A German page says nothing in English.
@Suite struct GermanPageTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("templates/words")

    /// The words of a file of words.
    private static func vocabulary(_ language: String) throws -> Set<String> {
        let text = try String(contentsOf: folder.appendingPathComponent("\(language).yaml"), encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
        // A name is the program's, what stands behind it is the text.
        return words(
            lines.map { $0.replacing(/^ *[A-Za-z0-9_-]+: */, with: "").replacing(/\{[a-z_]+\}/, with: " ") }.joined(
                separator: " "
            )
        )
    }

    private static func words(_ text: String) -> Set<String> {
        Set(
            text.lowercased().split { !$0.isLetter && $0 != "’" && $0 != "-" }.map(String.init).filter { $0.count > 2 }
        )
    }

    private func report(_ state: ReportCompleteness.State, damage: [String] = [], events: Int = 30) throws
        -> SampleReport
    {
        let words = try TemplateLibrary.builtIn().words("de")
        let controls = ControlCatalogue.controls(in: words)
        let findings = controls.enumerated().flatMap { number, control in
            (0..<(number == 0 ? 14 : 2)).map { place in
                control.finding(
                    Status.allCases[(number + place) % Status.allCases.count],
                    subject: "subjekt-\(place)",
                    "Satz.",
                    eventIDs: ["evt-1", "evt-2", "evt-3", "evt-4", "evt-5", "evt-6"]
                )
            }
        }
        var report = try SampleReport(
            events: (0..<events).map { SampleReport.event("evt-\($0)", at: "2026-03-0\($0 % 9 + 1)T10:00:00Z") },
            period: WrittenPeriod(name: "2026-03", from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z"),
            completeness: ReportCompleteness(
                state: state,
                from: "2026-03-01T00:00:00Z",
                to: "2026-03-20T00:00:00Z",
                received: 30,
                total: 31,
                undatedPossible: 2,
                unreadable: 1,
                gaps: state == .incomplete ? [.init(from: nil, to: nil, reason: "Grund")] : [],
                damage: damage,
                replacedCharacters: 2
            ),
            findings: findings
        )
        report.document.completeness.isRestored = true
        report.document.completeness.losses = [
            .init(entries: 1, by: "jo", at: "2026-03-09T01:00:00Z", reason: "platte")
        ]
        report.document.words = words
        report.document.notableEvents = report.document.recentEvents
        report.document.eventRows = ["evt-1": 2, "evt-2": 3]
        report.document.settings = [ReportSetting(name: "sso_enabled", value: "false")]
        report.document.changes = [ReportChange(kind: "setting", subject: "sso_enabled", before: "1", after: nil)]
        return report
    }

    @Test(arguments: [
        (ReportCompleteness.State.complete, [], 30), (.running, [], 1), (.incomplete, [], 30), (.unknown, [], 0),
        (.complete, ["schaden"], 30),
    ]) func saysNothingInEnglish(_ state: ReportCompleteness.State, _ damage: [String], _ events: Int) throws {
        let bundle = try report(state, damage: damage, events: events).publish()
        let page = PageText(try String(contentsOfFile: bundle.path + "/report.html", encoding: .utf8))
        #expect(page.html.hasPrefix("<!doctype html>\n<html lang=\"de\""))
        let english = try Self.vocabulary("en").subtracting(Self.vocabulary("de"))
        // What came from the service, and names of columns, files and frameworks.
        let allowed: Set<String> = ["name", "user", "database", "created", "example", "com", "evt"]
        let text = page.everything.replacing(/[a-z_-]+\.(csv|xml|json)/, with: " ")
        let left = Self.words(text).intersection(english).subtracting(allowed)
        #expect(left.isEmpty, "\(left.sorted())")
    }
}
