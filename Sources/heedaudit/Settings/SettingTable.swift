/// All settings, in the order of the documents: the one place that says what each is for.
enum SettingTable {
    static let groups: [(title: String, rows: [Setting])] = [
        ("The service", service), ("The archive and pulls", archive), ("Reports", reports + kept),
        ("What is printed", printed), ("Who is told", told),
        ("What the operator decides about the controls", policy), ("Several organizations", organizations),
    ]

    /// The rows, one group after the other.
    static let all = groups.flatMap(\.rows)

    /// The rows by their keys.
    static let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }

    private static let service = [
        Setting(
            .baseURL,
            .address,
            flag: true,
            default: "`https://api.cloudheed.com`",
            example: "https://api.cloudheed.com",
            "where the service is; `http://` only for addresses of this machine"
        ),
        Setting(
            .tokenFile,
            .file,
            flag: true,
            example: "/etc/heedaudit/token",
            sample: true,
            """
            the file that holds the token, an API key with the scope `org:read`; nobody but its owner, root or the running \
            user may be able to read it. Without it, `CLOUDHEED_TOKEN`
            """
        ),
        Setting(
            .caFile,
            .file,
            flag: true,
            example: "/etc/ssl/proxy.pem",
            "certificate authorities to trust besides the system's, PEM"
        ),
        Setting(
            .requestTimeout,
            .span,
            default: "`30s`",
            example: "10s",
            "how long one request may take, at least `1s`"
        ),
        Setting(
            .connections,
            .number,
            default: "`4`",
            example: "2",
            "requests under way at one time, 1 to 64"
        ),
        Setting(
            .rateShare,
            .number,
            default: "`1.0`",
            example: "0.5",
            "the share of the service's allowance that a pull may use, above 0 and up to 1"
        ),
        Setting(
            .maxWait,
            .span,
            default: "`15m`",
            example: "1h",
            "a longer wait for the allowance ends the run with 75"
        ),
    ]

    private static let archive = [
        Setting(
            .archive,
            .folder,
            flag: true,
            default: "`./archive`",
            example: "/var/lib/heedaudit/archive",
            sample: true,
            "the archive's folder: the evidence"
        ),
        Setting(
            .organization,
            .text,
            flag: true,
            default: "the archive's only one; with `import`, else `local`",
            example: "org-123",
            """
            an organization's id. With `pull`, `run` and `doctor`: whose token it must be (else 77). With `import`: whose \
            events they are. With the others: which one of an archive that holds several
            """
        ),
        Setting(
            .full,
            .switch,
            flag: true,
            default: "`false`",
            example: "true",
            "read the whole log again and compare it with what is archived (`pull`)"
        ),
        Setting(
            .access,
            .switch,
            flag: true,
            default: "`on`",
            example: "off",
            """
            whether pulls read the lists of members, invitations and API keys; the flag takes `on` or `off`. A list that the \
            service does not give is no failure of a pull
            """
        ),
        Setting(
            .fullEvery,
            .span,
            default: "`7d`",
            example: "30d",
            "a pull reads the whole log when the last that did is older"
        ),
        Setting(
            .lock,
            .word,
            default: "`flock`",
            example: "none",
            "`flock`, or `none` on file systems that can't lock, where only one run ever exists at a time"
        ),
    ]

    private static let printed = [
        Setting(
            .quiet,
            .switch,
            flag: true,
            default: "`false`",
            example: "true",
            """
            for cron: only warnings, findings that reach `fail_on`, errors, and answers that were asked for (`json`, `show`)
            """
        ),
        Setting(
            .verbose,
            .switch,
            flag: true,
            default: "`false`",
            example: "true",
            "say more on standard error"
        ),
        Setting(
            .logFormat,
            .word,
            flag: true,
            default: "`text`",
            example: "json",
            "how lines on standard error look: `text` or `json`"
        ),
        Setting(
            .json,
            .switch,
            flag: true,
            default: "`false`",
            example: "true",
            "print one JSON object in place of lines, errors included ([json.md](json.md))"
        ),
    ]

    private static let told = [
        Setting(
            .metricsFile,
            .file,
            example: "/var/lib/prometheus/node-exporter/heedaudit.prom",
            """
            a file that `run`, `pull` and `report` replace at their end, whether or not they fail: Prometheus's text format, \
            readable for everybody; a link stays, and the file that it leads to is replaced; what is no file, such as a device \
            or a pipe, is left alone with a warning
            """
        ),
        Setting(
            .onSuccess,
            .command,
            example: #"[curl, -fsS, "https://hc.example.com/ping"]"#,
            "a command behind every `run`, `pull` and `report` whose work is done"
        ),
        Setting(
            .onFinding,
            .command,
            example: "[/usr/local/bin/tell-security]",
            """
            a command behind every `run` and `report` that publishes findings of `notify_from` or above that are `fail` or \
            `not_proven` and were not in the report before
            """
        ),
        Setting(
            .onError,
            .command,
            example: "[/usr/local/bin/page, heedaudit]",
            "a command behind every `run`, `pull` and `report` that fails"
        ),
        Setting(
            .notifyFrom,
            .word,
            default: "`high`",
            example: "medium",
            "the least severity that `on_finding` is told of: `critical`, `high`, `medium`, `low`, `info`"
        ),
        Setting(
            .hookTimeout,
            .span,
            default: "`60s`",
            example: "10s",
            "a command that takes longer is ended, with all that it started; at least `1s`"
        ),
    ]
}
