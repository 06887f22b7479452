import Foundation

extension SandboxState {
    /// Does to an answer what a fault says.
    mutating func apply(_ rule: FaultPlan.Rule, to reply: inout SandboxReply, authorization: String?) {
        served.faults[rule.kind.rawValue, default: 0] += 1
        switch rule.kind {
        case .tooManyRequests:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            reply.headers.append(("Retry-After", String(rule.value ?? 1)))
        case .tooManyUntil:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            reply.headers.append(("Retry-After", HTTPStatus.date(configuration.now() + Double(rule.value ?? 1))))
        case .tooManyWithoutRetry:
            reply = failure(429, "rate_limit_exceeded", "Too many requests")
            let reset = Int64(configuration.now().rounded(.up)) + Int64(rule.value ?? 1)
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
            reply = SandboxReply(status: 302, headers: [("Location", "https://elsewhere.example/v1/organization")])
        case .huge: reply.body = [UInt8](repeating: 32, count: (rule.value ?? 80) << 20)
        case .echoToken: reply = failure(400, "bad_request", "I was sent \(authorization ?? "nothing")")
        case .duplicates: break
        }
    }
}
