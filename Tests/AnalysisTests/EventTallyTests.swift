import Analysis
import Evidence
import TestSupport
import Testing

@Suite("Tally")
struct EventTallyTests {
    private static let names = [
        "actions", "actors", "resources", "actor_actions", "resource_actions", "actor_resource_actions",
    ]

    private func table(_ name: String, _ all: Aggregates) -> any RowTable {
        switch name {
        case "actions": all.actions
        case "actors": all.actors
        case "resources": all.resources
        case "actor_actions": all.actorActions
        case "resource_actions": all.resourceActions
        default: all.actorResourceActions
        }
    }

    @Test("Six tables equal those of a plain count, for random events", arguments: testSeeds(1...40))
    func equalsPlainCount(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let events = (0..<Int.random(in: 0...600, using: &random)).map { number in
            Self.randomEvent(number, using: &random)
        }
        let counted = try tally(events)
        let plain = NaiveTables(inOrder(events), printed: printed)
        for name in Self.names {
            let isSame = bytes(rows(table(name, counted))) == bytes(plain.rows(name))
            #expect(isSame, "\(name) for seed \(seed)")
        }
        #expect(counted.eventCount == events.count)
        let dated = inOrder(events).filter { $0.seconds != nil }
        #expect(counted.firstAt == dated.first.map(printed))
        #expect(counted.lastAt == dated.last.map(printed))
        #expect(counted.days.reduce(0) { $0 + $1.count } == dated.count)
        #expect(counted.heat.flatMap(\.self).reduce(0, +) == dated.count)
        #expect(counted.matrix.rows.reduce(0) { $0 + $1.total } == events.count)
        #expect(counted.matrix.rows.allSatisfy { $0.counts.reduce(0, +) == $0.total })
    }

    @Test("Many triples are counted, whether they repeat or not", arguments: [40_000, 70_000], [0, 3000])
    func manyDifferent(_ repeated: Int, twice: Int) throws {
        // Many different ones, some of them twice, then some again, then a few new ones.
        let resources =
            Array(0..<twice) + Array(0..<66_000) + (0..<repeated).map { $0 * 7919 % 1000 } + Array(65_000..<67_000)
        let events = resources.enumerated().map { number, resource in
            PlainEvent(
                id: "\(1_000_000 + number)",
                seconds: 1_767_225_600 + Int64(number),
                action: "a\(resource % 2)",
                actorID: "u\(resource % 3)",
                resourceType: "database",
                resourceID: "d\(resource)"
            )
        }
        var expected: [String: (count: Int, first: String, last: String)] = [:]
        for (resource, event) in zip(resources, events) {
            let time = printed(event)
            expected["u\(resource % 3) d\(resource) a\(resource % 2)", default: (0, time, time)].count += 1
            expected["u\(resource % 3) d\(resource) a\(resource % 2)"]?.last = time
        }
        let counted = rows(try tally(events).actorResourceActions)
        #expect(counted.count == expected.count)
        for row in counted {
            let found = expected["\(row[0]) \(row[3]) \(row[5])"].map { ["\($0.count)", $0.first, $0.last] }
            #expect(found == Array(row[6...]))
        }
    }

    @Test("A resource with more events than are ordered by inserting them is counted as any other")
    func busyResources() throws {
        let events = (0..<900).map { number in
            PlainEvent(
                id: "\(1000 + number)",
                seconds: 1_767_225_600 + Int64(number),
                action: "a\((900 - number) % 11)",
                actorID: "u\(number % 13)",
                resourceType: "database",
                resourceID: number % 3 == 0 ? "busy" : "d\(number % 40)"
            )
        }
        let counted = try tally(events)
        let plain = NaiveTables(inOrder(events), printed: printed)
        for name in Self.names { #expect(bytes(rows(table(name, counted))) == bytes(plain.rows(name)), "\(name)") }
    }

    @Test("Times that lie far apart, and fractions that begin late, are printed as they came")
    func farApart() throws {
        let times: [(Int64, String)] = [
            (-62_135_596_800, ""), (-1, ""), (0, ""), (1_773_741_600, ""), (1_773_741_600, ".250"), (6_000_000_000, ""),
            (253_402_300_799, ".123456789"),
        ]
        let events = times.enumerated().map { number, time in
            var event = PlainEvent(id: "evt-\(number)")
            (event.seconds, event.fraction) = time
            event.action = "a\(number)"
            return event
        }
        // Few days are looked up, many are reckoned.
        for some in [events, Array(events[3...4])] {
            let counted = try tally(some)
            let plain = NaiveTables(inOrder(some), printed: printed)
            #expect(bytes(rows(counted.actions)) == bytes(plain.rows("actions")))
        }
        #expect(try tally(events).lastAt == "9999-12-31T23:59:59.123456789Z")
    }

    /// For comparing as bytes, which strings do not.
    private func bytes(_ rows: [[String]]) -> [[[UInt8]]] { rows.map { $0.map { Array($0.utf8) } } }

    /// Few different texts, so that keys meet; some differ only by what Unicode calls equal, or are prefixes.
    private static func randomEvent(_ number: Int, using random: inout SplitMix) -> PlainEvent {
        let few = [
            "", "", "a", "ab", "b", "é", "e\u{301}", "\u{1F600}", "\u{FFFD}", "z\"\\", "of eight", "of eight and more",
            "of eight and of two times eight", "of eight and of two times eight, nine",
        ]
        let zones = ["", "", ".5", ".50", ".123456789"]
        var event = PlainEvent(id: "evt-\(number)")
        if Int.random(in: 0..<20, using: &random) > 0 {
            event.seconds = 1_700_000_000 + Int64.random(in: 0..<400, using: &random) * 3600
            event.fraction = zones.randomElement(using: &random) ?? ""
        }
        func pick(_ more: Int) -> String {
            let text = few.randomElement(using: &random) ?? ""
            return text.isEmpty ? "" : text + (more > 0 ? "\(Int.random(in: 0..<more, using: &random))" : "")
        }
        event.action = pick(6)
        event.actorID = pick(9)
        event.actorEmail = pick(2)
        event.resourceType = pick(0)
        event.resourceID = pick(4)
        event.resourceName = pick(2)
        event.address = pick(3)
        return event
    }

    @Test("An actor known by id and one known by e-mail are two, and the latest e-mail is shown")
    func actorsAreNotMerged() throws {
        let all = try tally([
            PlainEvent(id: "1", seconds: 10, action: "a", actorID: "u1", actorEmail: "old@x"),
            PlainEvent(id: "2", seconds: 20, action: "a", actorID: "u1", actorEmail: "new@x"),
            PlainEvent(id: "3", seconds: 30, action: "a", actorID: "u1"),
            PlainEvent(id: "4", seconds: 40, action: "a", actorEmail: "new@x"),
            PlainEvent(id: "5", seconds: 50, action: "a"),
        ])
        let actors = rows(all.actors).map { Array($0[..<3]) }
        #expect(actors == [["u1", "new@x", "3"], ["", "", "1"], ["", "new@x", "1"]])
        // The empty key is a row, and no distinct value.
        #expect(rows(all.actions)[0][3] == "2")
    }

    @Test("A resource without an id is keyed by type and name")
    func resourcesByName() throws {
        let all = try tally([
            PlainEvent(id: "1", seconds: 10, action: "a", resourceType: "db", resourceID: "n"),
            PlainEvent(id: "2", seconds: 20, action: "a", resourceType: "db", resourceName: "n"),
            PlainEvent(id: "3", seconds: 30, action: "a", resourceType: "db"),
        ])
        #expect(rows(all.resources).map { Array($0[..<3]) } == [["db", "", ""], ["db", "", "n"], ["db", "n", ""]])
    }

    @Test("First and last keep the digits received, equal instants sort by id")
    func timesAsReceived() throws {
        let all = try tally([
            PlainEvent(id: "b", seconds: 0, fraction: ".100", action: "a"),
            PlainEvent(id: "c", seconds: 0, fraction: ".10", action: "a"),
            PlainEvent(id: "a", seconds: 0, fraction: ".1", action: "a"),
            PlainEvent(id: "0", action: "a"),
        ])
        #expect(rows(all.actions) == [["a", "", "4", "0", "0", "1970-01-01T00:00:00.1Z", "1970-01-01T00:00:00.10Z"]])
    }

    @Test("A row's own actions add up to it")
    func children() throws {
        let all = try tally([
            PlainEvent(id: "1", seconds: 1, action: "b", actorID: "u"),
            PlainEvent(id: "2", seconds: 2, action: "a", actorID: "u"),
            PlainEvent(id: "3", seconds: 3, action: "b", actorID: "u"),
        ])
        #expect(all.actors.lists.map(\.name) == ["actions"])
        #expect(all.actors.lists.first?.columns.map(\.name) == ["name", "count", "first_at", "last_at"])
        let own = withUnsafeTemporaryAllocation(of: RowCell.self, capacity: 4) { cells in
            cells.initialize(repeating: RowCell(text: .missing, number: 0))
            return (0..<all.actors.count(ofList: 0, row: 0)).map { child in
                all.actors.fill(cells, list: 0, row: 0, element: child)
                return "\(cells[0].text.string) \(cells[1].number)"
            }
        }
        #expect(own == ["a 1", "b 2"])
    }

    @Test("The matrix adds the rest up at its edges")
    func matrixEdges() throws {
        let events = (0..<60).flatMap { actor in
            (0...actor).map { action in
                PlainEvent(id: "\(actor)-\(action)", seconds: 1, action: "a\(action)", actorID: "u\(actor)")
            }
        }
        let matrix = try tally(events).matrix
        #expect(matrix.rows.count == 51 && matrix.otherActors == 10)
        #expect(matrix.actions.count == 30 && matrix.otherActions > 0)
        #expect(matrix.rows[0].id == "u59" && matrix.rows[0].total == 60 && matrix.rows[0].counts.last == 30)
        #expect(matrix.rows.last?.total == (1...10).reduce(0, +))
    }

    @Test(
        "What was received as different values is counted apart, in one order, however it is shown",
        arguments: testSeeds(1...3)
    )
    func oddTexts(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        // Shown alike, by what was received; the plain text comes first.
        let values: [(json: [UInt8], shown: String)] = [
            (Array(#""1""#.utf8), "1"), (Array("1".utf8), "1"), (Array(#""12""#.utf8), "12"),
            (Array("\"a\u{FFFD}\"".utf8), "a\u{FFFD}"), ([0x22, 0x61, 0xED, 0x22], "a\u{FFFD}"),
            (Array(#""a\ud800""#.utf8), "a\u{FFFD}"), (Array(#""a\udfff""#.utf8), "a\u{FFFD}"),
            ([0x22, 0x61, 0xC0, 0x22], "a\u{FFFD}"), ([0x22, 0x61, 0xFF, 0x22], "a\u{FFFD}"),
            (Array("\"a\u{FFFD}b\"".utf8), "a\u{FFFD}b"), (Array("\"cafe\u{301}\"".utf8), "cafe\u{301}"),
            (Array("\"caf\u{E9}\"".utf8), "caf\u{E9}"), (Array("true".utf8), "true"), (Array(#""true""#.utf8), "true"),
        ]
        var lines: [[UInt8]] = []
        for (number, value) in values.enumerated() {
            for copy in 0...number {
                var line = Array(#"{"id":"\#(number)-\#(copy)","action":"#.utf8) + value.json
                line += Array(#","ip_address":"#.utf8) + value.json + Array(#","actor":{"id":"#.utf8) + value.json
                line += Array(#"},"resource":{"type":"t","id":"#.utf8) + value.json
                lines.append(line + Array(#"},"created_at":"2026-03-17T10:00:00Z"}"#.utf8))
            }
        }
        let all = try tally(lines: lines.shuffled(using: &random))
        let expected = values.indices.map { (shown: values[$0].shown, count: $0 + 1) }
        #expect(rows(all.actions).map { "\($0[0]) \($0[2])" } == expected.reversed().map { "\($0.shown) \($0.count)" })
        // By the texts shown, then by what was received.
        let sorted = rows(all.actorActions).map { [$0[0], $0[2], $0[3]] }
        let byKey = Self.keyOrder.map { [values[$0].shown, values[$0].shown, String($0 + 1)] }
        #expect(bytes(sorted) == bytes(byKey))
        #expect(bytes(rows(all.resourceActions).map { [$0[1], $0[3], $0[4]] }) == bytes(byKey))
        #expect(rows(all.actors).allSatisfy { $0[3...5] == ["1", "1", "1"] })
    }

    /// Places of the values above in the order of their keys.
    ///
    /// A surrogate's bytes begin with ED, a byte that is no UTF-8 with FE.
    private static let keyOrder = [0, 1, 2, 3, 5, 6, 7, 4, 8, 9, 10, 11, 13, 12]

    @Test("E-mails and names are keys where there is no id, as received")
    func oddLabels() throws {
        let values = [#""m""#, #""\ud800""#, #""\ud801""#, "5", #""5""#]
        let lines = values.enumerated().map { number, value in
            Array(
                #"{"id":"\#(number)","action":"a","actor":{"email":\#(value)},"resource":{"name":\#(value)}}"#.utf8
            )
        }
        let all = try tally(lines: lines + lines)
        #expect(rows(all.actors).map { $0[1] } == ["5", "5", "m", "\u{FFFD}", "\u{FFFD}"])
        #expect(rows(all.resources).map { $0[2] } == ["5", "5", "m", "\u{FFFD}", "\u{FFFD}"])
        #expect(rows(all.actors).map { $0[2] } == ["2", "2", "2", "2", "2"])
    }

    @Test("A tally that was finished begins anew")
    func finishEmpties() {
        let counted = LogAnalysis(zone: .utc)
        #expect(counted.finish().aggregates.eventCount == 0)
        #expect(counted.finish().aggregates.actions.rowCount == 0)
    }
}
