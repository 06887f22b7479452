import Analysis
import Templates

/// What the page says first: who, when, whether the evidence holds, what was found, and every control.
struct FirstScreen {
    let document: ReportDocument
    let results: ControlResults
    /// In the order of reports.
    let findings: [Finding]
    private var words: Words { document.words }

    /// The values by their names at the top.
    var scalars: [String: TemplateValue] {
        let banner = ReportBanner(document)
        let conclusion = ReportConclusion(
            results,
            findings,
            isDamaged: !document.completeness.damage.isEmpty,
            words
        )
        return [
            "made_words": .text(
                words(
                    "cover.made",
                    ["tool": .text(document.tool), "time": .text(words.moment(document.asOf))]
                )
            ),
            "times_words": .text(times),
            "banner": [
                "state": .text(banner.state), "title": .text(banner.title),
                "lines": .list(banner.lines.map { ["pieces": DatedText.pieces(of: $0)] }),
                "read": TemplateValue(banner.read),
            ],
            "conclusion": .list(conclusion.parts.map(Self.value(of:))), "conclusion_text": .text(conclusion.text),
            "verdict_table": verdictTable,
        ]
    }

    private var times: String {
        let zone = document.period.timeZone
        return zone == "UTC"
            ? words("cover.times")
            : words("cover.times") + ", " + words("cover.days", ["zone": .text(zone)])
    }

    private static func value(of part: ReportConclusion.Part) -> TemplateValue {
        switch part {
        case .lead(let text): ["lead": .text(text), "text": .missing, "is_name": false, "pieces": .list([])]
        case .text(let text): ["lead": .missing, "text": .text(text), "is_name": false, "pieces": .list([])]
        case .name(let text):
            ["lead": .missing, "text": .missing, "is_name": true, "pieces": DatedText.pieces(of: text)]
        }
    }

    /// How many controls there are of each severity and verdict: every control in one cell, and a zero where there is none.
    private var verdictTable: TemplateValue {
        let seldom: Set<Status> = [.reviewed, .notApplicable]
        let statuses = Self.columns.filter { status in
            !seldom.contains(status) || results.all.contains { $0.status == status }
        }
        return [
            "caption": .text(words("findings.table", ["count": .number(results.all.count)])),
            "columns": .list(
                statuses.map { ["status": .text($0.rawValue), "status_word": .text(words.status($0))] }
            ),
            "rows": .list(
                Severity.allCases.map { severity in
                    [
                        "severity": .text(severity.rawValue), "severity_word": .text(words.severity(severity)),
                        "cells": .list(statuses.map { cell(severity, $0) }),
                    ]
                }
            ),
        ]
    }

    private static let columns: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .pass, .notApplicable]

    private func cell(_ severity: Severity, _ status: Status) -> TemplateValue {
        let count = results.all.count { $0.severity == severity && $0.status == status }
        return ["status": .text(status.rawValue), "count": .text(words.number(count)), "is_zero": .flag(count == 0)]
    }
}
