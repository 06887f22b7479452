import TestSupport

/// The six tables in the plainest way: dictionaries of strings, written from docs/report-format.md alone.
struct NaiveTables {
    private struct Tally {
        var count = 0
        var first = ""
        var last = ""
        var actors: Set<[[UInt8]]> = []
        var resources: Set<[[UInt8]]> = []
        var actions: Set<[[UInt8]]> = []
        var addresses: Set<[[UInt8]]> = []
    }

    private var emails: [[[UInt8]]: String] = [:]
    private var names: [[[UInt8]]: String] = [:]
    private var tables: [String: [[[UInt8]]: Tally]] = [:]

    /// Counts events that stand in the order of events.csv; `printed` gives the time as it is printed.
    init(_ events: [PlainEvent], printed: (PlainEvent) -> String) {
        for event in events {
            let actor = Self.key([event.actorID, event.actorID.isEmpty ? event.actorEmail : ""])
            let resource = Self.key([
                event.resourceType, event.resourceID, event.resourceID.isEmpty ? event.resourceName : "",
            ])
            let action = Self.key([event.action])
            if !event.actorEmail.isEmpty { emails[actor] = event.actorEmail }
            if !event.resourceName.isEmpty { names[resource] = event.resourceName }
            let keys = [
                "actions": action, "actors": actor, "resources": resource,
                "actor_actions": actor + action, "resource_actions": resource + action,
                "actor_resource_actions": actor + resource + action,
            ]
            for (table, key) in keys {
                var tally = tables[table, default: [:]][key] ?? Tally()
                tally.count += 1
                if event.seconds != nil {
                    tally.last = printed(event)
                    if tally.first.isEmpty { tally.first = tally.last }
                }
                if actor != [[], []] { tally.actors.insert(actor) }
                if resource != [[], [], []] { tally.resources.insert(resource) }
                if !event.action.isEmpty { tally.actions.insert(action) }
                if !event.address.isEmpty { tally.addresses.insert(Self.key([event.address])) }
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
            case "actions": return [text(key[0]), "", count, actors, resources] + times
            case "actors": return who(key) + [count, actions, resources, String(tally.addresses.count)] + times
            case "resources": return what(key) + [count, actions, actors] + times
            case "actor_actions": return who(Array(key[..<2])) + [text(key[2]), count] + times
            case "resource_actions": return what(Array(key[..<3])) + [text(key[3]), count] + times
            default: return who(Array(key[..<2])) + what(Array(key[2..<5])) + [text(key[5]), count] + times
            }
        }
    }

    private func who(_ key: [[UInt8]]) -> [String] { [text(key[0]), emails[key] ?? ""] }

    private func what(_ key: [[UInt8]]) -> [String] { [text(key[0]), text(key[1]), names[key] ?? ""] }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Keys are bytes: strings would be equal where Unicode calls them so.
    private static func key(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static func precedes(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
        for (a, b) in zip(left, right) where a != b { return a.lexicographicallyPrecedes(b) }
        return false
    }
}
