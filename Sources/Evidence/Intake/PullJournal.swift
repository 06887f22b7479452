import Foundation

/// What the attempts at a pull tell each other, beside the pages they staged: `staging/pull.json`.
struct PullJournal: Codable {
    /// Pulls that were committed when this one began: a journal of a committed pull is of no use.
    var pullsBefore: Int
    var attempts: Int
    var requests: Int
    var retries: Int
    /// Attempts in succession that ended with a failure that may come again and came no further than the first of them.
    var stalls: Int?
    /// How far the one of them came that came farthest, in the measure of whoever reads.
    var depth: Int?
    /// What the last of them ended with.
    var reason: String?

    /// Whether the numbers are ones that can be counted on from.
    var isSensible: Bool {
        [attempts, requests, retries, stalls ?? 0, depth ?? 0].allSatisfy { (0...StagedPage.most).contains($0) }
    }

    private static let file = "/pull.json"

    /// What earlier attempts at this pull left; nil where there were none, or nothing to rely on.
    static func kept(in staging: String, pullsBefore: Int) throws -> PullJournal? {
        guard let bytes = try Files.readIfPresent(staging + file),
            let kept = try? JSONDecoder().decode(PullJournal.self, from: Data(bytes)), kept.pullsBefore == pullsBefore,
            kept.isSensible
        else { return nil }
        return kept
    }

    func save(in staging: String) throws {
        let path = staging + Self.file
        try Files.write(Array(try JSONEncoder().encode(self)), to: path + ".new")
        try Files.rename(path + ".new", to: path)
    }
}

extension PullSession {
    /// What an earlier attempt leaves to the next: how far it came, and the identities of the events that its last pass
    /// met, as `AuditLogPageContents.Event.identity` gives them.
    package struct Resumption: Sendable {
        /// How far it came, as `note` was told.
        package var checkpoint: String
        /// Events that its last pass met.
        package var identities: Set<Int>
        /// Those of them that are not archived.
        package var unarchived: Set<Int>
        /// Whether these are the events of all staged pages: others belong to passes that are of no more use.
        package var coversAll: Bool
    }
}
