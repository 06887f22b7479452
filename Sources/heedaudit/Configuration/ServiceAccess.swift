import CloudHeed
import Evidence
import Foundation

/// Makes the client that the configuration asks for.
enum ServiceAccess {
    /// Runs `body` with a client, which tells `onWait` why it waits, and closes its connections afterwards.
    static func withClient<Value>(
        _ configuration: ToolConfiguration,
        onWait: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (ServiceClient) async throws -> Value
    ) async throws -> Value {
        let turn = OrganizationTurn.current
        if let refusal = turn?.refusal { throw refusal }
        var service = try serviceConfiguration(configuration)
        service.onWait = onWait
        service.organizationOfRequests = configuration.organization ?? ""
        service.mostPages = turn?.mostPages
        service.onShareUsed = { turn?.useUp() }
        let client = try ServiceClient(service, logger: configuration.logger, shared: turn?.queue)
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private static func serviceConfiguration(_ configuration: ToolConfiguration) throws -> ServiceConfiguration {
        let environment = ProcessInfo.processInfo.environment
        var service = try ServiceConfiguration(
            baseURL: configuration.baseURL,
            token: try token(configuration, environment),
            userAgent: ToolVersion.name
        )
        service.token.withSecret(TerminalText.hide)
        service.requestTimeout = configuration.requestTimeout
        service.maxWait = configuration.maxWait
        service.rateShare = configuration.rateShare
        service.connections = configuration.connections
        service.caFile = configuration.caFile
        if configuration.organizationHeader { service.organization = try headerValue(configuration.organization) }
        service.proxy = try Proxy(environment: environment)
        if let password = service.proxy?.password { TerminalText.hide(password) }
        return service
    }

    /// An organization's id as a header can hold it.
    private static func headerValue(_ id: String?) throws -> String {
        guard let id, !id.isEmpty else {
            throw Problem(
                .configuration,
                "organization_header is set, and nothing says which organization is meant",
                hint: "name it by --organization; 'heedaudit organization list' shows which ones the token sees"
            )
        }
        guard id.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw Problem(
                .configuration,
                "organization '\(id)' can't stand in a header",
                hint: "an id is one word; 'heedaudit organization list' shows those that the token sees"
            )
        }
        return id
    }

    /// A base URL that can be used.
    ///
    /// - Throws: `ServiceError` with code `.configuration`.
    static func checkedBaseURL(_ text: String) throws -> String {
        if let password = URLComponents(string: text)?.password { TerminalText.hide(password) }
        let unused = try AccessToken("unused")
        _ = try ServiceConfiguration(baseURL: text, token: unused, userAgent: ToolVersion.name)
        return text
    }

    /// The token from its file, else from the environment, else from systemd's credentials.
    static func token(_ configuration: ToolConfiguration, _ environment: [String: String]) throws -> AccessToken {
        if let file = configuration.tokenFile { return try AccessToken(file: file) }
        if let text = environment[SecretVariables.token], !text.isEmpty { return try AccessToken(text) }
        if let folder = environment["CREDENTIALS_DIRECTORY"] {
            let path = folder + "/cloudheed-token"
            if FileManager.default.fileExists(atPath: path) { return try AccessToken(file: path) }
        }
        throw ServiceError(
            .tokenMissing,
            "no token: neither --token-file nor CLOUDHEED_TOKEN is given",
            hint: "put an API key with the scope org:read into a file (chmod 600) and name it by --token-file"
        )
    }
}
