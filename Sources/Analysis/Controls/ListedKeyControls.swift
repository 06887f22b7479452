import Evidence

/// Controls over the list of API keys, which may be the organization's or the caller's alone.
enum ListedKeyControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "KEY-EXPIRY": expiry,
        "KEY-UNUSED": unused,
        "KEY-SCOPES": scopes,
    ]

    static func expiry(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        return judge(control, facts, passing: words("finding.keys_expire")) { key, _ in
            switch key.expiresAt {
            case .at: nil
            case .never:
                AccessFault(
                    subject: subject(key, words),
                    key: key.key?.text,
                    detail: words("finding.key_never_expires", made(key, words)),
                    short: words("finding.key_never_expires_short", ["key": .text(subject(key, words))])
                )
            case .unknown: unknown(key, "finding.key_expiry_unknown", words)
            }
        }
    }

    static func unused(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, limit) = (facts.words, facts.policy.threshold(control))
        let passing = words("finding.keys_used", ["limit": .text(words.count(limit, "day"))])
        return judge(control, facts, passing: passing) { key, at in
            func isLongAgo(_ instant: Instant) -> Bool { instant.adding(seconds: Int64(limit) * 86_400) <= at }
            func fault(_ name: String, since: Instant) -> AccessFault {
                let days = Int(clamping: (at.seconds - since.seconds) / 86_400)
                return AccessFault(
                    subject: subject(key, words),
                    key: key.key?.text,
                    detail: words(
                        name,
                        ["when": .text(words.at(since)), "age": .text(words.count(days, "day"))]
                    ),
                    short: words(
                        "finding.key_unused_short",
                        ["key": .text(subject(key, words)), "age": .text(words.count(days, "day"))]
                    )
                )
            }
            switch key.lastUsedAt {
            case .at(let used): return isLongAgo(used) ? fault("finding.key_unused", since: used) : nil
            case .never:
                guard let made = key.createdAt else { return unknown(key, "finding.key_unused_undated", words) }
                return isLongAgo(made) ? fault("finding.key_never_used", since: made) : nil
            case .unknown: return unknown(key, "finding.key_use_unknown", words)
            }
        }
    }

    static func scopes(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        return judge(control, facts, passing: words("finding.keys_read_only")) { key, _ in
            // An empty list may stand for everything as well as for nothing.
            guard let scopes = key.scopes, !scopes.isEmpty else {
                return unknown(key, "finding.key_scopes_unknown", words)
            }
            let writing = key.writingScopes
            guard !writing.isEmpty else { return nil }
            return AccessFault(
                status: .manual,
                subject: subject(key, words),
                key: key.key?.text,
                detail: words(
                    "finding.key_writes",
                    ["scopes": .text(words.some(Array(writing.prefix(5)), of: writing.count))]
                )
            )
        }
    }

    /// Judges every key that is still valid when the list was read.
    private static func judge(
        _ control: Control,
        _ facts: JudgedFacts,
        passing: String,
        _ fault: (AccessKey, Instant) -> AccessFault?
    ) -> [Finding] {
        let said = "\(passing) \(facts.words("finding.keys_whose"))"
        return AccessVerdict(control: control, facts: facts, kind: .keys, passing: said).judge { reading in
            reading.elements.filter { !$0.isExpired(at: reading.at) }.compactMap { fault($0, reading.at) }
        }
    }

    private static func unknown(_ key: AccessKey, _ name: String, _ words: Words) -> AccessFault {
        AccessFault(status: .notProven, subject: subject(key, words), key: key.key?.text, detail: words(name))
    }

    private static func made(_ key: AccessKey, _ words: Words) -> [String: Words.Argument] {
        ["created": .text(words.at(key.createdAt))]
    }

    /// How findings call a key: as those of the log do.
    static func subject(_ key: AccessKey, _ words: Words) -> String {
        let id = [key.id, key.prefix].compactMap { $0 }.first { !$0.isEmpty } ?? ""
        guard let name = key.name, !name.isEmpty, !name.isSameInBytes(as: id) else {
            return AccessControls.name(id, words)
        }
        return id.isEmpty ? name : words("subject.named_key", ["name": .text(name), "id": .text(id)])
    }
}
