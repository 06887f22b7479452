extension WorkbookSheet.Plan {
    /// The sheets of a workbook in their order; a table that the set of templates does not have has none.
    static let all: [Self] = [
        Self(document: "partials/summary.csv", title: "summary", foldsTimes: true),
        Self(document: "controls.csv", title: "controls"),
        Self(document: "findings.csv", title: "findings"),
        Self(document: "review.csv", title: "review", definition: "heedaudit_review"),
        Self(document: "action-plan.csv", title: "plan", definition: "heedaudit_action_plan"),
        Self(document: "members.csv", title: "members"),
        Self(document: "api_keys.csv", title: "api_keys"),
        Self(document: "actions.csv", title: "actions"),
        Self(document: "actors.csv", title: "actors"),
        Self(document: "resources.csv", title: "resources"),
        Self(document: "actor_actions.csv", title: "actor_actions"),
        Self(document: "resource_actions.csv", title: "resource_actions"),
        Self(document: "actor_resource_actions.csv", title: "actor_resource_actions"),
        Self(document: "settings.csv", title: "settings"),
        Self(document: "changes.csv", title: "changes"),
        Self(document: "events.csv", title: "events"),
    ]
}
