import Analysis
import Templates
import Evidence

extension ReportDocument {
    /// How many rows of a long list the HTML shows.
    static let rowLimit = 1000

    /// The names of values that tell single events, of which the newest and those that findings may show have to be kept.
    package static let namesOfShownEvents: Set<String> = [
        "recent_events", "shown_events", "notable_events", "shown_notable", "attention_blocks", "accepted_blocks",
        "settled_blocks",
    ]

    /// Everything that templates can name; docs/templates.md lists it.
    ///
    /// `names`: those at the top that templates use, to leave out what takes long and nobody asks for; nil for all.
    package func templateValues(named names: Set<String>? = nil) -> TemplateValues {
        let notable = notableEvents.newestFirst
        let zone = (try? CalendarZone(name: period.timeZone)) ?? .utc
        let plan = PlannedActions(actionPlan, asOf: judgedAsOf ?? asOf, in: zone, words: words)
        let table = FindingsTable(
            findings,
            plan: plan,
            rows: eventRows,
            firstShownRow: activity.eventCount - recentEvents.count + 1,
            notable: notable.map { $0[.id] },
            times: Dictionary(notable.map { (ExactText($0[.id]), $0[.createdAt]) }) { first, _ in first },
            words: words
        )
        var (ofFindings, ofActivity): ([String: TemplateValue], [String: TemplateValue]) = ([:], [:])
        let showsActivity = names.map { !$0.isDisjoint(with: ActivityValues.names) } ?? true
        sideBySide(
            { ofFindings = findingsValues(table).merging(plan.scalars(table.findings)) { $1 } },
            { if showsActivity { ofActivity = ActivityValues(self).scalars(table) } }
        )
        let ofOSCAL = names?.contains("oscal") ?? true ? ["oscal": oscalValue(table)] : [:]
        let showsAccess = names.map { !$0.isDisjoint(with: AccessValues.names) } ?? true
        let ofAccess = showsAccess ? AccessValues(self).scalars : [:]
        return TemplateValues(
            scalars: ofOSCAL.merging(documentValues) { $1 }.merging(ChangeValues(self).scalars) { $1 }.merging(
                ofAccess
            ) { $1 }.merging(ofFindings) { $1 }.merging(
                ofActivity
            ) { $1 },
            tables: activity.tables,
            events: events,
            eventCount: activity.eventCount,
            zone: zone
        )
    }

    private func findingsValues(_ table: FindingsTable) -> [String: TemplateValue] {
        let (attention, settled) = (table.attention, table.settled)
        let results = ControlResults(table.findings, words)
        let review = ReviewRows(table.findings, answers: self.review, events: reviewEvents)
        let values: [String: TemplateValue] = [
            "findings": table.all, "has_findings": .flag(!findings.isEmpty), "findings_attention": attention,
            "more_attention": table.moreAttention,
            "has_attention": .flag(!attention.isEmpty), "findings_settled": settled,
            "has_settled": .flag(!settled.isEmpty), "findings_counts": table.counts,
            "action_plan": table.actionPlan, "review": review.rows.value,
        ]
        return values.merging(ControlValues(table.findings, results, words).scalars) { $1 }
            .merging(FindingBlocks(table, results, provenTo: completeness.to).scalars) { $1 }
            .merging(ReviewValues(review, results, answers: self.review, words).scalars) { $1 }
            .merging(FirstScreen(document: self, results: results, findings: table.findings).scalars) { $1 }
    }

    private var documentValues: [String: TemplateValue] {
        let timeline = ChartTimeline(self)
        return [
            "version": "1", "language": .text(words.language), "words": words.templateValue, "tool": .text(tool),
            "as_of": .text(asOf), "as_of_text": .text(words.time(asOf)),
            "as_of_ms": .number(Instant(rfc3339: asOf).map { Int($0.milliseconds) } ?? 0),
            "generated_at": .text(generatedAt), "organization": organizationValue,
            "settings": .list((settings ?? []).map(value(of:))), "has_settings": .flag(settings != nil),
            "settings_read_at": TemplateValue(settingsReadAt.map(words.moment)),
            "shown_settings": .list((settings ?? []).map { value(of: $0.shortened(words)) }),
            "period": periodValue, "completeness": completenessValue, "summary": summaryValue,
            "changes_words": .text(ReportSummary(self).comparison), "evidence": evidenceValue,
            "running_header": .text(runningHeader), "timeline": timeline.map(ChartDrawing.large) ?? .missing,
            "small_timeline": timeline.map(ChartDrawing.small) ?? .missing,
            "heat": ChartHeatMap(self)?.value ?? .missing,
        ]
    }

    /// A text as a page can bear it.
    private func clipped(_ text: String) -> String { ShownText.clipped(text, words) }

    // MARK: Who and when

    private var organizationValue: TemplateValue {
        let names = ["name", "slug", "plan", "owner_id", "member_count", "database_count", "created_at"]
        var members: [String: TemplateValue] = [
            "id": .text(organization.id), "is_known": .flag(organization.isKnown),
            "title": .text(clipped(organization.value("name") ?? organization.id)),
            "id_text": .text(clipped(organization.id)),
            "plan_text": TemplateValue(organization.value("plan").map(clipped)),
            "read_at": TemplateValue(organization.readAt),
            "read_at_text": TemplateValue(organization.readAt.map(words.minute)),
            "fields": .list(
                organization.fields.map {
                    [
                        "name": .text(clipped($0.name)),
                        "value": TemplateValue($0.value.map(clipped)),
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
            "from_text": TemplateValue(period.from.map(words.moment)),
            "to_text": TemplateValue(period.to.map(words.moment)),
            "title": .text(ReportSummary(self).periodTitle),
            "words": .text(ReportSummary(self).span), "time_zone": .text(period.timeZone),
        ]
    }

    // MARK: Whether it is all

    private var completenessValue: TemplateValue {
        let summary = ReportSummary(self)
        let isDamaged = !completeness.damage.isEmpty
        let isComplete = [.complete, .running].contains(completeness.state) && !isDamaged
        let (from, to) = completeness.covered
        return [
            "complete": .flag(isComplete), "complete_text": .text(isComplete ? "true" : "false"),
            "state": .text(isDamaged ? "damaged" : completeness.state.rawValue), "is_damaged": .flag(isDamaged),
            "is_unknown": .flag(completeness.state == .unknown),
            "word": .text(summary.completenessWord), "sentence": .text(summary.completeness),
            "reasons": .list(completeness.reasons.map { .text(words.sentence($0)) }),
            "has_reasons": .flag(!completeness.reasons.isEmpty),
            "from": TemplateValue(from), "to": TemplateValue(to),
            "from_text": TemplateValue(from.map(words.time)), "to_text": TemplateValue(to.map(words.time)),
            "received": TemplateValue(completeness.received), "total": TemplateValue(completeness.total),
            "duplicates": TemplateValue(completeness.duplicates), "undated": .number(completeness.undated),
            "unreadable": .number(completeness.unreadable), "has_unreadable": .flag(completeness.unreadable > 0),
            "gaps": .list(gaps.map(value(of:))), "has_gaps": .flag(!gaps.isEmpty),
            "damage": .list(completeness.damage.map { .text($0) }),
            "replaced_characters": .number(completeness.replacedCharacters),
            "span_words": .text(
                from == nil && to == nil ? "" : words.span(from: from, to: to)
            ),
            "missing": TemplateValue(completeness.missing),
            "received_text": TemplateValue(completeness.received.map { words.number($0) }),
            "total_text": TemplateValue(completeness.total.map { words.number($0) }),
            "duplicates_text": TemplateValue(completeness.duplicates.map { words.number($0) }),
            "undated_text": .text(words.number(completeness.undated)),
            "unreadable_words": .text(
                words("completeness.unreadable", ["count": .number(completeness.unreadable)])
            ),
            "replaced_words": .text(
                words("completeness.replaced", ["count": .number(completeness.replacedCharacters)])
            ),
            "has_replaced_characters": .flag(completeness.replacedCharacters > 0),
        ]
    }

    /// The spans not proven; where only reasons are known, the whole period for each of them.
    private var gaps: [ReportCompleteness.Gap] {
        guard ![.complete, .running].contains(completeness.state), completeness.gaps.isEmpty else {
            return completeness.gaps
        }
        let reasons = completeness.reasons.isEmpty ? [words("change.unproven")] : completeness.reasons
        return reasons.map { .init(from: period.from, to: period.to, reason: $0) }
    }

    private func value(of gap: ReportCompleteness.Gap) -> TemplateValue {
        [
            "from": TemplateValue(gap.from), "to": TemplateValue(gap.to), "reason": .text(gap.reason),
            "from_text": TemplateValue(gap.from.map(words.moment)),
            "to_text": TemplateValue(gap.to.map(words.moment)),
        ]
    }

    // MARK: What there is

    private var summaryValue: TemplateValue {
        [
            "events": .number(activity.eventCount), "actors": .number(activity.actors.rowCount),
            "resources": .number(activity.resources.rowCount), "actions": .number(activity.actions.rowCount),
            "events_text": .text(words.number(activity.eventCount)),
            "actors_text": .text(words.number(activity.actors.rowCount)),
            "resources_text": .text(words.number(activity.resources.rowCount)),
            "actions_text": .text(words.number(activity.actions.rowCount)),
            "has_events": .flag(activity.eventCount > 0), "first_at": TemplateValue(activity.firstAt),
            "last_at": TemplateValue(activity.lastAt),
            "sentences": .list(ReportSummary(self).sentences.map { .text($0) }),
            "verdict": .text(ReportSummary(self).verdict),
        ]
    }

    private func value(of setting: ReportSetting) -> TemplateValue {
        [
            "name": .text(setting.name), "value": .text(setting.value), "expected": .text(setting.expected),
            "status": .text(setting.status),
            "status_word": .text(Status(rawValue: setting.status).map(words.status) ?? ""),
            "read_at_text": TemplateValue(setting.readAt.map(words.moment)),
        ]
    }

    // MARK: Where it was read

    private var evidenceValue: TemplateValue {
        let works = evidence.works
        let hidden = evidence.earlierWorks
        return [
            "head": .text(evidence.head), "head_short": .text(String(evidence.head.prefix(8))),
            "entry": .number(evidence.entry), "at": .text(evidence.at), "at_text": .text(words.time(evidence.at)),
            "written_words": .text(
                words(
                    "evidence.written",
                    ["entry": .number(evidence.entry), "time": .text(words.moment(evidence.at))]
                )
            ),
            "files_words": .text(
                words(
                    "evidence.files",
                    [
                        "count": .number(evidence.segments.count + evidence.others),
                        "events": .text(words.count(evidence.archivedEvents, "event")),
                    ]
                )
            ),
            "earlier_words": .text(hidden > 0 ? words("evidence.earlier", ["count": .number(hidden)]) : ""),
            "segments": .list(evidence.segments.map(Self.value(of:))),
            "others": .number(evidence.others), "others_sha256": TemplateValue(evidence.othersDigest),
            "segment_count": .text(words.number(evidence.segments.count + evidence.others)),
            "archived_events": .text(words.number(evidence.archivedEvents)),
            "works": .list(works.reversed().map(value(of:))),
            "has_works": .flag(!works.isEmpty),
            "more_works": hidden > 0 ? .text(words.number(hidden)) : .missing,
            "has_pulls": .flag(evidence.hasPulls),
            "has_imports": .flag(evidence.hasImports),
            "order_words": TemplateValue(orderWords), "signer": TemplateValue(signer),
        ]
    }

    private var orderWords: String? {
        switch evidence.order {
        case "newest_first": words("evidence.order_newest_first")
        case "oldest_first": words("evidence.order_oldest_first")
        case "neither": words("evidence.order_neither")
        default: nil
        }
    }

    private static func value(of segment: SegmentReference) -> TemplateValue {
        [
            "file": .text(segment.file), "sha256": .text(segment.sha256), "count": .number(segment.count),
            "first_at": TemplateValue(segment.firstAt), "last_at": TemplateValue(segment.lastAt),
        ]
    }

    private func value(of work: ReportEvidence.Work) -> TemplateValue {
        let sums = work.isComplete.map { $0 ? words("evidence.sums_close") : words("evidence.sums_open") }
        let kind = "evidence.work_" + work.kind.replacing(" ", with: "_")
        return [
            "entry": .number(work.entry), "at": .text(work.at), "at_text": .text(words.time(work.at)),
            "kind": .text(words(kind)), "new": .text(words.number(work.new)),
            "sums": .text(sums ?? words("evidence.sums_none")), "sha256": .text(work.sha256),
            "sha256_short": .text(String(work.sha256.prefix(8))),
        ]
    }
}

extension ReportSetting {
    /// The setting as a page can bear it: long texts are cut, and say so.
    fileprivate func shortened(_ words: Words) -> ReportSetting {
        var setting = self
        setting.name = ShownText.clipped(name, words)
        setting.value = ShownText.clipped(value, words)
        return setting
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
