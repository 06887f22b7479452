/// What the controls are to find.
extension EventGenerator {
    /// Where the planted situations stand; in a log of a few events there is room for none.
    struct Plan {
        var burst = -1
        var selfRole = -1
        var anonymous = -1
        var unfamiliar = -1
        var oldKey = -1
        var leaverKey = -1
        var leaver = -1
        var ghost = -1
        var stranger = -1
        var overreach = -1

        init(count: Int, plantsAccess: Bool) {
            guard count >= 200 else { return }
            burst = count * 7 / 10
            selfRole = count * 4 / 10
            anonymous = count * 5 / 10
            unfamiliar = count * 6 / 10
            oldKey = count * 2 / 10
            leaverKey = count * 90 / 100
            leaver = count * 95 / 100
            guard plantsAccess else { return }
            ghost = count * 96 / 100
            stranger = count * 97 / 100
            overreach = count * 98 / 100
        }
    }

    /// A key of the build server that nobody thinks of again.
    mutating func createForgottenKey(_ at: Int64) {
        guard let robot = members.first(where: { $0.email == nil }) else { return usual(at) }
        _ = emitKey(at, robot)
        openKeys[openKeys.count - 1].isForgotten = true
    }

    /// Somebody who will leave makes a key, and nobody revokes it.
    mutating func createLeaversKey(_ at: Int64) {
        let leaver = join()
        members[leaver].keys = []
        let member = members.remove(at: leaver)
        _ = emitKey(at, member)
        self.leaver = member
    }

    mutating func removeLeaver(_ at: Int64) {
        guard let leaver else { return usual(at) }
        emit(at, "member.removed", members[0], memberResource(leaver))
    }

    /// Somebody who was removed goes on.
    mutating func ghost(_ at: Int64) {
        guard let leaver else { return usual(at) }
        resize(at, leaver)
    }

    /// Somebody whom nobody invited, and who stands on no list.
    mutating func stranger(_ at: Int64) {
        resize(at, Member(id: "user-190", email: "wil.stone@acme.example", address: "198.51.100.190"))
    }

    /// Somebody does what their role does not allow.
    mutating func overreach(_ at: Int64) {
        resize(at, Self.viewer)
    }

    /// A viewer of before the log.
    static let viewer = Member(id: "user-180", email: "vic.vance@acme.example", address: "198.51.100.180")

    private mutating func resize(_ at: Int64, _ actor: Member) {
        let database = databases[random.index(databases.count)]
        emit(at, "database.resized", actor, resource("database", database.id, database.name))
    }

    mutating func selfRoleChange(_ at: Int64) {
        let member = members[1]
        emit(at, "member.role_changed", member, memberResource(member))
    }

    mutating func anonymous(_ at: Int64) {
        emit(at, "settings.updated", nil, resource("settings", "org-123", "Acme Corp"))
    }

    mutating func unfamiliar(_ at: Int64) {
        let database = databases[random.index(databases.count)]
        emit(at, "backup.restored", members[0], resource("database", database.id, database.name))
    }

    /// Fourteen deletions in a few minutes of one night, by one person from an address not seen before.
    mutating func deletionBurst(at: Int64, room: Int, until: Int64) -> Int {
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
}
