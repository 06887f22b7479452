import Evidence
import Foundation
import Reporting

/// What pulls of a day have asked of the service, by what the ledgers' last lines say.
package enum RequestsOfDay {
    /// Bytes of a ledger's end that are looked at: some hundred entries.
    private static let bytesRead = 1 << 18

    private struct Entry: Decodable {
        var at: String
        var requests: Int?
    }

    /// Requests that an organization's pulls of a day have sent, as far as the ledger tells: what was broken off counts on the
    /// day on which it is brought to its end.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - archive: The archive's folder.
    ///   - now: A time of the day (UTC).
    /// - Returns: Their number; 0 where there is no ledger, or none that can be read.
    package static func sent(for organization: String, archive: String, on now: Instant) -> Int {
        guard lastPull(of: organization, archive: archive) >= now.seconds / 86_400 * 86_400 else { return 0 }
        let day = String(now.rfc3339.prefix(10))
        guard let file = FileHandle(forReadingAtPath: ledger(organization, archive)) else { return 0 }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: end - min(end, UInt64(bytesRead)))
        let text = (try? file.readToEnd()) ?? Data()
        let entries = text.split(separator: 10).compactMap { try? JSONDecoder().decode(Entry.self, from: $0) }
        return entries.reduce(0) { sum, entry in
            let requests = min(max(0, entry.requests ?? 0), 1_000_000_000)
            return entry.at.hasPrefix(day) ? sum + requests : sum
        }
    }

    /// When something was last added to an organization's ledger, in seconds since 1970; 0 where there is none.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - archive: The archive's folder.
    /// - Returns: The time that the file system tells.
    package static func lastPull(of organization: String, archive: String) -> Int64 {
        var status = stat()
        guard lstat(ledger(organization, archive), &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec)
    }

    /// The plan of an organization, as the newest answer that is archived names it; nil where none does.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - archive: The archive's folder.
    /// - Returns: Such as `free`.
    package static func plan(of organization: String, archive: String) -> String? {
        guard lastPull(of: organization, archive: archive) > 0,
            let archive = try? ArchiveRoot(path: archive).open(organization: organization)
        else { return nil }
        return ReportOrganization(of: archive).value("plan")
    }

    private static func ledger(_ organization: String, _ archive: String) -> String {
        "\(archive)/\(ArchiveRoot.folderName(of: organization))/ledger.ndjson"
    }
}
