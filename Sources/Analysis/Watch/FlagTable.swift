import Evidence

/// Event ids by subject, in the order in which they were flagged.
///
/// Subjects are told apart by what the caller gives: a number of an actor, a pair or an action, or an exact text.
struct FlagTable<Subject: Hashable> {
    private var places: [Subject: Int] = [:]
    private var subjects: [Subject] = []
    private var events: [[String]] = []
    /// When the first and the last event of each subject happened, of those whose time is known.
    private var spans: [InstantRange] = []

    /// `at`: nil for an event without a usable time.
    ///
    /// - Returns: How many events the subject has now.
    @discardableResult
    mutating func add(_ subject: Subject, _ event: String, at: Instant?) -> Int {
        guard let place = places[subject] else {
            places[subject] = events.count
            subjects.append(subject)
            events.append([event])
            spans.append(InstantRange(from: at, to: at))
            return 1
        }
        events[place].append(event)
        spans[place].extend(to: at)
        return events[place].count
    }

    /// By what subjects are called.
    func sorted(_ name: (Subject) -> WatchedLog.Flag) -> [WatchedLog.Flag] {
        var flags = subjects.indices.map { place in
            var flag = name(subjects[place])
            flag.eventIDs = events[place]
            flag.span = spans[place]
            return flag
        }
        WatchedLog.Flag.sort(&flags)
        return flags
    }
}

extension InstantRange {
    /// Takes in a later event; nil for one without a usable time.
    mutating func extend(to at: Instant?) {
        guard let at else { return }
        from = from ?? at
        to = at
    }
}

extension EventView {
    /// When the event happened; nil where it has no usable time.
    var at: Instant? { isUndated ? nil : instant }
}

extension WatchedLog.Flag {
    /// Puts flags in the order of what their subjects are called.
    static func sort(_ flags: inout [Self]) {
        let numbers = KeyOrder(flags) { [$0.subject, $0.key] }.numbers
        // In place, for there can be millions, and copies of them take long.
        for place in numbers.indices {
            var from = Int(numbers[place])
            while from < place { from = Int(numbers[from]) }
            flags.swapAt(place, from)
        }
    }
}

extension TextView {
    /// Compares with a literal, byte by byte.
    func equals(_ literal: StaticString) -> Bool {
        count == literal.utf8CodeUnitCount && hasPrefix(literal)
    }

    func hasPrefix(_ literal: StaticString) -> Bool {
        guard let start, count >= literal.utf8CodeUnitCount else { return false }
        for index in 0..<literal.utf8CodeUnitCount where start[index] != literal.utf8Start[index] { return false }
        return true
    }

    /// Compares as e-mail addresses are compared: ASCII letters without their case.
    func equalsIgnoringCase(_ other: TextView) -> Bool {
        guard count == other.count, let left = start, let right = other.start else { return false }
        for index in 0..<count where asciiLower(left[index]) != asciiLower(right[index]) { return false }
        return true
    }

    /// Lends the text with ASCII letters in lower case.
    func withLowercase<Result>(_ body: (TextView) -> Result) -> Result {
        guard bytes.contains(where: { asciiLower($0) != $0 }) else { return body(self) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { lower in
            for index in 0..<count { lower[index] = asciiLower(bytes[index]) }
            return body(TextView(start: UnsafePointer(lower.baseAddress), count: count))
        }
    }
}

private func asciiLower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }
