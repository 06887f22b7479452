import Foundation

/// What the sandbox knows: organization, settings, log, and what it has served; it makes the answers.
struct SandboxState {
    let configuration: SandboxConfiguration
    var log: SandboxLog
    var settings: [String: Any]
    var random = SeededRandom(seed: 4711)
    /// Events that came into the log since it was made.
    var appended = 0
    var served = ServedReport()
    var faults: FaultPlan
    /// Every text that the log ever showed.
    var shown: Set<[UInt8]> = []
    /// Ids in the order in which they were first served; kept where some are to be withdrawn.
    var servedIDs: [String] = []
    var access = SandboxAccess()
    /// Requests but for lists: what faults are counted by.
    private var numbered = 0
    var organization: [String: Any]
    private var organizationAnswers = 0
    var allowance: SandboxAllowance

    init(_ configuration: SandboxConfiguration) {
        self.configuration = configuration
        faults = configuration.faults
        let lines: [[UInt8]]
        switch configuration.events {
        case .generated(let count, let seed):
            var generator = EventGenerator(
                seed: seed,
                membersByEmail: configuration.membersByEmail,
                plantsAccess: configuration.plants != .none
            )
            generator.generate(count: count, until: configuration.until)
            lines = generator.lines
            access = SandboxAccess(generator, until: configuration.until)
            access.plant(configuration.plants, until: configuration.until)
        case .lines(let given): lines = given
        }
        var log = SandboxLog(lines, order: configuration.order)
        var dice = SeededRandom(seed: 31)
        log.disturb(faults.disorder, &dice)
        log.misdate(faults.oddTimes, &dice)
        log.mingle(oddElements: faults.oddElements, &dice)
        self.log = log
        organization = [
            "id": configuration.organization.id, "name": configuration.organization.name,
            "slug": configuration.organization.slug, "plan": configuration.plan, "owner_id": "user-101",
            "member_count": access.members?.count ?? 12, "database_count": 17,
            "created_at": UTCTime.rfc3339(configuration.until - 545 * 86_400),
        ]
        settings = [
            "require_2fa": true, "allowed_regions": ["fsn1", "nbg1", "ash"], "ip_allowlist_required": false,
            "default_tier": "micro", "sso_enabled": false,
        ]
        allowance = SandboxAllowance(configuration)
    }

    /// The answer to a request, with what it changes.
    mutating func answer(_ request: HTTPRequest) -> SandboxReply {
        if request.path.hasPrefix("/sandbox/") { return control(request) }
        served.requests += 1
        served.paths["\(request.method) \(request.path)", default: 0] += 1
        let now = configuration.now()
        var rate: [(String, String)] = []
        if let refusal = takeAllowance(now, &rate) { return finish(refusal, rate) }
        var rules: [FaultPlan.Rule] = []
        if SandboxList.named(by: request.path) == nil {
            numbered += 1
            rules = configuration.faults.faults(ofRequest: numbered) { random.unit() }
        }
        var reply = route(request, duplicating: rules.contains { $0.kind == .duplicates })
        reply.delaySeconds += configuration.latencySeconds
        for rule in rules { apply(rule, to: &reply, authorization: request.header("authorization")) }
        return finish(reply, rate)
    }

    private mutating func finish(_ reply: SandboxReply, _ rate: [(String, String)]) -> SandboxReply {
        var reply = reply
        if !reply.hidesAllowance { reply.headers += rate }
        reply.headers.append(("X-Request-Id", requestID))
        served.statuses[String(reply.status), default: 0] += 1
        if reply.status == 429 { served.rateLimited += 1 }
        return reply
    }

    var requestID: String { "req-\(served.requests)" }

    private mutating func takeAllowance(_ now: Double, _ headers: inout [(String, String)]) -> SandboxReply? {
        guard let tightest = allowance.take(at: now) else { return nil }
        headers = [
            ("X-RateLimit-Limit", String(tightest.limit)), ("X-RateLimit-Remaining", String(tightest.remaining ?? 0)),
            ("X-RateLimit-Reset", String(Int64(tightest.resetsAt.rounded(.up)))),
        ]
        guard tightest.remaining == nil else { return nil }
        var reply = tooMany
        reply.headers.append(("Retry-After", String(max(1, Int((tightest.resetsAt - now).rounded(.up))))))
        return reply
    }

    private mutating func route(_ request: HTTPRequest, duplicating: Bool) -> SandboxReply {
        let token = request.header("authorization").flatMap { text in
            text.hasPrefix("Bearer ") ? String(text.dropFirst(7)) : nil
        }
        guard let known = configuration.tokens.first(where: { $0.value == token }),
            known.organization == nil || known.organization == organization["id"] as? String
        else {
            return failure(401, "invalid_token", "The access token is missing or invalid")
        }
        let scope = request.method == "GET" ? "org:read" : "org:write"
        guard known.scopes.contains(scope) else {
            return failure(403, "insufficient_permissions", "The token lacks the scope \(scope)")
        }
        if request.method == "GET", let (list, isOther) = SandboxList.named(by: request.path) {
            return page(of: list, isOther: isOther, request.query)
        }
        switch (request.method, request.path) {
        case ("GET", "/v1/organizations"): return listed(known)
        case ("GET", "/v1/organization"): return described("organization", askedOrganization())
        case ("PATCH", "/v1/organization"):
            return change("organization", \.organization, by: request.body, SandboxChange.organization)
        case ("GET", "/v1/organization/settings"): return described("settings", settings)
        case ("PATCH", "/v1/organization/settings"):
            return change("settings", \.settings, by: request.body, SandboxChange.settings)
        case ("GET", "/v1/organization/audit-log"): return page(request.query, duplicating: duplicating)
        default: return failure(404, "not_found", "There is no \(request.method) \(request.path)")
        }
    }

    /// The organizations that a token sees.
    private func listed(_ token: SandboxConfiguration.Token) -> SandboxReply {
        let all = configuration.others.isEmpty ? [configuration.organization] : configuration.others
        let seen = all.filter { token.organization == nil || token.organization == $0.id }.map {
            ["id": $0.id, "name": $0.name, "slug": $0.slug, "type": "business"]
        }
        return json(["organizations": seen])
    }

    private mutating func askedOrganization() -> [String: Any] {
        organizationAnswers += 1
        guard let from = faults.otherOrganizationFrom, organizationAnswers >= from else { return organization }
        return organization.merging(["id": "org-999", "name": "Another Corp", "slug": "another-corp"]) { _, new in new }
    }

    /// An object in the envelope that is asked for.
    private func described(_ name: String, _ object: [String: Any]) -> SandboxReply {
        switch configuration.envelope {
        case .wrapped: return json(["data": object, "meta": ["request_id": requestID]])
        case .named:
            var reply = json([name: object, "role": "owner"])
            reply.body = Array("\u{FEFF}".utf8) + reply.body
            return reply
        case .documented, .full, .data, .bare: return json(object)
        }
    }

    private mutating func change(
        _ name: String,
        _ object: WritableKeyPath<SandboxState, [String: Any]>,
        by body: [UInt8],
        _ apply: ([String: Any], inout [String: Any]) -> [SandboxChange.Refusal]
    ) -> SandboxReply {
        guard let given = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
            return failure(400, "bad_request", "The body is not a JSON object")
        }
        let refusals = apply(given, &self[keyPath: object])
        guard refusals.isEmpty else {
            return failure(422, "validation_error", "Validation failed", details: refusals)
        }
        append(
            "sandbox",
            #""action":"settings.updated","actor":{"id":"user-101","email":"ada.lindqvist@acme.example"},"resource":{"type":"settings","id":"\#(configuration.organization.id)","name":"Acme Corp"},"ip_address":"127.0.0.1""#
        )
        return described(name, self[keyPath: object])
    }

    /// Adds an event of this moment to the log.
    ///
    /// - Parameters:
    ///   - kind: What its id says it is.
    ///   - members: Its members but for id and time, as JSON.
    mutating func append(_ kind: String, _ members: String) {
        appended += 1
        let at = UTCTime.rfc3339(Int64(configuration.now()))
        log.append(Array(#"{"id":"evt-\#(kind)-\#(appended)",\#(members),"created_at":"\#(at)"}"#.utf8))
    }

    // MARK: Answers

    func json(_ object: Any) -> SandboxReply {
        SandboxReply(body: (try? Array(JSONSerialization.data(withJSONObject: object, options: .sortedKeys))) ?? [])
    }

    /// The answer to more requests than are allowed.
    var tooMany: SandboxReply { failure(429, "rate_limit_exceeded", "Too many requests") }

    func failure(_ status: Int, _ code: String, _ message: String, details: [SandboxChange.Refusal] = [])
        -> SandboxReply
    {
        var error: [String: Any] = ["code": code, "message": message]
        if !details.isEmpty { error["details"] = details.map { ["field": $0.field, "message": $0.message] } }
        var reply = json(["error": error, "meta": ["request_id": requestID]])
        reply.status = status
        return reply
    }
}
