import Analysis
import Evidence
import Templates

extension Finding {
    /// What OCSF calls the finding's severity and verdict (Compliance Finding, 2003): docs/ocsf.md lists them.
    var ocsf: TemplateValue {
        let (severityID, severityName) = Self.ocsf(severity)
        let (statusID, statusName) = Self.ocsfStatus(status)
        let (complianceID, complianceName) = Self.ocsfCompliance(status)
        var names: [String] = []
        for framework in frameworks where !names.contains(where: { $0.isSameInBytes(as: framework.name) }) {
            names.append(framework.name)
        }
        return [
            "severity_id": .number(severityID), "severity": .text(severityName),
            "status_id": .number(statusID), "status": .text(statusName),
            "compliance_id": .number(complianceID), "compliance": .text(complianceName),
            "standards": .list(names.map { ["name": .text($0)] }),
        ]
    }

    private static func ocsf(_ severity: Severity) -> (Int, String) {
        switch severity {
        case .critical: (5, "Critical")
        case .high: (4, "High")
        case .medium: (3, "Medium")
        case .low: (2, "Low")
        case .info: (1, "Informational")
        }
    }

    /// Whether somebody still has to do something about it.
    private static func ocsfStatus(_ status: Status) -> (Int, String) {
        switch status {
        case .fail, .notProven, .manual: (1, "New")
        case .waived: (3, "Suppressed")
        case .pass, .reviewed: (4, "Resolved")
        // Nobody looked.
        case .notApplicable: (99, "Not applicable")
        }
    }

    /// A warning is OCSF's word for a check without a result.
    private static func ocsfCompliance(_ status: Status) -> (Int, String) {
        switch status {
        case .pass, .reviewed: (1, "Pass")
        case .notProven, .manual: (2, "Warning")
        case .fail, .waived: (3, "Fail")
        case .notApplicable: (99, "Not applicable")
        }
    }
}
