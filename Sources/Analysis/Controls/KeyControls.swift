import Evidence

/// Controls over API keys: who made them, and how old they are.
enum KeyControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "KEY-ORPHAN": orphans,
        "KEY-AGE": age,
    ]

    static func orphans(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (log, words) = (facts.log ?? WatchedLog(), facts.words)
        let controls = Controls(control, facts)
        let open = stillValid(log.openKeys, facts)
        let returned = open.keys.contains { $0.orphan?.wasAway == true } ? facts.returned : nil
        let keys = byKey(open.keys).compactMap { keys -> (key: WatchedLog.OpenKey, doubt: Doubt?)? in
            let found = keys.filter { $0.orphan != nil }.map {
                ($0, doubt(ofOrphan: $0, open.listed, returned, facts))
            }
            return found.first { $0.1 == nil } ?? found.first
        }
        let told = Telling.Sentences { orphan(keys[$0].key, keys[$0].doubt, open.listed, facts) }
        var findings = keys.indices.map { place in
            let (key, doubt) = keys[place]
            return controls.of(doubt).finding(
                doubt == nil ? .fail : .notProven,
                subject: subject(key, words),
                key: key.key,
                .made(told, Int32(clamping: place)),
                eventIDs: [key.event, key.orphan?.removal, key.revocation?.event].compactMap { $0 }
            )
        }
        findings += open.listed.map { ListedKeyControls.outliving(control, $0, facts) } ?? []
        let others = byKey(open.keys).filter { $0.allSatisfy { $0.orphan == nil } }
        findings += ListedKeyControls.leftBehind(control, others.compactMap(\.last), facts)
        findings += control.unmatchedRemovals(facts) { words("finding.members_keys", $0) }
        if findings.isEmpty { findings = open.listed.map { ListedKeyControls.ofNobody(control, $0, facts) } ?? [] }
        guard findings.isEmpty else { return findings }
        return control.nothingFound(
            facts,
            about: .keys,
            passing: words("finding.keys_of_members"),
            gaps: facts.historyGaps
        )
    }

    /// What is said of a key whose creator was removed.
    private static func orphan(
        _ key: WatchedLog.OpenKey,
        _ doubt: Doubt?,
        _ listed: ListedKeys?,
        _ facts: JudgedFacts
    ) -> (String, String?) {
        let words = facts.words
        guard let orphan = key.orphan else { return ("", nil) }
        var places: [String: Words.Argument] = [
            "creator": .text(creator(key, words)), "created": .text(words.at(key.createdAt)),
            "removed": .text(words.at(orphan.removedAt)), "evidence": .text(evidence(key, listed, facts)),
        ]
        if let doubt {
            places["why"] = .text(self.words(doubt, facts))
            let isSure = ![.sharedMail, .mailOfRemoved].contains(orphan.doubt)
            return (
                isSure ? words("finding.key_removed", places) : words("finding.key_perhaps_removed", places), nil
            )
        }
        var short: [String: Words.Argument] = [
            "key": .text(name(key)), "creator": .text(words.name(creator(key, words))),
        ]
        if orphan.wasAway { return (words("finding.key_away", places), words("finding.key_away_short", short)) }
        let seconds =
            orphan.removedAt.flatMap { at in (facts.judgedTo ?? facts.end).map { $0.seconds - at.seconds } } ?? 0
        guard seconds >= 86_400 else {
            return (words("finding.key_left", places), words("finding.key_left_today_short", short))
        }
        short["count"] = .number(Int(seconds / 86_400))
        return (words("finding.key_left", places), words("finding.key_left_short", short))
    }

    /// What says that a key is open: the log, and the list where it has the key.
    private static func evidence(_ key: WatchedLog.OpenKey, _ listed: ListedKeys?, _ facts: JudgedFacts) -> String {
        let words = facts.words
        guard let listed, let last = facts.last, case .listed = listed.standing(key, at: last) else {
            return words("finding.key_not_revoked")
        }
        let name = key.revocation == nil ? "finding.key_still_listed" : "finding.key_outlived"
        return words(name, ["when": .text(words.at(listed.reading.at))])
    }

    // MARK: Doubt

    /// Why a key may be none of those that are looked for.
    private enum Doubt: Equatable {
        case ofJoin(JoinDoubt)
        case revocation(isUndated: Bool)
        case unidentified
        /// A list shows that whoever made it may have come back before.
        case listed
        case gaps([InstantRange])
        /// Nobody knows when it was created.
        case undated
        /// The list says that it was made at another time.
        case listedOtherwise(Instant)
    }

    /// The control with the remedies of what is in doubt for different reasons.
    private struct Controls {
        private let control: Control
        private let unmatched: Control
        private let undated: Control

        init(_ control: Control, _ facts: JudgedFacts) {
            self.control = control
            unmatched = control.asking(facts.words("remedy.unmatched"))
            undated = control.asking(facts.words("remedy.undated"))
        }

        func of(_ doubt: Doubt?) -> Control {
            switch doubt {
            case .revocation(isUndated: true), .undated: undated
            case .ofJoin, .revocation, .unidentified, .listed, .listedOtherwise: unmatched
            case .gaps, nil: control
            }
        }
    }

    private static func words(_ doubt: Doubt, _ facts: JudgedFacts) -> String {
        let words = facts.words
        return switch doubt {
        case .ofJoin(.order), .ofJoin(.invitation): words("finding.doubt_order")
        case .ofJoin(.sharedMail): words("finding.doubt_mail")
        case .ofJoin(.mailOfRemoved): words("finding.doubt_mail_removed")
        case .revocation(isUndated: true): words("finding.revoked_undated")
        case .revocation(isUndated: false): words("finding.revoked_unnamed")
        case .unidentified: words("finding.key_unidentified")
        case .listed: words("finding.ghost_listed")
        case .gaps(let gaps): words("finding.key_gap", words.spans(gaps))
        case .undated: words("finding.key_undated")
        case .listedOtherwise(let at): words("finding.key_listed_otherwise", ["listed": .text(words.at(at))])
        }
    }

    private static func doubt(
        ofOrphan key: WatchedLog.OpenKey,
        _ listed: ListedKeys?,
        _ returned: ReturnedMembers?,
        _ facts: JudgedFacts
    ) -> Doubt? {
        doubt(key, listed, facts) ?? key.orphan?.doubt.map(Doubt.ofJoin)
            ?? (returned?.mayHaveMaker(of: key) == true ? .listed : nil)
    }

    /// The keys of the log that did not end by themselves, as far as the list of keys tells, and that list: the last one that
    /// was read up to the end, though it could not be read any more then, else the first one behind it.
    private static func stillValid(_ keys: [WatchedLog.OpenKey], _ facts: JudgedFacts)
        -> (keys: [WatchedLog.OpenKey], listed: ListedKeys?)
    {
        guard let end = facts.end, let last = facts.last,
            let reading = AccessKind.keys.course(facts).standing(at: end).nearest
        else { return (keys, nil) }
        let listed = ListedKeys(reading, facts.log?.access)
        return (keys.filter { if case .expired = listed.standing($0, at: last) { false } else { true } }, listed)
    }

    /// Why a key may have been revoked all the same; nil where nothing says so.
    private static func doubt(_ key: WatchedLog.OpenKey, _ listed: ListedKeys?, _ facts: JudgedFacts) -> Doubt? {
        var begin = key.createdAt
        if let listed, let last = facts.last, case .listed = listed.standing(key, at: last) {
            // What the list has was not revoked before it was read.
            begin = listed.reading.earliest
        }
        let isOutlived = begin != key.createdAt && key.revocation.map { listed?.outlives($0) ?? false } == true
        if let revocation = key.revocation, !isOutlived { return .revocation(isUndated: revocation.isUndated) }
        if key.isUnidentified { return .unidentified }
        let gaps = facts.unproven(from: begin, to: nil)
        return gaps.isEmpty ? nil : .gaps(gaps)
    }

    // MARK: Age

    /// A key that is too old, or whose age is not known.
    private struct Old {
        var key: WatchedLog.OpenKey
        var days: Int
        var doubt: Doubt?
    }

    static func age(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (log, words) = (facts.log ?? WatchedLog(), facts.words)
        guard let end = facts.end else {
            return control.nothingFound(facts, about: .keys, passing: "", gaps: [facts.period.range])
        }
        let limit = facts.policy.threshold(control)
        let controls = Controls(control, facts)
        // What is open longest decides; what has no time is only told where nothing else is too old.
        let open = stillValid(log.openKeys, facts)
        let keys = byKey(open.keys).compactMap { keys -> Old? in
            let found = keys.compactMap { old($0, end, limit, open.listed, facts) }
            return found.first { $0.doubt == nil } ?? found.first
        }
        var listed = open.listed.map { ListedKeyControls.old(control, $0, limit, facts) } ?? []
        if let unseen = AccessKind.keys.unseen(facts) {
            listed.append(control.finding(.notProven, about: .keys, in: words, unseen))
        }
        guard !keys.isEmpty || !listed.isEmpty else {
            return control.nothingFound(
                facts,
                about: .keys,
                passing: words("finding.keys_young", ["limit": .text(words.count(limit, "day"))]),
                gaps: facts.historyGaps
            )
        }
        let told = Telling.Sentences(
            detail: ages(of: keys, limit, facts),
            short: { ageInShort(keys[$0], words) }
        )
        return keys.indices.map { place in
            let old = keys[place]
            let revocation = old.doubt == .undated ? nil : old.key.revocation?.event
            return controls.of(old.doubt).finding(
                old.doubt == nil ? .fail : .notProven,
                subject: subject(old.key, words),
                key: old.key.key,
                .made(told, Int32(clamping: place)),
                eventIDs: [old.key.event, revocation].compactMap { $0 }
            )
        } + listed
    }

    private static func old(
        _ key: WatchedLog.OpenKey,
        _ end: Instant,
        _ limit: Int,
        _ listed: ListedKeys?,
        _ facts: JudgedFacts
    ) -> Old? {
        guard let created = key.createdAt else { return Old(key: key, days: 0, doubt: .undated) }
        let days = created.fullDays(until: end)
        // Where list and log say different times, only one that is too old by both is too old.
        if let other = listed?.otherTime(of: key), (days > limit) != (other.fullDays(until: end) > limit) {
            return Old(key: key, days: days, doubt: .listedOtherwise(other))
        }
        guard days > limit else { return nil }
        let isListed = if case .listed? = facts.last.flatMap({ listed?.standing(key, at: $0) }) { true } else { false }
        let gaps = facts.unread(
            before: created.adding(seconds: Int64(limit + 1) * 86_400),
            seen: isListed ? listed?.reading.earliest : nil
        )
        return Old(key: key, days: days, doubt: doubt(key, listed, facts) ?? (gaps.isEmpty ? nil : .gaps(gaps)))
    }

    /// What makes the sentence of a key, by its place: there can be thousands, made over the same few days.
    private static func ages(of keys: [Old], _ limit: Int, _ facts: JudgedFacts) -> @Sendable (Int) -> String {
        let words = facts.words
        let (limit, at) = (words.count(limit, "day"), words.filling("format.at", "time"))
        let old = words.filling("finding.key_old", "creator", "created", "age", "limit")
        let doubtful = words.filling("finding.key_old_doubt", "creator", "created", "age", "limit", "why")
        let ages = Dictionary(uniqueKeysWithValues: Set(keys.map(\.days)).map { ($0, words.count($0, "day")) })
        return { place in
            guard let created = keys[place].key.createdAt, let age = ages[keys[place].days] else {
                return self.words(.undated, facts)
            }
            let (creator, when) = (creator(keys[place].key, words), at(words.moment(created)))
            guard let doubt = keys[place].doubt else { return old(creator, when, age, limit) }
            return doubtful(creator, when, age, limit, self.words(doubt, facts))
        }
    }

    private static func ageInShort(_ old: Old, _ words: Words) -> String? {
        guard old.doubt == nil else { return nil }
        return words(
            "finding.key_old_short",
            [
                "key": .text(name(old.key)), "creator": .text(words.name(creator(old.key, words))),
                "age": .text(words.count(old.days, "day")),
            ]
        )
    }

    // MARK: Names

    /// What is open under each id, in the order in which it stands there.
    private static func byKey(_ keys: [WatchedLog.OpenKey]) -> [[WatchedLog.OpenKey]] {
        var groups: [[WatchedLog.OpenKey]] = []
        for key in keys {
            if let last = groups.last?.last, last.key.isSameInBytes(as: key.key) {
                groups[groups.count - 1].append(key)
            } else {
                groups.append([key])
            }
        }
        return groups
    }
}
