extension SettingTable {
    /// What controls are told of what is allowed and expected.
    static let policy = [
        Setting(
            .approvedRegions,
            .list,
            default: "none: the finding is `manual`",
            example: "[fsn1, nbg1]",
            "the regions in which data may lie (`ORG-REGIONS`)"
        ),
        Setting(
            .approvedDomains,
            .list,
            default: "none: the finding is `manual`",
            example: "[example.com]",
            """
            the domains of e-mail addresses to which members may belong, exactly and without subdomains (`MEM-DOMAIN`)
            """
        ),
        Setting(
            .workingHours,
            .mapping,
            example: """

                  days: mon-fri
                  from: "08:00"
                  to: "18:30"
                  time_zone: Europe/Berlin
                """,
            """
            when privileged actions are expected (`OFF-HOURS`): `days` (`mon-fri`), `from`, `to`, `time_zone` (`UTC`); a \
            `to` at or before `from` is on the next day
            """
        ),
        Setting(
            .thresholds,
            .mapping,
            default: "the catalogue's",
            example: """

                  KEY-AGE: 60
                  DB-BURST: 3
                """,
            """
            numbers by control: `KEY-AGE`, `KEY-UNUSED` and `MEM-INACTIVE` (days, 90), `DB-BURST` (databases, 5), `LOG-FRESH` (hours, 48), \
            `LOG-RETENTION` (months, 12), `MEM-ADMINS` (administrators, 5), `INV-STALE` (days, 14)
            """
        ),
        Setting(
            .expectEvery,
            .span,
            default: "none: nothing is expected",
            example: "1d",
            """
            how often runs come, at least `1m`; `LOG-RUNS` and `heedaudit status` tell when one was missed, a tenth later \
            and at least ten minutes
            """
        ),
        Setting(
            .waivers,
            .records,
            default: "`./waivers.yaml`, if it is there",
            example: """

                  - control: ORG-SSO
                    subject: sso_enabled
                    reason: No identity provider before the move in March
                    approver: Bea Lind
                    expires: 2027-03-31
                """,
            """
            findings that somebody accepts: a list, or the file that holds one; each has `control`, `subject`, `reason`, \
            `approver`, `expires`
            """
        ),
    ]
}
