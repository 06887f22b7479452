import Evidence

/// Controls that ask for a setting to be as expected, or for a list to hold nothing but what is approved.
enum SettingControls {
    /// The control that is judged here, by its id.
    static let judges: [String: ControlLogic.Judge] = ["ORG-REGIONS": regions]

    static func isAsExpected(_ setting: String, _ expected: Bool, _ control: Control, _ facts: JudgedFacts) -> [Finding]
    {
        let words = facts.words
        let name: [String: Words.Argument] = ["setting": .text(setting)]
        let verdict = SettingVerdict(facts: facts, setting: setting) { value in
            switch value {
            case .boolean(let found):
                let text = found ? words("finding.setting_on", name) : words("finding.setting_off", name)
                return found == expected ? .wanted(text) : .unwanted(text)
            case nil: return .unclear(words("finding.setting_missing", name))
            default: return .unclear(words("finding.setting_odd", name))
            }
        }
        return [verdict.finding(control)]
    }

    static func regions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let approved = facts.policy.approvedRegions.map { Set($0.map { ExactText($0) }) }
        let verdict = SettingVerdict(facts: facts, setting: "allowed_regions") { value in
            // An empty list says either "none" or "no limit": the service does not document which.
            guard case .list(let allowed) = value, !allowed.isEmpty else {
                return .unclear(words("finding.regions_missing"))
            }
            let regions = Set(allowed.map { ExactText($0) })
            guard let approved else { return .wanted(words("finding.regions_listed", names(regions))) }
            let others = regions.subtracting(approved)
            return others.isEmpty
                ? .wanted(words("finding.regions_approved", names(regions)))
                : .unwanted(words("finding.regions_others", names(others)))
        }
        let finding = verdict.finding(control)
        guard approved == nil, finding.status == .pass else { return [finding] }
        let detail = "\(finding.detail) \(words("finding.regions_unknown"))"
        var asking = control.finding(.manual, subject: finding.subject, detail)
        asking.asked = verdict.asked
        return [asking]
    }

    private static func names(_ regions: Set<ExactText>) -> [String: Words.Argument] {
        ["regions": .text(regions.sorted().map(\.text).joined(separator: ", "))]
    }
}
