import Evidence

/// Judges a setting for a period, from the days on which it was read (docs/controls.md, "Settings").
struct SettingVerdict {
    /// What a control makes of a setting's value, in words.
    enum Opinion {
        case wanted(String)
        case unwanted(String)
        case unclear(String)
    }

    let facts: JudgedFacts
    let setting: String
    /// What the control makes of a value; nil for a setting that the service does not name.
    let opinion: (SettingsReading.Value?) -> Opinion

    /// The one finding about the setting.
    func finding(_ control: Control) -> Finding {
        guard !facts.readings.isEmpty else {
            return unproven(control, words("finding.settings_never"))
        }
        return facts.isRunning ? newest(control) : wholePeriod(control)
    }

    private var words: Words { facts.words }

    private func unproven(_ control: Control, _ why: String, eventIDs: [String] = []) -> Finding {
        control.finding(.notProven, subject: setting, why, eventIDs: eventIDs)
    }

    private func opinion(of reading: SettingsReading) -> Opinion {
        guard let values = reading.values else { return .unclear(words("finding.setting_damaged")) }
        return opinion(values[setting])
    }

    private func isUnwanted(_ reading: SettingsReading) -> Bool {
        if case .unwanted = opinion(of: reading) { true } else { false }
    }

    /// Those whose value is unwanted; of neighbours that are alike, as most are, one is looked at.
    private func unwanted(_ readings: [SettingsReading]) -> [SettingsReading] {
        var before: (values: [String: SettingsReading.Value]?, isUnwanted: Bool)?
        return readings.filter { reading in
            if let before, before.values == reading.values { return before.isUnwanted }
            let isUnwanted = isUnwanted(reading)
            before = (reading.values, isUnwanted)
            return isUnwanted
        }
    }

    private func isWanted(_ reading: SettingsReading) -> Bool {
        if case .wanted = opinion(of: reading) { true } else { false }
    }

    /// Those whose day is known.
    private var known: [SettingsReading] { Self.those(\.isTimeKnown, of: facts.readings) }

    private var inside: [SettingsReading] {
        let range = facts.period.range
        return Self.those({ range.contains($0.at) }, of: known)
    }

    /// Of tens of thousands that are nearly always all wanted no other list is made.
    private static func those(_ isWanted: (SettingsReading) -> Bool, of readings: [SettingsReading])
        -> [SettingsReading]
    {
        readings.allSatisfy(isWanted) ? readings : readings.filter(isWanted)
    }

    // MARK: A period that goes on

    /// The newest snapshot decides, and earlier deviations are named.
    private func newest(_ control: Control) -> Finding {
        let inside = inside
        let isBounded = facts.period.range.from != nil
        guard let newest = newestReading else { return unproven(control, notSince) }
        func said(_ what: String) -> String {
            newest.isTimeKnown
                ? words("finding.setting_last", ["what": .text(sentence(what)), "when": .text(words.at(newest.at))])
                : words(
                    "finding.setting_last_unknown",
                    ["what": .text(sentence(what)), "time": .text(words.moment(newest.at))]
                )
        }
        switch opinion(of: newest) {
        case .unclear(let why): return unproven(control, said(why))
        case .unwanted(let what):
            return control.finding(.fail, subject: setting, said(what), short: short(what, [newest]))
        case .wanted(let what) where isBounded && !newest.isTimeKnown: return unproven(control, said(what))
        case .wanted(let what):
            let later = unexplained(in: InstantRange(from: whole(newest.earliest), to: nil))
            guard later.isEmpty else {
                let why = words("finding.setting_changed_since", ["count": .number(later.count)])
                return unproven(control, "\(said(what)) \(why)", eventIDs: later)
            }
            let earlier = unwanted(inside)
            var deviations = ""
            if let last = earlier.last, case .unwanted(let other) = opinion(of: last) {
                let places: [String: Words.Argument] = ["what": .text(other), "days": .text(days(earlier))]
                deviations = " " + words("finding.setting_before", places)
            }
            var finding = control.finding(.pass, subject: setting, said(what) + deviations)
            finding.judgedTo = min(newest.at, facts.provenSpan?.to ?? newest.earliest).rfc3339
            return finding
        }
    }

    private var newestReading: SettingsReading? {
        let isBounded = facts.period.range.from != nil
        let last = facts.readings.last.flatMap { $0.isTimeKnown || (isBounded && inside.isEmpty) ? nil : $0 }
        return last ?? inside.last
    }

    private var notSince: String {
        let known = known
        guard !known.isEmpty else { return words("finding.settings_unknown_time") }
        let undecided = facts.readings.count - known.count
        let more = undecided == 0 ? "" : " " + words("finding.settings_more_unknown", ["count": .number(undecided)])
        return words("finding.settings_not_since", ["days": .text(days(known))]) + more
    }

    // MARK: A period that is over

    /// Any deviation inside fails; a pass needs snapshots inside, or on both sides, and nothing that speaks against them.
    private func wholePeriod(_ control: Control) -> Finding {
        let inside = inside
        let before = facts.period.range.from.flatMap { from in known.last { $0.at < from } }
        let after = firstBehind
        let bad = unwanted(inside)
        if let last = bad.last, case .unwanted(let what) = opinion(of: last) {
            return control.finding(
                .fail,
                subject: setting,
                words("finding.setting_read", read(what, bad)),
                short: short(what, bad)
            )
        }
        for reading in inside {
            guard case .unclear(let why) = opinion(of: reading) else { continue }
            return unproven(control, words("finding.setting_read", read(why, [reading])))
        }
        guard let shown = inside.last ?? after, !inside.isEmpty || (before.map(isWanted) == true && isWanted(shown))
        else {
            return unproven(control, notShown(before, after))
        }
        guard case .wanted(let what) = opinion(of: shown) else { return unproven(control, notShown(before, after)) }
        var places = read(what, inside.isEmpty ? [before, after].compactMap { $0 } : inside)
        if let doubt = doubt(inside, before, after) {
            places["why"] = .text(doubt.why)
            return unproven(control, words("finding.setting_doubt", places), eventIDs: doubt.events)
        }
        return control.finding(.pass, subject: setting, words("finding.setting_unchanged", places))
    }

    private var firstBehind: SettingsReading? {
        facts.period.range.to.flatMap { to in known.first { !($0.at < to) } }
    }

    /// What a person who has to judge the value is asked about, whenever the settings were read.
    var asked: AskedStatement? {
        guard let shown = facts.isRunning ? newestReading : inside.last ?? firstBehind,
            case .wanted(let what) = opinion(of: shown)
        else { return nil }
        let time = AskedStatement.time
        let places: [String: Words.Argument] = [
            "what": .text(sentence(what)), "when": time, "time": time, "days": time,
        ]
        let sentences = ["finding.setting_last", "finding.setting_last_unknown", "finding.setting_unchanged"]
        return AskedStatement(sentence(what), in: sentences.map { words($0, places) }, readAt: shown.at)
    }

    private func read(_ what: String, _ readings: [SettingsReading]) -> [String: Words.Argument] {
        ["what": .text(sentence(what)), "days": .text(days(readings))]
    }

    private func short(_ what: String, _ readings: [SettingsReading]) -> String {
        words("finding.setting_short", ["what": .text(what), "days": .text(days(readings))])
    }

    private func days(_ readings: [SettingsReading]) -> String { words.days(readings.map(\.at)) }

    private func notShown(_ before: SettingsReading?, _ after: SettingsReading?) -> String {
        if before == nil, after == nil { return words("finding.settings_unknown_time") }
        let sides = [before, after].compactMap { $0 }.map { reading in
            switch opinion(of: reading) {
            case .wanted(let what), .unwanted(let what), .unclear(let what):
                words("finding.settings_side", ["days": .text(days([reading])), "what": .text(what)])
            }
        }
        return words("finding.settings_not_in_period", ["sides": .text(sides.joined(separator: ", "))])
    }

    /// What speaks against the value having been the same all the time.
    private func doubt(_ inside: [SettingsReading], _ before: SettingsReading?, _ after: SettingsReading?)
        -> (why: String, events: [String])?
    {
        let range = facts.period.range
        let window = inside.isEmpty ? InstantRange(from: before.map { whole($0.at) }, to: range.to) : range
        if let before, let first = inside.first, isUnwanted(before),
            !isExplained(before, first, where: { at in range.from.map { at < $0 } ?? false })
        {
            return (words("finding.setting_other_before", ["days": .text(days([before]))]), [])
        }
        if let after, let last = inside.last, isUnwanted(after),
            !isExplained(last, after, where: { at in range.to.map { !(at < $0) } ?? false })
        {
            return (words("finding.setting_other_after", ["days": .text(days([after]))]), [])
        }
        if facts.readings.contains(where: { !$0.isTimeKnown && !isWanted($0) }) {
            return (words("finding.setting_other_unknown"), [])
        }
        let events = unexplained(in: window)
        if !events.isEmpty { return (words("finding.setting_events", ["count": .number(events.count)]), events) }
        guard facts.log != nil, facts.isComplete == true, facts.damage.isEmpty else {
            return (words("finding.setting_log_not_whole"), [])
        }
        let gaps = facts.gaps(in: window)
        return gaps.isEmpty ? nil : (words("finding.setting_log_gap", words.spans(gaps)), [])
    }

    /// Whether events explain how the setting came to differ between two snapshots, all of them at wanted times.
    private func isExplained(_ first: SettingsReading, _ second: SettingsReading, where isWanted: (Instant) -> Bool)
        -> Bool
    {
        let events = (facts.driftAround?.differences ?? []).filter { item in
            item.difference.kind == "setting" && item.difference.field.isSameInBytes(as: setting)
                && !(item.difference.from < first.at) && !(second.at < item.difference.to)
        }.flatMap(\.events)
        return !events.isEmpty && events.allSatisfy { isWanted($0.at) }
    }

    /// Changes of settings in a span of time that no difference between snapshots explains, those without a time last.
    private func unexplained(in window: InstantRange) -> [String] {
        let dated = (facts.driftAround?.unexplained ?? []).filter { window.contains($0.at) }.map(\.event)
        return dated + facts.undated.possible(in: window).groups.flatMap(\.settingsUpdated)
    }

    /// The begin of an instant's second: snapshots are stamped with whole seconds.
    private func whole(_ at: Instant) -> Instant { Instant(seconds: at.seconds) }

    /// Words at the begin of a sentence; a setting's name stays as it is.
    private func sentence(_ words: String) -> String {
        words.hasPrefix(setting) ? words : words.prefix(1).uppercased() + words.dropFirst()
    }
}
