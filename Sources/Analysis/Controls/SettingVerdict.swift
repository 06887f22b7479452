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
            return unproven(control, "The settings were never read: the archive holds no snapshot of them.")
        }
        return facts.isRunning ? newest(control) : wholePeriod(control)
    }

    private func unproven(_ control: Control, _ why: String, eventIDs: [String] = []) -> Finding {
        control.finding(.notProven, subject: setting, why, eventIDs: eventIDs)
    }

    private func opinion(of reading: SettingsReading) -> Opinion {
        guard let values = reading.values else { return .unclear("the snapshot is damaged, or not understood") }
        return opinion(values[setting])
    }

    private func isUnwanted(_ reading: SettingsReading) -> Bool {
        if case .unwanted = opinion(of: reading) { true } else { false }
    }

    private func isWanted(_ reading: SettingsReading) -> Bool {
        if case .wanted = opinion(of: reading) { true } else { false }
    }

    /// Those whose day is known.
    private var known: [SettingsReading] { facts.readings.filter(\.isTimeKnown) }

    private var inside: [SettingsReading] { known.filter { facts.period.range.contains($0.at) } }

    private static let unknownTime = "at a time on which the clocks do not agree"

    // MARK: A period that goes on

    /// The newest snapshot decides, and earlier deviations are named.
    private func newest(_ control: Control) -> Finding {
        let inside = inside
        let isBounded = facts.period.range.from != nil
        let last = facts.readings.last.flatMap { $0.isTimeKnown || (isBounded && inside.isEmpty) ? nil : $0 }
        guard let newest = last ?? inside.last else {
            let undecided = facts.readings.count - known.count
            let words = undecided == 0 ? "" : "; \(counted(undecided, "reading")) \(Self.unknownTime)"
            return unproven(
                control,
                known.isEmpty
                    ? "The settings were read \(Self.unknownTime)."
                    : "The settings were read on \(known.days), not since the period began\(words)."
            )
        }
        let when =
            "when the settings were last read, "
            + (newest.isTimeKnown ? "on \(newest.at.rfc3339)" : "\(Self.unknownTime) (\(newest.at.rfc3339))")
        switch opinion(of: newest) {
        case .unclear(let why): return unproven(control, "\(sentence(why)) \(when).")
        case .unwanted(let words): return control.finding(.fail, subject: setting, "\(sentence(words)) \(when).")
        case .wanted(let words) where isBounded && !newest.isTimeKnown:
            return unproven(control, "\(sentence(words)) \(when).")
        case .wanted(let words):
            let later = unexplained(in: InstantRange(from: whole(newest.earliest), to: nil))
            guard later.isEmpty else {
                return unproven(
                    control,
                    "\(sentence(words)) \(when); \(counted(later.count, "settings.updated event")) since, or without a usable "
                        + "time, may have changed it.",
                    eventIDs: later
                )
            }
            let earlier = inside.filter(isUnwanted)
            var deviations = ""
            if let last = earlier.last, case .unwanted(let words) = opinion(of: last) {
                deviations = " Before, \(words) when they were read on \(earlier.days)."
            }
            var finding = control.finding(.pass, subject: setting, "\(sentence(words)) \(when).\(deviations)")
            finding.judgedTo = min(newest.at, facts.provenSpan?.to ?? newest.earliest).rfc3339
            return finding
        }
    }

    // MARK: A period that is over

    /// Any deviation inside fails; a pass needs snapshots inside, or on both sides, and nothing that speaks against them.
    private func wholePeriod(_ control: Control) -> Finding {
        let inside = inside
        let before = facts.period.range.from.flatMap { from in known.last { $0.at < from } }
        let after = facts.period.range.to.flatMap { to in known.first { !($0.at < to) } }
        let bad = inside.filter(isUnwanted)
        if let last = bad.last, case .unwanted(let words) = opinion(of: last) {
            return control.finding(
                .fail,
                subject: setting,
                "\(sentence(words)) when the settings were read on \(bad.days)."
            )
        }
        for reading in inside {
            guard case .unclear(let why) = opinion(of: reading) else { continue }
            return unproven(control, "\(sentence(why)), read on \([reading].days).")
        }
        guard let shown = inside.last ?? after, !inside.isEmpty || (before.map(isWanted) == true && isWanted(shown))
        else {
            return unproven(control, notShown(before, after))
        }
        guard case .wanted(let words) = opinion(of: shown) else { return unproven(control, notShown(before, after)) }
        let readings = inside.isEmpty ? [before, after].compactMap { $0 } : inside
        let read = "\(sentence(words)) when the settings were read on \(readings.days)"
        if let doubt = doubt(inside, before, after) {
            return unproven(control, "\(read); \(doubt.why).", eventIDs: doubt.events)
        }
        return control.finding(.pass, subject: setting, "\(read), and no settings.updated event says otherwise.")
    }

    private func notShown(_ before: SettingsReading?, _ after: SettingsReading?) -> String {
        if before == nil, after == nil { return "The settings were read \(Self.unknownTime)." }
        let sides = [before, after].compactMap { $0 }.map { reading in
            switch opinion(of: reading) {
            case .wanted(let words), .unwanted(let words), .unclear(let words): "on \([reading].days) \(words)"
            }
        }
        return "The settings were not read in the period: \(sides.joined(separator: ", "))."
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
            return (
                "on \([before].days) it was otherwise, and when that changed is not known to lie before the period", []
            )
        }
        if let after, let last = inside.last, isUnwanted(after),
            !isExplained(last, after, where: { at in range.to.map { !(at < $0) } ?? false })
        {
            return (
                "on \([after].days) it was otherwise, and when that changed is not known to lie behind the period", []
            )
        }
        if facts.readings.contains(where: { !$0.isTimeKnown && !isWanted($0) }) {
            return ("it was otherwise, or not understood, when they were read \(Self.unknownTime)", [])
        }
        let events = unexplained(in: window)
        if !events.isEmpty {
            return (
                "\(counted(events.count, "settings.updated event")) that no difference between snapshots explains may have "
                    + "changed it", events
            )
        }
        guard facts.log != nil, facts.isComplete == true, facts.damage.isEmpty else {
            return ("the log, which would tell of changes between, is not known to be whole", [])
        }
        let gaps = facts.gaps(in: window)
        guard gaps.isEmpty else {
            return (
                "the log, which would tell of changes, is not proven \(gaps.map(\.words).joined(separator: "; "))", []
            )
        }
        return nil
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
