import Foundation
import TestSupport

@testable import Analysis
@testable import Evidence
@testable import Publishing
@testable import Reporting
@testable import Templates

/// A folder with organizations' bundles that say what a test wants them to say, sealed as bundles are.
package struct TestFleet {
    /// What the clock of the overview says: 2026-11-28T12:00:00Z.
    package static let now = Instant(seconds: 1_795_867_200)
    /// The folder below which the organizations' folders stand.
    package let output: String

    /// Makes an empty folder.
    package init() throws {
        output = temporaryPath()
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    }

    /// What a sound and complete report without open findings says.
    package static func facts(_ id: String, _ name: String, asOf: String = "2026-11-28T02:00:00Z") -> BundleFacts {
        var facts = BundleFacts(
            organization: .init(id: id, name: name),
            folder: id,
            period: .init(name: "2026-11", kind: "month", from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z"),
            timeZone: "UTC",
            asOf: asOf,
            generatedAt: asOf,
            tool: "heedaudit test",
            evidence: .init(head: Digest.sha256(Array("\(id) \(asOf)".utf8)), entry: 7),
            inputs: [:],
            findings: [.init(status: "pass", severity: "high", count: 3)]
        )
        facts.organization.plan = "pro"
        facts.controls = [
            ControlVerdict(control: "LOG-COMPLETE", severity: "high", status: "pass", subjects: 1, open: 0)
        ]
        var summary = BundleFacts.Summary(
            completeness: ReportCompleteness(state: .running, to: "2026-11-28T01:55:00Z"),
            events: 1284
        )
        (summary.new, summary.closed, summary.overdue) = (0, 1, 0)
        facts.summary = summary
        return facts
    }

    /// Writes a bundle into an organization's folder and points `latest` to it; `change` changes the manifest before it is sealed.
    @discardableResult
    package func add(
        _ facts: BundleFacts,
        in folder: String,
        change: (inout Manifest) -> Void = { _ in }
    ) throws -> String {
        let name = "\(facts.period.name)-\(facts.evidence.head.prefix(8))-000000"
        let path = "\(output)/\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let files = try ["controls.csv", "report.html"].map { file in
            try Data("\(file)\n".utf8).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
            return OutputFile(name: file, bytes: file.utf8.count + 1, sha256: Digest.sha256(Array("\(file)\n".utf8)))
        }
        var manifest = Manifest(
            facts: facts,
            name: name,
            inputs: Manifest.Inputs(digest: "", parts: facts.inputs),
            files: files,
            counts: EscapingCounts()
        )
        change(&manifest)
        var text: [UInt8] = []
        try manifest.write { text += $0 }
        try Data(text).write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
        let own = OutputFile(name: "manifest.json", bytes: text.count, sha256: Digest.sha256(text))
        try Data(Checksums.text(of: files + [own])).write(to: URL(fileURLWithPath: "\(path)/SHA256SUMS"))
        let link = "\(output)/\(folder)/latest"
        try? FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: name)
        return path
    }

    /// An overview with the test's clock.
    package func overview(_ words: Words = .english) -> FleetOverview {
        var overview = FleetOverview(output: output, now: Self.now)
        overview.words = words
        overview.tool = "heedaudit test"
        return overview
    }

    /// A file of the overview.
    package func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(output)/\(name)", encoding: .utf8)
    }

    /// The records of a table as RFC 4180 has them.
    package static func records(_ text: String) -> [[String]] {
        var (records, record, cell, isQuoted) = ([[String]](), [String](), "", false)
        var rest = Array(text.unicodeScalars)[...]
        while let next = rest.popFirst() {
            switch (next, isQuoted) {
            case ("\"", true):
                if rest.first == "\"" {
                    rest.removeFirst()
                    cell += "\""
                } else {
                    isQuoted = false
                }
            case ("\"", false): isQuoted = true
            case (",", false):
                record.append(cell)
                cell = ""
            case ("\r", false): break
            case ("\n", false):
                records.append(record + [cell])
                (record, cell) = ([], "")
            default: cell.unicodeScalars.append(next)
            }
        }
        return records
    }
}
