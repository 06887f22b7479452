import Foundation

/// The organization as the service describes it; a field that the service leaves out is nil.
public struct Organization: Sendable {
    /// Its id.
    public var id: String?
    /// Its name.
    public var name: String?
    /// Its short name in addresses.
    public var slug: String?
    /// `free`, `pro`, `enterprise`.
    public var plan: String?
    /// The user who owns it.
    public var ownerID: String?
    /// How many members it has.
    public var memberCount: Int?
    /// How many databases it has.
    public var databaseCount: Int?
    /// When it was made, RFC 3339.
    public var createdAt: String?

    /// The object as received.
    public var source: JSONObject

    /// Reads what is understood; a field of another type counts as left out.
    init(_ object: JSONObject) {
        source = object
        id = object.text("id") ?? object.number("id").map(String.init)
        name = object.text("name")
        slug = object.text("slug")
        plan = object.text("plan")
        ownerID = object.text("owner_id")
        memberCount = object.number("member_count")
        databaseCount = object.number("database_count")
        createdAt = object.text("created_at")
    }
}

/// A change to the settings: any subset of them.
public struct SettingsChange: Sendable, Hashable, Encodable {
    /// Whether every member must use a second factor.
    public var require2FA: Bool?
    /// Where databases may be.
    public var allowedRegions: [String]?
    /// Whether addresses are limited.
    public var ipAllowlistRequired: Bool?
    /// The tier a new database gets.
    public var defaultTier: String?
    /// Whether single sign-on is on.
    public var ssoEnabled: Bool?

    enum CodingKeys: String, CodingKey {
        case require2FA = "require_2fa"
        case allowedRegions = "allowed_regions"
        case ipAllowlistRequired = "ip_allowlist_required"
        case defaultTier = "default_tier"
        case ssoEnabled = "sso_enabled"
    }

    /// A change of nothing.
    public init() {}

    /// Whether nothing is changed.
    public var isEmpty: Bool { self == SettingsChange() }
}

/// An answer of the service.
public struct ServiceAnswer<Value: Sendable>: Sendable {
    /// What it says.
    public let value: Value
    /// Its body as received, decompressed, without a byte order mark.
    public let body: [UInt8]
    /// The server's clock, seconds since 1970, from its `Date` header.
    public let serverTime: Int64?
    /// The service's name for the request.
    public let requestID: String?

    /// The request's name in brackets, or nothing.
    var named: String { requestID.map { " [\($0)]" } ?? "" }

    /// The same answer, understood further.
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> ServiceAnswer<Other> {
        ServiceAnswer<Other>(value: transform(value), body: body, serverTime: serverTime, requestID: requestID)
    }
}
