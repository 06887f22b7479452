import Foundation

/// What the sandbox knows: organization, settings, log, and what it has served. Answers are made here, without HTTP.
actor SandboxState {
    struct Reply: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        var contentType = "application/json"
        /// Bytes of the body after which the connection is cut.
        var cutAfter: Int?
        var delaySeconds = 0.0
        /// Whether the body comes a few bytes at a time.
        var drips = false
        /// Whether the headers that speak of the allowance are left out.
        var hidesAllowance = false
    }

    private let configuration: SandboxConfiguration
    private var log: SandboxLog
    private var organization: [String: Any]
    private var settings: [String: Any]
    private var minute: RateWindow?
    private var day: RateWindow?
    private var random = SeededRandom(seed: 4711)
    private var appended = 0
    private var requests = 0
    private var served = ServedReport()
    private var faults: FaultPlan
    /// Every text that the log ever showed.
    private var shown: Set<[UInt8]> = []
    /// Ids in the order in which they were first served; kept where some are to be withdrawn.
    private var servedIDs: [String] = []
    private var organizationAnswers = 0

    init(_ configuration: SandboxConfiguration) {
        self.configuration = configuration
        faults = configuration.faults
        let lines: [[UInt8]]
        switch configuration.events {
        case .generated(let count, let seed):
            var generator = EventGenerator(seed: seed, membersByEmail: configuration.membersByEmail)
            generator.generate(count: count, until: configuration.until)
            lines = generator.lines
        case .lines(let given): lines = given
        }
        var log = SandboxLog(lines, order: configuration.order)
        var dice = SeededRandom(seed: 31)
        log.disturb(faults.disorder, &dice)
        log.misdate(faults.oddTimes, &dice)
        log.mingle(oddElements: faults.oddElements, &dice)
        self.log = log
        organization = [
            "id": "org-123", "name": "Acme Corp", "slug": "acme-corp", "plan": "pro", "owner_id": "user-101",
            "member_count": 12, "database_count": 17,
            "created_at": EventGenerator.time(configuration.until - 545 * 86_400),
        ]
        settings = [
            "require_2fa": true, "allowed_regions": ["fsn1", "nbg1", "ash"], "ip_allowlist_required": false,
            "default_tier": "micro", "sso_enabled": false,
        ]
        minute = configuration.limitPerWindow.map { RateWindow(limit: $0, seconds: configuration.windowSeconds) }
        day = configuration.limitPerDay.map { RateWindow(limit: $0, seconds: 86_400) }
    }

    /// What was served so far.
    func report() -> ServedReport { served }

    func answer(method: String, path: String, query: [String: String], authorization: String?, body: [UInt8]) -> Reply {
        if path.hasPrefix("/sandbox/") { return control(method, path, body) }
        requests += 1
        served.requests += 1
        served.paths["\(method) \(path)", default: 0] += 1
        let now = Date().timeIntervalSince1970
        var rate: [(String, String)] = []
        if let refusal = takeAllowance(now, &rate) { return finish(refusal, rate) }
        let rules = configuration.faults.faults(ofRequest: requests) { random.unit() }
        var reply = route(
            method,
            path,
            query,
            authorization,
            body,
            duplicating: rules.contains { $0.kind == .duplicates }
        )
        reply.delaySeconds += configuration.latencySeconds
        for rule in rules { apply(rule, to: &reply, authorization: authorization) }
        return finish(reply, rate)
    }

    private func finish(_ reply: Reply, _ rate: [(String, String)]) -> Reply {
        var reply = reply
        if !reply.hidesAllowance { reply.headers += rate }
        reply.headers.append(("X-Request-Id", requestID))
        served.statuses[String(reply.status), default: 0] += 1
        if reply.status == 429 { served.rateLimited += 1 }
        return reply
    }

    private var requestID: String { "req-\(requests)" }

    private func takeAllowance(_ now: Double, _ headers: inout [(String, String)]) -> Reply? {
        var taken: [(limit: Int, remaining: Int?, resetsAt: Double)] = []
        if var window = minute {
            let result = window.take(at: now)
            minute = window
            taken.append((window.limit, result.remaining, result.resetsAt))
        }
        if var window = day {
            let result = window.take(at: now)
            day = window
            taken.append((window.limit, result.remaining, result.resetsAt))
        }
        guard let tightest = taken.min(by: { ($0.remaining ?? -1) < ($1.remaining ?? -1) }) else { return nil }
        headers = [
            ("X-RateLimit-Limit", String(tightest.limit)), ("X-RateLimit-Remaining", String(tightest.remaining ?? 0)),
            ("X-RateLimit-Reset", String(Int64(tightest.resetsAt.rounded(.up)))),
        ]
        guard tightest.remaining == nil else { return nil }
        var reply = failure(429, "rate_limit_exceeded", "Too many requests")
        reply.headers.append(("Retry-After", String(max(1, Int((tightest.resetsAt - now).rounded(.up))))))
        return reply
    }

    private func route(
        _ method: String,
        _ path: String,
        _ query: [String: String],
        _ authorization: String?,
        _ body: [UInt8],
        duplicating: Bool
    ) -> Reply {
        let token = authorization.flatMap { text in text.hasPrefix("Bearer ") ? String(text.dropFirst(7)) : nil }
        guard let known = configuration.tokens.first(where: { $0.value == token }) else {
            return failure(401, "invalid_token", "The access token is missing or invalid")
        }
        let scope = method == "GET" ? "org:read" : "org:write"
        guard known.scopes.contains(scope) else {
            return failure(403, "insufficient_permissions", "The token lacks the scope \(scope)")
        }
        switch (method, path) {
        case ("GET", "/v1/organization"): return described("organization", askedOrganization())
        case ("PATCH", "/v1/organization"):
            return change("organization", body) { try SandboxChange.organization($0, &organization) }
        case ("GET", "/v1/organization/settings"): return described("settings", settings)
        case ("PATCH", "/v1/organization/settings"):
            return change("settings", body) { try SandboxChange.settings($0, &settings) }
        case ("GET", "/v1/organization/audit-log"): return page(query, duplicating: duplicating)
        default: return failure(404, "not_found", "There is no \(method) \(path)")
        }
    }

    private func askedOrganization() -> [String: Any] {
        organizationAnswers += 1
        guard let from = faults.otherOrganizationFrom, organizationAnswers >= from else { return organization }
        return organization.merging(["id": "org-999", "name": "Another Corp", "slug": "another-corp"]) { _, new in new }
    }

    /// An object in the envelope that is asked for.
    private func described(_ name: String, _ object: [String: Any]) -> Reply {
        switch configuration.envelope {
        case .wrapped: return json(["data": object, "meta": ["request_id": requestID]])
        case .named:
            var reply = json([name: object, "role": "owner"])
            reply.body = Array("\u{FEFF}".utf8) + reply.body
            return reply
        case .documented, .full, .data, .bare: return json(object)
        }
    }

    private func change(_ name: String, _ body: [UInt8], _ apply: ([String: Any]) throws -> [String: Any]) -> Reply {
        guard let given = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
            return failure(400, "bad_request", "The body is not a JSON object")
        }
        do {
            let result = try apply(given)
            appended += 1
            let at = EventGenerator.time(Int64(Date().timeIntervalSince1970))
            log.append(
                Array(
                    #"{"id":"evt-sandbox-\#(appended)","action":"settings.updated","actor":{"id":"user-101","email":"ada.lindqvist@acme.example"},"resource":{"type":"settings","id":"org-123","name":"Acme Corp"},"ip_address":"127.0.0.1","created_at":"\#(at)"}"#
                        .utf8
                )
            )
            return described(name, result)
        } catch let problem as SandboxChange.Invalid {
            return failure(422, "validation_error", "Validation failed", details: problem.details)
        } catch {
            return failure(500, "internal_error", "\(error)")
        }
    }

    private func page(_ query: [String: String], duplicating: Bool) -> Reply {
        var details: [(String, String)] = []
        let number = query["page"].map { Int($0) ?? 0 } ?? 1
        if number < 1 { details.append(("page", "must be a whole number from 1")) }
        var perPage = configuration.defaultPerPage
        if let text = query["per_page"], !configuration.ignoresPerPage {
            guard let asked = Int(text), asked >= 1 else {
                return failure(
                    422,
                    "validation_error",
                    "Validation failed",
                    details: [("per_page", "must be a whole number from 1")]
                )
            }
            perPage = min(asked, configuration.largestPerPage)
        }
        guard details.isEmpty else { return failure(422, "validation_error", "Validation failed", details: details) }
        served.logRequests += 1
        var places = log.places(page: number, perPage: perPage)
        if places.isEmpty, configuration.faults.repeatsLastPage, log.count > 0 {
            places = log.places(page: (log.count + perPage - 1) / perPage, perPage: perPage)
        }
        if let refusal = faults.refusal, number >= refusal.fromPage {
            return failure(refusal.status, "refused", "Pages from \(refusal.fromPage) on are not served")
        }
        if places.isEmpty, number > 1, !faults.isEndless, let end = faults.end {
            switch end {
            case .notFound: return failure(404, "not_found", "There is no page \(number)")
            case .noContent: return Reply(status: 204)
            case .null: return Reply(body: Array(#"{"events":null}"#.utf8))
            }
        }
        if faults.isEndless { places = makeUp(perPage) }
        if duplicating { places += places }
        served.eventsServed += places.count
        let body = render(places, page: number, perPage: perPage)
        drift()
        return Reply(body: body)
    }

    private func render(_ places: [Int], page: Int, perPage: Int) -> [UInt8] {
        let isNested = configuration.envelope == .wrapped
        var body = Array((configuration.envelope == .data ? #"{"data":["# : #"{"events":["#).utf8)
        if configuration.envelope == .named { body = Array("\u{FEFF}".utf8) + body }
        if isNested { body = Array(#"{"meta":{"request_id":"\#(requestID)"},"data":"#.utf8) + body }
        for (index, place) in places.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += log.lines[place]
            if faults.withdrawal != nil, !servedIDs.contains(log.ids[place]) { servedIDs.append(log.ids[place]) }
            shown.insert(log.lines[place])
        }
        var total = (faults.isEndless ? 0 : log.count) + configuration.faults.totalError
        if served.logRequests.isMultiple(of: 2) { total += faults.totalSwing }
        if faults.totalDice > 0 { total += random.index(faults.totalDice) }
        switch configuration.envelope {
        case .documented, .data, .named: body += #"],"meta":{"page":\#(page),"total":\#(total)}}"#.utf8
        case .full:
            let pages = (total + perPage - 1) / perPage
            body +=
                #"],"meta":{"page":\#(page),"per_page":\#(perPage),"total":\#(total),"total_pages":\#(pages)}}"#.utf8
        case .bare: body += "]}".utf8
        case .wrapped: body += #"],"meta":{"page":\#(page),"total":\#(total)}}}"#.utf8
        }
        return body
    }

    /// Events that nobody will see again; returns their places.
    private func makeUp(_ count: Int) -> [Int] {
        for _ in 0..<count {
            appended += 1
            log.append(
                Array(
                    #"{"id":"evt-made-up-\#(appended)","action":"database.resized","created_at":"2026-03-17T10:00:00Z"}"#
                        .utf8
                )
            )
        }
        let places = Array((log.count - count)..<log.count)
        return places
    }

    /// The log goes on while it is read.
    private func drift() {
        for _ in 0..<faults.drift.turn() {
            appended += 1
            let at = EventGenerator.time(Int64(Date().timeIntervalSince1970))
            log.append(
                Array(
                    #"{"id":"evt-drift-\#(appended)","action":"database.resized","actor":{"id":"user-102","email":"ben.okafor@acme.example"},"resource":{"type":"database","id":"db-drift","name":"orders-production"},"ip_address":"198.51.100.22","created_at":"\#(at)"}"#
                        .utf8
                )
            )
        }
        if let (events, page) = faults.withdrawal, page == served.logRequests {
            log.remove(ids: Set(servedIDs.prefix(events)))
        }
        log.removeOldest(faults.expire.turn())
        for _ in 0..<faults.vanish.turn() where log.count > 2 {
            log.remove(ids: [log.ids[1 + Int(random.unit() * Double(log.count - 2))]])
        }
    }

    // MARK: Control, for tests and demonstrations

    private func control(_ method: String, _ path: String, _ body: [UInt8]) -> Reply {
        switch (method, path) {
        case ("GET", "/sandbox/served"):
            return Reply(body: (try? Array(JSONEncoder().encode(served))) ?? [])
        case ("GET", "/sandbox/shown"):
            return Reply(body: Array(shown.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [10])))
        case ("GET", "/sandbox/log"): return Reply(body: Array(log.lines.joined(separator: [10])))
        case ("POST", "/sandbox/settings"):
            // Past the log: no event says so.
            guard let given = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
                return failure(400, "bad_request", "The body is not a JSON object")
            }
            settings.merge(given) { _, new in new }
            return Reply(status: 204)
        case ("POST", "/sandbox/replace"):
            for line in body.split(separator: 10) { log.replace(Array(line)) }
            return Reply(status: 204)
        case ("POST", "/sandbox/append"):
            for line in body.split(separator: 10) { log.append(Array(line)) }
            return Reply(status: 204)
        case ("POST", "/sandbox/remove"):
            log.remove(ids: Set(String(decoding: body, as: UTF8.self).split(separator: "\n").map(String.init)))
            return Reply(status: 204)
        default: return failure(404, "not_found", "There is no \(method) \(path)")
        }
    }

    // MARK: Answers

    private func json(_ object: [String: Any]) -> Reply {
        Reply(body: (try? Array(JSONSerialization.data(withJSONObject: object, options: .sortedKeys))) ?? [])
    }

    private func failure(_ status: Int, _ code: String, _ message: String, details: [(String, String)] = []) -> Reply {
        var error: [String: Any] = ["code": code, "message": message]
        if !details.isEmpty { error["details"] = details.map { ["field": $0.0, "message": $0.1] } }
        var reply = json(["error": error, "meta": ["request_id": requestID]])
        reply.status = status
        return reply
    }

    private func apply(_ rule: FaultPlan.Rule, to reply: inout Reply, authorization: String?) {
        served.faults[rule.kind.rawValue, default: 0] += 1
        switch rule.kind {
        case .tooManyRequests:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            reply.headers.append(("Retry-After", String(rule.value ?? 1)))
        case .tooManyUntil:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            reply.headers.append(("Retry-After", SandboxServer.httpDate(after: Double(rule.value ?? 1))))
        case .tooManyWithoutRetry:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            let reset = Int64(Date().timeIntervalSince1970.rounded(.up)) + Int64(rule.value ?? 1)
            reply.hidesAllowance = true
            reply.headers.append(("X-RateLimit-Reset", String(reset)))
        case .tooManySilent:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            reply.hidesAllowance = true
        case .serverError: reply = failure(500, "internal_error", "Something went wrong")
        case .unavailable: reply = failure(503, "maintenance_mode", "The service is being maintained")
        case .reset: reply.cutAfter = reply.body.count / 2
        case .truncate: reply.body = Array(reply.body.prefix(reply.body.count / 2))
        case .drip: reply.drips = true
        case .bomb:
            reply.body = Deflated.blanks(mebibytes: rule.value ?? 80)
            reply.headers.append(("Content-Encoding", "deflate"))
        case .slow: reply.delaySeconds += Double(rule.value ?? 2)
        case .malformed: reply.body = Array(#"{"events":[{"id":"evt-1",}"#.utf8)
        case .html:
            reply.body = Array("<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>".utf8)
            reply.contentType = "text/html"
        case .empty: reply.body = []
        case .shapeless: reply.body = Array(#"{"items":{"a":1}}"#.utf8)
        case .redirect:
            reply = Reply(status: 302, headers: [("Location", "https://elsewhere.example/v1/organization")])
        case .huge: reply.body = [UInt8](repeating: 32, count: (rule.value ?? 80) << 20)
        case .echoToken: reply = failure(400, "bad_request", "I was sent \(authorization ?? "nothing")")
        case .duplicates: break
        }
    }
}

/// What a sandbox has served: numbers for tests.
public struct ServedReport: Sendable, Codable, Hashable {
    /// Requests of the API, control calls aside.
    public var requests = 0
    /// Requests for pages of the log.
    public var logRequests = 0
    /// Events in the pages served, repetitions included.
    public var eventsServed = 0
    /// Answers 429.
    public var rateLimited = 0
    /// Requests by method and path.
    public var paths: [String: Int] = [:]
    /// Answers by status.
    public var statuses: [String: Int] = [:]
    /// Faults by name.
    public var faults: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
        case requests, paths, statuses, faults
        case logRequests = "log_requests"
        case eventsServed = "events_served"
        case rateLimited = "rate_limited"
    }
}
