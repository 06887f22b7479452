import Foundation

/// Calls that tests and demonstrations move the sandbox by; no client of the service has them.
extension SandboxState {
    /// Answers a call below `/sandbox/`.
    mutating func control(_ request: HTTPRequest) -> SandboxReply {
        let body = request.body
        switch (request.method, request.path) {
        case ("GET", "/sandbox/served"):
            return SandboxReply(body: (try? Array(JSONEncoder().encode(served))) ?? [])
        case ("GET", "/sandbox/shown"):
            return SandboxReply(body: Array(shown.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [10])))
        case ("GET", "/sandbox/log"): return SandboxReply(body: Array(log.lines.joined(separator: [10])))
        case ("POST", "/sandbox/settings"):
            // Past the log: no event says so.
            guard let given = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
                return failure(400, "bad_request", "The body is not a JSON object")
            }
            settings.merge(given) { _, new in new }
            return SandboxReply(status: 204)
        case ("POST", "/sandbox/access"):
            return replaceAccess(body)
                ? SandboxReply(status: 204) : failure(400, "bad_request", "The body is no object of lists")
        case ("POST", "/sandbox/replace"):
            for line in body.split(separator: 10) { log.replace(Array(line)) }
            return SandboxReply(status: 204)
        case ("POST", "/sandbox/append"):
            for line in body.split(separator: 10) { log.append(Array(line)) }
            return SandboxReply(status: 204)
        case ("POST", "/sandbox/remove"):
            log.remove(ids: Set(String(decoding: body, as: UTF8.self).split(separator: "\n").map(String.init)))
            return SandboxReply(status: 204)
        default: return failure(404, "not_found", "There is no \(request.method) \(request.path)")
        }
    }
}
