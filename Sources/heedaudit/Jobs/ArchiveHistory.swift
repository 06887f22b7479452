import Analysis
import Dispatch
import Evidence
import Synchronization

/// What a report reads of the time before its period: extracts of the segments that lie before it, and the others whole.
struct ArchiveHistory {
    /// What to read.
    let source: EventSource
    /// Segments that were read to make an extract of them.
    private(set) var extracted: [ReadingSummary.ReadSegment] = []

    /// Finds the extracts, and makes those that are missing.
    ///
    /// - Throws: `EvidenceError` for a segment that is missing or can't be read.
    init(_ archive: Archive, before begin: Instant, kind: HistoryExtract.Kind) throws {
        let whole = archive.events(in: InstantRange(from: nil, to: begin))
        let cache = HistoryCache(archive, kind: kind.rawValue)
        var segments: [SegmentReference] = []
        var extractable: [SegmentReference] = []
        for segment in whole.overlapping {
            if Self.canBeExtracted(segment, of: whole, before: begin) {
                extractable.append(segment)
            } else {
                segments.append(segment)
            }
        }
        let joint = JointExtract(of: extractable, JointExtract.cache(of: archive, kind), kind)
        if let extract = joint?.present {
            source = whole.reading(segments + [extract], compared: [extract.file])
            return
        }
        let known = Self.extracts(of: extractable, in: cache)
        var extracts: [SegmentReference] = []
        for segment in extractable {
            if let extract = known[segment] {
                extracts.append(extract)
                continue
            }
            let made = try Self.extract([segment], of: whole, kind)
            extracted += made.summary.segments
            let isIntact = made.summary.segments.allSatisfy(\.isIntact)
            if isIntact, let extract = cache.store(made.lines, of: segment) {
                extracts.append(extract)
            } else {
                segments.append(segment)
            }
        }
        let compared = Set(known.values.map(\.file))
        if extracts.count == extractable.count, let joint {
            try joint.make(of: whole.reading(extracts, compared: compared))
        }
        source = whole.reading(segments + extracts, compared: compared)
    }

    /// The extracts that a cache has; their digests are compared on all cores.
    private static func extracts(of segments: [SegmentReference], in cache: HistoryCache)
        -> [SegmentReference: SegmentReference]
    {
        let found = Mutex<[SegmentReference: SegmentReference]>([:])
        DispatchQueue.concurrentPerform(iterations: segments.count) { place in
            guard let extract = cache.extract(of: segments[place]) else { return }
            found.withLock { $0[segments[place]] = extract }
        }
        return found.withLock { $0 }
    }

    /// Makes every extract anew that an archive's cache has, and tells those that differ: whoever could write there could
    /// hide an old key from later reports.
    ///
    /// - Throws: `EvidenceError` for a segment that can't be read.
    static func discrepancies(in archive: Archive) throws -> [Discrepancy] {
        let whole = archive.events(in: .all)
        let joinable = JointExtract.candidates(whole.segments.filter { canBeExtracted($0, of: whole, before: nil) })
        var found: [Discrepancy] = []
        for kind in HistoryExtract.Kind.allCases {
            let cache = HistoryCache(archive, kind: kind.rawValue)
            let single = whole.segments.map { (segments: [$0], extract: cache.extract(of: $0)) }
            let joints = JointExtract.cache(of: archive, kind)
            let joint = joinable.map { (segments: $0, extract: JointExtract(of: $0, joints, kind)?.present) }
            for (segments, extract) in single + joint {
                guard let extract else { continue }
                if Digest.sha256(try self.extract(segments, of: whole, kind).lines) != extract.sha256 {
                    found.append(discrepancy(extract, of: segments, in: archive))
                }
            }
        }
        return found
    }

    private static func discrepancy(
        _ extract: SegmentReference,
        of segments: [SegmentReference],
        in archive: Archive
    ) -> Discrepancy {
        let names = segments.count == 1 ? segments[0].file : "\(segments.count) segments"
        return Discrepancy(
            file: "\(archive.path)/\(extract.file)",
            kind: .changed,
            detail: "it is not the extract of \(names); delete the folder cache, it is made anew"
        )
    }

    /// Long segments that end before the period, and of which no event is hidden by a later entry.
    private static func canBeExtracted(
        _ segment: SegmentReference,
        of whole: EventSource,
        before begin: Instant?
    ) -> Bool {
        guard segment.count >= HistoryCache.leastEvents, let last = segment.lastAt.flatMap(Instant.init(rfc3339:))
        else { return false }
        return begin.map { last < $0 } != false && whole.superseded[segment.file]?.isEmpty != false
    }

    private static func extract(
        _ segments: [SegmentReference],
        of whole: EventSource,
        _ kind: HistoryExtract.Kind
    ) throws -> (lines: [UInt8], summary: ReadingSummary) {
        let extract = HistoryExtract(kind)
        let source = EventSource(root: whole.root, segments: segments, range: whole.range)
        let summary = try source.forEachBlock { extract.add($0) }
        return (extract.finish(), summary)
    }
}

extension EventSource {
    /// The same span, read from other segments, some of which were compared with their digests already.
    fileprivate func reading(_ segments: [SegmentReference], compared: Set<String>) -> EventSource {
        EventSource(
            root: root,
            segments: segments,
            range: range,
            superseded: superseded,
            compared: compared,
            sortedFirst: sortedFirst
        )
    }
}
