import Analysis
import Templates

extension TemplateVocabulary {
    /// The names of a report's values.
    ///
    /// A test compares them with the values of a report in both directions, and with docs/templates.md.
    package static let report = TemplateVocabulary(
        notation: notation,
        tables: TemplateValues(tables: ReportActivity(.ofNoEvents()).tables),
        version: 1
    )

    /// Names; the members of an object in braces behind it, those of a list's elements in brackets.
    private static let notation = """
        version language words{\(Words.templateNames)} tool as_of as_of_text generated_at content_security_policy
        organization{id id_text plan_text title name slug plan owner_id member_count database_count created_at is_known read_at
          read_at_text fields[name value]}
        period{name title from to from_text to_text words time_zone}
        completeness{complete complete_text state word sentence is_damaged is_unknown damage[] reasons[] has_reasons
          gaps[from to reason from_text to_text] has_gaps from to from_text to_text received total duplicates undated
          unreadable has_unreadable replaced_characters has_replaced_characters}
        summary{events actors resources actions events_text actors_text resources_text actions_text has_events first_at
          last_at sentences[] verdict}
        findings[\(finding)] findings_attention[\(finding) \(rest)] findings_settled[\(finding) \(rest)]
        more_attention has_findings has_attention has_settled findings_counts[status word count]
        settings[name value expected status status_word] has_settings
        shown_settings[name value expected status status_word]
        changes[\(change)] shown_changes[\(change)] more_changes has_changes changes_words
        action_plan[finding_id control title severity status subject remediation owner due decision reason approver]
        is_spreadsheet
        events[\(event) \(TemplateValues.workedOutColumns.joined(separator: " "))]
        actions[\(action)]
        actors[\(actor) actions[name count first_at last_at]]
        resources[\(resource) actions[name count first_at last_at]]
        actor_actions[actor_id actor_email action count first_at last_at]
        resource_actions[resource_type resource_id resource_name action count first_at last_at]
        actor_resource_actions[actor_id actor_email resource_type resource_id resource_name action count first_at last_at]
        top_actions[\(action) \(shown)]
        top_actors[\(actor) \(shown) name is_named has_second_name actions[name count] action_count more_actions]
        top_resources[\(resource) \(shown) name is_named has_second_name actions[name count] action_count more_actions
          life[word at_text count is_end]]
        recent_events[\(event) \(shownEvent)]
        notable_events[\(event) \(shownEvent) reasons[number control]]
        shown_actions{\(part)} shown_actors{\(part)} shown_resources{\(part)} shown_events{\(part)} shown_notable{\(part)}
        timeline{unit description left right base bars[x y width height label count] grid[y text_y label] ticks[x label]
          unproven[x y width height reason] table[label count]}
        heat{description time_zone cells[x y level count label] hours[x label] weekdays[y label name]
          table[hour counts[count]]}
        matrix{columns[action is_named] rows[name number is_sum cells[count level] has_other other total]
          has_other_actions other_actions shown_actors shown_actions]
        evidence{head head_short entry at at_text segments[file sha256 count first_at last_at] segment_count
          archived_events works[entry at at_text kind new sums sha256 sha256_short] has_works more_works has_pulls
          has_imports order_words}
        """

    private static let finding = """
        number id control title severity severity_word status status_word subject detail remediation evidence event_count
        has_events events[id] shown_events[id anchor row] more_events frameworks[name id] has_frameworks frameworks_text
        owner due judged_to
        """
    private static let rest = "rest{count from to}"
    private static let change = "kind subject before after at at_text actor event"
    private static let event = TemplateValues.eventColumns.joined(separator: " ")
    private static let action = "action description count actors resources first_at last_at"
    private static let actor = "actor_id actor_email count actions resources ip_addresses first_at last_at"
    private static let resource = "resource_type resource_id resource_name count actions actors first_at last_at"
    private static let shown = "number count_text bar share first_at_text last_at_text"
    private static let shownEvent = "row created_at_text actor_name actor_number resource_title resource_number"
    private static let part = "count total is_cut next any"
}

extension TemplateLibrary {
    /// The templates inside the binary, for reports.
    package static func builtIn() -> TemplateLibrary { builtIn(for: .report) }

    /// Lays a user's folder over the built-in set, for reports.
    /// - Parameter overlay: The folder; nil for the built-in set alone.
    /// - Throws: ``ReportingError`` with code `template` when the folder or a file can't be read.
    package init(overlay: String?) throws { try self.init(overlay: overlay, for: .report) }

    /// A set made of the given texts alone, by path inside the folder, for reports.
    package init(texts: [String: String]) { self.init(texts: texts, for: .report) }
}
