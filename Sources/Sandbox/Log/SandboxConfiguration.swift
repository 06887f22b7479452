import Foundation

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

    /// What a generated log and its lists hold for the controls over access to find, each once.
    package enum Plants: Sendable, Hashable {
        /// Nothing beyond what every generated log holds.
        case none
        /// All that can be seen without comparing two lists.
        case atRest
        /// The same, and a member who came past the log.
        case moved
    }

    /// A bearer token and what it may do.
    package struct Token: Sendable, Hashable {
        /// The token.
        package var value: String
        /// `org:read`, `org:write`.
        package var scopes: Set<String>
        /// The one organization that it sees; nil for all.
        package var organization: String?

        /// Makes a token known.
        package init(_ value: String, scopes: Set<String>, organization: String? = nil) {
            (self.value, self.scopes, self.organization) = (value, scopes, organization)
        }
    }

    /// What an organization is called.
    struct Organization: Sendable, Hashable {
        /// Its id.
        var id = "org-123"
        /// Its name.
        var name = "Acme Corp"
        /// Its short name.
        var slug = "acme-corp"
    }

    /// Port on 127.0.0.1; 0 takes any that is free.
    package var port = 0
    /// Tokens that are accepted.
    package var tokens = [
        Token("ch_live_sandbox", scopes: ["org:read", "org:write"]),
        Token("ch_live_sandbox_readonly", scopes: ["org:read"]),
        Token("ch_live_sandbox_noscope", scopes: []),
    ]
    /// Whom the log belongs to.
    var organization = Organization()
    /// All organizations of this address, where there are several; they share the limits.
    var others: [Organization] = []
    /// Their plan.
    package var plan = "pro"
    /// Whether `X-Organization-Id` is looked at.
    package var obeysOrganizationHeader = true
    /// Events of the log.
    package var events = Events.generated(count: 1200, seed: 7)
    /// What is planted for controls over access.
    package var plants = Plants.none
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
    /// Its clock, seconds since 1970: what answers say the time is, and by which allowances are counted.
    package var now: @Sendable () -> Double = { Date().timeIntervalSince1970 }
    /// Whether the resource of a member event carries the member's e-mail in place of the user id.
    package var membersByEmail = false

    /// A sandbox with the sample organization.
    ///
    /// - Parameter until: End of a generated log, seconds since 1970.
    package init(until: Int64) {
        self.until = until
    }

    /// Serves so many organizations in place of one: `org-1`, `org-2` …, each with a log and a token (`ch_live_sandbox_org-1` …)
    /// of its own; the other tokens see all of them.
    package mutating func serve(organizations count: Int) {
        others = (0..<count).map { number in
            Organization(id: "org-\(number + 1)", name: "Acme Corp \(number + 1)", slug: "acme-corp-\(number + 1)")
        }
        tokens += others.map {
            Token("ch_live_sandbox_\($0.id)", scopes: ["org:read", "org:write"], organization: $0.id)
        }
    }

    /// What one of several organizations serves.
    func serving(_ place: Int) -> SandboxConfiguration {
        var one = self
        one.organization = others[place]
        if case .generated(let count, let seed) = events {
            one.events = .generated(count: count, seed: seed &+ UInt64(place))
        }
        return one
    }
}
