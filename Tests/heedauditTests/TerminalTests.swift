import Foundation
import Publishing
@testable import Reporting
import Testing

@testable import Analysis
@testable import Auditing
@testable import Evidence
@testable import heedaudit

/// What a person reads on a terminal: the result, the bar, columns, and colours where they are wanted.
@Suite struct TerminalTests {
    private static let plain = Terminal(width: nil, hasColour: false)

    private func outcome(
        _ findings: [Finding] = [],
        events: Int = 1284,
        state: ReportCompleteness = ReportCompleteness(state: .complete, to: "2026-11-26T11:05:33Z")
    ) -> ReportOutcome {
        ReportOutcome(
            latest: "output/acme/2026-10-a-b",
            organization: "org-1",
            organizationName: "Acme Corp",
            period: "2026-10",
            events: events,
            completeness: state,
            head: LedgerHead(entry: 1, sha256: "6b6ee5b0" + String(repeating: "1", count: 49) + "8de8494", at: ""),
            findings: findings,
            damage: []
        )
    }

    private func finding(_ id: String, _ status: Status) throws -> Finding {
        try #require(ControlCatalogue.control(id)).finding(status, subject: "s", "what")
    }

    @Test func theResultIsFourLines() throws {
        let findings = try [
            finding("DB-BURST", .fail), finding("DB-BURST", .fail), finding("KEY-ORPHAN", .notProven),
            finding("ORG-MFA", .fail), finding("ORG-SSO", .pass),
        ]
        let lines = ReportResult(outcome(findings)).lines(Self.plain)
        #expect(lines.count == 4)
        #expect(lines[0] == "Acme Corp, 2026-10: 1,284 events, evidence complete to 2026-11-26 11:05 UTC")
        let groups = outcome(findings).controls([.fail, .notProven])
        let counts = groups.map { "\($0.controls.count) \($0.severity.rawValue)" }.joined(separator: " and ")
        let names = groups.map { $0.controls.joined(separator: ", ") }.joined(separator: "; ")
        #expect(lines[1] == "\(counts) controls need attention: \(names)")
        #expect(lines[2] == "report  nothing new; the latest is output/acme/2026-10-a-b")
        #expect(lines[3] == "head    6b6ee5b0…8de8494 entry 1")
    }

    @Test func oneIsOne() throws {
        let lines = ReportResult(outcome([try finding("ORG-MFA", .fail)], events: 1)).lines(Self.plain)
        #expect(lines[0].contains(": 1 event, "))
        #expect(lines[1] == "1 high control needs attention: ORG-MFA")
        let manual = try ReportResult(outcome([finding("MEM-SELF", .manual)])).lines(Self.plain)
        #expect(manual[1] == "no control failed; 1 control needs your review")
        let both = try [
            finding("ORG-MFA", .fail), finding("ORG-MFA", .manual), finding("MEM-SELF", .manual),
            finding("KEY-EXPIRY", .notApplicable),
        ]
        #expect(
            ReportResult(outcome(both)).lines(Self.plain)[1]
                == "1 high control needs attention: ORG-MFA (1 control needs your review; 1 was not looked at)"
        )
        #expect(Counted.text(0, "entry", "entries") == "0 entries" && Counted.text(-1_234, "x") == "-1,234 xs")
    }

    @Test(
        arguments: [
            (ReportCompleteness(state: .running, to: "2026-11-26T11:05:00Z"), "complete to 2026-11-26 11:05 UTC, and"),
            (ReportCompleteness(state: .incomplete, reasons: ["page 4\u{1B}[31m"]), "not complete: page 4 [31m"),
            (ReportCompleteness(state: .unknown, reasons: ["imported"]), "unknown: it was imported"),
            (ReportCompleteness(state: .complete, damage: ["x"]), "evidence damaged"),
        ]
    )
    func theEvidenceIsSaidInWordsToo(_ state: ReportCompleteness, _ words: String) {
        #expect(ReportResult(outcome(state: state)).lines(Self.plain)[0].contains(words))
    }

    @Test func coloursAreForTerminalsThatWantThem() throws {
        let painted = ReportResult(outcome([try finding("ORG-MFA", .fail)])).lines(Terminal(width: 80, hasColour: true))
        #expect(painted[0].contains("\u{1B}[32mevidence complete") && painted[1].hasPrefix("\u{1B}[31m1 high"))
        let pipe = Pipe()
        let terminal = Terminal(descriptor: pipe.fileHandleForWriting.fileDescriptor, environment: [:])
        #expect(terminal.width == nil && !terminal.hasColour && terminal.paint("x", .red) == "x")
        var (primary, secondary): (Int32, Int32) = (-1, -1)
        try #require(openpty(&primary, &secondary, nil, nil, nil) == 0)
        defer { (close(primary), close(secondary)) }
        var size = winsize(ws_row: 24, ws_col: 61, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(primary, UInt(TIOCSWINSZ), &size) == 0)
        for (environment, isColoured) in [
            ([:], true), (["TERM": "xterm", "NO_COLOR": ""], true), (["NO_COLOR": "1"], false),
            (["TERM": "dumb"], false),
        ] as [([String: String], Bool)] {
            let terminal = Terminal(descriptor: secondary, environment: environment)
            #expect(terminal.hasColour == isColoured && terminal.width == 61, "\(environment)")
        }
    }

    @Test func theBarTellsRateAndTimeLeft() {
        typealias Progress = ProgressBar.Progress
        func line(_ progress: Progress, _ width: Int = 100) -> String {
            ProgressBar.line("audit log", progress, width: width)
        }
        let half = line(Progress(done: 5000, total: 10_000, elapsed: 10))
        #expect(half == "audit log  \(bar(14, 14))  5,000 of 10,000 events  500/s  10 s left")
        #expect(line(Progress(done: 1, elapsed: 0.2)) == "audit log  1 event")
        #expect(line(Progress(done: 1, total: 1, elapsed: 5)).hasSuffix("1 of 1 event  0/s"))
        let waits = line(Progress(done: 10, total: 900_000, elapsed: 2, waiting: "waiting 45 s"))
        #expect(waits.hasSuffix("5/s  50 h 00 min left  waiting 45 s"))
        #expect(line(Progress(done: 20_000, total: 10, elapsed: 2)).contains(bar(28, 0)))
        for width in [0, 1, 20, 40, 60, 80] {
            #expect(line(Progress(done: 5000, total: 10_000, elapsed: 10), width).count <= max(0, width - 1))
        }
        #expect(ProgressBar.span(59.2) == "60 s" && ProgressBar.span(100) == "2 min")
        #expect(ProgressBar.span(4000) == "1 h 07 min" && ProgressBar.span(.infinity) == "more than 99 h")
    }

    private func bar(_ full: Int, _ empty: Int) -> String {
        String(repeating: "█", count: full) + String(repeating: "░", count: empty)
    }

    @Test(arguments: [60, 80, 200])
    func controlsStandInColumnsThatFit(_ width: Int) {
        let terminal = Terminal(width: width, hasColour: false)
        let lines = ControlsCommand.table(ControlCatalogue.controls, terminal).flatMap { $0.split(separator: "\n") }
        #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
        let titles = ControlsCommand.table(ControlCatalogue.controls, Self.plain)
        #expect(titles.count == ControlCatalogue.controls.count && titles.allSatisfy { !$0.contains("\n") })
        let starts = Set(zip(titles, ControlCatalogue.controls).map { $0.count - $1.title.count })
        #expect(starts.count == 1, "every title begins in the same column")
        for control in ControlCatalogue.controls {
            let text = ControlsCommand.text(control, terminal).split(separator: "\n").dropFirst()
            #expect(text.allSatisfy { $0.count <= width }, "\(text)")
        }
    }
}
