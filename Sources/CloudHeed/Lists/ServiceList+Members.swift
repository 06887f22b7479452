extension ServiceList {
    /// Who belongs to the organization, with their roles; business organizations alone have it.
    package static let members = ServiceList(
        name: "members",
        paths: ["/v1/organization/members", "/v1/organizations/{id}/members"],
        names: ["members"]
    )
}
