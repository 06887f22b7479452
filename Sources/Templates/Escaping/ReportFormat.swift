/// What `--format` names: a kind of reports, each of one or several files of a bundle.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
    /// The page for people.
    case html
    /// The tables.
    case csv
    /// The document for machines, with its schema.
    case xml
    /// The report but for the events as one JSON text, with its schema.
    case json
    /// Events and findings as lines of OCSF 1.5, for security data lakes and SIEMs.
    case ocsf
    /// The tables as sheets of one workbook.
    case xlsx
    /// The verdicts as OSCAL assessment results, with NIST's schema, for tools of governance, risk and compliance.
    case oscal

    /// Those of a bundle for which nobody asks otherwise.
    package static let standard: [Self] = [.html, .csv, .xml]

    /// Their names, as `--format` takes them.
    package static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// The format that a document belongs to; nil for users' documents of other kinds, which are always rendered.
    init?(ofDocument name: String) {
        switch OutputFormat(fileName: name) {
        case .html: self = .html
        case .csv: self = .csv
        case .xml where name == "oscal-assessment-results.xml": self = .oscal
        case .xml: self = .xml
        case .json where name == "report.json": self = .json
        case .ndjson where ["ocsf-events.ndjson", "ocsf-findings.ndjson"].contains(name): self = .ocsf
        case .json, .jsonl, .ndjson, .md, .txt, nil: return nil
        }
    }
}
