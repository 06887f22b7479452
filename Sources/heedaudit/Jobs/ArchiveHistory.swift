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
        let known = Self.extracts(of: extractable, in: cache)
        for segment in extractable {
            if let extract = known[segment] {
                segments.append(extract)
                continue
            }
            let made = try Self.extract(segment, of: whole, kind)
            extracted += made.summary.segments
            let isIntact = made.summary.segments.allSatisfy(\.isIntact)
            segments.append((isIntact ? cache.store(made.lines, of: segment) : nil) ?? segment)
        }
        source = EventSource(
            root: whole.root,
            segments: segments,
            range: whole.range,
            superseded: whole.superseded,
            compared: Set(known.values.map(\.file))
        )
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
        var found: [Discrepancy] = []
        for kind in HistoryExtract.Kind.allCases {
            let cache = HistoryCache(archive, kind: kind.rawValue)
            for segment in whole.segments {
                guard let present = cache.extract(of: segment) else { continue }
                let made = try extract(segment, of: whole, kind)
                if Digest.sha256(made.lines) != present.sha256 {
                    found.append(
                        Discrepancy(
                            file: "\(archive.path)/\(present.file)",
                            kind: .changed,
                            detail: "it is not the extract of \(segment.file); delete the folder cache, it is made anew"
                        )
                    )
                }
            }
        }
        return found
    }

    /// Long segments that end before the period, and of which no event is hidden by a later entry.
    private static func canBeExtracted(
        _ segment: SegmentReference,
        of whole: EventSource,
        before begin: Instant
    ) -> Bool {
        guard segment.count >= HistoryCache.leastEvents, let last = segment.lastAt.flatMap(Instant.init(rfc3339:))
        else { return false }
        return last < begin && whole.superseded[segment.file]?.isEmpty != false
    }

    private static func extract(
        _ segment: SegmentReference,
        of whole: EventSource,
        _ kind: HistoryExtract.Kind
    ) throws -> (lines: [UInt8], summary: ReadingSummary) {
        let extract = HistoryExtract(kind)
        let source = EventSource(root: whole.root, segments: [segment], range: whole.range)
        let summary = try source.forEachBlock { extract.add($0) }
        return (extract.finish(), summary)
    }
}
