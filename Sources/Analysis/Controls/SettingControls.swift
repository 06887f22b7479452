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
}
