import Evidence

/// What the operator decides about the controls: approved regions and domains, working hours, thresholds, waivers.
package struct ControlPolicy: Sendable, Hashable {
    /// Regions in which data may lie; nil when none are named.
    package var approvedRegions: [String]?
    /// Domains to which e-mail addresses of members may belong; nil when none are named.
    package var approvedDomains: [String]?
    /// When privileged actions are expected; nil when nobody said.
    package var workingHours: WorkingHours?
    /// Thresholds by the id of their control.
    package var thresholds: [String: Int] = [:]
    /// Exceptions that somebody has approved.
    package var waivers: [Waiver] = []
    /// What a filled-in action plan says of findings.
    package var plan: [ActionPlan.Row] = []
    /// What people who were asked to look answered.
    package var review: [Review.Row] = []
    /// How often runs come; nil when nobody said.
    package var schedule: RunSchedule?

    /// The catalogue's own: nothing is decided.
    package static let undecided = ControlPolicy()

    /// Reads thresholds as the configuration writes them: a number by control id.
    ///
    /// - Throws: `AnalysisError` with code `.configuration` for an unknown control, one without a threshold, or no number.
    package static func thresholds(_ texts: [String: String]) throws -> [String: Int] {
        var thresholds: [String: Int] = [:]
        for (id, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let control = ControlCatalogue.control(id), let threshold = control.threshold else {
                let known = ControlCatalogue.controls.filter { $0.threshold != nil }.map(\.id).joined(separator: ", ")
                throw AnalysisError(
                    .configuration,
                    "thresholds: '\(id)' is no control with a threshold",
                    hint: "those are \(known)"
                )
            }
            guard let number = Int(text), (1...largestThreshold).contains(number) else {
                throw AnalysisError(
                    .configuration,
                    "thresholds: '\(text)' for \(id) is no whole number from 1 to \(largestThreshold)",
                    hint: "it counts \(threshold.unit), such as \(threshold.value)"
                )
            }
            thresholds[id] = number
        }
        return thresholds
    }

    private static let largestThreshold = 1_000_000

    /// The value that holds for a control; 0 for one without a threshold.
    func threshold(_ control: Control) -> Int { thresholds[control.id] ?? control.threshold?.value ?? 0 }
}
