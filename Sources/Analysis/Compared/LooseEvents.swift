import Evidence

/// Events that give nothing by which anybody of those asked for is known, counted by what tells that they are about others.
struct LooseEvents {
    /// By the kind of their id, where it tells.
    private struct Times {
        var all = EventTimes()
        var byKind: [String: EventTimes] = [:]

        mutating func add(_ event: AccessTrail.Event) {
            all.add(event.at)
            if let kind = AccessTrail.Event.kind(of: event.id) { byKind[kind, default: EventTimes()].add(event.at) }
        }

        func count(_ kinds: Set<String>, _ count: (EventTimes) -> Int) -> Int {
            kinds.reduce(count(all)) { $0 - (byKind[$1].map(count) ?? 0) }
        }
    }

    private var all = Times()
    /// Those that give no e-mail.
    private var withoutMail = Times()

    /// Takes an event in.
    mutating func add(_ event: AccessTrail.Event) {
        all.add(event)
        if !event.givesMail { withoutMail.add(event) }
    }

    /// How many may be about somebody, of ids of these kinds, and with an e-mail or not; `times` counts those of a time.
    func count(_ kinds: Set<String>, hasMail: Bool, _ times: (EventTimes) -> Int = \.count) -> Int {
        (hasMail ? withoutMail : all).count(kinds, times)
    }
}
