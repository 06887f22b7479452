import Foundation

/// A page of a pull under way, as the journal in `staging/` keeps it.
struct StagedPage: Codable, Sendable, Hashable {
    /// Its number when it was served.
    var number: Int
    /// Events it held.
    var count: Int
    /// `meta.total` as served with it.
    var total: Int?
    /// Bytes of the spool before and behind the page.
    var from: Int
    var to: Int
    /// SHA-256 of these bytes: after a loss of power a file may be as long as it was and hold something else.
    var sha256: String
    /// Pages of one pass over the log, through all attempts, carry one number.
    var passKey: Int
    /// How far the reading had come, in the words of whoever reads.
    var checkpoint: String
    /// Requests and retries of the pull up to here, through all attempts.
    var requests: Int
    var retries: Int
    /// Elements that are no events, in Base64: they stand in no spool.
    var unreadable: [Data]?

    /// No number of a journal is larger.
    static let most = 1 << 40

    /// Whether the numbers are ones that can be counted on from: a journal is no evidence, and may hold anything.
    private var isSensible: Bool {
        [number, count, from, to, passKey, requests, retries].allSatisfy { (0...Self.most).contains($0) }
    }

    /// The page as a line of the journal, without line feed.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The journal's pages, in order, as far as their events are in the spool whole: a crash may have kept the journal and
    /// lost events.
    static func sound(in journal: String, spool: String) throws -> [StagedPage] {
        guard let bytes = try Files.readIfPresent(journal) else { return [] }
        // Where pages held nothing but elements that are no events, there is no spool to speak of.
        let spooled = try Files.mapIfPresent(spool) ?? Data()
        var pages: [StagedPage] = []
        for line in bytes.split(separator: 10) {
            guard let page = try? JSONDecoder().decode(StagedPage.self, from: Data(line)),
                page.isSensible, page.from == pages.last?.to ?? 0, page.from <= page.to, page.to <= spooled.count,
                Digest.sha256(spooled[page.from..<page.to]) == page.sha256
            else { break }
            pages.append(page)
        }
        return pages
    }
}
