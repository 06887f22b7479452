import Analysis
import Evidence

/// What an overview says of organizations' last runs, for the one that takes its place.
package enum FleetRuns {
    private static let largest = 1 << 26
    private static let columns = ["organization", "last_run_at", "last_run_status", "last_run_message"]

    /// Reads the overview in a folder.
    ///
    /// - Parameter output: The folder.
    /// - Returns: Organizations with their last runs, by their ids; none where no overview stands, or one that is not as its sums
    ///   say, or whose table has other columns.
    package static func all(in output: String) -> [ExactText: FleetMember] {
        guard let outcome = FleetSeal.verify(output), outcome.discrepancies.isEmpty,
            let bytes = try? PlainFile.bytes("\(output)/fleet.csv", atMost: largest)
        else { return [:] }
        let text = String(decoding: bytes, as: UTF8.self)
        let records = SpreadsheetRecords(text, columns: Set(columns)).all.map(\.cells)
        let places = columns.compactMap { name in records.first?.firstIndex { $0.isSameInBytes(as: name) } }
        guard places.count == columns.count else { return [:] }
        var runs: [ExactText: FleetMember] = [:]
        for cells in records.dropFirst() {
            let values = places.map { $0 < cells.count ? cells[$0] : "" }
            guard let time = Instant(rfc3339: values[1]), let status = Int(values[2]) else { continue }
            let member = FleetMember(id: values[0], status: status, message: values[3], lastRun: time)
            runs[ExactText(member.id)] = member
        }
        return runs
    }
}
