extension ServiceList {
    /// The organizations that a token sees.
    package static let organizations = ServiceList(
        name: "organizations",
        paths: ["/v1/organizations"],
        names: ["organizations"]
    )
}

extension ServiceClient {
    /// `GET /v1/organizations`: the organizations that the token sees, all pages of them.
    ///
    /// - Returns: The organizations, and why these are not all; nil where they are.
    /// - Throws: `ServiceError` for a token that is refused, `UnreadableBody` for a page that can't be taken apart again.
    package func organizations() async throws -> (organizations: [Organization], unavailable: String?) {
        let answer = try await list(.organizations, of: "", first: nil)
        let elements = try answer.pages.flatMap { try ListPage($0, .organizations).elements }
        return (try elements.map { Organization(try JSONObject($0)) }, answer.unavailable)
    }
}
