import Evidence

extension ReportChange {
    /// The fields that differ between two answers of the service, in the order of their names' bytes.
    ///
    /// Counts of members and databases change with every event and are left out.
    ///
    /// - Parameters:
    ///   - before: The earlier answer as received.
    ///   - after: The later one.
    ///   - kind: `setting` or `organization`.
    ///   - at: When the later one was read, RFC 3339.
    /// - Returns: A change a field; none when an answer is no JSON object.
    public static func between(_ before: [UInt8], _ after: [UInt8], kind: String, at: String?) -> [ReportChange] {
        guard let old = SnapshotField.fields(of: before), let new = SnapshotField.fields(of: after) else { return [] }
        let counts: Set<String> = ["member_count", "database_count"]
        let oldValues = Dictionary(old.map { ($0.name, $0.value.text) }) { first, _ in first }
        let newValues = Dictionary(new.map { ($0.name, $0.value.text) }) { first, _ in first }
        let names = Set(oldValues.keys).union(newValues.keys).subtracting(counts)
        return names.sorted { $0.precedesInBytes($1) }.compactMap { name in
            let (from, to) = (oldValues[name] ?? nil, newValues[name] ?? nil)
            guard from != to else { return nil }
            return ReportChange(kind: kind, subject: name, before: from, after: to, at: at)
        }
    }
}
