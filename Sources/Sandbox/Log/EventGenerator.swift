/// Makes up the log of a believable organization over 18 months: people come and go, keys are renewed, settings change.
///
/// A few situations are planted, each once, for the controls to find: a key that its removed creator left behind, a key
/// that nobody renews, somebody who changes their own role, a night in which one person deletes many databases from a
/// new address, an event without an actor, an action that the service does not document; and, where it is asked for, somebody
/// who acts behind their removal, a stranger, and a viewer who does more than view.
/// The same count, seed and end give the same bytes.
struct EventGenerator {
    struct Member {
        var id: String
        var email: String?
        var address: String
        var keys: [Key] = []
        /// When they joined; nil for who was there before the log.
        var joinedAt: Int64?
    }

    struct Key {
        var id: String
        var createdAt: Int64
        var isForgotten = false
    }

    struct Database {
        var id: String
        var name: String
    }

    var random: SeededRandom
    var members: [Member] = []
    var databases: [Database] = []
    private var number = 0
    private var memberNumber = 0
    private var databaseNumber = 0
    var keyNumber = 0
    /// Keys that were made and not revoked, in the order in which they were made.
    var openKeys: [Key] = []
    /// Ids of those who did what owners and admins alone may do.
    private(set) var administrators: Set<String> = []
    private var nextPerson = 0
    /// Who is going to leave a key behind.
    var leaver: Member?
    private let membersByEmail: Bool
    private let plantsAccess: Bool
    private(set) var lines: [[UInt8]] = []

    private static let people = [
        "ada.lindqvist", "ben.okafor", "chen.wei", "dana.petrova", "elias.haddad", "femi.adeyemi", "greta.nowak",
        "hugo.martins", "ines.garcia", "jonas.weber", "kira.tanaka", "liam.murphy", "maya.singh", "nils.berg",
        "olga.ivanova", "pablo.ruiz", "quinn.harper", "rosa.conti", "sven.dahl", "tara.oneill", "umar.farouk",
        "vera.kovacs", "wanda.zielinska", "xavier.dupont", "yara.mansour", "zoe.anders",
    ]
    private static let products = ["orders", "billing", "search", "sessions", "events", "reports", "inventory", "auth"]
    private static let stages = ["production", "staging", "test", "analytics", "archive"]

    init(seed: UInt64, membersByEmail: Bool, plantsAccess: Bool) {
        random = SeededRandom(seed: seed)
        (self.membersByEmail, self.plantsAccess) = (membersByEmail, plantsAccess)
    }

    /// Makes `count` events whose last are shortly before `until`, seconds since 1970.
    mutating func generate(count: Int, until: Int64) {
        lines.reserveCapacity(count)
        for _ in 0..<5 { _ = join() }
        members.append(Member(id: "user-ci", email: nil, address: "198.51.100.9"))
        for _ in 0..<6 { databases.append(makeDatabase()) }
        let times = WorkingHours.times(count, until: until, &random)
        let plan = Plan(count: count, plantsAccess: plantsAccess)
        var index = 0
        while index < times.count {
            let at = times[index]
            if index == plan.burst {
                index += deletionBurst(at: at, room: times.count - index, until: times.last ?? at)
                continue
            }
            switch index {
            case plan.selfRole: selfRoleChange(at)
            case plan.anonymous: anonymous(at)
            case plan.unfamiliar: unfamiliar(at)
            case plan.oldKey: createForgottenKey(at)
            case plan.leaverKey: createLeaversKey(at)
            case plan.leaver: removeLeaver(at)
            case plan.ghost: ghost(at)
            case plan.stranger: stranger(at)
            case plan.overreach: overreach(at)
            default: usual(at)
            }
            index += 1
        }
    }

    mutating func join() -> Int {
        let name = Self.people[nextPerson % Self.people.count]
        let round = nextPerson / Self.people.count
        nextPerson += 1
        memberNumber += 1
        let address = memberNumber % 5 == 0 ? "2001:db8::\(memberNumber)" : "198.51.100.\(20 + memberNumber % 200)"
        members.append(
            Member(
                id: "user-\(100 + memberNumber)",
                email: name + (round > 0 ? String(round + 1) : "") + "@acme.example",
                address: address
            )
        )
        return members.count - 1
    }

    mutating func makeDatabase() -> Database {
        databaseNumber += 1
        let product = Self.products[random.index(Self.products.count)]
        let stage = Self.stages[random.index(Self.stages.count)]
        return Database(id: "db-" + String(1_000 + databaseNumber, radix: 36), name: "\(product)-\(stage)")
    }

    func resource(_ type: String, _ id: String, _ name: String) -> String {
        #"{"type":"\#(type)","id":"\#(id)","name":"\#(name)"}"#
    }

    func memberResource(_ member: Member) -> String {
        let email = member.email ?? member.id
        return resource("member", membersByEmail ? email : member.id, email)
    }

    /// Adds an event; one without an actor has no address either.
    mutating func emit(_ at: Int64, _ action: String, _ actor: Member?, _ resource: String) {
        func quoted(_ text: String?) -> String { text.map { #""\#($0)""# } ?? "null" }
        number += 1
        if let actor, action.hasPrefix("member.") || action.hasPrefix("settings.") { administrators.insert(actor.id) }
        let digits = String(number)
        let id = "evt-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        let doer = actor.map { #"{"id":"\#($0.id)","email":\#(quoted($0.email))}"# } ?? "null"
        lines.append(
            Array(
                #"{"id":"\#(id)","action":"\#(action)","actor":\#(doer),"resource":\#(resource),"ip_address":\#(quoted(actor?.address)),"created_at":"\#(UTCTime.rfc3339(at))"}"#
                    .utf8
            )
        )
    }
}

/// When people work: mostly on weekdays by day, hardly at night and at weekends, and more from month to month.
enum WorkingHours {
    /// So many times in order over the 18 months before `until`, seconds since 1970.
    static func times(_ count: Int, until: Int64, _ random: inout SeededRandom) -> [Int64] {
        let hours = 540 * 24
        let begin = until - Int64(hours) * 3600
        var weights: [Double] = []
        var total = 0.0
        for hour in 0..<hours {
            let at = begin + Int64(hour) * 3600
            let weekday = ((at / 86_400) + 3) % 7
            let ofDay = (at / 3600) % 24
            let isWork = weekday < 5 && ofDay >= 7 && ofDay < 18
            let growth = 0.6 + 0.8 * Double(hour) / Double(hours)
            total += (isWork ? 1 : 0.03) * growth
            weights.append(total)
        }
        var times: [Int64] = []
        times.reserveCapacity(count)
        var hour = 0
        for index in 0..<count {
            let target = (Double(index) + random.unit()) / Double(count) * total
            while hour < hours - 1, weights[hour] < target { hour += 1 }
            let before = hour == 0 ? 0 : weights[hour - 1]
            let share = max(0, min(0.999, (target - before) / (weights[hour] - before)))
            let at = begin + Int64(hour) * 3600 + Int64(share * 3600)
            times.append(max(at, times.last ?? at))
        }
        return times
    }
}
