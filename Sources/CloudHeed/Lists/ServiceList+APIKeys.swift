extension ServiceList {
    /// API keys: the organization's or the caller's alone, which the service does not say.
    package static let apiKeys = ServiceList(
        name: "api_keys",
        paths: ["/v1/auth/api-keys"],
        names: ["api_keys"]
    )
}
