public import Analysis
import Evidence

/// The tallies of a period's events, as a report shows them.
public struct ReportActivity: Sendable {
    /// How many events there are on one day of the report's time zone.
    public struct Day: Sendable, Hashable {
        /// Days since 1970-01-01 in the report's time zone.
        public var day: Int
        /// Events on that day.
        public var count: Int

        /// Counts a day.
        public init(day: Int, count: Int) {
            self.day = day
            self.count = count
        }
    }

    /// Events of the period, undated ones included.
    public var eventCount: Int
    /// Rows of actors.csv: distinct actors, and one more if some events have none.
    public var actorCount: Int
    /// Rows of resources.csv.
    public var resourceCount: Int
    /// Rows of actions.csv.
    public var actionCount: Int
    /// Whether some events have no actor.
    public var hasNobody: Bool
    /// Whether some events have no resource.
    public var hasNothing: Bool
    /// The time of the first dated event, RFC 3339; nil where there is none.
    public var firstAt: String?
    /// The time of the last dated event.
    public var lastAt: String?
    /// The tables by name: `actions` `actors` `resources` `actor_actions` `resource_actions`
    /// `actor_resource_actions`, with the columns and the order of the CSV files of these names.
    ///
    /// `actors` and `resources` have children: the columns `name` and `count` of their own actions, by name.
    public var tables: [String: any RowTable]
    /// Days that have events, in order; undated events are on none.
    public var days: [Day]
    /// Events by weekday (Monday first) and hour, 7 rows of 24, in the report's time zone.
    public var heat: [[Int]]

    /// Gathers the tallies.
    public init(
        eventCount: Int,
        actorCount: Int,
        resourceCount: Int,
        actionCount: Int,
        hasNobody: Bool,
        hasNothing: Bool,
        firstAt: String?,
        lastAt: String?,
        tables: [String: any RowTable],
        days: [Day],
        heat: [[Int]]
    ) {
        self.eventCount = eventCount
        self.actorCount = actorCount
        self.resourceCount = resourceCount
        self.actionCount = actionCount
        self.hasNobody = hasNobody
        self.hasNothing = hasNothing
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.tables = tables
        self.days = days
        self.heat = heat
    }
}

extension ReportActivity {
    /// Names the tables as templates do.
    public init(_ aggregates: Aggregates) {
        self.init(
            eventCount: aggregates.eventCount,
            actorCount: aggregates.actors.rowCount,
            resourceCount: aggregates.resources.rowCount,
            actionCount: aggregates.actions.rowCount,
            hasNobody: aggregates.hasNobody,
            hasNothing: aggregates.hasNothing,
            firstAt: aggregates.firstAt,
            lastAt: aggregates.lastAt,
            tables: [
                "actions": aggregates.actions, "actors": aggregates.actors, "resources": aggregates.resources,
                "actor_actions": aggregates.actorActions, "resource_actions": aggregates.resourceActions,
                "actor_resource_actions": aggregates.actorResourceActions,
            ],
            days: aggregates.days.map { Day(day: Int($0.date.daysSince1970), count: $0.count) },
            heat: aggregates.heat
        )
    }
}

/// The first rows of a table, copied out, for what is shown of long lists.
struct RowSample: Sendable {
    /// A cell's value.
    enum Cell: Sendable, Hashable {
        case text(String)
        case number(Int)

        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): String(number)
            }
        }

        var number: Int {
            if case .number(let number) = self { number } else { 0 }
        }

        var value: TemplateValue {
            switch self {
            case .text(let text): .text(text)
            case .number(let number): .number(number)
            }
        }
    }

    /// A row by column name, with its own list, the most frequent element first.
    struct Row: Sendable {
        var cells: [String: Cell]
        var children: [[String: Cell]]

        func text(_ column: String) -> String { cells[column]?.text ?? "" }
        func number(_ column: String) -> Int { cells[column]?.number ?? 0 }
    }

    let rows: [Row]
    let total: Int

    /// Copies the first rows of a table; an absent table is empty.
    init(_ table: (any RowTable)?, limit: Int, childLimit: Int = 0) {
        guard let table else {
            rows = []
            total = 0
            return
        }
        total = table.rowCount
        let blank = RowCell(text: .init(start: nil, count: 0), number: 0)
        let cells = UnsafeMutableBufferPointer<RowCell>.allocate(capacity: max(1, table.columns.count))
        let listColumns = table.lists.first?.columns ?? []
        let children = UnsafeMutableBufferPointer<RowCell>.allocate(capacity: max(1, listColumns.count))
        cells.initialize(repeating: blank)
        children.initialize(repeating: blank)
        defer {
            cells.deallocate()
            children.deallocate()
        }
        rows = (0..<min(limit, table.rowCount)).map { row in
            table.fill(cells, row: row)
            let count = listColumns.isEmpty ? 0 : table.count(ofList: 0, row: row)
            let own = (0..<min(childLimit, count)).map { element in
                table.fill(children, list: 0, row: row, element: element)
                return Self.named(children, listColumns)
            }
            .enumerated().sorted { left, right in
                let counts = (left.element["count"]?.number ?? 0, right.element["count"]?.number ?? 0)
                return counts.0 != counts.1 ? counts.0 > counts.1 : left.offset < right.offset
            }
            .map(\.element)
            return Row(cells: Self.named(cells, table.columns), children: own)
        }
    }

    private static func named(
        _ cells: UnsafeMutableBufferPointer<RowCell>,
        _ columns: [RowColumn]
    ) -> [String: Cell] {
        var named: [String: Cell] = [:]
        for (index, column) in columns.enumerated() {
            named[column.name] =
                column.kind == .number ? .number(Int(cells[index].number)) : .text(ShownText.clipped(cells[index].text))
        }
        return named
    }
}
