import Evidence

/// One of the six sorted tables of a report, made of packed rows over shared texts.
struct TallyTable: RowTable {
    /// A row: what it counts and when; numbers that a table does not have are 0.
    typealias Row = TripleTable.Triple

    /// Beside a row, what tables of one thing (an action, an actor, a resource) tell of it.
    struct Details {
        /// Counts of different values, in the order of the columns.
        var distinct: (UInt32, UInt32, UInt32) = (0, 0, 0)
        /// Where the row's own list begins and ends.
        var children: Range<UInt32> = 0..<0
    }

    /// What a column shows; the id of a resource and its name always follow its type, and are filled with it.
    enum Source {
        case actorID, actorEmail, resourceType, resourceID, resourceName, action, description
        case count, distinctFirst, distinctSecond, distinctThird
        case firstAt, lastAt

        var kind: RowColumn.Kind {
            switch self {
            case .count, .distinctFirst, .distinctSecond, .distinctThird: .number
            case .firstAt, .lastAt: .time
            default: .text
            }
        }
    }

    let columns: [RowColumn]
    let lists: [RowList]
    let rows: [Row]
    /// By row; empty for tables of pairs and triples.
    private let details: [Details]
    private let sources: [Source]
    private let storage: TallyStorage
    /// Rows of the pair table that hold the lists of this one.
    private let childRows: [Row]

    /// Makes a table; `childRows` are the rows of the pair table that hold the rows' own lists; nil when rows have none.
    init(
        _ columns: [(String, Source)],
        rows: [Row],
        details: [Details] = [],
        childRows: [Row]? = nil,
        storage: TallyStorage
    ) {
        self.columns = columns.map { RowColumn(name: $0.0, kind: $0.1.kind) }
        sources = columns.map(\.1)
        self.rows = rows
        self.details = details
        self.childRows = childRows ?? []
        self.storage = storage
        lists = childRows == nil ? [] : [Self.ownActions]
    }

    private static let ownActions = RowList(
        name: "actions",
        columns: [
            RowColumn(name: "name", kind: .text), RowColumn(name: "count", kind: .number),
            RowColumn(name: "first_at", kind: .time), RowColumn(name: "last_at", kind: .time),
        ]
    )

    var rowCount: Int { rows.count }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, row number: Int) {
        let row = rows[number]
        for (index, source) in sources.enumerated() {
            switch source {
            case .actorID: cells[index].text = storage.actorID(row.actor)
            case .actorEmail: cells[index].text = storage.actorEmail(row.actor)
            case .resourceType:
                let resource = storage.resource(row.resource)
                cells[index].text = resource.type
                cells[index + 1].text = resource.id
                cells[index + 2].text = resource.name
            case .resourceID, .resourceName: break
            case .action: cells[index].text = storage.action(row.action)
            case .description: cells[index].text = KnownActions.description(of: storage.action(row.action))
            case .count: cells[index].number = Int64(row.count)
            case .distinctFirst: cells[index].number = Int64(details[number].distinct.0)
            case .distinctSecond: cells[index].number = Int64(details[number].distinct.1)
            case .distinctThird: cells[index].number = Int64(details[number].distinct.2)
            case .firstAt: cells.makeText(index) { storage.times.write(row.first, to: $0) }
            case .lastAt: cells.makeText(index) { storage.times.write(row.last, to: $0) }
            }
        }
    }

    func prepared(_ range: Range<Int>) -> TallyTable {
        storage.prefetch(rows[range])
        return self
    }

    func count(ofList list: Int, row: Int) -> Int { details[row].children.count }

    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, list: Int, row: Int, element: Int) {
        let found = childRows[Int(details[row].children.lowerBound) + element]
        cells[0].text = storage.action(found.action)
        cells[1].number = Int64(found.count)
        cells.makeText(2) { storage.times.write(found.first, to: $0) }
        cells.makeText(3) { storage.times.write(found.last, to: $0) }
    }
}
