/// What the sandbox serves, to whom, and how well-behaved it is.
package struct SandboxConfiguration: Sendable {
    /// Where the events come from.
    package enum Events: Sendable, Hashable {
        /// Made up: a believable organization over 18 months; the same for the same count and seed.
        case generated(count: Int, seed: UInt64)
        /// Lines of an NDJSON file, each served byte for byte, ordered by time.
        case lines([[UInt8]])
    }

    /// In which order the log is served.
    package enum Order: String, Sendable, CaseIterable {
        case newest
        case oldest
        /// Neither, but the same at every request.
        case shuffled
    }

    /// What stands beside the events in a page of the log.
    package enum Envelope: String, Sendable, CaseIterable {
        /// `events` and `meta` with `page` and `total`, as documented.
        case documented
        /// `meta` with `per_page` and `total_pages`, too, as the service's other lists.
        case full
        /// `data` in place of `events`.
        case data
        /// No `meta`.
        case bare
        /// Every answer inside of `data`, with `meta` and a request id beside it, as the general documentation shows.
        case wrapped
        /// Organization and settings under their names, with the caller's role; a byte order mark before everything.
        case named
    }

    /// A bearer token and what it may do.
    package struct Token: Sendable, Hashable {
        /// The token.
        package var value: String
        /// `org:read`, `org:write`.
        package var scopes: Set<String>

        /// Makes a token known.
        package init(_ value: String, scopes: Set<String>) {
            self.value = value
            self.scopes = scopes
        }
    }

    /// Port on 127.0.0.1; 0 takes any that is free.
    package var port = 0
    /// Tokens that are accepted.
    package var tokens = [
        Token("ch_live_sandbox", scopes: ["org:read", "org:write"]),
        Token("ch_live_sandbox_readonly", scopes: ["org:read"]),
        Token("ch_live_sandbox_noscope", scopes: []),
    ]
    /// Events of the log.
    package var events = Events.generated(count: 1200, seed: 7)
    /// Order of the log.
    package var order = Order.newest
    /// What stands beside the events.
    package var envelope = Envelope.documented
    /// Events a page when the request does not say.
    package var defaultPerPage = 20
    /// Events a page at most.
    package var largestPerPage = 100
    /// Whether `per_page` is not looked at.
    package var ignoresPerPage = false
    /// Requests a window; nil for no limit.
    package var limitPerWindow: Int? = 1000
    /// Length of a window in seconds.
    package var windowSeconds = 60.0
    /// Requests a day; nil for no limit.
    package var limitPerDay: Int?
    /// What is done wrong on purpose.
    package var faults = FaultPlan()
    /// Seconds before each answer.
    package var latencySeconds = 0.0
    /// End of a generated log, seconds since 1970.
    package var until: Int64
    /// Whether the resource of a member event carries the member's e-mail in place of the user id.
    package var membersByEmail = false

    /// A sandbox with the sample organization.
    ///
    /// - Parameter until: End of a generated log, seconds since 1970.
    package init(until: Int64) {
        self.until = until
    }
}
