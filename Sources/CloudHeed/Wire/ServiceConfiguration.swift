import Foundation

/// Where the service is and how to speak to it.
package struct ServiceConfiguration: Sendable {
    /// Scheme, host and port, such as `https://api.cloudheed.com`.
    package var baseURL: String
    /// The API key.
    package var token: AccessToken
    /// A deadline for each request and its answer.
    package var requestTimeout: Duration = .seconds(30)
    /// The longest wait for the allowance that is slept through.
    package var maxWait: Duration = .seconds(15 * 60)
    /// The share of the allowance that may be used, above 0 up to 1.
    package var rateShare = 1.0
    /// How many requests may be under way at a time.
    package var connections = 4
    /// Extra certificate authorities, a PEM file.
    package var caFile: String?
    /// What `https` goes through.
    package var proxy: Proxy?
    /// What the tool calls itself.
    package var userAgent: String
    /// The id of the organization that every request names; nil where the token tells which one is meant.
    package var organization: String?
    /// Whose requests they are, to let several organizations go in turn.
    package var organizationOfRequests = ""
    /// How many pages of the log may be asked for; nil for any number.
    package var mostPages: Int?
    /// Hears that one more was to be asked for.
    package var onShareUsed: @Sendable () -> Void = {}
    /// The longest answer taken, decompressed.
    package var maxAnswerBytes = 64 << 20
    /// How long to wait before the second attempt; doubled each time, at most 16 s.
    package var firstBackoff: Duration = .milliseconds(500)
    /// How long a list that a pull can do without is tried for, all pages of it; waits for the allowance are not counted.
    package var listTime = Duration.seconds(120)
    /// Hears why a request waits, where it does so for more than a moment.
    package var onWait: @Sendable (String) -> Void = { _ in }

    /// Checks the base URL.
    ///
    /// - Throws: `ServiceError` with code `.configuration`: plain `http` is for the machine itself only.
    package init(baseURL: String, token: AccessToken, userAgent: String) throws {
        let trimmed = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        guard let parts = URLComponents(string: trimmed), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty, scheme == "https" || scheme == "http",
            parts.user == nil, parts.query == nil, parts.fragment == nil
        else {
            throw ServiceError(
                .configuration,
                "base URL '\(baseURL)' is not one",
                hint: "it looks like https://api.cloudheed.com"
            )
        }
        guard scheme == "https" || Self.isLoopback(host) else {
            throw ServiceError(
                .configuration,
                "base URL '\(baseURL)' would send the token over plain http",
                hint: "use https; http is for 127.0.0.1, [::1] and localhost only"
            )
        }
        self.baseURL = trimmed
        self.token = token
        self.userAgent = userAgent
    }

    static func isLoopback(_ host: String) -> Bool {
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
