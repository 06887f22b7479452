import Analysis

extension ToolConfiguration {
    /// The period's name or its ends make sense, and not both are given.
    func checkPeriod(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        guard let zone = try? CalendarZone(name: timeZone) else { return }
        if period != nil {
            mistakes.take(.period, or: ()) {
                _ = try reader.checked(.period) { try ReportingPeriod.parse($0, zone: zone, now: Clock.now()) }
                try Self.checkPeriodFlags(reader)
            }
        }
        let before = mistakes.all.count
        if from != nil {
            mistakes.take(.from, or: ()) {
                _ = try reader.checked(.from) { try ReportingPeriod.parse(from: $0, to: nil, zone: zone) }
            }
        }
        if to != nil {
            mistakes.take(.to, or: ()) {
                _ = try reader.checked(.to) { try ReportingPeriod.parse(from: nil, to: $0, zone: zone) }
            }
        }
        guard mistakes.all.count == before, let from, to != nil else { return }
        mistakes.take(.to, or: ()) {
            _ = try reader.checked(.to) { try ReportingPeriod.parse(from: from, to: $0, zone: zone) }
        }
    }

    private static func checkPeriodFlags(_ reader: SettingReader) throws {
        guard let period = try reader.find(.period) else { return }
        guard let other = try reader.find(.from) ?? reader.find(.to) else { return }
        throw Problem(
            period.origin.status == .usage || other.origin.status == .usage ? .usage : .configuration,
            "\(period.origin.description) and \(other.origin.description) can't be used together",
            hint: "name a period, or its begin and end"
        )
    }
}
