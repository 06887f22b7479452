import Analysis
import Evidence
import Publishing
import Templates

/// The bundle that `latest` points to, as far as `run` needs it to decide whether there is anything new to say.
struct LatestBundle {
    /// The part of the inputs that names the bundle compared with.
    static let comparedWith = "compared_with"

    let manifest: Manifest

    /// Whether another bundle of these facts would say the same: same inputs, same verdicts, and not too old.
    ///
    /// What a bundle was compared with does not count: the latest one can't have been compared with itself.
    func isStillTrue(_ facts: BundleFacts, _ library: TemplateLibrary, _ reportEvery: Duration, now: Instant) -> Bool {
        guard let asOf = Instant(rfc3339: manifest.asOf) else { return false }
        let age = now.seconds - asOf.seconds
        // Evidence of a time to come was dated by a clock that was wrong, and puts off nothing.
        guard !asOf.isAhead(of: now) else { return false }
        var alike = facts
        alike.inputs[Self.comparedWith] = manifest.inputs.parts[Self.comparedWith]
        return manifest.inputs.digest == BundlePublisher.name(facts: alike, library: library).inputsDigest
            && Set(manifest.findings) == Set(facts.findings)
            && Set(manifest.openFindings ?? []) == Set(facts.openFindings)
            && age < reportEvery.components.seconds
    }
}
