import Auditing
import CloudHeed
import Evidence
import Foundation

extension Examination {
    /// Token, proxy, certificates, and what the service answers.
    mutating func lookAtService(_ configuration: ToolConfiguration) async {
        let environment = ProcessInfo.processInfo.environment
        let before = problemCount
        check("token", needs: .tokenFile) {
            _ = try ServiceAccess.token(configuration, environment)
            return Self.placeOfToken(configuration, environment)
        }
        check("proxy") { try Self.proxy(environment, configuration) }
        if configuration.caFile != nil || !isKnown(.caFile) {
            check("ca_file", needs: .caFile) { try Self.authorities(configuration) }
        }
        let keys: [ConfigurationKey] = [.baseURL, .tokenFile, .caFile]
        guard keys.allSatisfy({ isKnown($0) }), problemCount == before else {
            unknown("service", "not asked: address, token, proxy or certificates can't be used, see above")
            unknown("scope", "not looked at: the service was not asked")
            return unknown("clock", "not compared: the service was not asked")
        }
        do {
            try await ServiceAccess.withClient(configuration) { await ask($0, configuration) }
        } catch {
            bad("service", Problem(from: error))
        }
    }

    private static func placeOfToken(_ configuration: ToolConfiguration, _ environment: [String: String]) -> String {
        let isInEnvironment = environment[SecretVariables.token]?.isEmpty == false
        if let file = configuration.tokenFile {
            return "in \(file), which no stranger can read" + (isInEnvironment ? "; CLOUDHEED_TOKEN is not used" : "")
        }
        return isInEnvironment ? "in CLOUDHEED_TOKEN" : "in the credentials that systemd hands out"
    }

    private static func proxy(_ environment: [String: String], _ configuration: ToolConfiguration) throws -> String {
        guard let proxy = try Proxy(environment: environment) else { return "none for https in the environment" }
        guard configuration.baseURL.lowercased().hasPrefix("https") else {
            return "\(proxy.shown) is not used: \(configuration.baseURL) is on this machine"
        }
        return proxy.shown + (proxy.hasLogin ? ", with a login" : ", without a login")
            + (proxy.exceptions.map { "; not for \($0)" } ?? "")
    }

    /// The client reads the certificates when it is made.
    private static func authorities(_ configuration: ToolConfiguration) throws -> String {
        var service = try ServiceConfiguration(
            baseURL: ToolConfiguration.defaultBaseURL,
            token: try AccessToken("unused"),
            userAgent: ToolVersion.name
        )
        service.caFile = configuration.caFile
        _ = try ServiceClient(service, logger: configuration.logger)
        return "\(configuration.caFile ?? ""), beside those that the system trusts"
    }

    private mutating func ask(_ client: ServiceClient, _ configuration: ToolConfiguration) async {
        do {
            let organization = try await client.organization()
            good("service", "\(configuration.baseURL) answers")
            lookAtOrganization(organization.value.id, configuration)
            if !configuration.isOneOfSeveral { await lookAtOrganizations(client) }
            await lookAtScope(client)
            if configuration.access, let id = organization.value.id { await lookAtLists(client, id) }
            lookAtClock(organization.serverTime)
        } catch {
            bad("service", Problem(from: error))
            unknown("scope", "not looked at: the organization was not answered")
            unknown("clock", "not compared: the organization was not answered")
        }
    }

    /// A token may see several organizations; that the service does not tell is no fault.
    private mutating func lookAtOrganizations(_ client: ServiceClient) async {
        guard let seen = try? await client.organizations().organizations, seen.count > 1 else { return }
        let ids = seen.prefix(5).compactMap(\.id).joined(separator: ", ") + (seen.count > 5 ? " …" : "")
        let count = Counted.text(seen.count, "organization")
        good(
            "organizations",
            "the token sees \(count): \(ids); 'heedaudit organization list' shows them for the configuration"
        )
    }

    /// The settings and the log are other calls, and may be refused alone.
    private mutating func lookAtScope(_ client: ServiceClient) async {
        let before = problemCount
        do {
            _ = try await client.answer(about: .settings)
        } catch {
            bad("settings", Problem(from: error))
        }
        do {
            _ = try await client.page(1)
        } catch {
            bad("audit log", Problem(from: error))
        }
        if problemCount == before { good("scope", "organization, settings and log can be read") }
    }

    /// Lists are optional: a pull does without those that it can't have.
    private mutating func lookAtLists(_ client: ServiceClient, _ organization: String) async {
        for list in ServiceList.all {
            guard let resource = ListResource(rawValue: list.name) else { continue }
            do {
                let answer = try await client.look(at: list, of: organization)
                guard let why = answer.unavailable else {
                    good("list", "\(resource.called) can be read (\(answer.from ?? ""))")
                    continue
                }
                let words = MissingLists.words(resource, why: TerminalText.clean(why), isCut: false)
                warn("list", words, hint: "if it is the token, give one that may read it; or set access: off")
            } catch {
                bad("list", Problem(from: error))
            }
        }
    }

    private mutating func lookAtOrganization(_ id: String?, _ configuration: ToolConfiguration) {
        guard let id, !id.isEmpty else {
            return bad("organization", .unusableData, "GET /v1/organization: the answer has no id")
        }
        guard isKnown("organization", [.organization]) else { return }
        if let expected = configuration.organization, ExactText(expected) != ExactText(id) {
            return bad(
                "organization",
                configuration.organizationHeader
                    ? Problem(from: AuditError.answered(id, for: expected))
                    : Problem(
                        .noPermission,
                        "the token belongs to '\(id)', not to '\(expected)'",
                        hint: "use the other organization's token, or change --organization"
                    )
            )
        }
        good("organization", id)
        guard isKnown(.archive), !configuration.isOneOfSeveral else { return }
        let present = (try? ArchiveRoot(path: configuration.archive).organizations()) ?? []
        guard !present.isEmpty, !present.contains(ArchiveRoot.folderName(of: id)) else { return }
        warn(
            "archive",
            "\(configuration.archive) holds \(present.joined(separator: ", ")), and the token belongs to '\(id)'",
            hint: "a pull begins an archive of its own beside; is --archive or the token another organization's?"
        )
    }

    private mutating func lookAtClock(_ serverTime: Int64?) {
        guard let serverTime else {
            return unknown("clock", "not compared: the service sends no Date that can be read")
        }
        let (difference, isFar) = Clock.now().seconds.subtractingReportingOverflow(serverTime)
        guard !isFar, difference.magnitude <= 120 else {
            let amount = isFar ? "out of all proportion" : Counted.text(Int(clamping: difference.magnitude), "second")
            return bad(
                "clock",
                .configuration,
                "this machine's clock is \(amount) \(difference < 0 ? "behind" : "ahead of") the service's",
                hint: "set up NTP"
            )
        }
        good("clock", "within \(Counted.text(Int(clamping: difference.magnitude), "second")) of the service's")
    }
}
