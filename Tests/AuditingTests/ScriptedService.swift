import Auditing
import Evidence
import Synchronization

@testable import CloudHeed

/// A service that answers what a test wrote down.
final class ScriptedService: AuditedService {
    struct Script: Sendable {
        /// The answers to one question after the other; the last one again and again.
        var organizations = [Script.organization(members: 3)]
        var settings = #"{"require_2fa":true,"sso_enabled":false}"#
        /// The log, newest first.
        var events: [String] = []
        /// What each list is answered with, by its name; those that are not named are not there.
        var lists: [String: ListAnswer] = [:]
        /// What was told to have answered before, by the list's name.
        var earlier: [String: String] = [:]
        /// Pages that are not answered.
        var failures: [Int: ServiceError] = [:]
        /// Pages that are answered late.
        var slow: Set<Int> = []
        /// How the log's total is written.
        var writesTotal: @Sendable (Int) -> String = { String($0) }
        /// The server's clock.
        var time: Int64 = 0
        /// Pages asked for, in order.
        var asked: [Int] = []
        var counters = ServiceClient.Counters()

        static func organization(_ id: String = "org-1", members: Int) -> String {
            #"{"id":"\#(id)","name":"Acme","slug":"acme","created_at":"2026-01-01T00:00:00Z","member_count":\#(members)}"#
        }
    }

    private let script: Mutex<Script>

    init(_ script: Script) { self.script = Mutex(script) }

    func change<Value: Sendable>(_ body: @Sendable (inout sending Script) -> sending Value) -> Value {
        script.withLock(body)
    }

    var counters: ServiceClient.Counters { script.withLock { $0.counters } }

    private func answer<Value: Sendable>(_ value: Value, _ body: [UInt8]) -> ServiceAnswer<Value> {
        let time = script.withLock { script in
            script.counters.requests += 1
            return script.time
        }
        return ServiceAnswer(value: value, body: body, serverTime: time, requestID: nil)
    }

    func organization() async throws -> ServiceAnswer<Organization> {
        let text = script.withLock { script in
            script.organizations.count > 1 ? script.organizations.removeFirst() : script.organizations[0]
        }
        return answer(Organization(try JSONObject(Array(text.utf8))), Array(text.utf8))
    }

    func answer(about subject: JSONObject.Subject) async throws -> ServiceAnswer<JSONObject> {
        let text = script.withLock { subject == .settings ? $0.settings : "{}" }
        return answer(try JSONObject(Array(text.utf8)).about(subject), Array(text.utf8))
    }

    func list(_ list: ServiceList, of organization: String, first earlier: String?) async throws -> ListAnswer {
        script.withLock { script in
            script.earlier[list.name] = earlier
            return script.lists[list.name] ?? ListAnswer(unavailable: "GET /\(list.name): 404 not_found")
        }
    }

    func page(_ number: Int) async throws -> ServiceAnswer<AuditLogPageContents> {
        if script.withLock({ $0.slow.contains(number) }) { try await Task.sleep(for: .milliseconds(200)) }
        let (events, total) = try script.withLock { script in
            script.asked.append(number)
            if let failure = script.failures[number] { throw failure }
            let begin = min(script.events.count, (number - 1) * PullJob.perPage)
            let total = script.writesTotal(script.events.count)
            return (script.events[begin...].prefix(PullJob.perPage), total)
        }
        let body = #"{"events":[\#(events.joined(separator: ","))],"meta":{"page":\#(number),"total":\#(total)}}"#
        return answer(try AuditLogPageContents(body: Array(body.utf8)), Array(body.utf8))
    }
}
