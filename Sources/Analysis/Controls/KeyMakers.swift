import Evidence

/// What findings call a key of the log, and whoever made it.
extension KeyControls {
    static func subject(_ key: WatchedLog.OpenKey, _ words: Words) -> String {
        if key.isUnidentified { return words("subject.unnamed_key", ["event": .text(key.event)]) }
        guard !key.name.isEmpty, !key.name.isSameInBytes(as: key.id) else { return key.id }
        return words("subject.named_key", ["name": .text(key.name), "id": .text(key.id)])
    }

    static func name(_ key: WatchedLog.OpenKey) -> String {
        if !key.name.isEmpty { return key.name }
        return key.id.isEmpty ? key.event : key.id
    }

    static func creator(_ key: WatchedLog.OpenKey, _ words: Words) -> String {
        key.isAnonymous ? words("subject.somebody") : key.creator
    }
}

/// What lists say of whoever made a key.
extension ListedKeyControls {
    /// Listed keys that the log revokes before the list was read, and whose creator an event removed.
    static func outliving(_ control: Control, _ listed: ListedKeys, _ facts: JudgedFacts) -> [Finding] {
        guard let last = facts.last, let trail = facts.log?.access else { return [] }
        let kept = listed.reading.elements.filter { !$0.isExpired(at: last) && listed.end(of: $0) == .before }
        guard !kept.isEmpty else { return [] }
        var made: [ExactText: Int] = [:]
        for (place, event) in trail.events.enumerated() where event.kind == .keyCreated {
            made[ExactText(event.id)] = place
        }
        let (words, removals) = (facts.words, RemovalsAround(trail))
        return kept.compactMap { key in
            guard let place = key.id.flatMap({ made[ExactText($0)] }), let by = trail.events[place].by,
                let removal = removals.removal(of: trail.actors[by], around: place)
            else { return nil }
            let places: [String: Words.Argument] = [
                "creator": .text(trail.actors[by].called), "created": .text(words.at(trail.events[place].at)),
                "removed": .text(words.at(removal.at)),
                "why": .text(words("finding.key_outlives", ["when": .text(words.at(listed.reading.at))])),
            ]
            return control.finding(
                .notProven,
                subject: subject(key, words),
                key: key.key?.text,
                words("finding.key_removed", places),
                short: nil,
                eventIDs: [trail.events[place].event, removal.event]
            )
        }
    }

    /// What is to be said of keys on a list that may be open, and of which no event says who made them; nothing for none.
    static func ofNobody(_ control: Control, _ listed: ListedKeys, _ facts: JudgedFacts) -> [Finding] {
        guard let last = facts.last else { return [] }
        let words = facts.words
        let keys = listed.reading.elements.filter { key in
            // A list of behind the end has keys that were made there.
            !key.isExpired(at: last) && listed.end(of: key) != .behind && !listed.isMade(key)
                && key.createdAt.map { $0 <= last } ?? true
        }
        guard !keys.isEmpty else { return [] }
        let names = keys.prefix(3).map { subject($0, words) }
        let places: [String: Words.Argument] = [
            "count": .number(keys.count), "names": .text(words.some(Array(names), of: keys.count)),
            "when": .text(words.at(listed.reading.at)),
        ]
        return [control.finding(.notProven, about: .keys, in: words, words("finding.keys_of_nobody", places))]
    }

    /// What is to be said of open keys whose creator no event removes, and the list of members does not have.
    static func leftBehind(_ control: Control, _ keys: [WatchedLog.OpenKey], _ facts: JudgedFacts) -> [Finding] {
        guard !keys.isEmpty, let trail = facts.log?.access,
            case .read(let list, let next) = AccessKind.members.course(facts).standing(at: facts.end),
            let makers = UnlistedMakers(list, next, trail)
        else { return [] }
        let words = facts.words
        return keys.filter(makers.made).map { key in
            let places: [String: Words.Argument] = [
                "creator": .text(KeyControls.creator(key, words)), "created": .text(words.at(key.createdAt)),
                "when": .text(words.at((next ?? list).at)),
            ]
            let (subject, told) = (KeyControls.subject(key, words), words("finding.key_unlisted", places))
            return control.finding(.notProven, subject: subject, key: key.key, told, eventIDs: [key.event])
        }
    }
}
