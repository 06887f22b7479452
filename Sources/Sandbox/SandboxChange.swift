/// Validates and applies what a PATCH asks for, as the service is documented to.
enum SandboxChange {
    /// A field that can't be as it is asked for.
    struct Refusal {
        var field: String
        var message: String
    }

    /// Changes the organization; what is refused, and then nothing is changed.
    static func organization(_ given: [String: Any], _ organization: inout [String: Any]) -> [Refusal] {
        var refusals = given.keys.filter { $0 != "name" }.sorted().map {
            Refusal(field: $0, message: "is not a field that can be changed")
        }
        if let name = given["name"] as? String {
            if name.allSatisfy({ $0 == " " }) { refusals.append(Refusal(field: "name", message: "must not be empty")) }
        } else {
            refusals.append(Refusal(field: "name", message: "must be a text"))
        }
        if refusals.isEmpty { organization["name"] = given["name"] }
        return refusals
    }

    /// Changes settings; what is refused, and then nothing is changed.
    static func settings(_ given: [String: Any], _ settings: inout [String: Any]) -> [Refusal] {
        var refusals = given.sorted { $0.key < $1.key }.compactMap { name, value in
            problem(name, value).map { Refusal(field: name, message: $0) }
        }
        if given.isEmpty { refusals.append(Refusal(field: "", message: "nothing to change")) }
        if refusals.isEmpty { settings.merge(given) { _, new in new } }
        return refusals
    }

    private static func problem(_ name: String, _ value: Any) -> String? {
        switch name {
        case "require_2fa", "ip_allowlist_required", "sso_enabled":
            return value is Bool ? nil : "must be true or false"
        case "allowed_regions":
            let regions = value as? [String] ?? []
            let known: Set<String> = ["fsn1", "nbg1", "hel1", "ash", "hil", "sin"]
            if !regions.isEmpty, regions.allSatisfy(known.contains) { return nil }
            return "must be a list of regions: " + known.sorted().joined(separator: ", ")
        case "default_tier":
            let isKnown = ["micro", "small", "medium", "large"].contains(value as? String ?? "")
            return isKnown ? nil : "must be micro, small, medium or large"
        default: return "is not a setting"
        }
    }
}
