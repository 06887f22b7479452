import Analysis
import Templates

extension TemplateVocabulary {
    /// The names of an overview's values; a test compares them with the values in both directions, and with docs/overview.md.
    static let fleet = TemplateVocabulary(
        notation: notation,
        tables: TemplateValues(),
        version: 1
    )

    private static let notation = """
        version language words{\(Words.templateNames)} tool generated_at generated_at_text content_security_policy running_header
        is_spreadsheet
        summary{organizations organizations_words made_words change_words}
        states[state shape word count count_text] has_states conclusion[text]
        silent[\(organization)] has_silent more_silent
        severities[severity word] verdict_words[status word]
        controls[id title severity severity_word counts[count count_text is_zero]] left_out more_controls
        organizations[\(organization)]
        """

    private static let organization = """
        rank id name has_other_name plan plan_text state shape state_word notices[notice word detail reason is_silence] notices_text
        folder link report_link{address} list_link{address}
        has_run last_run_at last_run_status has_status last_run_message last_run_text
        is_told bundle tool period period_text period_from period_to as_of as_of_text completeness proven_to proven_text
        events has_events events_text head entry
        verdicts[severity word open_text is_open is_zero] counts[severity status count] manual_text
        critical high medium low info failed not_proven manual reviewed waived passed not_applicable
        compared_with new closed has_change new_text closed_text overdue has_overdue is_overdue overdue_text
        trend[bundle open as_of] trend_text trend_path trend_words
        cells[\(cell)] told_cells[\(cell)]
        """
    private static let cell = "kind word status control subjects open"
}

extension TemplateLibrary {
    /// The set that the overview of organizations is made of.
    var fleet: TemplateLibrary { fleet(for: .fleet) }

    /// What is wrong with the files that the overview is made of, with their paths inside the folder.
    package func fleetProblems() -> [TemplateProblem] { fleet.check().map(inFolder) }

    /// The names that a user's files of the overview use, and that it does not have: they render nothing.
    package func unknownFleetNames() -> [TemplateProblem] { fleet.unknownNames().map(inFolder) }

    private func inFolder(_ problem: TemplateProblem) -> TemplateProblem {
        var problem = problem
        if !problem.file.contains("/") { problem.file = "fleet/\(problem.file)" }
        return problem
    }
}
