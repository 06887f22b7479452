import CloudHeed
import Evidence

/// The service as a pull sees it: four questions, and what they have cost.
package protocol AuditedService: Sendable {
    /// Requests and retries so far.
    var counters: ServiceClient.Counters { get }
    /// Whose token it is, and what the organization is like.
    ///
    /// - Throws: `ServiceError`.
    func organization() async throws -> ServiceAnswer<Organization>
    /// A resource, as received.
    ///
    /// - Throws: `ServiceError`.
    func answer(about subject: JSONObject.Subject) async throws -> ServiceAnswer<JSONObject>
    /// A list, all pages of it; that it can't be had is an answer, too.
    ///
    /// - Throws: `ServiceError` where the token is refused.
    func list(_ list: ServiceList, of organization: String, first earlier: String?) async throws -> ListAnswer
    /// A page of the log, from 1, of at most `PullJob.perPage` events.
    ///
    /// - Throws: `ServiceError`.
    func page(_ number: Int) async throws -> ServiceAnswer<AuditLogPageContents>
}

extension ServiceClient: AuditedService {
    /// Asks for a page of the log, counted from 1.
    /// - Throws: `ServiceError`.
    package func page(_ number: Int) async throws -> ServiceAnswer<AuditLogPageContents> {
        try await auditLog(page: number, perPage: PullJob.perPage) { body in
            do {
                return try AuditLogPageContents(body: body)
            } catch AuditLogPageContents.Refusal.notJSON {
                throw UnreadableBody.notJSON
            } catch AuditLogPageContents.Refusal.withoutEvents {
                throw UnreadableBody.otherShape("a list of events was expected")
            } catch AuditLogPageContents.Refusal.withError {
                throw UnreadableBody.otherShape("an error stands beside the list of events")
            } catch AuditLogPageContents.Refusal.tooLarge {
                throw UnreadableBody.tooLarge("a page of the log has more than 64 MiB or 100,000 events")
            }
        }
    }
}
