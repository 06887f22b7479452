import Foundation
import Testing

/// What stands in an archive, read without the tool.
enum Archived {
    /// The events' lines, whatever segments they stand in, sorted.
    static func lines(in archive: String) throws -> [String] {
        try files(in: archive, "events").flatMap {
            try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n").map(String.init)
        }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The events' lines and the elements that are no events, sorted.
    static func everything(in archive: String) throws -> [String] {
        let others = try files(in: archive, "unreadable").flatMap {
            try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n").map(String.init)
        }
        return try (lines(in: archive) + others).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The entries of the ledger.
    static func entries(in archive: String) throws -> [[String: Any]] {
        let ledger = try #require(try folders(in: archive).map { $0 + "/ledger.ndjson" }.first)
        return try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// The newest entry of the ledger.
    static func lastEntry(in archive: String) throws -> [String: Any] {
        let line = try lastEntryText(in: archive)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// The line of the newest entry of the ledger.
    static func lastEntryText(in archive: String) throws -> String {
        let ledger = try #require(try folders(in: archive).map { $0 + "/ledger.ndjson" }.first)
        return String(try #require(try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").last))
    }

    private static func folders(in archive: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: archive) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: archive).map { archive + "/" + $0 }
    }

    private static func files(in archive: String, _ room: String) throws -> [String] {
        try folders(in: archive).flatMap { folder -> [String] in
            let path = folder + "/" + room
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: path).map { path + "/" + $0 }
        }
    }
}
