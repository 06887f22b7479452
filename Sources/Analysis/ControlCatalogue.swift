/// The controls, readable as a table.
///
/// The logic of each is a function in `Controls/`.
///
/// Identifiers are those of SOC 2 (TSC 2017), ISO/IEC 27001:2022 Annex A, NIST SP 800-53 Rev 5, CIS Controls v8, PCI DSS
/// v4 and HIPAA 45 CFR 164. A control supports what it is mapped to; it does not meet it alone.
public enum ControlCatalogue {
    /// All controls, settings first, then the evidence.
    public static let controls: [Control] = [
        Control(
            id: "ORG-MFA",
            title: "Every member uses a second factor",
            severity: .high,
            basis: .settings,
            rationale: "A password alone is lost by phishing or reuse; a second factor keeps the account.",
            test: "The setting require_2fa of the newest snapshot is true.",
            remediation:
                "Turn it on: heedaudit settings update --require-2fa true. Members set up a second factor at their next login.",
            frameworks: frameworks(
                soc2: ["CC6.1"],
                iso: ["A.5.17", "A.8.5"],
                nist: ["IA-2(1)", "IA-2(2)"],
                cis: ["6.3", "6.5"],
                pci: ["8.4.1", "8.4.2"],
                hipaa: ["164.312(d)"]
            ),
            judge: { SettingControls.isOn("require_2fa", $0, $1) }
        ),
        Control(
            id: "ORG-SSO",
            title: "Members sign in through the identity provider",
            severity: .medium,
            basis: .settings,
            rationale: "Single sign-on lets one place grant, check and take away access.",
            test: "The setting sso_enabled of the newest snapshot is true.",
            remediation: "Connect the identity provider, then: heedaudit settings update --sso-enabled true.",
            frameworks: frameworks(
                soc2: ["CC6.1"],
                iso: ["A.5.16", "A.8.5"],
                nist: ["IA-2(10)", "AC-2(1)"],
                cis: ["5.6", "6.7"],
                pci: ["8.2.1"],
                hipaa: ["164.312(d)"]
            ),
            judge: { SettingControls.isOn("sso_enabled", $0, $1) }
        ),
        Control(
            id: "ORG-IPALLOW",
            title: "Access is limited to known addresses",
            severity: .medium,
            basis: .settings,
            rationale: "A stolen key or session is of no use from an address that is not on the list.",
            test: "The setting ip_allowlist_required of the newest snapshot is true.",
            remediation:
                "Fill the list of addresses first, then: heedaudit settings update --ip-allowlist-required true.",
            frameworks: frameworks(
                soc2: ["CC6.6"],
                iso: ["A.8.20", "A.8.3"],
                nist: ["SC-7(5)", "AC-17"],
                cis: ["3.3"],
                pci: [],
                hipaa: ["164.312(e)(1)"]
            ),
            judge: { SettingControls.isOn("ip_allowlist_required", $0, $1) }
        ),
        Control(
            id: "ORG-REGIONS",
            title: "Data lies in approved regions only",
            severity: .medium,
            basis: .settings,
            rationale: "Law and contracts say where personal data may lie.",
            test: "Every region of the setting allowed_regions stands in the configuration's approved_regions.",
            remediation:
                "Name the approved regions in the configuration (approved_regions); take the others off the list at the service.",
            frameworks: frameworks(
                soc2: ["C1.1"],
                iso: ["A.5.31", "A.5.34", "A.5.23"],
                nist: ["SA-9(5)"],
                cis: [],
                pci: [],
                hipaa: []
            ),
            judge: SettingControls.regions
        ),
        Control(
            id: "LOG-COMPLETE",
            title: "The archive holds every event of the period",
            severity: .high,
            basis: .evidence,
            rationale: "A count over a log with holes proves nothing about what stands in the holes.",
            test:
                "The newest pull's sums close (events received against the service's total), and the span it proves covers the period.",
            remediation: "Run heedaudit pull --full; if the sums still don't close, ask the service about its log.",
            frameworks: frameworks(
                soc2: ["CC7.2"],
                iso: ["A.8.15", "A.5.28"],
                nist: ["AU-9", "AU-12"],
                cis: ["8.1", "8.9"],
                pci: ["10.3.2"],
                hipaa: ["164.312(b)"]
            ),
            judge: EvidenceControls.complete
        ),
        Control(
            id: "LOG-INTACT",
            title: "The evidence is as it was received",
            severity: .high,
            basis: .evidence,
            rationale: "Evidence that can be changed without a trace convinces nobody.",
            test:
                "The ledger's hash chain holds, every segment read has the digest the ledger names, and no full pull found an archived event altered or vanished at the service.",
            remediation:
                "Run heedaudit verify, restore the files it names from a backup, and find out who changed them. Ask the service about altered and vanished events.",
            frameworks: frameworks(
                soc2: ["CC7.2"],
                iso: ["A.8.15", "A.5.33"],
                nist: ["AU-9(3)", "AU-10", "SI-7"],
                cis: ["8.9"],
                pci: ["10.3.2", "10.3.4"],
                hipaa: ["164.312(c)(1)", "164.312(c)(2)"]
            ),
            judge: EvidenceControls.intact
        ),
    ]

    /// The control of an id.
    public static func control(_ id: String) -> Control? { controls.first { $0.id == id } }

    private static func frameworks(
        soc2: [String],
        iso: [String],
        nist: [String],
        cis: [String],
        pci: [String],
        hipaa: [String]
    ) -> [FrameworkReference] {
        [
            ("SOC 2", soc2), ("ISO 27001:2022", iso), ("NIST 800-53r5", nist), ("CIS v8", cis), ("PCI DSS v4", pci),
            ("HIPAA", hipaa),
        ].flatMap { name, ids in ids.map { FrameworkReference(name: name, id: $0) } }
    }
}
