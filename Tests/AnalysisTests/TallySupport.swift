import Analysis
import Evidence
import Foundation
import TestSupport

/// Archives events in one segment and counts them.
func tally(_ events: [PlainEvent], zone: CalendarZone = .utc) throws -> Aggregates {
    try withSource(of: events) { source in
        let counted = LogAnalysis(zone: zone)
        _ = try source(nil).forEachBlock { counted.add($0) }
        return counted.finish().aggregates
    }
}

/// Counts events by their lines, which need not be texts; undated or of one instant, in one segment.
func tally(lines: [[UInt8]]) throws -> Aggregates {
    try withTemporaryFolder { folder in
        let bytes = lines.reduce([]) { $0 + $1 + [10] }
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/1.ndjson"))
        let segment = SegmentReference(file: "1.ndjson", sha256: "", count: lines.count, firstAt: nil, lastAt: nil)
        let counted = LogAnalysis(zone: .utc)
        _ = try EventSource(root: folder, segments: [segment], range: .all)
            .forEachBlock { counted.add($0) }
        return counted.finish().aggregates
    }
}

/// Lets a watch see events in one segment, those before the period as history, those without a time before all others.
func watch(
    _ events: [PlainEvent],
    policy: ControlPolicy,
    period: ReportingPeriod,
    since: Instant? = nil,
    countingBetween times: [Instant] = [],
    access: AccessWatch? = nil
) throws -> WatchedLog {
    try withSource(of: events) { source in
        let watch = LogAnalysis(
            zone: .utc,
            policy: policy,
            firstSeenSince: since,
            countingBetween: times,
            access: access
        )
        if let begin = period.range.from {
            _ = try source(nil).forEachBlock { block in
                block.forEachRun(of: 1) { run, _ in if run[0].isUndated { watch.addHistory(run) } }
            }
            _ = try source(InstantRange(from: nil, to: begin)).forEachBlock { watch.addHistory($0) }
            watch.beginPeriod()
        }
        _ = try source(period.range).forEachBlock { watch.add($0) }
        return watch.finish().watched
    }
}

/// Writes events into one segment; `body` gets what reads a span of it.
private func withSource<Value>(
    of events: [PlainEvent],
    _ body: ((InstantRange?) -> EventSource) throws -> Value
) throws -> Value {
    try withTemporaryFolder { folder in
        let lines = inOrder(events).map { line($0) }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/1.ndjson"))
        let segment = SegmentReference(
            file: "1.ndjson",
            sha256: "",
            count: lines.count,
            firstAt: "0001-01-01T00:00:00Z",
            lastAt: "9999-01-01T00:00:00Z"
        )
        let segments = lines.isEmpty ? [] : [segment]
        return try body { EventSource(root: folder, segments: segments, range: $0) }
    }
}

/// The time as reports print it.
func printed(_ event: PlainEvent) -> String {
    guard let seconds = event.seconds else { return "" }
    return Instant(seconds: seconds).text(fractionDigits: 0).dropLast() + event.fraction + "Z"
}

/// The rows of a table, cells as texts.
func rows(_ table: any RowTable) -> [[String]] { (0..<table.rowCount).map { table.row($0) } }

func line(_ event: PlainEvent) -> String {
    var fields = ["\"id\":\(quoted(event.id))", "\"action\":\(quoted(event.action))"]
    fields.append("\"actor\":{\"id\":\(quoted(event.actorID)),\"email\":\(quoted(event.actorEmail))}")
    fields.append(
        "\"resource\":{\"type\":\(quoted(event.resourceType)),\"id\":\(quoted(event.resourceID)),"
            + "\"name\":\(quoted(event.resourceName))}"
    )
    if !event.address.isEmpty { fields.append("\"ip_address\":\(quoted(event.address))") }
    if event.seconds != nil { fields.append("\"created_at\":\"\(printed(event))\"") }
    return "{" + fields.joined(separator: ",") + "}"
}

/// JSON for a text; null for an empty one now and then would be the same to the tool.
private func quoted(_ text: String) -> String {
    if text.isEmpty { return "null" }
    return "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
}
