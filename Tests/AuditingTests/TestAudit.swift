import Auditing
import Evidence
import Foundation
import Synchronization
import Templates
import TestSupport
import Testing

/// An archive and an output in a temporary folder, a service that is scripted, and a clock that a test turns.
final class TestAudit: Sendable {
    let folder: String
    let service: ScriptedService
    private let time: Mutex<Instant>
    private let heard = Mutex<[String]>([])
    private let noted = Mutex<[String]>([])

    static let begin = Instant(seconds: 1_774_000_000)

    init(_ folder: String, events: Int = 0) {
        self.folder = folder
        time = Mutex(Self.begin)
        var script = ScriptedService.Script()
        script.events = (0..<events).reversed().map(Self.event)
        script.time = Self.begin.seconds
        service = ScriptedService(script)
    }

    /// An event of the minute of its number, of the day before.
    static func event(_ number: Int) -> String {
        let at = begin.adding(seconds: Int64(60 * number - 86_400)).rfc3339
        return
            #"{"id":"e\#(number)","action":"database.created","actor":{"id":"u1","email":"a@example.com"},"resource":{"type":"database","id":"d\#(number)","name":"n"},"ip_address":"203.0.113.1","created_at":"\#(at)"}"#
    }

    /// What was warned of since it was asked last.
    var warnings: [String] {
        heard.withLock { heard in
            defer { heard = [] }
            return heard
        }
    }

    /// What was noted since it was asked last.
    var notes: [String] {
        noted.withLock { noted in
            defer { noted = [] }
            return noted
        }
    }

    /// Lets time pass, for both clocks.
    func wait(seconds: Int64) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
        service.change { $0.time += seconds }
    }

    var context: AuditContext {
        var context = AuditContext(
            tool: "heedaudit test",
            now: { self.time.withLock { $0 } },
            warn: { line in self.heard.withLock { $0.append(line) } },
            clean: { $0.replacing("secret", with: "***") }
        )
        context.note = { line in self.noted.withLock { $0.append(line) } }
        return context
    }

    var archive: Archive { get throws { try ArchiveRoot(path: folder + "/archive").open(organization: nil) } }

    @discardableResult
    func pull(_ change: (inout PullSettings) -> Void = { _ in }) async throws -> PullOutcome {
        var settings = PullSettings(archive: folder + "/archive")
        change(&settings)
        return try await PullJob(settings, context).run(service)
    }

    @discardableResult
    func report(
        after pulled: PullOutcome? = nil,
        _ change: (inout ReportSettings) -> Void = { _ in }
    ) throws -> ReportOutcome {
        var settings = ReportSettings(archive: folder + "/archive", output: folder + "/output")
        settings.formats = [.csv]
        change(&settings)
        return try ReportJob.prepared(settings, context).run(afterPull: pulled)
    }
}

func withTestAudit(events: Int = 0, _ body: (TestAudit) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(TestAudit($0, events: events)) }
}
