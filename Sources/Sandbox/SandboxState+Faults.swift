import CZLib
import Foundation

extension SandboxState {
    /// Does to an answer what a fault says.
    mutating func apply(_ rule: FaultPlan.Rule, to reply: inout SandboxReply, authorization: String?) {
        served.faults[rule.kind.rawValue, default: 0] += 1
        switch rule.kind {
        case .tooManyRequests:
            reply = tooMany
            reply.headers.append(("Retry-After", String(rule.value ?? 1)))
        case .tooManyUntil:
            reply = tooMany
            reply.headers.append(("Retry-After", HTTPStatus.date(configuration.now() + Double(rule.value ?? 1))))
        case .tooManyWithoutRetry:
            reply = tooMany
            let reset = Int64(configuration.now().rounded(.up)) + Int64(rule.value ?? 1)
            reply.hidesAllowance = true
            reply.headers.append(("X-RateLimit-Reset", String(reset)))
        case .tooManySilent:
            reply = tooMany
            reply.hidesAllowance = true
        case .serverError: reply = failure(500, "internal_error", "Something went wrong")
        case .unavailable: reply = failure(503, "maintenance_mode", "The service is being maintained")
        case .reset: reply.cutAfter = reply.body.count / 2
        case .truncate: reply.body = Array(reply.body.prefix(reply.body.count / 2))
        case .drip: reply.drips = true
        case .bomb:
            reply.body = Self.packedBlanks(mebibytes: rule.value ?? 80)
            reply.headers.append(("Content-Encoding", "deflate"))
        case .slow: reply.delaySeconds += Double(rule.value ?? 2)
        case .malformed: reply.body = Array(#"{"events":[{"id":"evt-1",}"#.utf8)
        case .html:
            (reply.body, reply.contentType) = (SandboxReply.page.body, SandboxReply.page.contentType)
        case .empty: reply.body = []
        case .shapeless: reply.body = Array(#"{"items":{"a":1}}"#.utf8)
        case .redirect:
            reply = SandboxReply(status: 302, headers: [("Location", "https://elsewhere.example/v1/organization")])
        case .huge: reply.body = [UInt8](repeating: 32, count: (rule.value ?? 80) << 20)
        case .echoToken: reply = failure(400, "bad_request", "I was sent \(authorization ?? "nothing")")
        case .duplicates: break
        }
    }

    /// A small body that unpacks to a large one.
    private static func packedBlanks(mebibytes: Int) -> [UInt8] {
        let blanks = [UInt8](repeating: 32, count: mebibytes << 20)
        var count = compressBound(uLong(blanks.count))
        var packed = [UInt8](repeating: 0, count: Int(count))
        compress(&packed, &count, blanks, uLong(blanks.count))
        return Array(packed.prefix(Int(count)))
    }
}
