import Analysis
import Templates
import Evidence

extension ReportDocument {
    /// How many rows of a long list the HTML shows.
    static let rowLimit = 1000

    /// Everything that templates can name; docs/templates.md lists it.
    ///
    /// `names`: those at the top that templates use, to leave out what takes long and nobody asks for; nil for all.
    package func templateValues(named names: Set<String>? = nil) -> TemplateValues {
        let table = FindingsTable(
            findings,
            plan: actionPlan,
            rows: eventRows,
            firstShownRow: activity.eventCount - recentEvents.count + 1,
            notable: notableEvents.newestFirst.map { $0[.id] }
        )
        var (ofFindings, ofActivity): ([String: TemplateValue], [String: TemplateValue]) = ([:], [:])
        let showsActivity = names.map { !$0.isDisjoint(with: ActivityValues.names) } ?? true
        sideBySide(
            { ofFindings = findingsValues(table) },
            { if showsActivity { ofActivity = ActivityValues(self).scalars(table) } }
        )
        return TemplateValues(
            scalars: documentValues.merging(ofFindings) { $1 }.merging(ofActivity) { $1 },
            tables: activity.tables,
            events: events,
            eventCount: activity.eventCount,
            zone: (try? CalendarZone(name: period.timeZone)) ?? .utc
        )
    }

    private func findingsValues(_ table: FindingsTable) -> [String: TemplateValue] {
        let (attention, settled) = (table.attention, table.settled)
        return [
            "findings": table.all, "has_findings": .flag(!findings.isEmpty), "findings_attention": attention,
            "more_attention": table.moreAttention,
            "has_attention": .flag(!attention.isEmpty), "findings_settled": settled,
            "has_settled": .flag(!settled.isEmpty), "findings_counts": table.counts,
            "action_plan": table.actionPlan,
        ]
    }

    private var documentValues: [String: TemplateValue] {
        [
            "version": "1", "language": .text(words.language), "words": words.templateValue, "tool": .text(tool),
            "as_of": .text(asOf), "as_of_text": .text(ReportWords.time(asOf)),
            "generated_at": .text(generatedAt), "organization": organizationValue,
            "settings": .list((settings ?? []).map(Self.value(of:))), "has_settings": .flag(settings != nil),
            "shown_settings": .list((settings ?? []).map(\.shortened).map(Self.value(of:))),
            "period": periodValue, "completeness": completenessValue, "summary": summaryValue,
            "changes": .list(changes.map(Self.value(of:))),
            "shown_changes": .list(shownChanges.map(\.shortened).map(Self.value(of:))),
            "more_changes": changes.count > shownChanges.count
                ? .text(ReportWords.number(changes.count - shownChanges.count)) : .missing,
            "has_changes": .flag(!changes.isEmpty), "changes_words": .text(ReportSummary(self).comparison),
            "evidence": evidenceValue,
            "timeline": ChartTimeline(self)?.value ?? .missing, "heat": ChartHeatMap(self)?.value ?? .missing,
        ]
    }

    // MARK: Who and when

    private var organizationValue: TemplateValue {
        let names = ["name", "slug", "plan", "owner_id", "member_count", "database_count", "created_at"]
        var members: [String: TemplateValue] = [
            "id": .text(organization.id), "is_known": .flag(organization.isKnown),
            "title": .text(ShownText.clipped(organization.value("name") ?? organization.id)),
            "id_text": .text(ShownText.clipped(organization.id)),
            "plan_text": TemplateValue(organization.value("plan").map(ShownText.clipped)),
            "read_at": TemplateValue(organization.readAt),
            "read_at_text": TemplateValue(organization.readAt.map(ReportWords.time)),
            "fields": .list(
                organization.fields.map {
                    [
                        "name": .text(ShownText.clipped($0.name)),
                        "value": TemplateValue($0.value.map(ShownText.clipped)),
                    ]
                }
            ),
        ]
        for name in names { members[name] = TemplateValue(organization.value(name)) }
        // These two are numbers to machines; anything else a service may send is left out of the XML's attribute.
        for name in ["member_count", "database_count"] {
            members[name] = TemplateValue(organization.value(name).flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 })
        }
        if let created = organization.value("created_at") {
            members["created_at"] = TemplateValue(Instant(rfc3339: created)?.rfc3339)
        }
        return .object(members)
    }

    private var periodValue: TemplateValue {
        [
            "name": .text(period.name), "from": TemplateValue(period.from), "to": TemplateValue(period.to),
            "from_text": TemplateValue(period.from.map(ReportWords.moment)),
            "to_text": TemplateValue(period.to.map(ReportWords.moment)),
            "title": .text(period.name == "all" ? "All archived events" : period.name),
            "words": .text(ReportSummary(self).span), "time_zone": .text(period.timeZone),
        ]
    }

    // MARK: Whether it is all

    private var completenessValue: TemplateValue {
        let summary = ReportSummary(self)
        let isDamaged = !completeness.damage.isEmpty
        let isComplete = [.complete, .running].contains(completeness.state) && !isDamaged
        return [
            "complete": .flag(isComplete), "complete_text": .text(isComplete ? "true" : "false"),
            "state": .text(isDamaged ? "damaged" : completeness.state.rawValue), "is_damaged": .flag(isDamaged),
            "is_unknown": .flag(completeness.state == .unknown),
            "word": .text(summary.completenessWord), "sentence": .text(summary.completeness),
            "reasons": .list(completeness.reasons.map { .text(ReportWords.sentence($0)) }),
            "has_reasons": .flag(!completeness.reasons.isEmpty),
            "from": TemplateValue(completeness.from), "to": TemplateValue(completeness.to),
            "from_text": TemplateValue(completeness.from.map(ReportWords.time)),
            "to_text": TemplateValue(completeness.to.map(ReportWords.time)),
            "received": TemplateValue(completeness.received), "total": TemplateValue(completeness.total),
            "duplicates": TemplateValue(completeness.duplicates), "undated": .number(completeness.undated),
            "unreadable": .number(completeness.unreadable), "has_unreadable": .flag(completeness.unreadable > 0),
            "gaps": .list(gaps.map(Self.value(of:))), "has_gaps": .flag(!gaps.isEmpty),
            "damage": .list(completeness.damage.map { .text($0) }),
            "replaced_characters": .number(completeness.replacedCharacters),
            "has_replaced_characters": .flag(completeness.replacedCharacters > 0),
        ]
    }

    /// The spans not proven; where only reasons are known, the whole period for each of them.
    private var gaps: [ReportCompleteness.Gap] {
        guard ![.complete, .running].contains(completeness.state), completeness.gaps.isEmpty else {
            return completeness.gaps
        }
        let reasons = completeness.reasons.isEmpty ? ["nothing was pulled from the service"] : completeness.reasons
        return reasons.map { .init(from: period.from, to: period.to, reason: $0) }
    }

    private static func value(of gap: ReportCompleteness.Gap) -> TemplateValue {
        [
            "from": TemplateValue(gap.from), "to": TemplateValue(gap.to), "reason": .text(gap.reason),
            "from_text": TemplateValue(gap.from.map(ReportWords.moment)),
            "to_text": TemplateValue(gap.to.map(ReportWords.moment)),
        ]
    }

    // MARK: What there is

    private var summaryValue: TemplateValue {
        [
            "events": .number(activity.eventCount), "actors": .number(activity.actorCount),
            "resources": .number(activity.resourceCount), "actions": .number(activity.actionCount),
            "events_text": .text(ReportWords.number(activity.eventCount)),
            "actors_text": .text(ReportWords.number(activity.actorCount)),
            "resources_text": .text(ReportWords.number(activity.resourceCount)),
            "actions_text": .text(ReportWords.number(activity.actionCount)),
            "has_events": .flag(activity.eventCount > 0), "first_at": TemplateValue(activity.firstAt),
            "last_at": TemplateValue(activity.lastAt),
            "sentences": .list(ReportSummary(self).sentences.map { .text($0) }),
            "verdict": .text(ReportSummary(self).verdict),
        ]
    }

    private static func value(of setting: ReportSetting) -> TemplateValue {
        [
            "name": .text(setting.name), "value": .text(setting.value), "expected": .text(setting.expected),
            "status": .text(setting.status), "status_word": .text(ReportWords.status(setting.status)),
        ]
    }

    private static func value(of change: ReportChange) -> TemplateValue {
        [
            "kind": .text(change.kind), "subject": .text(change.subject), "before": TemplateValue(change.before),
            "after": TemplateValue(change.after), "at": TemplateValue(time: change.at),
            "at_text": TemplateValue(change.at.map(ReportWords.time)), "actor": TemplateValue(change.actor),
            "event": TemplateValue(change.eventID),
        ]
    }

    // MARK: Where it was read

    private static let worksShown = 20
    /// How many changes of a kind the HTML shows.
    private static let changesShown = 200

    /// The first changes of each kind, so that no kind hides another.
    private var shownChanges: [ReportChange] {
        var counts: [ExactText: Int] = [:]
        return changes.filter { change in
            counts[ExactText(change.kind), default: 0] += 1
            return counts[ExactText(change.kind), default: 0] <= Self.changesShown
        }
    }

    private var evidenceValue: TemplateValue {
        let works = evidence.works
        let hidden = max(0, works.count - Self.worksShown)
        return [
            "head": .text(evidence.head), "head_short": .text(String(evidence.head.prefix(8))),
            "entry": .number(evidence.entry), "at": .text(evidence.at), "at_text": .text(ReportWords.time(evidence.at)),
            "segments": .list(evidence.segments.map(Self.value(of:))),
            "segment_count": .text(ReportWords.number(evidence.segments.count)),
            "archived_events": .text(ReportWords.number(evidence.archivedEvents)),
            "works": .list(works.suffix(Self.worksShown).reversed().map(Self.value(of:))),
            "has_works": .flag(!works.isEmpty),
            "more_works": hidden > 0 ? .text(ReportWords.number(hidden)) : .missing,
            "has_pulls": .flag(works.contains { $0.kind != "import" }),
            "has_imports": .flag(works.contains { $0.kind == "import" }),
            "order_words": TemplateValue(orderWords),
        ]
    }

    private var orderWords: String? {
        switch evidence.order {
        case "newest_first": "newest event first, as seen while pulling"
        case "oldest_first": "oldest event first, as seen while pulling"
        case "neither": "in no order that could be told"
        default: nil
        }
    }

    private static func value(of segment: SegmentReference) -> TemplateValue {
        [
            "file": .text(segment.file), "sha256": .text(segment.sha256), "count": .number(segment.count),
            "first_at": TemplateValue(segment.firstAt), "last_at": TemplateValue(segment.lastAt),
        ]
    }

    private static func value(of work: ReportEvidence.Work) -> TemplateValue {
        let sums: String? = work.isComplete.map { $0 ? "the sums close" : "the sums do not close" }
        return [
            "entry": .number(work.entry), "at": .text(work.at), "at_text": .text(ReportWords.time(work.at)),
            "kind": .text(work.kind), "new": .text(ReportWords.number(work.new)),
            "sums": .text(sums ?? "proves nothing by itself"), "sha256": .text(work.sha256),
            "sha256_short": .text(String(work.sha256.prefix(8))),
        ]
    }
}

extension ReportSetting {
    /// The setting as a page can bear it: long texts are cut, and say so.
    fileprivate var shortened: ReportSetting {
        var setting = self
        setting.name = ShownText.clipped(name)
        setting.value = ShownText.clipped(value)
        return setting
    }
}

extension ReportChange {
    /// The change as a page can bear it: long texts are cut, and say so.
    fileprivate var shortened: ReportChange {
        var change = self
        change.subject = ShownText.clipped(subject)
        change.before = before.map(ShownText.clipped)
        change.after = after.map(ShownText.clipped)
        change.actor = actor.map(ShownText.clipped)
        return change
    }
}

extension TemplateValue {
    /// Whether a list has no element; true for anything else.
    var isEmpty: Bool {
        switch self {
        case .list(let elements): elements.isEmpty
        case .made(let count, _): count == 0
        default: true
        }
    }
}
