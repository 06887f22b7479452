import Templates
import Analysis
import Evidence

/// The first rows of the streamed lists, as the HTML shows them.
struct ActivityValues {
    private let document: ReportDocument
    private let words: Words
    private let actions: RowSample
    private let actors: RowSample
    private let resources: RowSample
    /// Numbers of the actors and resources shown, by key, to link to them.
    private let actorNumbers: [[ExactText]: Int]
    private let resourceNumbers: [[ExactText]: Int]

    /// How many of a row's own actions are shown.
    private static let ownActions = 4

    init(_ document: ReportDocument) {
        self.document = document
        words = document.words
        let activity = document.activity
        actions = RowSample(activity.actions, limit: ReportDocument.rowLimit)
        actors = RowSample(activity.actors, limit: ReportDocument.rowLimit, childLimit: Self.ownActions)
        resources = RowSample(
            activity.resources,
            limit: ReportDocument.rowLimit,
            childLimit: Self.ownActions,
            endings: ResourceLife.endings
        )
        actorNumbers = Self.numbers(actors.rows.map { Self.actorKey($0.text("actor_id"), $0.text("actor_email")) })
        resourceNumbers = Self.numbers(
            resources.rows.map {
                Self.resourceKey($0.text("resource_type"), $0.text("resource_id"), $0.text("resource_name"))
            }
        )
    }

    private static func numbers(_ keys: [[ExactText]]) -> [[ExactText]: Int] {
        Dictionary(keys.enumerated().map { ($1, $0 + 1) }) { first, _ in first }
    }

    /// An actor is its id, without one its e-mail address; the two are never merged.
    private static func actorKey(_ id: String, _ email: String) -> [ExactText] {
        id.isEmpty ? ["email", ExactText(email)] : ["id", ExactText(id)]
    }

    /// A resource is its type and id, without an id its type and name.
    private static func resourceKey(_ type: String, _ id: String, _ name: String) -> [ExactText] {
        id.isEmpty ? [ExactText(type), "name", ExactText(name)] : [ExactText(type), "id", ExactText(id)]
    }

    /// The names of ``scalars(_:)``.
    static let names: Set<String> = [
        "top_actions", "top_actors", "top_resources", "recent_events", "notable_events", "shown_notable",
        "shown_actions", "shown_actors", "shown_resources", "shown_events", "matrix",
    ]

    /// What templates can name, beside the streamed lists themselves.
    func scalars(_ findings: FindingsTable) -> [String: TemplateValue] {
        let notable = notable(findings)
        let recent = document.recentEvents.newestFirst
        return [
            "top_actions": .list(actions.rows.enumerated().map { action($1, number: $0 + 1) }),
            "top_actors": .list(actors.rows.enumerated().map { actor($1, number: $0 + 1) }),
            "top_resources": .list(resources.rows.enumerated().map { resource($1, number: $0 + 1) }),
            "recent_events": .list(
                recent.enumerated().map { event($1, row: document.activity.eventCount - $0) }
            ),
            "notable_events": .list(notable),
            "shown_notable": TablePart(notable.count, of: findings.reasonsAreAll ? findings.reasons.count : nil)
                .value(words, file: "report.xml", order: .picked),
            "shown_actions": TablePart(actions.rows.count, of: actions.total).value(words, file: "actions.csv"),
            "shown_actors": TablePart(actors.rows.count, of: actors.total).value(words, file: "actors.csv"),
            "shown_resources": TablePart(resources.rows.count, of: resources.total)
                .value(words, file: "resources.csv"),
            "shown_events": TablePart(recent.count, of: document.activity.eventCount)
                .value(words, file: "events.csv", order: .newestFirst),
            "matrix": ActivityMatrix(document.activity.matrix, words)?.value ?? .missing,
        ]
    }

    /// A count's share of all events, in hundredths; the least ones are not called nothing.
    private func share(_ count: Int) -> String {
        let share = Double(count) * 100 / Double(max(1, document.activity.eventCount))
        return share < 1 ? "< 1 %" : "\(Int(share.rounded())) %"
    }

    /// A row's bar, in hundredths of the longest.
    private func bar(_ count: Int, of sample: RowSample) -> TemplateValue {
        .number(max(1, count * 100 / max(1, sample.rows.first?.number("count") ?? 1)))
    }

    private func columns(_ row: RowSample.Row, _ number: Int, _ sample: RowSample) -> [String: TemplateValue] {
        var members = row.cells
        let count = row.number("count")
        members["number"] = .number(number)
        for (name, cell) in row.cells {
            if case .number(let number) = cell { members[name + "_text"] = .text(words.number(number)) }
        }
        members["bar"] = bar(count, of: sample)
        members["share"] = .text(share(count))
        for name in ["first_at", "last_at"] {
            members[name + "_text"] = .text(words.minute(row.text(name)))
        }
        return members
    }

    private func action(_ row: RowSample.Row, number: Int) -> TemplateValue {
        var members = columns(row, number, actions)
        // The tables say it as the service's documentation does.
        let word = "action." + row.text("action").replacing(".", with: "_")
        if document.words.has(word) { members["description"] = .text(document.words(word)) }
        return .object(members)
    }

    private func actor(_ row: RowSample.Row, number: Int) -> TemplateValue {
        var members = columns(row, number, actors)
        let name = ActorName(row)
        members["name"] = .text(name.isNamed ? name.text : words("table.no_actor"))
        members["is_named"] = .flag(name.isNamed)
        // The id stands under the e-mail address; alone it is the name already.
        members["has_second_name"] = .flag(!row.text("actor_email").isEmpty && !row.text("actor_id").isEmpty)
        addOwnActions(of: row, to: &members)
        return .object(members)
    }

    private func resource(_ row: RowSample.Row, number: Int) -> TemplateValue {
        var members = columns(row, number, resources)
        let id = row.text("resource_id")
        let name = row.text("resource_name")
        let type = row.text("resource_type")
        let isNamed = !id.isEmpty || !name.isEmpty || !type.isEmpty
        members["name"] = .text(
            !name.isEmpty ? name : !id.isEmpty ? id : words(isNamed ? "table.no_id" : "table.no_resource")
        )
        members["is_named"] = .flag(!id.isEmpty || !name.isEmpty)
        members["has_second_name"] = .flag(!name.isEmpty && !id.isEmpty)
        addOwnActions(of: row, to: &members)
        members["life"] = .list(ResourceLife(row).stations(words))
        return .object(members)
    }

    private func addOwnActions(of row: RowSample.Row, to members: inout [String: TemplateValue]) {
        members["action_count"] = .number(row.number("actions"))
        members["actions"] = .list(
            row.children.map { child in
                let name = child.text("name")
                let count = child.number("count")
                return [
                    "name": .text(name.isEmpty ? words("table.no_action") : name), "count": .number(count),
                    "count_text": .text(words.number(count)),
                ]
            }
        )
        let hidden = row.childCount - row.children.count
        members["more_actions"] = hidden > 0 ? .number(hidden) : .missing
        members["more_actions_text"] =
            hidden > 0 ? .text(words("table.more", ["count": .number(hidden)])) : .missing
    }

    /// Events that the gravest findings rest on, the newest first.
    private func notable(_ findings: FindingsTable) -> [TemplateValue] {
        let reasons = findings.reasons
        var events: [(row: Int, value: TemplateValue)] = []
        for shown in document.notableEvents.newestFirst {
            let id = ExactText(shown[.id])
            guard findings.notable.contains(id), let (row, numbers) = reasons[id],
                case .object(var members) = event(shown, row: row)
            else { continue }
            members["reasons"] = .list(
                numbers.map { ["number": .number($0.number), "control": .text($0.control)] }
            )
            events.append((row, .object(members)))
        }
        return events.sorted { $0.row > $1.row }.map(\.value)
    }

    private func event(_ event: RecentEvents.Event, row: Int) -> TemplateValue {
        var members: [String: TemplateValue] = ["row": .text(String(row))]
        for field in EventField.all { members[field.name] = .text(event[field]) }
        let actor = ActorName(id: event[.actorID], email: event[.actorEmail])
        members["created_at_text"] = .text(words.time(event[.createdAt]))
        members["actor_name"] = .text(actor.isNamed ? actor.text : "")
        members["actor_number"] = TemplateValue(actorNumbers[Self.actorKey(event[.actorID], event[.actorEmail])])
        let (type, id, name) = (event[.resourceType], event[.resourceID], event[.resourceName])
        members["resource_title"] = .text(name.isEmpty ? id : name)
        members["resource_number"] = TemplateValue(resourceNumbers[Self.resourceKey(type, id, name)])
        return .object(members)
    }
}
