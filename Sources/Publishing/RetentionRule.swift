import Analysis
import Evidence

/// How many bundles of an organization stay: the newest ones, and the newest of so many days, months and years.
///
/// A bundle's time is that of its evidence, `as_of`; days, months and years begin in the time zone of the report. The rule
/// counts for each kind of period by itself, so that many reports of months push no report of a year out.
package struct RetentionRule: Sendable, Hashable {
    /// How many of the newest stay.
    package var last = 0
    /// Of how many days, of those that have a bundle, the newest one stays.
    package var daily = 0
    /// Of how many months.
    package var monthly = 0
    /// Of how many years.
    package var yearly = 0

    /// A rule of four numbers.
    package init(last: Int = 0, daily: Int = 0, monthly: Int = 0, yearly: Int = 0) {
        (self.last, self.daily, self.monthly, self.yearly) = (last, daily, monthly, yearly)
    }

    /// Whether nothing would stay.
    package var isEmpty: Bool { [last, daily, monthly, yearly].allSatisfy { $0 <= 0 } }

    /// A bundle, as far as the rule looks at it.
    struct Bundle: Sendable {
        var name: String
        /// The kind of period: `month`, `all` and so on.
        var kind: String
        var asOf: Instant
        /// The number of the ledger's entry.
        var entry: Int
        /// The period's end; nil for one without.
        var periodEnd: Instant?
        var zone: CalendarZone
    }

    /// The names of the bundles that stay.
    func kept(of bundles: [Bundle]) -> Set<ExactText> {
        var kept: Set<ExactText> = []
        for ofKind in Dictionary(grouping: bundles, by: { ExactText($0.kind) }).values {
            let sorted = ofKind.sorted { Self.isNewer($0, than: $1) }
            kept.formUnion(sorted.prefix(max(0, last)).map { ExactText($0.name) })
            let spans: [(count: Int, of: (CivilDate) -> CivilDate)] = [
                (daily, { $0 }),
                (monthly, { CivilDate(year: $0.year, month: $0.month, day: 1) }),
                (yearly, { CivilDate(year: $0.year, month: 1, day: 1) }),
            ]
            for span in spans where span.count > 0 {
                var seen: Set<CivilDate> = []
                for bundle in sorted where seen.count < span.count {
                    guard seen.insert(span.of(bundle.zone.date(at: bundle.asOf))).inserted else { continue }
                    kept.insert(ExactText(bundle.name))
                }
            }
        }
        return kept
    }

    /// Newer evidence first; of the same evidence the later period, one without an end last of all in time.
    private static func isNewer(_ one: Bundle, than other: Bundle) -> Bool {
        if one.asOf != other.asOf { return one.asOf > other.asOf }
        if one.entry != other.entry { return one.entry > other.entry }
        let open = Instant(seconds: .max)
        let (end, otherEnd) = (one.periodEnd ?? open, other.periodEnd ?? open)
        return end != otherEnd ? end > otherEnd : other.name.precedesInBytes(one.name)
    }
}

extension RetentionRule.Bundle {
    /// Describes the bundle of a manifest; nil where the manifest tells no time.
    ///
    /// - Parameters:
    ///   - manifest: What the bundle says of itself.
    ///   - zone: Finds a time zone by its name.
    init?(_ manifest: ManifestHead, zone: (String) -> CalendarZone) {
        guard let asOf = Instant(rfc3339: manifest.asOf) else { return nil }
        self.init(
            name: manifest.bundle,
            kind: manifest.period.knownKind,
            asOf: asOf,
            entry: manifest.evidence.entry,
            periodEnd: manifest.period.to.flatMap { Instant(rfc3339: $0) },
            zone: zone(manifest.timeZone)
        )
    }
}
