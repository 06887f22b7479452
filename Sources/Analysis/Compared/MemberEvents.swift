import Evidence

/// What the log says of members, for those who compare one list after the other with it.
struct MemberEvents {
    /// Invitations, removals and changes of role, in order.
    let all: [AccessTrail.Event]
    /// Places of some that have a time, in the order of time, and of others.
    private struct Places {
        var dated: [Int] = []
        var undated: [Int] = []

        mutating func add(_ place: Int, _ event: AccessTrail.Event) {
            if event.at == nil { undated.append(place) } else { dated.append(place) }
        }
    }

    private var places = Places()
    private let byName: EventsByName<[Int]>
    /// Those that give nothing by which any list knows anybody, by kind: these are loose beside every two lists.
    private var unlisted: [AccessTrail.Kind: (places: Places, withoutMail: Places, counts: LooseEvents)] = [:]
    /// Places of the others.
    private var listed = Places()

    /// Takes what the log says, and all lists that are compared.
    init(_ events: [AccessTrail.Event], _ lists: ListsInTime) {
        let all = events.filter { [.invited, .removed, .roleChanged].contains($0.kind) }
        self.all = all
        byName = EventsByName(all, []) { $1.append($0) }
        // Nearly always they are in the order of time.
        let order = all.indices.sorted { left, right in
            let (one, other) = (all[left].at?.seconds ?? .min, all[right].at?.seconds ?? .min)
            return (one, left) < (other, right)
        }
        for place in order {
            places.add(place, all[place])
            if lists.give(all[place]) {
                listed.add(place, all[place])
            } else {
                unlisted[all[place].kind, default: (Places(), Places(), LooseEvents())].places.add(place, all[place])
                unlisted[all[place].kind]?.counts.add(all[place])
                if !all[place].givesMail { unlisted[all[place].kind]?.withoutMail.add(place, all[place]) }
            }
        }
    }

    private func seconds(_ place: Int) -> Int64 { all[place].at?.seconds ?? 0 }

    /// Places of the events between two seconds, both included, in the order of time.
    func places(from: Int64, to: Int64) -> ArraySlice<Int> { between(places.dated, from, to) }

    private func between(_ dated: [Int], _ from: Int64, _ to: Int64) -> ArraySlice<Int> {
        let begin = dated.firstPlace { from <= seconds($0) }
        return dated[begin..<max(begin, dated.firstPlace { to < seconds($0) })]
    }

    /// Places of the events that give something of somebody on a list, and may lie between two seconds, in order.
    func listed(from: Int64, to: Int64) -> [Int] { (listed.undated + between(listed.dated, from, to)).sorted() }

    /// Of the events of a kind that give nothing of anybody on a list, how many may lie between two seconds and be about
    /// somebody, of ids of these kinds, and with an e-mail or not; and the places of the first of them.
    func unlisted(
        _ kind: AccessTrail.Kind,
        _ kinds: Set<String>,
        hasMail: Bool,
        from: Int64,
        to: Int64,
        most: Int
    ) -> (first: [Int], count: Int) {
        guard let (all, withoutMail, counts) = unlisted[kind] else { return ([], 0) }
        let count = counts.count(kinds, hasMail: hasMail) { $0.count(from: from, to: to) }
        guard count > 0 else { return ([], 0) }
        let places = hasMail ? withoutMail : all
        func first(_ places: ArraySlice<Int>) -> [Int] {
            Array(places.lazy.filter { !self.all[$0].isOther(than: kinds, hasMail: hasMail) }.prefix(most))
        }
        let found = (first(places.undated[...]) + first(between(places.dated, from, to))).sorted()
        return (Array(found.prefix(most)), count)
    }

    /// Places of the events that name a member, in order.
    func places(of member: AccessMember, byMail: Bool) -> [Int] {
        let mail = byMail ? member.email?.lowercasedASCII : nil
        return byName.places(
            ids: [member.userID, member.memberID].compactMap { $0 },
            mails: Set([mail].compactMap { $0.flatMap { $0.isEmpty ? nil : ExactText($0) } })
        )
    }

    /// Places of those up to a second, or without a time, that are about the member at a place of a list for certain, in order.
    func places(of place: Int, on list: MemberLists, upTo end: Int64) -> [Int] {
        places(of: list.members[place], byMail: list.isAlone(place)).filter { event in
            all[event].at.map { $0.seconds <= end } ?? true && list.match(all[event]) == .certain(place)
        }
    }
}
