import Foundation

/// The organization as the service describes it; a field that the service leaves out is nil.
package struct Organization: Sendable {
    /// Its id.
    package var id: String?
    /// Its name.
    package var name: String?
    /// Its short name in addresses.
    package var slug: String?
    /// `free`, `pro`, `enterprise`.
    package var plan: String?
    /// When it was made, RFC 3339.
    package var createdAt: String?
    /// The id of the user who owns it.
    package var ownerID: String?

    /// The object as received.
    package var source: JSONObject

    /// Reads what is understood; a field of another type counts as left out.
    init(_ object: JSONObject) {
        source = object
        id = object.text("id") ?? object.number("id").map(String.init)
        name = object.text("name")
        slug = object.text("slug")
        plan = object.text("plan")
        createdAt = object.text("created_at")
        ownerID = object.text("owner_id") ?? object.number("owner_id").map(String.init)
    }
}

/// A change to the settings: any subset of them.
package struct SettingsChange: Sendable, Hashable, Encodable {
    /// Whether every member must use a second factor.
    package var require2FA: Bool?
    /// Where databases may be.
    package var allowedRegions: [String]?
    /// Whether addresses are limited.
    package var ipAllowlistRequired: Bool?
    /// The tier a new database gets.
    package var defaultTier: String?
    /// Whether single sign-on is on.
    package var ssoEnabled: Bool?

    enum CodingKeys: String, CodingKey {
        case require2FA = "require_2fa"
        case allowedRegions = "allowed_regions"
        case ipAllowlistRequired = "ip_allowlist_required"
        case defaultTier = "default_tier"
        case ssoEnabled = "sso_enabled"
    }

    /// A change of nothing.
    package init() {}

    /// Whether nothing is changed.
    package var isEmpty: Bool { self == SettingsChange() }
}

/// An answer of the service.
package struct ServiceAnswer<Value: Sendable>: Sendable {
    /// What it says.
    package let value: Value
    /// Its body as received, decompressed, without a byte order mark.
    package let body: [UInt8]
    /// The server's clock, seconds since 1970, from its `Date` header.
    package let serverTime: Int64?
    /// The service's name for the request.
    package let requestID: String?
    /// Whether its `Link` header leads on to a next page.
    package var isContinued = false

    /// The request's name in brackets, or nothing.
    var named: String { requestID.map { " [\($0)]" } ?? "" }

    /// The same answer, understood further.
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> ServiceAnswer<Other> {
        ServiceAnswer<Other>(
            value: transform(value),
            body: body,
            serverTime: serverTime,
            requestID: requestID,
            isContinued: isContinued
        )
    }
}

extension Organization {
    /// Requests that a plan allows a day, as the service's documentation says; nil where it names no number.
    package static func dailyLimit(ofPlan plan: String?) -> Int? {
        switch plan {
        case "free": 1_000
        case "pro": 100_000
        default: nil
        }
    }
}
