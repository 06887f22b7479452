import Foundation

/// The words of HTTP that stand in the heads of answers.
enum HTTPStatus {
    private static let phrases = [
        200: "OK", 204: "No Content", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found", 410: "Gone", 413: "Content Too Large", 422: "Unprocessable Entity", 429: "Too Many Requests",
        500: "Internal Server Error", 503: "Service Unavailable",
    ]

    /// A status with its phrase, where it has a usual one: `404 Not Found`.
    static func line(_ status: Int) -> String { "\(status) \(phrases[status] ?? "")" }

    /// IMF-fixdate (RFC 9110 section 5.6.7) of a time, seconds since 1970.
    static func date(_ seconds: Double) -> String { UTCTime.text(Int64(seconds), "%a, %d %b %Y %H:%M:%S GMT") }
}
