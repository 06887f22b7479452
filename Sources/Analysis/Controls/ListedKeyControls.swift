import Evidence

/// Controls over the list of API keys, which may be the organization's or the caller's alone.
enum ListedKeyControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "KEY-EXPIRY": expiry,
        "KEY-UNUSED": unused,
        "KEY-SCOPES": scopes,
        "KEY-DRIFT": drift,
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
                    ["scopes": .text(words.some(Array(writing.prefix(AccessFault.mostNamed)), of: writing.count))]
                ),
                short: words("finding.key_writes_short", ["key": .text(subject(key, words))]),
                isWhole: writing.count <= AccessFault.mostNamed
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

    // MARK: Keys and their events

    static func drift(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let passing = "\(words("finding.keys_logged")) \(words("finding.keys_whose"))"
        var verdict = AccessVerdict(control: control, facts: facts, kind: .keys, passing: passing)
        verdict.namesEarlier = false
        guard let trail = facts.log?.access else {
            if case .read = AccessKind.keys.course(facts).standing(at: facts.end) {
                return [control.finding(.notProven, about: .keys, in: words, words("finding.nothing_unread"))]
            }
            return verdict.judge { _ in [] }
        }
        let made = trail.events.filter { $0.kind == .keyCreated }
        let named = Dictionary(grouping: made.filter { !$0.id.isEmpty }) { ExactText($0.id) }
        let unnamed = UnnamedKeys(made.filter { $0.id.isEmpty })
        let findings = verdict.judge { list in
            list.elements.compactMap { key in
                if let id = key.id, let events = named[ExactText(id)] {
                    return loggedOtherwise(key, events, before: list.earliest, words)
                }
                return unlogged(key, unnamed, facts)
            } + missing(list, facts)
        }
        // A list in which nothing is missing is worth what the log is worth.
        guard findings.count == 1, findings[0].status == .pass else { return findings }
        return control.nothingFound(facts, about: .keys, passing: findings[0].detail, gaps: facts.gaps)
    }

    /// What is to be said of a listed key whose events, one of them before the list, all tell another time of its making.
    private static func loggedOtherwise(
        _ key: AccessKey,
        _ events: [AccessTrail.Event],
        before read: Instant,
        _ words: Words
    ) -> AccessFault? {
        guard let listed = key.createdAt, events.allSatisfy({ $0.at.map(listed.isAtOdds) ?? false }),
            let last = events.compactMap(\.at).last(where: { $0.seconds < read.seconds })
        else { return nil }
        return AccessFault(
            status: .notProven,
            subject: subject(key, words),
            key: key.key?.text,
            detail: words(
                "finding.key_logged_otherwise",
                ["listed": .text(words.at(listed)), "logged": .text(words.at(last))]
            ),
            eventIDs: events.map(\.event)
        )
    }

    /// What is to be said of a listed key without an event; nil for one of before the time that is covered.
    private static func unlogged(_ key: AccessKey, _ unnamed: UnnamedKeys, _ facts: JudgedFacts) -> AccessFault? {
        let words = facts.words
        if let created = key.createdAt {
            guard let span = facts.provenSpan else { return nil }
            if let begin = span.from, created.seconds <= begin.seconds { return nil }
        }
        let doubt = doubt(key, unnamed, facts)
        let told =
            key.createdAt.map { words("finding.key_unlogged", ["created": .text(words.at($0))]) }
            ?? words("finding.key_unlogged_undated")
        return AccessFault(
            status: doubt == nil ? .fail : .notProven,
            subject: subject(key, words),
            key: key.key?.text,
            detail: doubt.map { "\(told) \(words.sentence($0.why))" } ?? told,
            short: doubt == nil ? words("finding.key_unlogged_short", ["key": .text(subject(key, words))]) : nil,
            eventIDs: doubt?.events ?? []
        )
    }

    /// Why a listed key may have its event all the same; nil where nothing says so.
    private static func doubt(_ key: AccessKey, _ unnamed: UnnamedKeys, _ facts: JudgedFacts)
        -> (why: String, events: [String])?
    {
        let words = facts.words
        guard let created = key.createdAt else { return (words("finding.key_unlogged_when"), []) }
        guard !(key.id ?? "").isEmpty else { return (words("finding.key_unlogged_no_id"), []) }
        if !facts.damage.isEmpty { return (words("finding.damaged_evidence"), []) }
        let possible = unnamed.possible(key)
        if possible.count > 0 {
            return (words("finding.key_unlogged_possible", ["count": .number(possible.count)]), possible.events)
        }
        return facts.isRead(from: created, to: created) ? nil : (words("finding.drift_unread"), [])
    }

    /// Keys of the log that are open and not listed, in one finding: the list may be the caller's alone.
    private static func missing(_ list: AccessCourse<AccessKey>.Reading, _ facts: JudgedFacts) -> [AccessFault] {
        let words = facts.words
        let listed = Set(list.elements.compactMap { $0.id.map { ExactText($0) } })
        let missing = (facts.log?.openKeys ?? []).filter { key in
            !listed.contains(ExactText(key.id)) && (key.createdAt.map { $0.seconds < list.earliest.seconds } ?? true)
        }
        guard !missing.isEmpty else { return [] }
        let names = missing.prefix(3).map { $0.name.isEmpty ? $0.id : $0.name }
        let places: [String: Words.Argument] = [
            "count": .number(missing.count), "names": .text(words.some(Array(names), of: missing.count)),
        ]
        return [
            AccessFault(
                status: .notProven,
                subject: words(NamedSubject.keys),
                key: NamedSubject.keys.rawValue,
                detail: words("finding.keys_not_listed", places),
                eventIDs: missing.map(\.event)
            )
        ]
    }

    // MARK: Age

    /// Listed keys that are too old, of which the log does not tell that they were made.
    static func old(_ control: Control, _ listed: ListedKeys, _ limit: Int, _ facts: JudgedFacts) -> [Finding] {
        guard let end = facts.end, let last = facts.last else { return [] }
        let words = facts.words
        let known = Set((facts.log?.openKeys ?? []).map { ExactText($0.id) })
        return listed.reading.elements.compactMap { key in
            guard !key.isExpired(at: last), !(key.id.map { known.contains(ExactText($0)) } ?? false) else { return nil }
            guard let created = key.createdAt else {
                if listed.end(of: key) == .behind { return nil }
                return control.finding(
                    .notProven,
                    subject: subject(key, words),
                    key: key.key?.text,
                    words("finding.key_age_unknown")
                )
            }
            let days = created.fullDays(until: end)
            guard days > limit else { return nil }
            let seen = listed.reading.earliest
            let gaps =
                facts.unproven(from: seen, to: nil)
                + facts.unread(before: created.adding(seconds: Int64(limit + 1) * 86_400), seen: seen)
            let why: String?
            switch listed.end(of: key) {
            case .behind: return nil
            case .before: why = words("finding.key_revoked_listed")
            case .none where !facts.damage.isEmpty: why = words("finding.damaged_evidence")
            case .none: why = gaps.isEmpty ? nil : words("finding.key_gap", words.spans(gaps))
            }
            let places: [String: Words.Argument] = [
                "key": .text(subject(key, words)), "created": .text(words.at(created)),
                "when": .text(words.at(listed.reading.at)), "age": .text(words.count(days, "day")),
                "limit": .text(words.count(limit, "day")), "why": .text(why ?? ""),
            ]
            return control.finding(
                why == nil ? .fail : .notProven,
                subject: subject(key, words),
                key: key.key?.text,
                words(why == nil ? "finding.key_old_listed" : "finding.key_old_listed_doubt", places),
                short: why == nil ? words("finding.key_old_listed_short", places) : nil,
                eventIDs: []
            )
        }
    }

    // MARK: Words

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
