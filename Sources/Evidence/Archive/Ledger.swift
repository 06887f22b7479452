import Foundation

/// The head of a ledger: what a bundle pins and what is worth sending elsewhere.
public struct LedgerHead: Sendable, Hashable {
    /// Number of the last entry; 0 for an empty ledger.
    public var entry: Int
    /// SHA-256 of the last line without its newline; 64 zeros for an empty ledger.
    public var sha256: String
    /// When the last entry was written, RFC 3339; empty for an empty ledger.
    public var at: String

    /// The head of a ledger without entries.
    public static let empty = LedgerHead(entry: 0, sha256: String(repeating: "0", count: 64), at: "")
}

/// The ledger as it stands in its file: entries, the digest of each line, and what is wrong with the chain.
public struct Ledger: Sendable {
    /// The entries in order; reading stops at the first line that is no entry.
    public private(set) var entries: [LedgerEntry] = []
    /// SHA-256 of each entry's line.
    public private(set) var digests: [String] = []
    /// What is wrong with the chain, in words; empty for a sound one.
    public private(set) var faults: [String] = []
    /// Bytes behind the last newline: a line torn by a crash, which was never committed.
    private(set) var tornBytes = 0

    static let fileName = "ledger.ndjson"

    /// The last entry.
    public var head: LedgerHead {
        guard let last = entries.last, let digest = digests.last else { return .empty }
        return LedgerHead(entry: last.entry, sha256: digest, at: last.at)
    }

    /// Whether the chain holds an entry of this number and digest.
    package func holds(entry: Int, head: String) -> Bool {
        digests.indices.contains(entry &- 1) && digests[entry - 1] == head
    }

    /// Reads the ledger of an organization's folder; an absent file is an empty ledger.
    ///
    /// - Throws: `EvidenceError` when the file is there but can't be read.
    init(folder: String) throws {
        let path = folder + "/" + Self.fileName
        guard let data = try Files.readIfPresent(path) else { return }
        var previous = LedgerHead.empty.sha256
        let lines = data.split(separator: 10, omittingEmptySubsequences: false)
        tornBytes = lines.last?.count ?? 0
        for (index, line) in lines.dropLast().enumerated() {
            let entry: LedgerEntry
            do {
                entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(line))
            } catch {
                faults.append("\(Self.fileName):\(index + 1) is no ledger entry")
                return
            }
            if entry.previous != previous {
                faults.append("\(Self.fileName):\(index + 1) does not follow the line before: the chain is broken")
            }
            if entry.entry != index + 1 {
                faults.append("\(Self.fileName):\(index + 1) is entry \(entry.entry), expected \(index + 1)")
            }
            previous = Digest.sha256(line)
            entries.append(entry)
            digests.append(previous)
        }
    }

    /// An entry as its line, without newline.
    static func line(of entry: LedgerEntry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(entry))
    }
}
