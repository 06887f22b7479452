/// Makes up the log of a believable organization over 18 months: people come and go, keys are renewed, settings change.
///
/// A few situations are planted, each once, for the controls to find: a key that its removed creator left behind, a key
/// that nobody renews, somebody who changes their own role, a night in which one person deletes many databases from a
/// new address, an event without an actor, an action that the service does not document.
/// The same count, seed and end give the same bytes.
struct EventGenerator {
    private struct Member {
        var id: String
        var email: String?
        var address: String
        var keys: [Key] = []
    }

    private struct Key {
        var id: String
        var createdAt: Int64
    }

    private struct Database {
        var id: String
        var name: String
    }

    private var random: SeededRandom
    private var members: [Member] = []
    private var databases: [Database] = []
    private var number = 0
    private var memberNumber = 0
    private var databaseNumber = 0
    private var keyNumber = 0
    private var nextPerson = 0
    private var leaver: Member?
    private let membersByEmail: Bool
    private(set) var lines: [[UInt8]] = []

    private static let people = [
        "ada.lindqvist", "ben.okafor", "chen.wei", "dana.petrova", "elias.haddad", "femi.adeyemi", "greta.nowak",
        "hugo.martins", "ines.garcia", "jonas.weber", "kira.tanaka", "liam.murphy", "maya.singh", "nils.berg",
        "olga.ivanova", "pablo.ruiz", "quinn.harper", "rosa.conti", "sven.dahl", "tara.oneill", "umar.farouk",
        "vera.kovacs", "wanda.zielinska", "xavier.dupont", "yara.mansour", "zoe.anders",
    ]
    private static let products = ["orders", "billing", "search", "sessions", "events", "reports", "inventory", "auth"]
    private static let stages = ["production", "staging", "test", "analytics", "archive"]

    init(seed: UInt64, membersByEmail: Bool) {
        random = SeededRandom(seed: seed)
        self.membersByEmail = membersByEmail
    }

    /// Makes `count` events whose last are shortly before `until`, seconds since 1970.
    mutating func generate(count: Int, until: Int64) {
        lines.reserveCapacity(count)
        for _ in 0..<5 { _ = join() }
        members.append(Member(id: "user-ci", email: nil, address: "198.51.100.9"))
        for _ in 0..<6 { databases.append(makeDatabase()) }
        let times = makeTimes(count, until: until)
        let plan = Plan(count: count)
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
            default: usual(at)
            }
            index += 1
        }
    }

    /// Where the planted situations stand; in a log of a few events there is room for none.
    private struct Plan {
        var burst = -1
        var selfRole = -1
        var anonymous = -1
        var unfamiliar = -1
        var oldKey = -1
        var leaverKey = -1
        var leaver = -1

        init(count: Int) {
            guard count >= 200 else { return }
            burst = count * 7 / 10
            selfRole = count * 4 / 10
            anonymous = count * 5 / 10
            unfamiliar = count * 6 / 10
            oldKey = count * 2 / 10
            leaverKey = count * 90 / 100
            leaver = count * 95 / 100
        }
    }

    /// Times in order: dense in working hours, thin at night and at weekends.
    private mutating func makeTimes(_ count: Int, until: Int64) -> [Int64] {
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

    private mutating func usual(_ at: Int64) {
        let actor = random.index(members.count)
        if let (holder, place) = keyToRenew(at) { return revoke(at, holder, place, by: holder) }
        switch random.unit() {
        case ..<0.20: createDatabase(at, actor)
        case ..<0.62: resizeDatabase(at, actor)
        case ..<0.72: deleteDatabase(at, actor)
        case ..<0.82: createKey(at, actor)
        case ..<0.90: revokeKey(at, actor)
        case ..<0.915: invite(at, actor)
        case ..<0.925: remove(at, actor)
        case ..<0.955: changeRole(at, actor)
        default:
            emit(at, "settings.updated", members[actor], #"{"type":"settings","id":"org-123","name":"Acme Corp"}"#)
        }
    }

    private mutating func createDatabase(_ at: Int64, _ actor: Int) {
        let database = makeDatabase()
        databases.append(database)
        emit(at, "database.created", members[actor], resource("database", database.id, database.name))
    }

    private mutating func resizeDatabase(_ at: Int64, _ actor: Int) {
        guard !databases.isEmpty else { return createDatabase(at, actor) }
        let database = databases[random.index(databases.count)]
        emit(at, "database.resized", members[actor], resource("database", database.id, database.name))
    }

    private mutating func deleteDatabase(_ at: Int64, _ actor: Int) {
        guard databases.count > 4 else { return createDatabase(at, actor) }
        let database = databases.remove(at: random.index(databases.count))
        emit(at, "database.deleted", members[actor], resource("database", database.id, database.name))
    }

    private mutating func createKey(_ at: Int64, _ actor: Int) {
        members[actor].keys.append(emitKey(at, members[actor]))
    }

    private mutating func emitKey(_ at: Int64, _ creator: Member) -> Key {
        keyNumber += 1
        let key = Key(id: "key-\(keyNumber)", createdAt: at)
        emit(at, "api_key.created", creator, resource("api_key", key.id, "deploy key \(keyNumber)"))
        return key
    }

    private mutating func revokeKey(_ at: Int64, _ actor: Int) {
        guard !members[actor].keys.isEmpty else { return createKey(at, actor) }
        revoke(at, actor, 0, by: actor)
    }

    private mutating func revoke(_ at: Int64, _ holder: Int, _ place: Int, by actor: Int) {
        let key = members[holder].keys.remove(at: place)
        emit(at, "api_key.revoked", members[actor], resource("api_key", key.id, "deploy key \(key.id.dropFirst(4))"))
    }

    /// A key that is due: here they are renewed after two months.
    private func keyToRenew(_ at: Int64) -> (holder: Int, place: Int)? {
        for holder in members.indices {
            let place = members[holder].keys.firstIndex { at - $0.createdAt > 60 * 86_400 }
            if let place { return (holder, place) }
        }
        return nil
    }

    /// A key of the build server that nobody thinks of again.
    private mutating func createForgottenKey(_ at: Int64) {
        guard let robot = members.first(where: { $0.email == nil }) else { return usual(at) }
        _ = emitKey(at, robot)
    }

    /// Somebody who will leave makes a key, and nobody revokes it.
    private mutating func createLeaversKey(_ at: Int64) {
        let leaver = join()
        members[leaver].keys = []
        let member = members.remove(at: leaver)
        _ = emitKey(at, member)
        self.leaver = member
    }

    private mutating func removeLeaver(_ at: Int64) {
        guard let leaver else { return usual(at) }
        emit(at, "member.removed", members[0], memberResource(leaver))
    }

    private mutating func invite(_ at: Int64, _ actor: Int) {
        guard members.count < 22 else { return resizeDatabase(at, actor) }
        let inviter = members[actor]
        let place = join()
        emit(at, "member.invited", inviter, memberResource(members[place]))
    }

    private mutating func remove(_ at: Int64, _ actor: Int) {
        let candidates = members.indices.filter { $0 != actor && $0 > 1 && members[$0].email != nil }
        guard members.count > 8, !candidates.isEmpty else { return createKey(at, actor) }
        let remover = members[actor]
        let place = candidates[random.index(candidates.count)]
        // Keys go before their holder does.
        if !members[place].keys.isEmpty { return revoke(at, place, 0, by: actor) }
        let gone = members.remove(at: place)
        emit(at, "member.removed", remover, memberResource(gone))
    }

    private mutating func changeRole(_ at: Int64, _ actor: Int) {
        let others = members.indices.filter { $0 != actor }
        let other = members[others[random.index(others.count)]]
        emit(at, "member.role_changed", members[actor], memberResource(other))
    }

    private mutating func selfRoleChange(_ at: Int64) {
        let member = members[1]
        emit(at, "member.role_changed", member, memberResource(member))
    }

    private mutating func anonymous(_ at: Int64) {
        number += 1
        lines.append(
            Array(
                #"{"id":"\#(eventID)","action":"settings.updated","actor":null,"resource":{"type":"settings","id":"org-123","name":"Acme Corp"},"ip_address":null,"created_at":"\#(Self.time(at))"}"#
                    .utf8
            )
        )
    }

    private mutating func unfamiliar(_ at: Int64) {
        let database = databases[random.index(databases.count)]
        emit(at, "backup.restored", members[0], resource("database", database.id, database.name))
    }

    /// Fourteen deletions in a few minutes of one night, by one person from an address not seen before.
    private mutating func deletionBurst(at: Int64, room: Int, until: Int64) -> Int {
        let night = at / 86_400 * 86_400 + 86_400 + 2 * 3600 + 700
        var actor = members[2]
        actor.address = "203.0.113.201"
        let count = min(14, room)
        for index in 0..<count {
            let database = makeDatabase()
            emit(
                min(night + Int64(index) * 23, until),
                "database.deleted",
                actor,
                resource("database", database.id, database.name)
            )
        }
        return count
    }

    private mutating func join() -> Int {
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

    private mutating func makeDatabase() -> Database {
        databaseNumber += 1
        let product = Self.products[random.index(Self.products.count)]
        let stage = Self.stages[random.index(Self.stages.count)]
        return Database(id: "db-" + String(1_000 + databaseNumber, radix: 36), name: "\(product)-\(stage)")
    }

    private func resource(_ type: String, _ id: String, _ name: String) -> String {
        #"{"type":"\#(type)","id":"\#(id)","name":"\#(name)"}"#
    }

    private func memberResource(_ member: Member) -> String {
        let email = member.email ?? member.id
        return resource("member", membersByEmail ? email : member.id, email)
    }

    private var eventID: String {
        let digits = String(number)
        return "evt-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }

    private mutating func emit(_ at: Int64, _ action: String, _ actor: Member, _ resource: String) {
        number += 1
        let email = actor.email.map { #""\#($0)""# } ?? "null"
        lines.append(
            Array(
                #"{"id":"\#(eventID)","action":"\#(action)","actor":{"id":"\#(actor.id)","email":\#(email)},"resource":\#(resource),"ip_address":"\#(actor.address)","created_at":"\#(Self.time(at))"}"#
                    .utf8
            )
        )
    }

    /// RFC 3339 in UTC of seconds since 1970.
    static func time(_ seconds: Int64) -> String {
        let days = seconds / 86_400
        let rest = Int(seconds % 86_400)
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(year)-\(two(Int(civilMonth)))-\(two(Int(day)))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }
}
