import Evidence

/// The API keys that a list or the log knows, each once as far as ids tell.
struct AccessKeyRows {
    private(set) var keys: [AccessState.Key] = []
    private let trail: AccessTrail
    private var byID: [ExactText: Int] = [:]
    /// When keys of the list were made, as it says.
    private var listed: [Int: Instant] = [:]

    init(
        _ reading: AccessCourse<AccessKey>.Reading?,
        _ log: WatchedLog,
        _ trail: AccessTrail,
        _ end: Instant?,
        _ last: Instant?,
        _ returned: ReturnedMembers?
    ) {
        self.trail = trail
        for key in reading?.elements ?? [] {
            if let id = key.id, !id.isEmpty {
                guard byID[ExactText(id)] == nil else { continue }
                byID[ExactText(id)] = keys.count
            }
            listed[keys.count] = key.createdAt
            keys.append(AccessState.Key(key: key))
        }
        for event in trail.events {
            switch event.kind {
            case .keyCreated: make(event)
            case .keyRevoked: revoke(event, reading)
            default: break
            }
        }
        for key in log.openKeys where key.orphan != nil && key.orphan?.doubt == nil {
            if returned?.mayHaveMaker(of: key) == true { continue }
            if let place = byID[ExactText(key.id)], keys[place].revoked == nil { keys[place].status = .orphaned }
        }
        guard let end else { return }
        for place in keys.indices {
            keys[place].ageDays = keys[place].key.createdAt.map { max(0, $0.fullDays(until: end)) }
            if keys[place].revoked == nil, keys[place].key.isExpired(at: last ?? end) { keys[place].status = .expired }
        }
    }

    /// When a key was made: as the list says, else the log; of two times that can't both be true, the older.
    private func made(_ place: Int, _ event: AccessTrail.Event) -> Instant? {
        guard let listed = listed[place] else { return event.at }
        guard let at = event.at, listed.isAtOdds(with: at) else { return listed }
        return min(listed, at)
    }

    private mutating func make(_ event: AccessTrail.Event) {
        let place: Int
        if let known = byID[ExactText(event.id)], !event.id.isEmpty {
            place = known
            if keys[place].source == .list { keys[place].source = .both }
            // A key that is made again under one id is open again.
            (keys[place].revoked, keys[place].status) = (nil, .active)
            keys[place].key.createdAt = made(place, event)
        } else {
            place = keys.count
            let id = event.id.isEmpty ? nil : event.id
            let key = AccessKey(id: id, name: event.name.isEmpty ? nil : event.name, createdAt: event.at)
            keys.append(AccessState.Key(key: key, status: id == nil ? .unknown : .active, source: .log))
            if let id { byID[ExactText(id)] = place }
        }
        if let by = event.by { keys[place].creator = (trail.actors[by].id, trail.actors[by].mail) }
    }

    private mutating func revoke(_ event: AccessTrail.Event, _ reading: AccessCourse<AccessKey>.Reading?) {
        guard !event.id.isEmpty else { return }
        let place = byID[ExactText(event.id)] ?? keys.count
        if place == keys.count {
            let key = AccessKey(id: event.id, name: event.name.isEmpty ? nil : event.name)
            keys.append(AccessState.Key(key: key, source: .log))
            byID[ExactText(event.id)] = place
        }
        let isListedBehind =
            keys[place].source != .log
            && event.at.map { at in reading.map { at.seconds < $0.earliest.seconds } ?? false } ?? true
        keys[place].revoked = (event.at, event.by.map { trail.actors[$0].called } ?? "")
        keys[place].status = isListedBehind ? .unknown : .revoked
        if keys[place].source == .list { keys[place].source = .both }
    }
}
