/// What a sandbox does wrong on purpose: a list of faults, each at certain requests or for a share of them.
///
/// Written `name@N` for the N-th request, `name@NxK` for K requests from the N-th on, `name:P` for a share of all
/// (0 to 1), and `name=V` for those that take a value.
public struct FaultPlan: Sendable, Hashable {
    /// What goes wrong with an answer.
    public enum Kind: String, Sendable, CaseIterable {
        case tooManyRequests = "429"
        /// The same, with `Retry-After` as a date.
        case tooManyUntil = "429-date"
        /// The same, without `Retry-After`: only `X-RateLimit-Reset` tells.
        case tooManyWithoutRetry = "429-reset"
        /// The same, without any header that tells when to come again.
        case tooManySilent = "429-silent"
        case serverError = "500"
        case unavailable = "503"
        /// The connection closes in the middle of the body.
        case reset
        /// Half of the body, as if it were whole.
        case truncate
        /// An answer that takes as many seconds as the value says (2).
        case slow
        /// A body that comes a few bytes at a time, one second apart.
        case drip
        /// A small body that decompresses to as many MiB as the value says (80).
        case bomb
        /// A body that is no JSON.
        case malformed
        /// A web page with status 200.
        case html
        /// No body at all.
        case empty
        /// JSON without a list of events.
        case shapeless
        /// A redirect to another host.
        case redirect
        /// A body of as many MiB as the value says (80).
        case huge
        /// An error that repeats the token.
        case echoToken = "echo-token"
        /// Events of the page served twice.
        case duplicates
    }

    /// A fault and when it happens.
    struct Rule: Sendable, Hashable {
        var kind: Kind
        var from: Int?
        var count = 1
        var share: Double?
        var value: Int?
    }

    /// A text that names no fault.
    public struct Unknown: Error, Sendable, CustomStringConvertible {
        /// The text.
        public let text: String
        /// What is wrong and what is accepted.
        public var description: String {
            let names =
                Kind.allCases.map(\.rawValue) + [
                    "drift=N", "expire=N", "vanish=N", "total=N", "repeat-last", "drift=NxK for the first K pages",
                    "withdraw=N@K", "other-organization=K", "date=SECONDS|none|garbled", "swing=N", "dice=N", "endless",
                    "odd=N", "odd-times=N", "disorder=N", "refuse=STATUS@PAGE", "end=404|204|null",
                ]
            return "'\(text)' is no fault; accepted are NAME@N, NAME@NxK, NAME:SHARE with one of "
                + names.joined(separator: ", ")
        }
    }

    var rules: [Rule] = []
    /// Something that happens to the log behind its pages: how much, and behind how many of the first ones.
    public struct Movement: Sendable, Hashable {
        /// Events each time.
        var events = 0
        /// How many times; nil for ever.
        var times: Int?

        /// Takes one turn; returns the events concerned.
        mutating func turn() -> Int {
            guard let times else { return events }
            guard times > 0 else { return 0 }
            self.times = times - 1
            return events
        }
    }

    /// Events appended after requests for the log.
    public var drift = Movement()
    /// Oldest events that go after requests for the log.
    public var expire = Movement()
    /// Events that go from the middle after requests for the log.
    public var vanish = Movement()
    /// What is added to `total`.
    public var totalError = 0
    /// Whether pages behind the end repeat the last one.
    public var repeatsLastPage = false
    /// What is added to `total` on every second page.
    public var totalSwing = 0
    /// A number up to this is added to `total`, another on each page.
    public var totalDice = 0
    /// Whether every page is full of events that are made up for it.
    public var isEndless = false
    /// So many of the events served first are deleted behind a page, told by how many pages of the log were served.
    public var withdrawal: (events: Int, afterPage: Int)? {
        get { withdrawn.map { ($0.events, $0.afterPage) } }
        set { withdrawn = newValue.map { Withdrawal(events: $0.events, afterPage: $0.afterPage) } }
    }
    private var withdrawn: Withdrawal?
    private struct Withdrawal: Sendable, Hashable {
        var events: Int
        var afterPage: Int
    }
    /// From so many times on that the organization is asked for, it is another one.
    public var otherOrganizationFrom: Int?
    /// What the `Date` of answers says.
    public enum DateHeader: Sendable, Hashable {
        /// So many seconds after the truth.
        case off(Int)
        case none
        case garbled
    }
    /// What the `Date` of answers says.
    public var date = DateHeader.off(0)
    /// Pages of the log from this one on are answered with a status.
    public var refusal: (status: Int, fromPage: Int)? {
        get { refused.map { ($0.status, $0.fromPage) } }
        set { refused = newValue.map { Refusal(status: $0.status, fromPage: $0.fromPage) } }
    }
    private var refused: Refusal?
    private struct Refusal: Sendable, Hashable {
        var status: Int
        var fromPage: Int
    }
    /// What is answered behind the last page.
    public enum End: String, Sendable, Hashable {
        case notFound = "404"
        case noContent = "204"
        case null
    }
    /// What is answered behind the last page; nil for an empty list.
    public var end: End?
    /// Elements of the log that are no events.
    public var oddElements = 0
    /// Events whose time can't be.
    public var oddTimes = 0
    /// Events that stand up to fifty places from where they belong.
    public var disorder = 0

    /// No faults.
    public init() {}

    /// Reads fault texts such as `429@3`, `500:0.1`, `drift=2`.
    ///
    /// - Throws: `Unknown` for a text that names none.
    public init(parsing texts: [String]) throws {
        for text in texts { try add(text) }
    }

    private mutating func add(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? Int(parts[1].trimmingSuffix("s")) : nil
        let movement = parts.count == 2 ? Self.movement(parts[1]) : nil
        switch (parts[0], value) {
        case ("drift", _) where movement != nil: drift = movement ?? drift
        case ("expire", _) where movement != nil: expire = movement ?? expire
        case ("vanish", _) where movement != nil: vanish = movement ?? vanish
        case ("total", let number?): totalError = number
        case ("repeat-last", nil): repeatsLastPage = true
        case ("endless", nil): isEndless = true
        case ("swing", let number?): totalSwing = number
        case ("dice", let number?) where number > 0: totalDice = number
        case ("other-organization", let number?): otherOrganizationFrom = number
        case ("odd", let number?) where number >= 0: oddElements = number
        case ("odd-times", let number?) where number >= 0: oddTimes = number
        case ("disorder", let number?) where number >= 0: disorder = number
        case ("date", let number?): date = .off(number)
        case ("date", nil) where parts.last == "none": date = .none
        case ("date", nil) where parts.last == "garbled": date = .garbled
        case ("withdraw", nil) where parts.count == 2:
            let numbers = parts[1].split(separator: "@", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let events = numbers[0], let page = numbers[1] else { throw Unknown(text: text) }
            withdrawal = (events, page)
        case ("refuse", nil) where parts.count == 2:
            let numbers = parts[1].split(separator: "@", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let status = numbers[0], let page = numbers[1] else { throw Unknown(text: text) }
            refusal = (status, page)
        case ("end", _) where parts.count == 2:
            guard let end = End(rawValue: parts[1]) else { throw Unknown(text: text) }
            self.end = end
        default: rules.append(try Self.rule(text, parts[0], value))
        }
    }

    /// `3` or `3x10`.
    private static func movement(_ text: String) -> Movement? {
        let numbers = text.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
        guard let events = numbers[0], events >= 0 else { return nil }
        guard numbers.count == 2 else { return Movement(events: events) }
        return numbers[1].map { Movement(events: events, times: $0) }
    }

    private static func rule(_ text: String, _ head: String, _ value: Int?) throws -> Rule {
        let separator = head.firstIndex { $0 == "@" || $0 == ":" }
        guard let kind = Kind(rawValue: String(head[..<(separator ?? head.endIndex)])) else {
            throw Unknown(text: text)
        }
        var rule = Rule(kind: kind, value: value)
        guard let separator else {
            rule.share = 1
            return rule
        }
        let when = head[head.index(after: separator)...]
        if head[separator] == ":" {
            guard let share = Double(when), (0...1).contains(share) else { throw Unknown(text: text) }
            rule.share = share
        } else {
            let numbers = when.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = numbers.first ?? nil, numbers.count <= 2 else { throw Unknown(text: text) }
            rule.from = first
            if numbers.count == 2 {
                guard let count = numbers[1] else { throw Unknown(text: text) }
                rule.count = count
            }
        }
        return rule
    }

    /// The faults of a request, by its number from 1; `chance` gives numbers from 0 to 1.
    func faults(ofRequest number: Int, chance: () -> Double) -> [Rule] {
        rules.filter { rule in
            if let from = rule.from { return number >= from && number < from + rule.count }
            return rule.share.map { chance() < $0 } ?? false
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String { last == suffix ? String(dropLast()) : self }
}
