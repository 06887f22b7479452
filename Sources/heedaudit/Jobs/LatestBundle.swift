import Publishing
import Templates
import Analysis
import Evidence
import Foundation
import Reporting

/// The bundle that `latest` points to, as far as `run` needs it to decide whether there is anything new to say.
struct LatestBundle {
    /// The part of the inputs that names the bundle compared with.
    static let comparedWith = "compared_with"

    private let manifest: Manifest
    private let facts: BundleFacts

    /// Reads the manifest behind `latest`; nil when there is none.
    init?(output: String, facts: BundleFacts) {
        guard let manifest = BundlePublisher(output: output).latest(organizationFolder: facts.organizationFolder) else {
            return nil
        }
        self.manifest = manifest
        self.facts = facts
    }

    /// Whether another bundle would say the same: same inputs, same verdicts, and not too old.
    ///
    /// What a bundle was compared with does not count: the latest one can't have been compared with itself.
    func isStillTrue(_ library: TemplateLibrary, _ reportEvery: Duration, now: Instant) -> Bool {
        guard let asOf = Instant(rfc3339: manifest.asOf) else { return false }
        let age = now.seconds - asOf.seconds
        // Evidence of a time to come was dated by a clock that was wrong, and puts off nothing.
        guard age >= -Self.clockTolerance else { return false }
        var alike = facts
        alike.inputs[Self.comparedWith] = manifest.inputs.parts[Self.comparedWith]
        return manifest.inputs.digest == BundlePublisher.name(facts: alike, library: library).inputsDigest
            && Set(manifest.findings) == Set(facts.findings)
            && Set(manifest.openFindings ?? []) == Set(facts.openFindings)
            && age < reportEvery.components.seconds
    }

    /// Seconds by which the clocks of two runs may differ.
    private static let clockTolerance: Int64 = 300
}

extension BundleFacts {
    /// The same bundle with the verdicts of its report.
    func judged(_ findings: [Finding]) -> BundleFacts {
        var facts = self
        facts.findings = Dictionary(grouping: findings.indices) { findings[$0].status }
            .flatMap { status, places in
                Dictionary(grouping: places) { findings[$0].severity }.map { severity, places in
                    FindingCount(status: status.rawValue, severity: severity.rawValue, count: places.count)
                }
            }
            .sorted { ($0.status, $0.severity) < ($1.status, $1.severity) }
        facts.openFindings = FindingComparison.Key.open(of: findings)
        return facts
    }
}
