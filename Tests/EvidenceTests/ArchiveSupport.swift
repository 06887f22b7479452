import Evidence
import Foundation
import TestSupport
import Testing

/// Makes archives in a temporary folder.
struct TestArchive {
    let root: String

    static let now = Instant(seconds: 1_780_000_000)

    func writer(_ organization: String = "org-1") throws -> ArchiveWriter {
        try ArchiveWriter(root: root, organization: organization, tool: "heedaudit test")
    }

    func open() throws -> Archive { try ArchiveRoot(path: root).open(organization: nil) }

    @discardableResult
    func importLines(_ lines: [String]) throws -> LedgerEntry {
        let path = root + ".ndjson"
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let session = try writer().beginImport()
        let handle = try #require(FileHandle(forReadingAtPath: path))
        try session.add(contentsOf: handle.fileDescriptor, named: "lines.ndjson")
        return try session.commit(now: Self.now)
    }

    @discardableResult
    func pull(_ lines: [String], mode: LedgerEntry.Mode = .full, complete: Bool = true) throws -> LedgerEntry {
        let session = try writer().beginPull()
        try stage(lines, in: session)
        return try session.commit(account(lines.count, mode: mode, complete: complete), now: Self.now)
    }

    func stage(_ lines: [String], in session: PullSession, number: Int = 1, checkpoint: String? = nil) throws {
        let body = #"{"events":[\#(lines.joined(separator: ","))],"meta":{"page":1,"total":\#(lines.count)}}"#
        session.stageSnapshots(
            [.organization: Array(#"{"id":"org-1"}"#.utf8), .settings: Array(#"{"sso_enabled":true}"#.utf8)],
            servedAt: Self.now
        )
        _ = try session.stage(AuditLogPageContents(body: Array(body.utf8)), number: number)
        try session.note(
            checkpoint: checkpoint ?? "page \(number)",
            pass: 1,
            isResumed: session.resumption != nil,
            requests: number,
            retries: 0
        )
    }

    func account(_ total: Int, mode: LedgerEntry.Mode = .full, complete: Bool = true) -> PullAccount {
        PullAccount(
            mode: mode,
            complete: complete,
            order: "newest_first",
            requests: 3,
            retries: 0,
            pages: 1,
            totalAtStart: total,
            totalAtEnd: total
        )
    }

    /// Ids in the order in which reports see them.
    func ids(_ range: InstantRange? = nil) throws -> [String] {
        var ids: [String] = []
        _ = try open().events(in: range).forEachBlock { block in
            for index in 0..<block.count { ids.append(block[index].id.string) }
        }
        return ids
    }

    func discrepancies() throws -> [Discrepancy] { try Verifier.verify(archiveAt: open().path).discrepancies }
}

func withTestArchive(_ body: (TestArchive) throws -> Void) throws {
    try withTemporaryFolder { try body(TestArchive(root: $0 + "/archive")) }
}

func line(
    _ id: String,
    at time: String = "2026-03-17T10:00:00Z",
    action: String = "database.created",
    extra: String = ""
) -> String {
    #"{"id":"\#(id)","action":"\#(action)","actor":{"id":"user-1","email":"a@example.com"},"resource":{"type":"database","id":"db-1","name":"n"},"ip_address":"203.0.113.1","created_at":"\#(time)"\#(extra)}"#
}
