import Analysis
import Evidence
import Foundation
import Reporting

/// The bundle that `latest` points to, as far as `run` needs it to decide whether there is anything new to say.
struct LatestBundle {
    private struct Manifest: Decodable {
        struct Inputs: Decodable {
            var digest: String
        }
        var asOf: String
        var inputs: Inputs
        var findings: [BundleFacts.FindingCount]

        enum CodingKeys: String, CodingKey {
            case asOf = "as_of"
            case inputs, findings
        }
    }

    private let manifest: Manifest
    private let facts: BundleFacts

    /// Reads the manifest behind `latest`; nil when there is none.
    init?(output: String, facts: BundleFacts) {
        let path = "\(output)/\(BundlePublisher.folderName(for: facts))/latest/manifest.json"
        guard let data = FileManager.default.contents(atPath: path),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
        else { return nil }
        self.manifest = manifest
        self.facts = facts
    }

    /// Whether another bundle would say the same: same inputs, same verdicts, and not too old.
    func isStillTrue(
        _ findings: [Finding],
        _ library: TemplateLibrary,
        _ reportEvery: Duration,
        now: Instant
    ) -> Bool {
        guard let asOf = Instant(rfc3339: manifest.asOf) else { return false }
        return manifest.inputs.digest == BundlePublisher.name(facts: facts, library: library).inputsDigest
            && Set(manifest.findings) == Set(facts.findings)
            && now.seconds - asOf.seconds < reportEvery.components.seconds
    }
}

extension ReportDocument {
    /// What names and describes the bundle of this report.
    func bundleFacts(periodKind: String, formats: Set<OutputFormat>, inputs: [String: String]) -> BundleFacts {
        var counts: [[String]: Int] = [:]
        for finding in findings { counts[[finding.status.rawValue, finding.severity.rawValue], default: 0] += 1 }
        let sorted = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return BundleFacts(
            organizationID: organization.id,
            organizationFolder: organization.value("slug") ?? organization.id,
            organizationName: organization.value("name") ?? organization.id,
            periodName: period.name,
            periodKind: periodKind,
            periodFrom: period.from,
            periodTo: period.to,
            timeZone: period.timeZone,
            asOf: asOf,
            generatedAt: generatedAt,
            tool: tool,
            evidenceHead: evidence.head,
            evidenceEntry: evidence.entry,
            formats: formats,
            inputs: inputs,
            findings: sorted.map {
                BundleFacts.FindingCount(status: $0.key[0], severity: $0.key[1], count: $0.value)
            }
        )
    }
}
