/// An answer and how it goes over the wire.
struct SandboxReply: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var contentType = "application/json"
    /// The value of `Date`; nil for no such header.
    var date: String?
    /// Bytes of the body after which the connection is cut.
    var cutAfter: Int?
    /// Seconds before the answer begins.
    var delaySeconds = 0.0
    /// Whether the body comes a few bytes at a time.
    var drips = false
    /// Whether the headers that speak of the allowance are left out.
    var hidesAllowance = false

    /// A web page, as something in between answers.
    static let page = SandboxReply(
        body: Array("<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>".utf8),
        contentType: "text/html"
    )

    /// Whether an answer of this status has a body, if only an empty one.
    var hasBody: Bool { status >= 200 && status != 204 && status != 304 }

    /// What goes before the body, the empty line included; it promises the whole body, also where the connection is cut.
    var head: String {
        var lines = ["HTTP/1.1 \(HTTPStatus.line(status))", "Content-Type: \(contentType)"]
        lines += headers.map { "\($0): \($1)" }
        if hasBody { lines.append("Content-Length: \(body.count)") }
        if let date { lines.append("Date: \(date)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
