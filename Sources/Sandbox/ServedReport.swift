/// What a sandbox has served: numbers for tests.
struct ServedReport: Sendable, Codable, Hashable {
    /// Requests of the API, control calls aside.
    var requests = 0
    /// Requests for pages of the log.
    var logRequests = 0
    /// Events in the pages served, repetitions included.
    var eventsServed = 0
    /// Answers 429.
    var rateLimited = 0
    /// Requests by method and path.
    var paths: [String: Int] = [:]
    /// Answers by status.
    var statuses: [String: Int] = [:]
    /// Faults by name.
    var faults: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
        case requests, paths, statuses, faults
        case logRequests = "log_requests"
        case eventsServed = "events_served"
        case rateLimited = "rate_limited"
    }
}
