/// The organizations that one address serves, and the allowance that they share.
struct SandboxTenants {
    private var states: [SandboxState]
    private var allowance: SandboxAllowance
    private let configuration: SandboxConfiguration
    private let places: [String: Int]
    private let placesByToken: [String: Int]
    /// Whose request each one was, in their order: places of `states`.
    private var order: [Int32] = []

    init(_ configuration: SandboxConfiguration) {
        self.configuration = configuration
        allowance = SandboxAllowance(configuration)
        let others = configuration.others
        states =
            others.isEmpty
            ? [SandboxState(configuration)] : others.indices.map { SandboxState(configuration.serving($0)) }
        places = Dictionary(uniqueKeysWithValues: others.enumerated().map { ($1.id, $0) })
        placesByToken = Dictionary(
            configuration.tokens.compactMap { [places] token in
                token.organization.flatMap { places[$0] }.map { ("Bearer \(token.value)", $0) }
            }
        ) { first, _ in first }
    }

    /// The answer of the organization that a request is about: the token's, else the one that its header names, else the first.
    mutating func answer(_ request: HTTPRequest) -> SandboxReply {
        if request.path == "/sandbox/order" {
            return SandboxReply(
                body: Array(order.map { states[Int($0)].configuration.organization.id }.joined(separator: "\n").utf8)
            )
        }
        let named = configuration.obeysOrganizationHeader ? request.header("x-organization-id") : nil
        let place = placesByToken[request.header("authorization") ?? ""] ?? named.flatMap { places[$0] } ?? 0
        if let named, !places.isEmpty, named != states[place].configuration.organization.id {
            return states[place].failure(403, "insufficient_permissions", "The token does not see \(named)")
        }
        if !request.path.hasPrefix("/sandbox/"), !places.isEmpty { order.append(Int32(place)) }
        states[place].allowance = allowance
        defer { allowance = states[place].allowance }
        return states[place].answer(request)
    }
}
