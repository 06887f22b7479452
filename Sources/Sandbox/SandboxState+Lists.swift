import Foundation

extension SandboxState {
    /// The answer to a request for a list, or what its fault makes of it.
    func page(of list: SandboxList, isOther: Bool, _ query: [String: String]) -> SandboxReply {
        let fault = faults.lists[list]
        let elements: [[String: Any]]?
        switch list {
        case .members: elements = access.members
        case .invitations: elements = access.invitations
        case .apiKeys: elements = access.apiKeys
        }
        switch fault {
        case .forbidden: return failure(403, "insufficient_permissions", "The token may not read this list")
        case .refused: return failure(401, "invalid_token", "The access token is invalid")
        case .broken: return failure(500, "internal_error", "Something went wrong")
        case .shapeless: return json(["items": ["a": 1]])
        case .html: return .page
        case .missing: return failure(404, "not_found", "There is no such list")
        case .other where !isOther && list != .apiKeys: return failure(404, "not_found", "There is no such list")
        default: break
        }
        guard let elements else { return failure(404, "not_found", "There is no such list") }
        let perPage = min(query["per_page"].flatMap { Int($0) } ?? 20, configuration.largestPerPage)
        let number = fault == .repeating ? 1 : max(1, query["page"].flatMap { Int($0) } ?? 1)
        let isWhole = fault == .unpaged || fault == .array
        let shown = isWhole ? elements[...] : elements.dropFirst((number - 1) * max(1, perPage)).prefix(max(1, perPage))
        let described = shown.map { isOther || fault == .other ? list.other($0) : $0 }
        if fault == .array { return json(described) }
        let name = isOther && list == .invitations ? "invites" : list.rawValue
        var meta: [String: Any] = ["page": number, "per_page": perPage, "total": elements.count]
        meta["total_pages"] = (elements.count + perPage - 1) / max(1, perPage)
        let isTold = !isWhole && fault != .silent && configuration.envelope != .bare
        return enveloped(name, described, isTold ? meta : nil)
    }

    private func enveloped(_ name: String, _ elements: [[String: Any]], _ meta: [String: Any]?) -> SandboxReply {
        var object: [String: Any] = [configuration.envelope == .data ? "data" : name: elements]
        object["meta"] = meta
        guard configuration.envelope == .wrapped else { return json(object) }
        return json(["data": object, "meta": ["request_id": requestID]])
    }

    /// Puts lists in the place of others, past the log; null for a list that there shall not be.
    ///
    /// - Returns: Whether they could be read.
    mutating func replaceAccess(_ body: [UInt8]) -> Bool {
        guard let given = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else { return false }
        for (name, value) in given {
            let elements = value as? [[String: Any]]
            switch SandboxList(rawValue: name) {
            case .members:
                access.members = elements
                if let elements { organization["member_count"] = elements.count }
                // Of whom the list says that they own it, the organization says so, too.
                let owner = elements?.first { $0["role"] as? String == "owner" }?["user"] as? [String: Any]
                if let id = owner?["id"] { organization["owner_id"] = id }
            case .invitations: access.invitations = elements
            case .apiKeys: access.apiKeys = elements
            case nil: return false
            }
        }
        return true
    }
}
