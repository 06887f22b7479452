/// The ordinary life of the organization.
extension EventGenerator {
    /// What somebody does on an ordinary day.
    mutating func usual(_ at: Int64) {
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
            emit(at, "settings.updated", members[actor], resource("settings", "org-123", "Acme Corp"))
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

    mutating func emitKey(_ at: Int64, _ creator: Member) -> Key {
        keyNumber += 1
        let key = Key(id: "key-\(keyNumber)", createdAt: at)
        openKeys.append(key)
        emit(at, "api_key.created", creator, resource("api_key", key.id, "deploy key \(keyNumber)"))
        return key
    }

    private mutating func revokeKey(_ at: Int64, _ actor: Int) {
        guard !members[actor].keys.isEmpty else { return createKey(at, actor) }
        revoke(at, actor, 0, by: actor)
    }

    private mutating func revoke(_ at: Int64, _ holder: Int, _ place: Int, by actor: Int) {
        let key = members[holder].keys.remove(at: place)
        openKeys.removeAll { $0.id == key.id }
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

    private mutating func invite(_ at: Int64, _ actor: Int) {
        guard members.count < 22 else { return resizeDatabase(at, actor) }
        let inviter = members[actor]
        let place = join()
        members[place].joinedAt = at + 3600
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
}
