import Foundation
import Logging
import Synchronization

/// The service: a method a call, each with retries, pacing, and errors that say what to do.
///
/// All requests of a client share one allowance; several may be under way at a time.
package final class ServiceClient: Sendable {
    /// What the client has cost so far.
    package struct Counters: Sendable, Hashable {
        /// Requests sent, retries included.
        package var requests = 0
        /// Requests that were repeated.
        package var retries = 0
        /// How often the service said 429.
        package var throttled = 0

        /// What a client has cost; nothing where nothing is said.
        package init(requests: Int = 0, retries: Int = 0, throttled: Int = 0) {
            self.requests = requests
            self.retries = retries
            self.throttled = throttled
        }
    }

    let configuration: ServiceConfiguration
    private let transport: Transport
    let logger: Logger
    let queue: RequestQueue
    /// Whether others have requests in the queue.
    let isShared: Bool
    let pagesAsked = Mutex(0)
    private let counted = Mutex(Counters())
    private let retries: RetryPolicy

    /// Prepares a client; nothing is sent yet.
    ///
    /// Call `shutdown` at the end.
    ///
    /// - Parameters:
    ///   - configuration: Where the service is and how to speak to it.
    ///   - logger: Hears what is repeated and waited for.
    ///   - shared: The requests of all clients with this address and token; nil where there is no other.
    /// - Throws: `ServiceError` with code `.configuration`.
    package init(_ configuration: ServiceConfiguration, logger: Logger, shared: RequestQueue? = nil) throws {
        self.configuration = configuration
        self.logger = logger
        transport = try Transport(configuration)
        queue = shared ?? RequestQueue(share: configuration.rateShare, maxWait: configuration.maxWait)
        isShared = shared != nil
        retries = RetryPolicy(first: configuration.firstBackoff.seconds)
    }

    /// Closes the connections.
    package func shutdown() async { await transport.shutdown() }

    /// What the client has cost so far.
    package var counters: Counters { counted.withLock { $0 } }

    /// `GET /v1/organization`.
    ///
    /// - Throws: ``ServiceError``: refused, unavailable after retries, or an answer that is no organization.
    package func organization() async throws -> ServiceAnswer<Organization> {
        try await answer(about: .organization).map(Organization.init)
    }

    /// `PATCH /v1/organization`: gives the organization another name; answers with the organization as it is then.
    ///
    /// - Throws: ``ServiceError``; whether the name was changed is then not known, unless the request was refused.
    package func updateOrganization(name: String) async throws -> ServiceAnswer<JSONObject> {
        let body = try JSONEncoder().encode(["name": name])
        return try await object("PATCH", about: .organization, body: body)
    }

    /// `GET` of a resource; the value is its JSON object as received.
    ///
    /// - Throws: ``ServiceError``: refused, unavailable after retries, or an answer that is no such object.
    package func answer(about subject: JSONObject.Subject) async throws -> ServiceAnswer<JSONObject> {
        try await object("GET", about: subject)
    }

    /// `PATCH /v1/organization/settings`: changes some of them; answers with the settings as they are then.
    ///
    /// - Throws: ``ServiceError``; whether anything was changed is then not known, unless the request was refused.
    package func updateSettings(_ change: SettingsChange) async throws -> ServiceAnswer<JSONObject> {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let body = try encoder.encode(change)
        return try await object("PATCH", about: .settings, body: body)
    }

    /// `GET /v1/organization/audit-log`: one page of the log, its body as received.
    ///
    /// - Parameters:
    ///   - page: From 1.
    ///   - perPage: Events asked for; the service may send fewer.
    ///   - read: Takes the body apart; throws `UnreadableBody` for one that is worth another attempt.
    /// - Returns: The page, as `read` made it of the body.
    /// - Throws: ``ServiceError``.
    package func auditLog<Page: Sendable>(
        page: Int,
        perPage: Int,
        read: @Sendable ([UInt8]) throws -> Page
    ) async throws -> ServiceAnswer<Page> {
        try takePage(page)
        return try await call("GET", "/v1/organization/audit-log?page=\(page)&per_page=\(perPage)", body: nil) { body in
            // No content is a page without events.
            try read(body ?? Array(#"{"events":null}"#.utf8))
        }
    }

    /// An object, taken out of its envelope.
    private func object(
        _ method: String,
        about subject: JSONObject.Subject,
        body: Data? = nil
    ) async throws -> ServiceAnswer<JSONObject> {
        let path = subject.path
        let answer = try await call(method, path, body: body.map(Array.init)) { bytes in
            try bytes.map { try JSONObject($0).about(subject) }
        }
        if let object = answer.value { return answer.map { _ in object } }
        // A change that was made and is not shown is asked for; a question without an answer is asked once.
        guard method != "GET" else {
            throw ServiceError(.notUnderstood, "\(method) \(path): the answer is empty (204)\(answer.named)")
        }
        return try await object("GET", about: subject)
    }

    /// Sends a request until it is answered, refused, or there is no point in going on.
    func call<Value: Sendable>(
        _ method: String,
        _ path: String,
        body: [UInt8]?,
        patience: RetryPolicy.Patience = .ofWhatIsNeeded,
        read: @Sendable ([UInt8]?) throws -> Value
    ) async throws -> ServiceAnswer<Value> {
        // Waiting for the allowance is not trying.
        var trying = 0.0
        var attempt = 0
        var reason = ""
        while true {
            if let time = patience.time, time.isSpent {
                throw ServiceError(
                    .unavailable,
                    "\(method) \(path): not asked: the pages before took longer than \(Self.whole(time.limit)) s"
                )
            }
            attempt += 1
            try await waitForTurn(method, path, behind: reason)
            let started = Self.steadySeconds()
            let outcome = try await once(method, path, body: body, isRetry: attempt > 1, read: read)
            let took = Self.steadySeconds() - started
            trying += took
            patience.time?.spend(took)
            var (refusal, advice) = (Int?.none, String?.none)
            switch outcome {
            case .answered(let answer): return answer
            case .failed(let why, let status, let hint): (reason, refusal, advice) = (why, status, hint)
            case .throttled(let beside):
                // The pacer holds every request back until the service is ready again; that is no failed attempt,
                // unless it goes on and on.
                reason = "429 rate_limit_exceeded" + beside
            }
            guard
                let delay = retries.delay(after: attempt, elapsed: trying, patience, random: Double.random(in: 0...1))
            else {
                throw ServiceError(
                    .unavailable,
                    "\(method) \(path): \(reason), after \(attempt) attempts",
                    hint: advice ?? "the service may be down; the next run continues where this one ended",
                    status: refusal
                )
            }
            trying += delay
            patience.time?.spend(delay)
            logger.debug("repeating a request", metadata: ["request": "\(method) \(path)", "reason": "\(reason)"])
            if delay > Self.moment { configuration.onWait("trying again in \(Self.whole(delay)) s: \(reason)") }
            try await Task.sleep(for: .seconds(delay))
        }
    }

    private enum Outcome<Value: Sendable> {
        case answered(ServiceAnswer<Value>)
        case failed(String, status: Int? = nil, hint: String? = nil)
        /// What is to be said beside that.
        case throttled(String)
    }

    private func once<Value: Sendable>(
        _ method: String,
        _ path: String,
        body: [UInt8]?,
        isRetry: Bool,
        read: @Sendable ([UInt8]?) throws -> Value
    ) async throws -> Outcome<Value> {
        counted.withLock { counters in
            counters.requests += 1
            if isRetry { counters.retries += 1 }
        }
        let answer: Transport.Answer
        do {
            answer = try await transport.send(method, path, body: body)
        } catch Transport.Failure.passing(let reason, let hint) {
            queue.update { $0.failed() }
            return .failed(reason, hint: hint)
        } catch Transport.Failure.lasting(let error) {
            queue.update { $0.failed() }
            throw error
        } catch {
            queue.update { $0.failed() }
            throw error
        }
        return try judge(answer, method, path, read: read)
    }

    private func judge<Value: Sendable>(
        _ answer: Transport.Answer,
        _ method: String,
        _ path: String,
        read: @Sendable ([UInt8]?) throws -> Value
    ) throws -> Outcome<Value> {
        let headers = AnswerHeaders(answer.headers, hiding: configuration.token)
        let now = Self.steadySeconds()
        if let serverTime = headers.serverTime { queue.update { $0.observe(serverTime: serverTime, now: now) } }
        if answer.status == 429 {
            counted.withLock { $0.throttled += 1 }
            queue.update { $0.throttled(retryAfter: headers.retryAfter, allowance: headers.allowance, now: now) }
            return .throttled(headers.pauseRefused)
        }
        queue.update { pacer in
            pacer.answered(headers.allowance, now: now)
            if let seconds = headers.retryAfter { pacer.pause(seconds, now: now) }
        }
        let request = "\(method) \(path)"
        switch answer.status {
        case 206:
            throw ServiceError(
                .notUnderstood,
                "\(request): the service answers with a part (206), which was not asked for\(headers.named)",
                hint: "is there a cache or a proxy in between? Ask who runs it"
            )
        case 200..<300:
            do {
                let body = Self.withoutMark(answer.body)
                let value = try read(answer.status == 204 || answer.status == 205 ? nil : body)
                return .answered(
                    ServiceAnswer(
                        value: value,
                        body: body,
                        serverTime: headers.serverTime,
                        requestID: headers.requestID,
                        isContinued: headers.isContinued
                    )
                )
            } catch UnreadableBody.notJSON {
                return .failed(answer.body.isEmpty ? "the answer is empty" : "the answer is not whole JSON")
            } catch UnreadableBody.otherShape(let what) {
                throw ErrorEnvelope(answer, configuration.token).otherShape(what, request: request, headers)
            } catch UnreadableBody.tooLarge(let what) {
                throw ServiceError(
                    .notUnderstood,
                    "\(request): \(what)\(headers.named); it was not read",
                    hint: "is the base URL the service's?"
                )
            }
        case 300..<400: throw Redirect(answer, to: path, configuration).error(request: request, configuration)
        case 408, 425, 500..<511, 512...:
            let why = ErrorEnvelope(answer, configuration.token).described + headers.named + headers.pauseRefused
            return .failed(why, status: answer.status)
        default:
            throw ErrorEnvelope(answer, configuration.token).error(request: request, headers: headers)
        }
    }

    /// A body without the byte order mark that some servers put before JSON.
    private static func withoutMark(_ body: [UInt8]) -> [UInt8] {
        body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : body
    }
}

/// Why a 200 could not be read.
package enum UnreadableBody: Error, Sendable {
    /// Empty, cut off, or something else than JSON: worth another attempt.
    case notJSON
    /// JSON that says something else; the text says what was expected.
    case otherShape(String)
    /// More than is read; the text says of what.
    case tooLarge(String)
}
