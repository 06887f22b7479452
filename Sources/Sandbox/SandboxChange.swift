/// Validates and applies what a PATCH asks for, as the service is documented to.
enum SandboxChange {
    struct Invalid: Error {
        var details: [(String, String)]
    }

    static func organization(_ given: [String: Any], _ organization: inout [String: Any]) throws -> [String: Any] {
        var details = given.keys.filter { $0 != "name" }.sorted().map { ($0, "is not a field that can be changed") }
        if let name = given["name"] as? String {
            if name.trimmingSpaces.isEmpty { details.append(("name", "must not be empty")) }
        } else {
            details.append(("name", "must be a text"))
        }
        guard details.isEmpty else { throw Invalid(details: details) }
        organization["name"] = given["name"]
        return organization
    }

    static func settings(_ given: [String: Any], _ settings: inout [String: Any]) throws -> [String: Any] {
        var details: [(String, String)] = []
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "require_2fa", "ip_allowlist_required", "sso_enabled":
                if !(value is Bool) { details.append((name, "must be true or false")) }
            case "allowed_regions":
                let regions = value as? [String] ?? []
                let known: Set<String> = ["fsn1", "nbg1", "hel1", "ash", "hil", "sin"]
                if regions.isEmpty || !regions.allSatisfy(known.contains) {
                    details.append((name, "must be a list of regions: " + known.sorted().joined(separator: ", ")))
                }
            case "default_tier":
                if !["micro", "small", "medium", "large"].contains(value as? String ?? "") {
                    details.append((name, "must be micro, small, medium or large"))
                }
            default: details.append((name, "is not a setting"))
            }
        }
        if given.isEmpty { details.append(("", "nothing to change")) }
        guard details.isEmpty else { throw Invalid(details: details) }
        settings.merge(given) { _, new in new }
        return settings
    }
}

extension String {
    fileprivate var trimmingSpaces: Substring { drop { $0 == " " } }
}
