extension SettingTable {
    /// Which organizations there are, and what they share.
    static let organizations = [
        Setting(
            .organizations,
            .records,
            default: "none: there is one",
            example: """

                  - id: org-123
                    token_file: /etc/heedaudit/tokens/org-123
                  - id: org-456
                    token_file: /etc/heedaudit/tokens/org-456
                    fail_on: critical
                """,
            """
            the organizations that `run`, `pull`, `report`, `verify`, `doctor` and `prune` work through, each with its `id` and any \
            key of its own in the place of the one for all ([organizations.md](organizations.md))
            """
        ),
        Setting(
            .jobs,
            .number,
            default: "`2`",
            example: "4",
            "how many organizations are worked on at one time, 1 to 64"
        ),
        Setting(
            .organizationHeader,
            .switch,
            default: "`false`",
            example: "true",
            """
            whether requests name the organization by `X-Organization-Id`, for a token that sees several; the service must answer \
            with that organization (else 77). Needs an `id`, or `organization`
            """
        ),
        Setting(
            .dailyLimit,
            .number,
            default: "the plan's: `free` 1,000, `pro` 100,000",
            example: "5000",
            """
            how many requests organizations of one address and token may send from midnight to midnight (UTC) in all, from 1; reckoned \
            where there are several
            """
        ),
    ]
}
