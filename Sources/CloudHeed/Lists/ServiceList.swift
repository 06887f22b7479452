import Foundation

/// A list that the service keeps beside its log, as its documentation describes it in several ways; which of them is true, the
/// service tells by answering.
package struct ServiceList: Sendable, Hashable {
    /// What the tool calls it; the name is the ledger's.
    package let name: String
    /// Where it may be asked for, the likeliest first; `{id}` stands for the organization's id.
    let paths: [String]
    /// Under which names an answer may hold it.
    let names: [String]

    /// Who belongs to the organization, with their roles; business organizations alone have it.
    package static let members = ServiceList(
        name: "members",
        paths: ["/v1/organization/members", "/v1/organizations/{id}/members"],
        names: ["members"]
    )
    /// Who was invited and has not accepted yet.
    package static let invitations = ServiceList(
        name: "invitations",
        paths: ["/v1/organization/invitations", "/v1/organizations/{id}/invites"],
        names: ["invitations", "invites"]
    )
    /// API keys: the organization's or the caller's alone, which the service does not say.
    package static let apiKeys = ServiceList(name: "api_keys", paths: ["/v1/auth/api-keys"], names: ["api_keys"])
    /// The organizations that a token sees.
    static let organizations = ServiceList(
        name: "organizations",
        paths: ["/v1/organizations"],
        names: ["organizations"]
    )

    /// Every list that a pull asks for, in this order.
    package static let all = [members, invitations, apiKeys]

    /// Elements that are asked for at a time: the most that the service's lists allow.
    static let perPage = 100
    /// Elements of a page where nobody says otherwise: what has fewer is the last one, however the service cuts the list.
    static let smallestPage = 20

    /// The paths of an organization, that of an earlier answer first.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - earlier: What answered before, as ``ListAnswer/from`` named it; anything else counts for nothing.
    /// - Returns: Paths without a query.
    func paths(of organization: String, first earlier: String?) -> [String] {
        let all = paths.map { $0.replacing("{id}", with: Self.inPath(organization)) }
        let known = all.filter { earlier == "GET \($0)" }
        return known + all.filter { !known.contains($0) }
    }

    /// A text as one component of a path.
    private static func inPath(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
}
