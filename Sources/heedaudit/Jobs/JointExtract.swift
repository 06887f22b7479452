import Analysis
import Evidence

/// One extract of all segments that lie before a period, made of the extracts of the single ones.
///
/// A key that a later segment revokes, an address that an earlier one has seen, stand in it once.
struct JointExtract {
    private let joint: SegmentReference
    private let cache: HistoryCache
    private let kind: HistoryExtract.Kind

    /// nil for less than two segments; `cache` is what ``cache(of:_:)`` gives for the kind.
    init?(of segments: [SegmentReference], _ cache: HistoryCache, _ kind: HistoryExtract.Kind) {
        guard segments.count > 1 else { return nil }
        joint = HistoryCache.joint(segments)
        self.cache = cache
        self.kind = kind
    }

    /// Where an archive has its joint extracts.
    static func cache(of archive: Archive, _ kind: HistoryExtract.Kind) -> HistoryCache {
        HistoryCache(archive, kind: "\(kind.rawValue)_joint")
    }

    /// The extract as a segment to read; nil when there is none.
    var present: SegmentReference? { cache.extract(of: joint) }

    /// Makes it of the single extracts, and gives up older ones of other segments.
    ///
    /// - Throws: `EvidenceError` for an extract that can't be read.
    func make(of extracts: EventSource) throws {
        let extract = HistoryExtract(kind)
        let summary = try extracts.forEachBlock { extract.add($0) }
        guard summary.segments.allSatisfy(\.isIntact), let stored = cache.store(extract.finish(), of: joint) else {
            return
        }
        cache.keepNewest(Self.othersKept, beside: stored)
    }

    /// Who reports a month and its quarter in turn asks for two in turn.
    private static let othersKept = 1

    /// The segments that some period may have before it: those that end first, as many as are told.
    static func candidates(_ segments: [SegmentReference]) -> [[SegmentReference]] {
        let sorted = segments.compactMap { segment in
            segment.lastAt.flatMap(Instant.init(rfc3339:)).map { (segment: segment, last: $0) }
        }.sorted { $0.last < $1.last }
        return sorted.indices.dropFirst().map { end in sorted[...end].map(\.segment) }
    }
}
