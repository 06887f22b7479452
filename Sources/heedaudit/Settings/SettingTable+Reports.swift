extension SettingTable {
    /// What reports are about, how they look, and what they are compared with.
    static let reports = [
        Setting(
            .output,
            .folder,
            flag: true,
            default: "`./output`",
            example: "/var/lib/heedaudit/reports",
            sample: true,
            "the folder for reports"
        ),
        Setting(
            .outputMode,
            .word,
            default: "`group`",
            example: "private",
            "who can read a bundle: `private` (its owner), `group`, `world`"
        ),
        Setting(
            .outputGroup,
            .word,
            example: "staff",
            """
            the group that the organization's folder is handed to, and with it every bundle made from then on ([overview.md](overview.md)); \
            with `output_mode: group` its members read them
            """
        ),
        Setting(
            .templates,
            .folder,
            flag: true,
            example: "/etc/heedaudit/templates",
            "a folder of templates that replace or join the built-in ones, file by file ([templates.md](templates.md))"
        ),
        Setting(
            .period,
            .word,
            flag: true,
            default: "`all`",
            example: "last-month",
            sample: true,
            """
            what time a report is about: `2026-03`, `2026-Q1`, `2026`, `this-month`, `last-month`, `last-quarter`, \
            `last-year`, `all`; not together with `from` or `to`
            """
        ),
        Setting(
            .from,
            .text,
            flag: true,
            example: "2026-03-01",
            "begin of the period: a date, or a time as RFC 3339"
        ),
        Setting(
            .to,
            .text,
            flag: true,
            example: "2026-04-01",
            "end of the period, itself outside: `2026-04-01` ends March"
        ),
        Setting(
            .timeZone,
            .text,
            flag: true,
            default: "`UTC`",
            example: "Europe/Berlin",
            "where days and months begin, by the name that the system's list of zones has"
        ),
        Setting(
            .format,
            .list,
            flag: true,
            default: "`html,csv,xml`",
            example: "[html, csv]",
            "a list of `html`, `csv`, `xml`, `json`, `ocsf`, `oscal`, `xlsx`; templates of other kinds are always rendered"
        ),
        Setting(
            .language,
            .word,
            flag: true,
            default: "`en`",
            example: "de",
            """
            what language reports are in: `en`, `de`, or that of a file `words/LANGUAGE.yaml` in `templates` \
            ([words.md](words.md))
            """
        ),
        Setting(
            .csvProfile,
            .word,
            flag: true,
            default: "`rfc4180`",
            example: "excel",
            """
            which program the tables are for: `rfc4180`, `excel`, `excel-semicolon`, `sheets`, `libreoffice` \
            ([report-format.md](report-format.md))
            """
        ),
        Setting(
            .compare,
            .text,
            flag: true,
            default: "the previous one of the same kind of period",
            example: "2026-02-6b6ee5b0-6d4ed4",
            "the name of the bundle to compare with"
        ),
        Setting(
            .actionPlan,
            .file,
            flag: true,
            example: "/etc/heedaudit/plan.csv",
            "a filled-in `action-plan.csv` or `report.xlsx` ([controls.md](controls.md))"
        ),
        Setting(
            .review,
            .file,
            flag: true,
            example: "/etc/heedaudit/review.csv",
            "a filled-in `review.csv` or `report.xlsx` ([controls.md](controls.md))"
        ),
        Setting(
            .dateOrder,
            .word,
            default: "as an unambiguous row of the file tells",
            example: "dmy",
            "`dmy` (31/12/2026) or `mdy` (12/31/2026): how these two are read where days have slashes"
        ),
    ]

    /// Who vouches for reports, how often they come, how many stay, and when a run ends with 1.
    static let kept = [
        Setting(
            .signingKey,
            .file,
            example: "/etc/heedaudit/signing_key",
            """
            the file of an SSH key that signs every bundle: `SHA256SUMS.sig` beside `SHA256SUMS`, by `ssh-keygen`. A private \
            key without a passphrase, or the public key of one that an agent or a security key holds. Without a signature \
            there is no bundle ([verify-by-hand.md](verify-by-hand.md))
            """
        ),
        Setting(
            .allowedSigners,
            .file,
            flag: true,
            default: "none: signatures are not looked at",
            example: "/etc/heedaudit/allowed_signers",
            """
            with `verify`: the file of the keys whose signature every bundle must have, as `ssh-keygen -Y verify` reads it
            """
        ),
        Setting(
            .reportEvery,
            .span,
            default: "`1d`",
            example: "7d",
            "`run` publishes a report although there is nothing new when the latest is older"
        ),
        Setting(
            .keep,
            .mapping,
            default: "all of them",
            example: "{last: 7, daily: 30, monthly: 24, yearly: 10}",
            """
            how many reports stay when a `run` has published another: `last`, `daily`, `monthly`, `yearly`, numbers up to \
            100,000 ([operations.md](operations.md)); evidence always stays
            """
        ),
        Setting(
            .failOn,
            .word,
            flag: true,
            default: "never",
            example: "high",
            sample: true,
            """
            end with 1 when a finding of this severity or above is `fail` or `not_proven`: `critical`, `high`, `medium`, \
            `low`, `info`
            """
        ),
    ]
}
