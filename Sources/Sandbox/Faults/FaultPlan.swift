/// What a sandbox does wrong on purpose: a list of faults, each at certain requests or for a share of them.
///
/// Written `name@N` for the N-th request, `name@NxK` for K requests from the N-th on, `name:P` for a share of all
/// (0 to 1), and `name=V` for those that take a value.
package struct FaultPlan: Sendable, Hashable {
    /// What goes wrong with an answer.
    enum Kind: String, Sendable, CaseIterable {
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

    /// A fault of answers and when it happens.
    struct Rule: Sendable, Hashable {
        /// At which requests.
        enum Moment: Sendable, Hashable {
            /// So many requests from one on, told by its number from 1.
            case requests(from: Int, count: Int)
            /// A share of all requests, 0 to 1.
            case share(Double)
        }

        var kind: Kind
        var moment: Moment
        var value: Int?
    }

    /// Something that happens to the log behind its pages: how much, and behind how many of the first ones.
    struct Movement: Sendable, Hashable {
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

    /// So many of the events served first are deleted behind a page, told by how many pages of the log were served.
    struct Withdrawal: Sendable, Hashable {
        var events: Int
        var afterPage: Int
    }

    /// Pages of the log from one on are answered with a status.
    struct Refusal: Sendable, Hashable {
        var status: Int
        var fromPage: Int
    }

    /// What the `Date` of answers says.
    enum DateHeader: Sendable, Hashable {
        /// So many seconds after the truth.
        case off(Int)
        case none
        case garbled
    }

    /// What is answered behind the last page.
    enum End: String, Sendable, Hashable {
        case notFound = "404"
        case noContent = "204"
        case null
    }

    /// What a list of members, invitations or API keys is answered with.
    enum ListFault: String, Sendable, Hashable, CaseIterable {
        case forbidden
        case missing
        /// The second of the documented paths and forms alone.
        case other
        /// All elements at once, whatever page is asked for.
        case unpaged
        /// The same, as an array without any envelope.
        case array
        /// Pages that do not tell how many there are.
        case silent
        /// The first page for every other.
        case repeating
        case html
        case shapeless
        case broken = "500"
        case refused = "401"
    }

    /// Faults of lists, by their names; the faults of single answers pass lists over.
    var lists: [SandboxList: ListFault] = [:]
    var rules: [Rule] = []
    /// Events appended after requests for the log.
    var drift = Movement()
    /// Oldest events that go after requests for the log.
    var expire = Movement()
    /// Events that go from the middle after requests for the log.
    var vanish = Movement()
    /// What is added to `total`.
    var totalError = 0
    /// What is added to `total` on every second page.
    var totalSwing = 0
    /// A number up to this is added to `total`, another on each page.
    var totalDice = 0
    /// Whether pages behind the end repeat the last one.
    var repeatsLastPage = false
    /// Whether every page is full of events that are made up for it.
    var isEndless = false
    var withdrawal: Withdrawal?
    /// From so many times on that the organization is asked for, it is another one.
    var otherOrganizationFrom: Int?
    var date = DateHeader.off(0)
    var refusal: Refusal?
    /// What is answered behind the last page; nil for an empty list.
    var end: End?
    /// Elements of the log that are no events.
    var oddElements = 0
    /// Events whose time can't be.
    var oddTimes = 0
    /// Events that stand up to fifty places from where they belong.
    var disorder = 0

    /// No faults.
    init() {}

    /// The faults of a request, by its number from 1; `chance` gives numbers from 0 to 1.
    func faults(ofRequest number: Int, chance: () -> Double) -> [Rule] {
        rules.filter { rule in
            switch rule.moment {
            case .requests(let from, let count): number >= from && number - from < count
            case .share(let share): chance() < share
            }
        }
    }
}
