import Analysis
import Templates

extension TemplateVocabulary {
    /// The names of a report's values.
    ///
    /// A test compares them with the values of a report in both directions, and with docs/templates.md.
    static let report = TemplateVocabulary(
        notation: notation,
        tables: TemplateValues(tables: Aggregates.ofNoEvents().tables),
        version: 1
    )

    /// Names; the members of an object in braces behind it, those of a list's elements in brackets.
    private static let notation = """
        version language words{\(Words.templateNames)} tool as_of as_of_text as_of_ms generated_at content_security_policy running_header
        organization{id id_text plan_text title name slug plan owner_id member_count database_count created_at is_known read_at
          read_at_text fields[name value]}
        period{name title from to from_text to_text words time_zone}
        completeness{complete complete_text state word sentence is_damaged is_unknown damage[] reasons[] has_reasons
          gaps[from to reason from_text to_text] has_gaps from to from_text to_text received total duplicates undated
          unreadable has_unreadable replaced_characters has_replaced_characters span_words missing received_text total_text
          duplicates_text undated_text unreadable_words replaced_words}
        made_words times_words banner{state title lines[\(pieces)] read} conclusion[lead text is_name \(pieces)] conclusion_text
        verdict_table{caption columns[status status_word] rows[severity severity_word cells[status count is_zero]]}
        attention_blocks[\(block)] accepted_blocks[\(block)] settled_blocks[\(block)] has_accepted_blocks has_settled_blocks settled_words
        summary{events actors resources actions events_text actors_text resources_text actions_text has_events first_at
          last_at sentences[] verdict}
        findings[\(finding)] findings_attention[\(finding) \(rest)] findings_settled[\(finding) \(rest)]
        more_attention has_findings has_attention has_settled findings_counts[status word count]
        controls[\(control)] controls_worst_first[\(control)]
        frameworks[name requirements[id status status_word controls[\(controlBriefly)]
          groups[status status_word controls[id]]]]
        framework_rows[framework requirement control status subjects]
        settings[name value expected status status_word read_at_text] has_settings
        shown_settings[name value expected status status_word read_at_text]
        changes[\(change)] shown_changes[\(change)] more_changes more_changes_text has_changes changes_words changes_paper
        members[\(member)] api_keys[\(key)] invitations[invitation_id email role status created_at created_by expires_at source]
        has_access members_by_role[role count] shown_members[\(member)] shown_keys[\(key)] more_members more_keys
        settings_read_at members_read_at keys_read_at members_missing keys_missing access_since
        action_plan[finding_id control title severity status subject detail evidence remediation owner due decision reason
          approver]
        agreed_actions[\(planned)] more_agreed_actions has_agreed_actions
        overdue_actions[\(planned)] more_overdue_actions has_overdue_actions overdue_count
        first_agreed[\(planned)] more_first_agreed first_accepted[\(acceptance)] more_first_accepted nothing_agreed
        accepted[\(acceptance)] more_accepted has_accepted accepted_count
        review_summary[control heading severity severity_word status status_word events answered rows people days] has_review
        review[finding_id control event_id created_at actor action resource ip_address detail ticket approved_by reviewed_by
          reviewed_on result]
        is_spreadsheet
        events[\(event) \((TemplateValues.workedOutColumns + TemplateValues.classColumns).joined(separator: " "))]
        actions[\(action)]
        actors[\(actor) actions[name count first_at last_at]]
        resources[\(resource) actions[name count first_at last_at]]
        actor_actions[actor_id actor_email action count first_at last_at]
        resource_actions[resource_type resource_id resource_name action count first_at last_at]
        actor_resource_actions[actor_id actor_email resource_type resource_id resource_name action count first_at last_at]
        top_actions[\(action) \(shown) actors_text resources_text]
        top_actors[\(actor) \(shown) \(shownRow) actions_text resources_text ip_addresses_text]
        top_resources[\(resource) \(shown) \(shownRow) actions_text actors_text
          life[word at_text count is_end]]
        recent_events[\(event) \(shownEvent)]
        notable_events[\(event) \(shownEvent) reasons[number control]]
        shown_actions{\(part)} shown_actors{\(part)} shown_resources{\(part)} shown_events{\(part)} shown_notable{\(part)}
        timeline{unit description pieces[text time] left right base \(bars) grid[y text_y label] ticks[x label]
          table[label count count_text note]}
        small_timeline{description pieces[text time] first last peak \(bars)}
        heat{description caption time_zone cells[x y level count label] hours[x label label_text] weekdays[y label name]
          legend[level label] table[hour counts[count count_text]]}
        matrix{columns[action is_named] rows[name number is_sum cells[count count_text level] has_other other other_text total
          total_text] caption
          has_other_actions other_actions shown_actors shown_actions}
        oscal{\(oscal)}
        evidence{head head_short entry at at_text segments[file sha256 count first_at last_at] others others_sha256 segment_count
          archived_events written_words files_words earlier_words works[entry at at_text kind new sums sha256 sha256_short] has_works more_works has_pulls
          has_imports order_words signer}
        """

    private static let finding = """
        number id control title severity severity_word status status_word subject detail remediation evidence event_count
        has_events events[id] shown_events[id anchor row] more_events frameworks[name id] has_frameworks frameworks_text
        owner due overdue is_overdue overdue_text waivers[approver until reason] judged_to
        ocsf{severity_id severity status_id status compliance_id compliance standards[name]}
        """
    private static let oscal = """
        uuid document_id version last_modified collected title organization_id organization_id_whole organization_name
        organization_uuid party_uuid tool_uuid platform_uuid plan_uuid ledger_uuid completeness_uuid result_uuid result_title
        start end plan_words tool_words ledger_words rows_words unjudged_words advice_words
        controls[id title severity status basis subjects passed failed not_proven manual reviewed waived judged_to rationale
          has_objectives objectives[id control]]
        unjudged[uuid id title severity method] files[uuid file sha256 count first_at last_at]
        observations[uuid \(ofOSCAL) method owner owner_whole due due_whole event_ids event_count]
        risks[uuid \(ofOSCAL) observation_uuid rationale state deadline overdue advice_uuid remediation
          plans[uuid owner owner_whole due due_whole decision reason title]
          acceptances[uuid approver approver_whole until until_whole reason title]]
        findings[uuid \(ofOSCAL) observation_uuid target state why others[control] risks[uuid]]
        """
    private static let ofOSCAL = "id control title severity status subject subject_whole detail judged_to"
    private static let planned =
        "number id control title heading subject severity severity_word status status_word owner due is_overdue days overdue_text"
    private static let controlBriefly = "id title severity severity_word status status_word subjects subjects_text"
    private static let control = """
        \(controlBriefly) basis passed failed not_proven manual reviewed waived passed_text failed_text not_proven_text
        manual_text reviewed_text waived_text judged_to judged_to_text needs_attention has_findings
        heading cases_text references[id] more_references worst{number finding_id subject detail short \(pieces)} frameworks[name id] has_frameworks frameworks_text
        """
    private static let block = """
        control heading severity severity_word status status_word is_home rationale limits cases has_verdicts has_events has_times has_agreed
        rows[number id status status_word subject detail \(pieces) when events[id anchor row] more_events agreed overdue_text approver reason
        until judged_to_text] rest_text nothing remedies[status status_word text] has_remedies frameworks[name ids] has_frameworks
        """
    private static let acceptance =
        "number id control title heading subject severity severity_word approver reason until"
    private static let pieces = "pieces[text time]"
    private static let rest = "rest{count from to}"
    private static let member = """
        member_id user_id email name role status joined_at invited_at invited_by removed_at removed_by
        role_changes last_action_at actions privileged_actions ip_addresses open_api_keys source
        label status_word joined_at_text last_action_at_text actions_text open_api_keys_text
        """
    private static let key = """
        key_id name prefix scopes status created_at created_by_id created_by_email age_days
        last_used_at expires_at revoked_at revoked_by source
        label status_word creator age_text last_used_at_text expires_at_text
        """
    private static let change = "kind kind_word subject before before_text after after_text at at_text actor event"
    private static let event = TemplateValues.eventColumns.joined(separator: " ")
    private static let action = "action description count actors resources first_at last_at"
    private static let actor = "actor_id actor_email count actions resources ip_addresses first_at last_at"
    private static let resource = "resource_type resource_id resource_name count actions actors first_at last_at"
    private static let shown = "number count_text bar share first_at_text last_at_text"
    private static let shownRow =
        "name is_named has_second_name actions[name count count_text] action_count more_actions more_actions_text"
    private static let shownEvent = "row created_at_text actor_name actor_number resource_title resource_number"
    private static let bars = """
        bars[x y width height label count count_text is_partial] unproven[x y width height kind reason] legend[kind label]
        """
    private static let part = "count total is_cut next any caption paper"
}

extension TemplateLibrary {
    /// The templates inside the binary, for reports.
    package static func builtIn() -> TemplateLibrary { builtIn(for: .report) }

    /// Lays a user's folder over the built-in set, for reports.
    /// - Parameter overlay: The folder; nil for the built-in set alone.
    /// - Throws: ``ReportingError`` with code `template` when the folder or a file can't be read.
    package init(overlay: String?) throws { try self.init(overlay: overlay, for: .report) }

    /// A set made of the given texts alone, by path inside the folder, for reports.
    init(texts: [String: String]) { self.init(texts: texts, for: .report) }
}
