import Evidence

/// Controls that ask for a setting to be as expected, or for a list to hold nothing but what is approved.
enum SettingControls {
    /// The control that is judged here, by its id.
    static let judges: [String: ControlLogic.Judge] = ["ORG-REGIONS": regions]

    static func isAsExpected(_ setting: String, _ expected: Bool, _ control: Control, _ facts: JudgedFacts) -> [Finding]
    {
        let verdict = SettingVerdict(facts: facts, setting: setting) { value in
            switch value {
            case .boolean(expected): .wanted("\(setting) was \(expected)")
            case .boolean(let found): .unwanted("\(setting) was \(found)")
            case nil: .unclear("the service's answer has no setting \(setting)")
            default: .unclear("the service's answer for \(setting) is neither true nor false")
            }
        }
        return [verdict.finding(control)]
    }

    static func regions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let approved = facts.policy.approvedRegions.map { Set($0.map { ExactText($0) }) }
        let verdict = SettingVerdict(facts: facts, setting: "allowed_regions") { value in
            // An empty list says either "none" or "no limit": the service does not document which.
            guard case .list(let allowed) = value, !allowed.isEmpty else {
                return .unclear("the service's answer has no list of allowed_regions")
            }
            let regions = Set(allowed.map { ExactText($0) })
            guard let approved else { return .wanted("allowed_regions held \(names(regions))") }
            let others = regions.subtracting(approved)
            return others.isEmpty
                ? .wanted("allowed_regions held nothing but what is approved (\(names(regions)))")
                : .unwanted("allowed_regions held what is not approved (\(names(others)))")
        }
        var finding = verdict.finding(control)
        if approved == nil, finding.status == .pass {
            finding = control.finding(
                .manual,
                subject: finding.subject,
                finding.detail + " The configuration names no approved_regions to compare with."
            )
        }
        return [finding]
    }

    private static func names(_ regions: Set<ExactText>) -> String {
        regions.sorted().map(\.text).joined(separator: ", ")
    }
}
