extension ServiceList {
    /// Who was invited and has not accepted yet.
    package static let invitations = ServiceList(
        name: "invitations",
        paths: ["/v1/organization/invitations", "/v1/organizations/{id}/invites"],
        names: ["invitations", "invites"]
    )
}
