import Evidence

/// Whom the organization's snapshots name as its owner, which the log does not tell.
package struct OwnersInTime: Sendable {
    /// A snapshot that names an owner.
    package struct Reading: Sendable, Hashable {
        /// The owner's id.
        package var owner: String
        /// When it was read; nil where clocks do not agree on that.
        var at: Instant?
        /// When it was read at the earliest, and at the latest.
        var earliest: Instant
        package var latest: Instant

        /// Describes a snapshot.
        package init(owner: String, at: Instant?, earliest: Instant, latest: Instant) {
            (self.owner, self.at, self.earliest, self.latest) = (owner, at, earliest, latest)
        }
    }

    /// In the order of time.
    package let readings: [Reading]
    private let owners: Set<ExactText>

    /// Takes the snapshots in the order of time.
    package init(_ readings: [Reading]) {
        self.readings = readings
        owners = Set(readings.map { ExactText($0.owner) })
    }

    /// The first snapshot that names somebody, of those right before and behind a time; of all for a time that is not known.
    func reading(naming id: String, around at: Instant?) -> Reading? {
        guard owners.contains(ExactText(id)) else { return nil }
        var around = readings[...]
        if let at {
            let end = readings.firstIndex { at < $0.earliest }.map { $0 + 1 } ?? readings.endIndex
            around = readings[..<end]
            around = around[(around.lastIndex { !(at < $0.latest) } ?? 0)...]
        }
        return around.first { $0.owner.isSameInBytes(as: id) }
    }

    /// When somebody acted first in the period; last, where they were the owner at first alone, of whom no list need tell.
    func firstAct(of actor: AccessTrail.Actor) -> Instant? {
        guard let first = actor.firstAt, let last = actor.lastAt, reading(naming: actor.id, around: first) != nil,
            reading(naming: actor.id, around: last) == nil
        else { return actor.firstAt }
        return last
    }
}
