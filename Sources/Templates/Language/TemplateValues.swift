import Analysis
import Evidence

/// Everything that the templates of one report can name.
///
/// A name is looked up among the tables first. Tables and `events` are streamed: in a template they are sections
/// (`{{#actors}}…{{/actors}}`, `{{^actors}}none{{/actors}}`) and nothing else, and what such a section may hold is
/// said in docs/templates.md, "Streamed lists". All other lists are scalars.
package struct TemplateValues: Sendable {
    /// Small values by name.
    var scalars: [String: TemplateValue]
    /// Streamed sections by name; a row's columns are the names inside the section.
    var tables: [String: any RowTable]
    /// The events of the report's period: the streamed section `events`.
    var events: EventSource?
    /// How many events the period holds; `{{^events}}` is decided by it before the events are read.
    var eventCount: Int
    /// Where days and months of events begin.
    var zone: CalendarZone

    /// Gathers the values of a report.
    package init(
        scalars: [String: TemplateValue] = [:],
        tables: [String: any RowTable] = [:],
        events: EventSource? = nil,
        eventCount: Int = 0,
        zone: CalendarZone = .utc
    ) {
        self.scalars = scalars
        self.tables = tables
        self.events = events
        self.eventCount = eventCount
        self.zone = zone
    }

    /// The columns of the streamed section `events`, in the order of events.csv.
    package static let eventColumns = EventField.all.map(\.name)

    /// Whether a name is that of an address beside the page, which the overview of organizations alone has: its values are made of
    /// characters that can't begin another address.
    static func isAddress(_ name: TemplateSyntax.Name) -> Bool { name.function == nil && name.path.last == "address" }

    /// The names that are streamed sections wherever a template uses them.
    static let streamedNames: Set<String> = [
        "events", "actions", "actors", "resources", "actor_actions", "resource_actions", "actor_resource_actions",
    ]

    /// Whether a section is over a table or the events, as far as the template alone tells.
    static func isStreamed(_ name: TemplateSyntax.Name, within enclosing: [TemplateSyntax.Name]) -> Bool {
        guard name.function == nil, streamedNames.contains(name.text) else { return false }
        // An actor or resource of a short list has its own `actions`; `has_…` is a condition.
        let mayBelong = enclosing.contains { !$0.text.hasPrefix("has_") && $0.function == nil }
        return !(mayBelong && ["actions", "actors", "resources", "events"].contains(name.text))
    }
}
