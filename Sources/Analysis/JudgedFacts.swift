public import Evidence

/// Everything controls may look at, as plain values: no files, no clock.
public struct JudgedFacts: Sendable {
    /// A setting's value as the service gave it.
    public enum SettingValue: Sendable, Hashable {
        case boolean(Bool)
        case text(String)
        case list([String])
        /// JSON that is none of these, as text.
        case other(String)
    }

    /// Something that the ledger calls odd.
    public struct Anomaly: Sendable, Hashable {
        /// What is odd: `vanished`, `altered` and so on.
        public var kind: String
        /// The event concerned.
        public var event: String?

        /// Describes an anomaly.
        public init(kind: String, event: String?) {
            self.kind = kind
            self.event = event
        }
    }

    /// The settings of the newest snapshot; nil when none was ever read.
    public var settings: [String: SettingValue]?
    /// The span the report is about.
    public var period: ReportingPeriod
    /// Whether the newest pull's sums close; nil when there was no pull.
    public var isComplete: Bool?
    /// Why they don't.
    public var incompleteBecause: [String]
    /// The span for which the ledger proves that every event is archived; nil for none.
    public var proven: InstantRange?
    /// What the ledger's entries call odd.
    public var anomalies: [Anomaly]
    /// Files that are not what the ledger says, and faults of its chain, in words.
    public var damage: [String]
    /// How many segments were re-read and their digests compared.
    public var segmentsChecked: Int
    /// How many entries the chain has.
    public var entries: Int
    /// Regions in which data may lie, by the tool's configuration; nil when it names none.
    public var approvedRegions: [String]?

    /// Gathers the facts.
    public init(
        settings: [String: SettingValue]?,
        period: ReportingPeriod,
        isComplete: Bool?,
        incompleteBecause: [String],
        proven: InstantRange?,
        anomalies: [Anomaly],
        damage: [String],
        segmentsChecked: Int,
        entries: Int,
        approvedRegions: [String]? = nil
    ) {
        self.settings = settings
        self.period = period
        self.isComplete = isComplete
        self.incompleteBecause = incompleteBecause
        self.proven = proven
        self.anomalies = anomalies
        self.damage = damage
        self.segmentsChecked = segmentsChecked
        self.entries = entries
        self.approvedRegions = approvedRegions
    }

    /// The parts of the period that the ledger does not prove, in order; empty when it proves all of it.
    ///
    /// The period `all` means from the first to the last proven instant: what is beyond belongs to no proof.
    public var gaps: [InstantRange] {
        guard let proven else { return [period.range] }
        var gaps: [InstantRange] = []
        if let from = period.range.from, let begin = proven.from, from < begin {
            let end = period.range.to.map { min($0, begin) } ?? begin
            gaps.append(InstantRange(from: from, to: end))
        }
        if let to = period.range.to, let end = proven.to, end < to {
            let begin = period.range.from.map { max($0, end) } ?? end
            gaps.append(InstantRange(from: begin, to: to))
        }
        return gaps
    }
}
