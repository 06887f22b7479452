import Evidence

/// Controls over when, from where, by whom and what.
enum ActivityControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "OFF-HOURS": offHours,
        "NEW-IP": newAddresses,
        "ACT-UNKNOWN": unknownActions,
        "ACT-ANON": anonymous,
    ]

    static func offHours(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        guard let hours = facts.policy.workingHours else {
            return [control.finding(.manual, about: .workingHours, in: words, words("finding.hours_unknown"))]
        }
        let zone = Words.Argument.text(hours.timeZone)
        return control.findings(
            facts.log?.offHours ?? [],
            facts,
            passing: words("finding.hours_within", ["zone": zone]),
            detail: { flag in
                words(
                    "finding.hours_outside",
                    [
                        "actor": .text(words.actor(flag.subject)), "zone": zone,
                        "actions": .text(words.count(flag.eventIDs.count, "privileged")),
                        "when": .text(words.during(flag.span)),
                    ]
                )
            },
            short: { flag in
                words(
                    "finding.hours_short",
                    [
                        "actor": .text(words.name(flag.subject)),
                        "actions": .text(words.count(flag.eventIDs.count, "privileged")),
                    ]
                )
            }
        )
    }

    static func newAddresses(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (flags, words) = (facts.log?.newAddresses ?? [], facts.words)
        guard !flags.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.addresses_known"), gaps: facts.gaps)
        }
        let told = Telling.Sentences(
            detail: { newAddress(flags[$0], facts) },
            short: { shortOfAddress(flags[$0], words) }
        )
        let undated = control.asking(words("remedy.undated"))
        return flags.indices.map { place in
            let flag = flags[place]
            let isFailure = !flag.isDoubtful && gaps(of: flag, facts).isEmpty
            let subject = words(
                "subject.address",
                ["actor": .text(flag.subject.isEmpty ? words.actor("") : flag.subject), "address": .text(flag.address)]
            )
            return (flag.isDoubtful ? undated : control).finding(
                isFailure ? .fail : .notProven,
                subject: subject,
                key: flag.key,
                .made(told, Int32(clamping: place)),
                eventIDs: flag.eventIDs
            )
        }
    }

    private static func gaps(of flag: WatchedLog.Flag, _ facts: JudgedFacts) -> [InstantRange] {
        flag.span.map { facts.unproven(from: $0.from, to: $0.to) } ?? []
    }

    private static func newAddress(_ flag: WatchedLog.Flag, _ facts: JudgedFacts) -> String {
        let words = facts.words
        var places: [String: Words.Argument] = [
            "action": .text(flag.action), "when": .text(words.at(flag.span?.to)), "address": .text(flag.address),
            "actor": .text(words.actor(flag.subject)),
        ]
        if flag.isDoubtful { return words("finding.address_undated", places) }
        let gaps = gaps(of: flag, facts)
        guard !gaps.isEmpty else { return words("finding.address_new", places) }
        places.merge(words.spans(gaps)) { $1 }
        return words("finding.address_gap", places)
    }

    private static func shortOfAddress(_ flag: WatchedLog.Flag, _ words: Words) -> String {
        words(
            "finding.address_short",
            [
                "actor": .text(words.name(flag.subject)), "action": .text(flag.action),
                "when": .text(words.at(flag.span?.to)), "address": .text(flag.address),
            ]
        )
    }

    static func unknownActions(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (flags, words) = (facts.log?.unknownActions ?? [], facts.words)
        guard !flags.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.actions_known"), gaps: facts.gaps)
        }
        return flags.map { flag in
            let action = flag.subject.isEmpty ? words("subject.no_action") : flag.subject
            let detail = words(
                "finding.action_unknown",
                [
                    "count": .number(flag.eventIDs.count), "action": .text(action),
                    "when": .text(words.during(flag.span)),
                ]
            )
            return control.finding(.manual, subject: action, key: flag.key, detail, eventIDs: flag.eventIDs)
        }
    }

    static func anonymous(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (events, words) = (facts.log?.anonymous ?? [], facts.words)
        guard !events.isEmpty else {
            return control.nothingFound(facts, passing: words("finding.nameless_none"), gaps: facts.gaps)
        }
        let detail = words(
            "finding.nameless",
            ["count": .number(events.count), "when": .text(words.during(facts.log?.anonymousSpan))]
        )
        return [control.finding(.fail, about: .auditLog, in: words, detail, eventIDs: events)]
    }
}
