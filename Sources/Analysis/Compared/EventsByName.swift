import Evidence

/// What events about members come to, by what they give of whom they are about: a log can hold as many of them as there are
/// people to ask for.
struct EventsByName<Value> {
    /// By the id, as it is given.
    private var byID: [ExactText: Value] = [:]
    /// By id and name, in lower case.
    private var byText: [ExactText: Value] = [:]

    /// Takes events, in order, by their places among all; `nothing` is what none comes to.
    init(_ events: [AccessTrail.Event], _ nothing: Value, _ take: (_ place: Int, inout Value) -> Void) {
        for (place, event) in events.enumerated() {
            if !event.id.isEmpty { take(place, &byID[ExactText(event.id), default: nothing]) }
            for text in event.texts { take(place, &byText[text, default: nothing]) }
        }
    }

    /// What those come to that name somebody of these ids and e-mails, in lower case; one event may be in several.
    func values(ids: some Sequence<String>, mails: Set<ExactText>) -> [Value] {
        ids.compactMap { $0.isEmpty ? nil : byID[ExactText($0)] } + mails.compactMap { byText[$0] }
    }
}

extension EventsByName<[Int]> {
    /// The places of the events that name somebody, each once and in order.
    func places(ids: some Sequence<String>, mails: Set<ExactText>) -> [Int] {
        let found = values(ids: ids, mails: mails)
        return found.count == 1 ? found[0] : Set(found.joined()).sorted()
    }
}

/// When events happened, in whole seconds.
struct EventTimes {
    private var seconds: [Int64] = []
    private var undated = 0

    /// Takes an event in; they mostly come in order.
    mutating func add(_ at: Instant?) {
        guard let at = at?.seconds else {
            undated += 1
            return
        }
        if seconds.last.map({ $0 <= at }) ?? true { return seconds.append(at) }
        seconds.insert(at, at: seconds.firstPlace { at < $0 })
    }

    /// How many there are.
    var count: Int { seconds.count + undated }

    /// How many may lie between two seconds, both included: those without a time may lie anywhere.
    func count(from: Int64, to: Int64) -> Int {
        max(0, seconds.firstPlace { to < $0 } - seconds.firstPlace { from <= $0 }) + undated
    }
}
