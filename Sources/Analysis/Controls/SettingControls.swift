/// Controls that ask for a setting to be on.
enum SettingControls {
    static func isOn(_ setting: String, _ control: Control, _ facts: JudgedFacts) -> [Finding] {
        guard let settings = facts.settings else {
            return [
                control.finding(
                    .notProven,
                    subject: setting,
                    "The settings were never read: the archive holds no snapshot of them."
                )
            ]
        }
        switch settings[setting] {
        case .boolean(true):
            return [control.finding(.pass, subject: setting, "\(setting) was true when the settings were last read.")]
        case .boolean(false):
            return [control.finding(.fail, subject: setting, "\(setting) was false when the settings were last read.")]
        case nil:
            return [control.finding(.notProven, subject: setting, "The service's answer has no setting \(setting).")]
        default:
            return [
                control.finding(
                    .notProven,
                    subject: setting,
                    "The service's answer for \(setting) is neither true nor false."
                )
            ]
        }
    }

    static func regions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        func found(_ status: Status, _ detail: String) -> [Finding] {
            [control.finding(status, subject: "allowed_regions", detail)]
        }
        guard let settings = facts.settings else {
            return found(.notProven, "The settings were never read: the archive holds no snapshot of them.")
        }
        // An empty list says either "none" or "no limit": the service does not document which.
        guard case .list(let allowed) = settings["allowed_regions"], !allowed.isEmpty else {
            return found(.notProven, "The service's answer has no list of allowed_regions.")
        }
        let names = allowed.joined(separator: ", ")
        guard let approved = facts.policy.approvedRegions else {
            return found(.manual, "Allowed are \(names). The configuration names no approved_regions to compare with.")
        }
        let others = allowed.filter { !approved.contains($0) }
        guard others.isEmpty else {
            return found(.fail, "Allowed but not approved: \(others.joined(separator: ", ")).")
        }
        return found(.pass, "All allowed regions are approved: \(names).")
    }
}
