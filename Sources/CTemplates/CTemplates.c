// Made from the files of templates/ (reached through a symlink) by `make templates`. A file without content is embedded as
// no bytes.
#include "CTemplates.h"

static const uint8_t action_plan_csv[] = {
#embed "templates/action-plan.csv"
};
static const uint8_t actions_csv[] = {
#embed "templates/actions.csv"
};
static const uint8_t actor_actions_csv[] = {
#embed "templates/actor_actions.csv"
};
static const uint8_t actor_resource_actions_csv[] = {
#embed "templates/actor_resource_actions.csv"
};
static const uint8_t actors_csv[] = {
#embed "templates/actors.csv"
};
static const uint8_t api_keys_csv[] = {
#embed "templates/api_keys.csv"
};
static const uint8_t audit_report_xsd[] = {
#embed "templates/audit-report.xsd"
};
static const uint8_t changes_csv[] = {
#embed "templates/changes.csv"
};
static const uint8_t controls_csv[] = {
#embed "templates/controls.csv"
};
static const uint8_t events_csv[] = {
#embed "templates/events.csv"
};
static const uint8_t findings_csv[] = {
#embed "templates/findings.csv"
};
static const uint8_t fleet_fleet_csv[] = {
#embed "templates/fleet/fleet.csv"
};
static const uint8_t fleet_fleet_xml[] = {
#embed "templates/fleet/fleet.xml"
};
static const uint8_t fleet_fleet_xsd[] = {
#embed "templates/fleet/fleet.xsd"
};
static const uint8_t fleet_index_html[] = {
#embed "templates/fleet/index.html"
};
static const uint8_t frameworks_csv[] = {
#embed "templates/frameworks.csv"
};
static const uint8_t invitations_csv[] = {
#embed "templates/invitations.csv"
};
static const uint8_t members_csv[] = {
#embed "templates/members.csv"
};
static const uint8_t ocsf_events_ndjson[] = {
#embed "templates/ocsf-events.ndjson"
};
static const uint8_t ocsf_findings_ndjson[] = {
#embed "templates/ocsf-findings.ndjson"
};
static const uint8_t oscal_assessment_results_xml[] = {
#embed "templates/oscal-assessment-results.xml"
};
static const uint8_t oscal_assessment_results_xsd[] = {
#embed "templates/oscal-assessment-results.xsd"
};
static const uint8_t partials_accepted_html[] = {
#embed "templates/partials/accepted.html"
};
static const uint8_t partials_access_html[] = {
#embed "templates/partials/access.html"
};
static const uint8_t partials_activity_html[] = {
#embed "templates/partials/activity.html"
};
static const uint8_t partials_brand_css[] = {
#embed "templates/partials/brand.css"
};
static const uint8_t partials_changes_html[] = {
#embed "templates/partials/changes.html"
};
static const uint8_t partials_chart_legend_html[] = {
#embed "templates/partials/chart-legend.html"
};
static const uint8_t partials_completeness_html[] = {
#embed "templates/partials/completeness.html"
};
static const uint8_t partials_conclusion_html[] = {
#embed "templates/partials/conclusion.html"
};
static const uint8_t partials_contents_html[] = {
#embed "templates/partials/contents.html"
};
static const uint8_t partials_controls_html[] = {
#embed "templates/partials/controls.html"
};
static const uint8_t partials_cover_html[] = {
#embed "templates/partials/cover.html"
};
static const uint8_t partials_event_links_html[] = {
#embed "templates/partials/event-links.html"
};
static const uint8_t partials_event_html[] = {
#embed "templates/partials/event.html"
};
static const uint8_t partials_evidence_html[] = {
#embed "templates/partials/evidence.html"
};
static const uint8_t partials_findings_html[] = {
#embed "templates/partials/findings.html"
};
static const uint8_t partials_fleet_controls_html[] = {
#embed "templates/partials/fleet-controls.html"
};
static const uint8_t partials_fleet_cover_html[] = {
#embed "templates/partials/fleet-cover.html"
};
static const uint8_t partials_fleet_matrix_html[] = {
#embed "templates/partials/fleet-matrix.html"
};
static const uint8_t partials_fleet_method_html[] = {
#embed "templates/partials/fleet-method.html"
};
static const uint8_t partials_fleet_organizations_html[] = {
#embed "templates/partials/fleet-organizations.html"
};
static const uint8_t partials_fleet_silent_html[] = {
#embed "templates/partials/fleet-silent.html"
};
static const uint8_t partials_fleet_css[] = {
#embed "templates/partials/fleet.css"
};
static const uint8_t partials_frameworks_html[] = {
#embed "templates/partials/frameworks.html"
};
static const uint8_t partials_glossary_html[] = {
#embed "templates/partials/glossary.html"
};
static const uint8_t partials_index_css[] = {
#embed "templates/partials/index.css"
};
static const uint8_t partials_matrix_html[] = {
#embed "templates/partials/matrix.html"
};
static const uint8_t partials_mix_html[] = {
#embed "templates/partials/mix.html"
};
static const uint8_t partials_notable_html[] = {
#embed "templates/partials/notable.html"
};
static const uint8_t partials_page_css[] = {
#embed "templates/partials/page.css"
};
static const uint8_t partials_part_html[] = {
#embed "templates/partials/part.html"
};
static const uint8_t partials_people_html[] = {
#embed "templates/partials/people.html"
};
static const uint8_t partials_pieces_html[] = {
#embed "templates/partials/pieces.html"
};
static const uint8_t partials_plan_html[] = {
#embed "templates/partials/plan.html"
};
static const uint8_t partials_print_css[] = {
#embed "templates/partials/print.css"
};
static const uint8_t partials_prose_html[] = {
#embed "templates/partials/prose.html"
};
static const uint8_t partials_recent_html[] = {
#embed "templates/partials/recent.html"
};
static const uint8_t partials_resources_html[] = {
#embed "templates/partials/resources.html"
};
static const uint8_t partials_review_html[] = {
#embed "templates/partials/review.html"
};
static const uint8_t partials_settings_html[] = {
#embed "templates/partials/settings.html"
};
static const uint8_t partials_settled_html[] = {
#embed "templates/partials/settled.html"
};
static const uint8_t partials_severity_html[] = {
#embed "templates/partials/severity.html"
};
static const uint8_t partials_shape_html[] = {
#embed "templates/partials/shape.html"
};
static const uint8_t partials_shapes_html[] = {
#embed "templates/partials/shapes.html"
};
static const uint8_t partials_signoff_html[] = {
#embed "templates/partials/signoff.html"
};
static const uint8_t partials_small_timeline_html[] = {
#embed "templates/partials/small-timeline.html"
};
static const uint8_t partials_status_html[] = {
#embed "templates/partials/status.html"
};
static const uint8_t partials_summary_csv[] = {
#embed "templates/partials/summary.csv"
};
static const uint8_t partials_tables_html[] = {
#embed "templates/partials/tables.html"
};
static const uint8_t partials_tables_js[] = {
#embed "templates/partials/tables.js"
};
static const uint8_t partials_theme_css[] = {
#embed "templates/partials/theme.css"
};
static const uint8_t partials_verdict_html[] = {
#embed "templates/partials/verdict.html"
};
static const uint8_t report_html[] = {
#embed "templates/report.html"
};
static const uint8_t report_json[] = {
#embed "templates/report.json"
};
static const uint8_t report_schema_json[] = {
#embed "templates/report.schema.json"
};
static const uint8_t report_xml[] = {
#embed "templates/report.xml"
};
static const uint8_t resource_actions_csv[] = {
#embed "templates/resource_actions.csv"
};
static const uint8_t resources_csv[] = {
#embed "templates/resources.csv"
};
static const uint8_t review_csv[] = {
#embed "templates/review.csv"
};
static const uint8_t settings_csv[] = {
#embed "templates/settings.csv"
};
static const uint8_t words_de_yaml[] = {
#embed "templates/words/de.yaml"
};
static const uint8_t words_en_yaml[] = {
#embed "templates/words/en.yaml"
};

static const heed_template embedded[] = {
    {"action-plan.csv", action_plan_csv, sizeof action_plan_csv},
    {"actions.csv", actions_csv, sizeof actions_csv},
    {"actor_actions.csv", actor_actions_csv, sizeof actor_actions_csv},
    {"actor_resource_actions.csv", actor_resource_actions_csv, sizeof actor_resource_actions_csv},
    {"actors.csv", actors_csv, sizeof actors_csv},
    {"api_keys.csv", api_keys_csv, sizeof api_keys_csv},
    {"audit-report.xsd", audit_report_xsd, sizeof audit_report_xsd},
    {"changes.csv", changes_csv, sizeof changes_csv},
    {"controls.csv", controls_csv, sizeof controls_csv},
    {"events.csv", events_csv, sizeof events_csv},
    {"findings.csv", findings_csv, sizeof findings_csv},
    {"fleet/fleet.csv", fleet_fleet_csv, sizeof fleet_fleet_csv},
    {"fleet/fleet.xml", fleet_fleet_xml, sizeof fleet_fleet_xml},
    {"fleet/fleet.xsd", fleet_fleet_xsd, sizeof fleet_fleet_xsd},
    {"fleet/index.html", fleet_index_html, sizeof fleet_index_html},
    {"frameworks.csv", frameworks_csv, sizeof frameworks_csv},
    {"invitations.csv", invitations_csv, sizeof invitations_csv},
    {"members.csv", members_csv, sizeof members_csv},
    {"ocsf-events.ndjson", ocsf_events_ndjson, sizeof ocsf_events_ndjson},
    {"ocsf-findings.ndjson", ocsf_findings_ndjson, sizeof ocsf_findings_ndjson},
    {"oscal-assessment-results.xml", oscal_assessment_results_xml, sizeof oscal_assessment_results_xml},
    {"oscal-assessment-results.xsd", oscal_assessment_results_xsd, sizeof oscal_assessment_results_xsd},
    {"partials/accepted.html", partials_accepted_html, sizeof partials_accepted_html},
    {"partials/access.html", partials_access_html, sizeof partials_access_html},
    {"partials/activity.html", partials_activity_html, sizeof partials_activity_html},
    {"partials/brand.css", partials_brand_css, sizeof partials_brand_css},
    {"partials/changes.html", partials_changes_html, sizeof partials_changes_html},
    {"partials/chart-legend.html", partials_chart_legend_html, sizeof partials_chart_legend_html},
    {"partials/completeness.html", partials_completeness_html, sizeof partials_completeness_html},
    {"partials/conclusion.html", partials_conclusion_html, sizeof partials_conclusion_html},
    {"partials/contents.html", partials_contents_html, sizeof partials_contents_html},
    {"partials/controls.html", partials_controls_html, sizeof partials_controls_html},
    {"partials/cover.html", partials_cover_html, sizeof partials_cover_html},
    {"partials/event-links.html", partials_event_links_html, sizeof partials_event_links_html},
    {"partials/event.html", partials_event_html, sizeof partials_event_html},
    {"partials/evidence.html", partials_evidence_html, sizeof partials_evidence_html},
    {"partials/findings.html", partials_findings_html, sizeof partials_findings_html},
    {"partials/fleet-controls.html", partials_fleet_controls_html, sizeof partials_fleet_controls_html},
    {"partials/fleet-cover.html", partials_fleet_cover_html, sizeof partials_fleet_cover_html},
    {"partials/fleet-matrix.html", partials_fleet_matrix_html, sizeof partials_fleet_matrix_html},
    {"partials/fleet-method.html", partials_fleet_method_html, sizeof partials_fleet_method_html},
    {"partials/fleet-organizations.html", partials_fleet_organizations_html, sizeof partials_fleet_organizations_html},
    {"partials/fleet-silent.html", partials_fleet_silent_html, sizeof partials_fleet_silent_html},
    {"partials/fleet.css", partials_fleet_css, sizeof partials_fleet_css},
    {"partials/frameworks.html", partials_frameworks_html, sizeof partials_frameworks_html},
    {"partials/glossary.html", partials_glossary_html, sizeof partials_glossary_html},
    {"partials/index.css", partials_index_css, sizeof partials_index_css},
    {"partials/matrix.html", partials_matrix_html, sizeof partials_matrix_html},
    {"partials/mix.html", partials_mix_html, sizeof partials_mix_html},
    {"partials/notable.html", partials_notable_html, sizeof partials_notable_html},
    {"partials/page.css", partials_page_css, sizeof partials_page_css},
    {"partials/part.html", partials_part_html, sizeof partials_part_html},
    {"partials/people.html", partials_people_html, sizeof partials_people_html},
    {"partials/pieces.html", partials_pieces_html, sizeof partials_pieces_html},
    {"partials/plan.html", partials_plan_html, sizeof partials_plan_html},
    {"partials/print.css", partials_print_css, sizeof partials_print_css},
    {"partials/prose.html", partials_prose_html, sizeof partials_prose_html},
    {"partials/recent.html", partials_recent_html, sizeof partials_recent_html},
    {"partials/resources.html", partials_resources_html, sizeof partials_resources_html},
    {"partials/review.html", partials_review_html, sizeof partials_review_html},
    {"partials/settings.html", partials_settings_html, sizeof partials_settings_html},
    {"partials/settled.html", partials_settled_html, sizeof partials_settled_html},
    {"partials/severity.html", partials_severity_html, sizeof partials_severity_html},
    {"partials/shape.html", partials_shape_html, sizeof partials_shape_html},
    {"partials/shapes.html", partials_shapes_html, sizeof partials_shapes_html},
    {"partials/signoff.html", partials_signoff_html, sizeof partials_signoff_html},
    {"partials/small-timeline.html", partials_small_timeline_html, sizeof partials_small_timeline_html},
    {"partials/status.html", partials_status_html, sizeof partials_status_html},
    {"partials/summary.csv", partials_summary_csv, sizeof partials_summary_csv},
    {"partials/tables.html", partials_tables_html, sizeof partials_tables_html},
    {"partials/tables.js", partials_tables_js, sizeof partials_tables_js},
    {"partials/theme.css", partials_theme_css, sizeof partials_theme_css},
    {"partials/verdict.html", partials_verdict_html, sizeof partials_verdict_html},
    {"report.html", report_html, sizeof report_html},
    {"report.json", report_json, sizeof report_json},
    {"report.schema.json", report_schema_json, sizeof report_schema_json},
    {"report.xml", report_xml, sizeof report_xml},
    {"resource_actions.csv", resource_actions_csv, sizeof resource_actions_csv},
    {"resources.csv", resources_csv, sizeof resources_csv},
    {"review.csv", review_csv, sizeof review_csv},
    {"settings.csv", settings_csv, sizeof settings_csv},
    {"words/de.yaml", words_de_yaml, sizeof words_de_yaml},
    {"words/en.yaml", words_en_yaml, sizeof words_en_yaml},
    {NULL, NULL, 0},
};

size_t heed_template_count(void) {
    return sizeof embedded / sizeof embedded[0] - 1;
}

heed_template heed_template_at(size_t index) {
    return embedded[index];
}
