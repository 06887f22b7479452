import Evidence

/// What people go by: ids and e-mails that lists and the log give together belong to one person.
///
/// People of different user ids stay different whatever e-mail they have, and an e-mail that several have is nobody's.
struct AccessNames {
    /// The number of every name.
    private var numbers: [ExactText: Int] = [:]
    /// A number of the same person, in a disjoint-set forest: one that is its own stands for the person.
    private var parents: [Int] = []
    /// By the number that stands for a person: how many names they have.
    private var sizes: [Int] = []
    /// By the number that stands for a person: their user id, where one is known to be that.
    private var userIDs: [Int: ExactText] = [:]
    private var shared: Set<ExactText> = []

    /// Takes what members of a list and actors are known by, then what events about members give, and other e-mails.
    init(_ members: [AccessMember], _ trail: AccessTrail, _ mails: [String]) {
        for member in members {
            let id = add(member.userID ?? "", isUser: true)
            let membership = add(member.memberID ?? "", isUser: false)
            join(id, membership)
            join(id ?? membership, add(mail: member.email ?? ""))
        }
        for actor in trail.actors {
            let id = add(actor.id, isUser: true)
            for mail in actor.mails { join(id, add(mail: mail.text)) }
        }
        for event in trail.events where [.invited, .removed, .roleChanged].contains(event.kind) {
            let isMail = event.id.isWrittenAsMail
            let id = isMail ? add(mail: event.id) : add(event.id, isUser: false)
            if event.name.isWrittenAsMail { join(id, add(mail: event.name)) }
        }
        for mail in mails { _ = add(mail: mail) }
    }

    /// The number of whoever goes by an id or an e-mail; nil for a name that nobody has, or several.
    func person(_ name: String) -> Int? {
        let key = name.isWrittenAsMail ? ExactText(name.lowercasedASCII) : ExactText(name)
        return shared.contains(key) ? nil : numbers[key].map(root)
    }

    private func root(_ number: Int) -> Int {
        var number = number
        while parents[number] != number { number = parents[number] }
        return number
    }

    private mutating func add(mail: String) -> ExactText? { add(mail.lowercasedASCII, isUser: false) }

    private mutating func add(_ name: String, isUser: Bool) -> ExactText? {
        guard !name.isEmpty else { return nil }
        let key = ExactText(name)
        if numbers[key] == nil {
            numbers[key] = parents.count
            parents.append(parents.count)
            sizes.append(1)
        }
        if isUser, let person = numbers[key].map(root), userIDs[person] == nil { userIDs[person] = key }
        return key
    }

    private mutating func join(_ one: ExactText?, _ other: ExactText?) {
        guard let one, let other, let left = numbers[one].map(root), let right = numbers[other].map(root), left != right
        else { return }
        if let a = userIDs[left], let b = userIDs[right], a != b {
            shared.insert(other)
            return
        }
        // The larger one stays, so that no way to it gets long.
        let (kept, taken) = sizes[left] < sizes[right] ? (right, left) : (left, right)
        parents[taken] = kept
        sizes[kept] += sizes[taken]
        if let id = userIDs.removeValue(forKey: taken) { userIDs[kept] = id }
    }
}
