import Evidence

/// The keys of a list beside what the log tells of them.
///
/// The list may be the caller's alone: a key that is not on it is not thereby gone.
struct ListedKeys {
    /// What the list says of a key of the log.
    enum Standing {
        /// It stands there, and what may have revoked it up to then did not.
        case listed
        /// It stands there, and ended to be valid by itself.
        case expired
        case unknown
    }

    /// The list.
    let reading: AccessCourse<AccessKey>.Reading
    private var byID: [ExactText: Int] = [:]
    /// When the log says that a key was revoked last, by id; nil for a time that is not known.
    private var revoked: [ExactText: Instant?] = [:]
    private var revocations: [ExactText: Instant] = [:]
    /// What keys the log says that were made, by id.
    private var made: Set<ExactText> = []

    init(_ reading: AccessCourse<AccessKey>.Reading, _ trail: AccessTrail?) {
        self.reading = reading
        for (place, key) in reading.elements.enumerated() {
            if let id = key.id, !id.isEmpty, byID[ExactText(id)] == nil { byID[ExactText(id)] = place }
        }
        for event in trail?.events ?? [] {
            switch event.kind {
            case .keyCreated:
                made.insert(ExactText(event.id))
                // One that is made again is open again.
                if event.at != nil { revoked[ExactText(event.id)] = nil }
            case .keyRevoked:
                if let at = event.at { revocations[ExactText(event.event)] = at }
                if !event.id.isEmpty { revoked[ExactText(event.id)] = .some(event.at) }
            default: break
            }
        }
    }

    /// What the list says of a key of the log at the last second that counts.
    func standing(_ key: WatchedLog.OpenKey, at last: Instant) -> Standing {
        guard key.key.isSameInBytes(as: key.id), let place = byID[ExactText(key.id)] else { return .unknown }
        if reading.elements[place].isExpired(at: last) { return .expired }
        guard key.createdAt.map({ $0.seconds < reading.earliest.seconds }) ?? false else { return .unknown }
        return .listed
    }

    /// When the list says that a key of the log was made, where that is another time than the log's; nil where they agree, where
    /// one of them is silent, and for one made behind the list.
    func otherTime(of key: WatchedLog.OpenKey) -> Instant? {
        guard key.key.isSameInBytes(as: key.id), let place = byID[ExactText(key.id)], let at = key.createdAt,
            let listed = reading.elements[place].createdAt
        else { return nil }
        return listed.isAtOdds(with: at) && at.seconds < reading.earliest.seconds ? listed : nil
    }

    /// Whether an event that may have revoked a key came before the list, which has it all the same.
    func outlives(_ revocation: WatchedLog.Revocation) -> Bool {
        revocations[ExactText(revocation.event)].map { $0.seconds < reading.earliest.seconds } ?? false
    }

    /// Whether an event says that a listed key was made.
    func isMade(_ key: AccessKey) -> Bool { key.id.map { !$0.isEmpty && made.contains(ExactText($0)) } ?? false }

    /// How the log says that a listed key ended.
    enum End: Equatable {
        case none
        /// Before the list was read, which has it all the same.
        case before
        /// Behind the list, or nobody knows when.
        case behind
    }

    /// What the log says of a listed key's end.
    func end(of key: AccessKey) -> End {
        guard let id = key.id, let at = revoked[ExactText(id)] else { return .none }
        return at.map { $0.seconds < reading.earliest.seconds } == true ? .before : .behind
    }
}

extension Instant {
    /// How many days lie between two instants; a day counts when it is full, to the nanosecond.
    func fullDays(until end: Instant) -> Int {
        Int(clamping: (end.seconds - seconds - (end.nanoseconds < nanoseconds ? 1 : 0)) / 86_400)
    }

    /// Whether two times of one making lie further apart than clocks do.
    func isAtOdds(with other: Instant) -> Bool { (seconds - other.seconds).magnitude > 300 }
}
