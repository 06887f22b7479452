/// An event as the tests make it: texts only, an empty one is missing.
struct PlainEvent {
    var id: String
    /// Seconds since 1970; nil for an event without a usable time.
    var seconds: Int64?
    /// Digits of fraction with the point, or nothing.
    var fraction = ""
    var action = ""
    var actorID = ""
    var actorEmail = ""
    var resourceType = ""
    var resourceID = ""
    var resourceName = ""
    var address = ""
}

/// The six tables in the plainest way: dictionaries of strings, written from DESIGN section 4 alone.
struct NaiveTables {
    private struct Tally {
        var count = 0
        var first = ""
        var last = ""
        var actors: Set<[String]> = []
        var resources: Set<[String]> = []
        var actions: Set<[String]> = []
        var addresses: Set<[String]> = []
    }

    private var emails: [[String]: String] = [:]
    private var names: [[String]: String] = [:]
    private var tables: [String: [[String]: Tally]] = [:]

    /// Counts events that stand in the order of events.csv; `printed` gives the time as it is printed.
    init(_ events: [PlainEvent], printed: (PlainEvent) -> String) {
        for event in events {
            let actor = [event.actorID, event.actorID.isEmpty ? event.actorEmail : ""]
            let resource = [
                event.resourceType, event.resourceID, event.resourceID.isEmpty ? event.resourceName : "",
            ]
            if !event.actorEmail.isEmpty { emails[actor] = event.actorEmail }
            if !event.resourceName.isEmpty { names[resource] = event.resourceName }
            let keys = [
                "actions": [event.action], "actors": actor, "resources": resource,
                "actor_actions": actor + [event.action], "resource_actions": resource + [event.action],
                "actor_resource_actions": actor + resource + [event.action],
            ]
            for (table, key) in keys {
                var tally = tables[table, default: [:]][key] ?? Tally()
                tally.count += 1
                if event.seconds != nil {
                    tally.last = printed(event)
                    if tally.first.isEmpty { tally.first = tally.last }
                }
                if actor != ["", ""] { tally.actors.insert(actor) }
                if resource != ["", "", ""] { tally.resources.insert(resource) }
                if !event.action.isEmpty { tally.actions.insert([event.action]) }
                if !event.address.isEmpty { tally.addresses.insert([event.address]) }
                tables[table, default: [:]][key] = tally
            }
        }
    }

    /// The rows of a table, cells as texts.
    func rows(_ table: String) -> [[String]] {
        let found = (tables[table] ?? [:]).sorted { left, right in
            if !table.contains("_"), left.value.count != right.value.count {
                return left.value.count > right.value.count
            }
            return Self.precedes(left.key, right.key)
        }
        return found.map { key, tally in
            let times = [tally.first, tally.last]
            let count = String(tally.count)
            let actors = String(tally.actors.count)
            let resources = String(tally.resources.count)
            let actions = String(tally.actions.count)
            switch table {
            case "actions": return [key[0], "", count, actors, resources] + times
            case "actors": return who(key) + [count, actions, resources, String(tally.addresses.count)] + times
            case "resources": return what(key) + [count, actions, actors] + times
            case "actor_actions": return who(Array(key[..<2])) + [key[2], count] + times
            case "resource_actions": return what(Array(key[..<3])) + [key[3], count] + times
            default: return who(Array(key[..<2])) + what(Array(key[2..<5])) + [key[5], count] + times
            }
        }
    }

    private func who(_ key: [String]) -> [String] { [key[0], emails[key] ?? ""] }

    private func what(_ key: [String]) -> [String] { [key[0], key[1], names[key] ?? ""] }

    private static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (a, b) in zip(left, right) where Array(a.utf8) != Array(b.utf8) {
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return false
    }
}
