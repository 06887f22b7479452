/// A list that the sandbox serves: where, and how its two descriptions differ.
enum SandboxList: String, CaseIterable {
    case members
    case invitations
    case apiKeys = "api_keys"

    /// The list that a path names, and whether it is the path of the second description.
    static func named(by path: String) -> (list: SandboxList, isOther: Bool)? {
        switch path {
        case "/v1/organization/members": (.members, false)
        case "/v1/organizations/org-123/members": (.members, true)
        case "/v1/organization/invitations": (.invitations, false)
        case "/v1/organizations/org-123/invites": (.invitations, true)
        case "/v1/auth/api-keys": (.apiKeys, false)
        default: nil
        }
    }

    /// An element as the second description has it.
    func other(_ element: [String: Any]) -> [String: Any] {
        var element = element
        switch self {
        case .members: element["user_id"] = (element["user"] as? [String: Any])?["id"]
        case .invitations: element["status"] = nil
        case .apiKeys: element["key_prefix"] = element.removeValue(forKey: "prefix")
        }
        return element
    }
}
