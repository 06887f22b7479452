import Analysis
import Evidence
import Foundation
import Templates

/// One organization as values: the same figures for the page, the table and the XML.
struct FleetRow {
    let standing: FleetStanding
    /// Its place on the page, from 1.
    let rank: Int
    let output: String
    let words: Words
    private var report: FleetReport? { standing.report }
    private var summary: BundleFacts.Summary? { standing.report?.manifest.summary }

    /// Stands where something is not known, on the page.
    private static let unknown = "?"
    /// Stands where there is nothing to know.
    private static let nothing = "–"

    /// All values.
    func value(_ controls: FleetControls) -> TemplateValue {
        var members = identity
        members.merge(run) { $1 }
        members.merge(evidence) { $1 }
        members.merge(verdicts) { $1 }
        members.merge(change) { $1 }
        let cells = controls.cells(of: report)
        members["cells"] = .list(cells)
        members["told_cells"] = .list(
            cells.filter { cell in
                guard case .object(let members) = cell, case .text? = members["status"] else { return false }
                return true
            }
        )
        return .object(members)
    }

    // MARK: Who

    private var identity: [String: TemplateValue] {
        let name = FleetText.clipped(standing.name)
        let plan = report?.manifest.organization.plan.map(FleetText.clipped)
        return [
            "rank": .number(rank), "id": .text(FleetText.clipped(standing.member.id)), "name": .text(name),
            "has_other_name": .flag(!standing.name.isSameInBytes(as: standing.member.id)),
            "plan": TemplateValue(plan), "plan_text": .text(plan ?? Self.unknown),
            "state": .text(standing.state.rawValue), "shape": .text(standing.state.shape),
            "state_word": .text(words("fleet.state_\(standing.state.rawValue)")),
            "notices": .list(standing.notices.map(notice)),
            "notices_text": .text(standing.notices.map(\.rawValue).joined(separator: "; ")),
            "folder": TemplateValue(folder), "link": TemplateValue(link.map(Self.address)),
            "report_link": link.map { ["address": .text(Self.address($0))] } ?? .missing,
            "list_link": list.map { ["address": .text(Self.address($0))] } ?? .missing,
        ]
    }

    private func notice(_ notice: FleetNotice) -> TemplateValue {
        let reason = notice == .damagedReport ? standing.refusal?.rawValue : nil
        return [
            "notice": .text(notice.rawValue), "word": .text(words("fleet.notice_\(notice.rawValue)")),
            "detail": TemplateValue(reason.map { words("fleet.reason_\($0)") }), "reason": TemplateValue(reason),
            "is_silence": .flag(notice.isSilence),
        ]
    }

    /// The folder of its reports below the overview's; nil where they lie elsewhere, or nowhere.
    private var folder: String? {
        guard let folder = standing.folder, folder.utf8.starts(with: "\(output)/".utf8) else { return nil }
        let path = String(folder.dropFirst(output.count + 1))
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } ? path : nil
    }

    /// The page of the newest report, by `latest` where that leads to it; nil where there is none that can be believed.
    private var link: String? {
        guard let report, let folder, let path = standing.folder else { return nil }
        let isLinked = PlainFile.kind("\(path)/\(BundleIndex.link)") != nil
        let bundle = isLinked ? BundleIndex.link : report.bundle
        let page = report.manifest.files.contains { $0.name == "report.html" } ? "report.html" : ""
        return "\(folder)/\(bundle)/\(page)"
    }

    /// The page that lists its reports.
    private var list: String? {
        guard let folder, let path = standing.folder, case .file? = PlainFile.kind("\(path)/index.html") else {
            return nil
        }
        return "\(folder)/index.html"
    }

    /// A path below the page's own folder as an address: nothing in it is taken for another place, nor for a scheme.
    static func address(_ path: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
        return path.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    // MARK: The last run

    private var run: [String: TemplateValue] {
        let member = standing.member
        let time = member.lastRun.map { words.moment($0) }
        let result: String? = member.status.map { status in
            switch status {
            case 0, 1: words("fleet.run_done")
            case 75: words("fleet.run_unfinished")
            default: words("fleet.run_failed", ["status": .number(status)])
            }
        }
        let told = [time, result].compactMap(\.self)
        let message = FleetText.clipped(member.message)
        return [
            "has_run": .flag(member.lastRun != nil || member.status != nil),
            "last_run_at": TemplateValue(time: member.lastRun?.rfc3339),
            "last_run_status": TemplateValue(member.status), "has_status": .flag(member.status != nil),
            "last_run_message": message.isEmpty ? .missing : .text(message),
            "last_run_text": .text(told.isEmpty ? words("fleet.run_untold") : told.joined(separator: ", ")),
        ]
    }

    // MARK: What is proven

    private var evidence: [String: TemplateValue] {
        guard let report else {
            return Self.named(
                "bundle tool period period_from period_to as_of completeness proven_to events head entry",
                .missing
            ).merging(Self.named("period_text proven_text events_text as_of_text", .text(Self.unknown))) { $1 }
                .merging(["is_told": false, "has_events": false]) { $1 }
        }
        let manifest = report.manifest
        let period = FleetText.clipped(manifest.period.name)
        let state = report.state
        let isProven = ["complete", "running"].contains(state)
        let proven = isProven ? manifest.summary?.completeTo : nil
        let asOf = Instant(rfc3339: manifest.asOf)
        let events = summary.map { max(0, $0.events) }
        return [
            "is_told": true, "bundle": .text(FleetText.clipped(report.manifest.bundle)),
            "tool": .text(FleetText.clipped(manifest.tool)), "period": .text(period),
            "period_text": .text(FleetText.clipped(manifest.period.inWords(words))),
            "period_from": TemplateValue(time: Self.time(manifest.period.from)),
            "period_to": TemplateValue(time: Self.time(manifest.period.to)),
            "as_of": TemplateValue(time: asOf?.rfc3339),
            "as_of_text": .text(asOf.map { words.moment($0) } ?? Self.unknown), "completeness": .text(state),
            "proven_to": TemplateValue(time: Self.time(proven)),
            "proven_text": .text(Self.time(proven).map { words.moment($0) } ?? words("index.state_\(state)")),
            "events": TemplateValue(events), "has_events": .flag(events != nil),
            "events_text": .text(events.map { words.number($0) } ?? Self.unknown),
            "head": .text(FleetText.clipped(manifest.evidence.head)),
            "entry": .number(max(0, manifest.evidence.entry)),
        ]
    }

    /// A time of a manifest in the form of ours; nil for what is none.
    private static func time(_ text: String?) -> String? { text.flatMap { Instant(rfc3339: $0) }?.rfc3339 }

    private static func named(_ names: String, _ value: TemplateValue) -> [String: TemplateValue] {
        Dictionary(uniqueKeysWithValues: names.split(separator: " ").map { (String($0), value) })
    }

    // MARK: Verdicts

    private var verdicts: [String: TemplateValue] {
        var members: [String: TemplateValue] = [
            "verdicts": .list(
                Severity.allCases.map { severity in
                    let open = report?.count([.fail, .notProven], severity)
                    return [
                        "severity": .text(severity.rawValue), "word": .text(words.severity(severity)),
                        "open_text": .text(open.map { words.number($0) } ?? Self.unknown),
                        "is_open": .flag(open ?? 0 > 0), "is_zero": .flag(open == 0),
                    ]
                }
            ),
            "counts": .list(report.map(counts) ?? []),
            "manual_text": .text(report.map { words.number($0.count([.manual])) } ?? Self.unknown),
        ]
        for severity in Severity.allCases {
            members[severity.rawValue] = TemplateValue(report?.count([.fail, .notProven], severity))
        }
        for (name, status) in Self.totals { members[name] = TemplateValue(report?.count([status])) }
        return members
    }

    private static let totals: [(String, Status)] = [
        ("failed", .fail), ("not_proven", .notProven), ("manual", .manual), ("reviewed", .reviewed),
        ("waived", .waived), ("passed", .pass), ("not_applicable", .notApplicable),
    ]

    /// Every severity and verdict that there are findings of.
    private func counts(_ report: FleetReport) -> [TemplateValue] {
        Severity.allCases.flatMap { severity in
            Status.allCases.compactMap { status -> TemplateValue? in
                let count = report.count([status], severity)
                guard count > 0 else { return nil }
                return [
                    "severity": .text(severity.rawValue), "status": .text(status.rawValue), "count": .number(count),
                ]
            }
        }
    }

    // MARK: What became of it

    private var change: [String: TemplateValue] {
        let compared = report?.comparedWith.map(FleetText.clipped)
        // A report that was compared with one and does not tell the outcome is of another version.
        let isUntold = report == nil || (compared != nil && summary?.new == nil) || summary == nil
        func text(_ number: Int?) -> TemplateValue {
            .text(number.map { words.number(max(0, $0)) } ?? (isUntold ? Self.unknown : Self.nothing))
        }
        let line = standing.line.map(\.open)
        return [
            "compared_with": TemplateValue(compared), "new": TemplateValue(summary?.new.map { max(0, $0) }),
            "closed": TemplateValue(summary?.closed.map { max(0, $0) }),
            "has_change": .flag(summary?.new != nil && summary?.closed != nil), "new_text": text(summary?.new),
            "closed_text": text(summary?.closed), "overdue": TemplateValue(summary?.overdue.map { max(0, $0) }),
            "has_overdue": .flag(summary?.overdue != nil), "is_overdue": .flag(summary?.overdue ?? 0 > 0),
            "overdue_text": .text(
                summary?.overdue.map { words.number(max(0, $0)) }
                    ?? (report?.isOfThisFormat == true ? Self.nothing : Self.unknown)
            ),
            "trend": .list(
                standing.line.map {
                    [
                        "bundle": .text(FleetText.clipped($0.manifest.bundle)), "open": .number($0.open),
                        "as_of": TemplateValue(time: Self.time($0.manifest.asOf)),
                    ]
                }
            ),
            "trend_text": .text(line.map(String.init).joined(separator: "; ")),
            "trend_path": line.count > 1 ? .text(Self.bars(line)) : .missing,
            "trend_words": .text(spoken(line)),
        ]
    }

    private func spoken(_ line: [Int]) -> String {
        switch line.count {
        case 0: Self.unknown
        case 1: words("fleet.one_report")
        default: words("fleet.trend", ["numbers": .text(line.map { words.number($0) }.joined(separator: ", "))])
        }
    }

    /// Bars, the newest at the right edge of 72 by 20; a report without open findings is a bar of no height.
    private static func bars(_ line: [Int]) -> String {
        let most = max(1, line.max() ?? 1)
        let left = 72 - line.count * 6
        return line.enumerated().compactMap { place, open in
            let height = open == 0 ? 0 : max(1, Int((Double(open) / Double(most) * 19).rounded()))
            return height == 0 ? nil : "M\(left + place * 6) 20v-\(height)h5v\(height)z"
        }
        .joined()
    }
}
