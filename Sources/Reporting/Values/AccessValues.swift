import Analysis
import Evidence
import Templates

/// Who has access, for files that hold all of it and for a page that shows some.
struct AccessValues {
    private let access: AccessState
    private let words: Words

    init(_ document: ReportDocument) { (access, words) = (document.access, document.words) }

    /// Names of what takes long where many have access.
    static let names: Set<String> = [
        "members", "api_keys", "invitations", "has_access", "members_by_role", "shown_members", "shown_keys",
        "access_since", "more_members", "more_keys", "members_read_at", "keys_read_at", "members_missing",
        "keys_missing",
    ]

    /// What templates can name.
    var scalars: [String: TemplateValue] {
        let members = Self.byRoleAndName(access.people.filter { $0.status == .member })
        let keys = access.keys.filter { ![.revoked, .expired].contains($0.status) }
            .sorted { ($0.ageDays ?? -1) > ($1.ageDays ?? -1) }
        return [
            "members": .list(access.people.map(value)), "api_keys": .list(access.keys.map(value)),
            "invitations": .list(access.invitations.map(value)),
            "has_access": .flag(access.isKnown), "access_since": .list(access.since.map(TemplateValue.text)),
            "members_by_role": .list(byRole),
            "shown_members": .list(members.prefix(Self.shownRows).map { value($0.shortened) }),
            "shown_keys": .list(keys.prefix(Self.shownRows).map { value($0.shortened) }),
            "more_members": more(members.count - Self.shownRows), "more_keys": more(keys.count - Self.shownRows),
            "members_read_at": TemplateValue(access.membersAt.map(words.moment)),
            "keys_read_at": TemplateValue(access.keysAt.map(words.moment)),
            "members_missing": TemplateValue(access.membersMissing),
            "keys_missing": TemplateValue(access.keysMissing),
        ]
    }

    /// How many members and keys the HTML shows.
    private static let shownRows = 50

    private func more(_ count: Int) -> TemplateValue { count > 0 ? .text(words.number(count)) : .missing }

    private static func byRoleAndName(_ people: [AccessState.Person]) -> [AccessState.Person] {
        people.enumerated().sorted { left, right in
            let (a, b) = (AccessRole(left.element.member.role).rank, AccessRole(right.element.member.role).rank)
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
    }

    private var byRole: [TemplateValue] {
        var counts: [(role: String, rank: Int, count: Int)] = []
        for person in access.people where person.status == .member {
            let role = person.member.role ?? ""
            if let place = counts.firstIndex(where: { $0.role.isSameInBytes(as: role) }) {
                counts[place].count += 1
            } else {
                counts.append((role, AccessRole(role).rank, 1))
            }
        }
        return counts.sorted { $0.rank == $1.rank ? $0.role.precedesInBytes($1.role) : $0.rank < $1.rank }.map {
            ["role": .text(ShownText.clipped($0.role)), "count": .text(words.number($0.count))]
        }
    }

    private func value(_ person: AccessState.Person) -> TemplateValue {
        let member = person.member
        return [
            "member_id": TemplateValue(member.memberID), "user_id": TemplateValue(member.userID),
            "email": TemplateValue(member.email), "name": TemplateValue(member.name),
            "role": TemplateValue(member.role), "status": .text(person.status.rawValue),
            "status_word": .text(words("table.member_\(person.status.rawValue)")),
            "joined_at": TemplateValue(time: member.joinedAt?.rfc3339),
            "invited_at": TemplateValue(time: person.invited?.at?.rfc3339),
            "invited_by": TemplateValue(person.invited?.by),
            "removed_at": TemplateValue(time: person.removed?.at?.rfc3339),
            "removed_by": TemplateValue(person.removed?.by), "role_changes": .number(person.roleChanges),
            "last_action_at": TemplateValue(time: person.lastActionAt?.rfc3339), "actions": .number(person.actions),
            "privileged_actions": .number(person.privilegedActions), "ip_addresses": .number(person.addresses),
            "open_api_keys": .number(person.openKeys), "source": .text(person.source.rawValue),
            "label": .text(member.label), "joined_at_text": TemplateValue(member.joinedAt.map(words.moment)),
            "last_action_at_text": TemplateValue(person.lastActionAt.map(words.moment)),
            "actions_text": .text(words.number(person.actions)),
            "open_api_keys_text": .text(words.number(person.openKeys)),
        ]
    }

    private func value(_ key: AccessState.Key) -> TemplateValue {
        let listed = key.key
        let name = [listed.name, listed.id, listed.prefix].compactMap { $0 }.first { !$0.isEmpty } ?? ""
        return [
            "key_id": TemplateValue(listed.id), "name": TemplateValue(listed.name),
            "prefix": TemplateValue(listed.prefix),
            "scopes": TemplateValue(listed.scopes.map { $0.joined(separator: "; ") }),
            "status": .text(key.status.rawValue), "status_word": .text(words("table.key_\(key.status.rawValue)")),
            "created_at": TemplateValue(time: listed.createdAt?.rfc3339),
            "created_by_id": TemplateValue(key.creator.id), "created_by_email": TemplateValue(key.creator.mail),
            "age_days": TemplateValue(key.ageDays),
            "last_used_at": TemplateValue(time: listed.lastUsedAt.instant?.rfc3339),
            "expires_at": TemplateValue(time: listed.expiresAt.instant?.rfc3339),
            "revoked_at": TemplateValue(time: key.revoked?.at?.rfc3339), "revoked_by": TemplateValue(key.revoked?.by),
            "source": .text(key.source.rawValue), "label": .text(name),
            "creator": TemplateValue(key.creator.mail.isEmpty ? key.creator.id : key.creator.mail),
            "age_text": TemplateValue(key.ageDays.map { words.count($0, "day") }),
            "last_used_at_text": TemplateValue(listed.lastUsedAt.instant.map(words.moment)),
            "expires_at_text": .text(
                listed.expiresAt == .never
                    ? words("table.never") : listed.expiresAt.instant.map(words.moment) ?? words("table.not_told")
            ),
        ]
    }

    private func value(_ row: AccessState.Invitation) -> TemplateValue {
        let invitation = row.invitation
        return [
            "invitation_id": TemplateValue(invitation.id), "email": TemplateValue(invitation.email),
            "role": TemplateValue(invitation.role), "status": TemplateValue(invitation.status),
            "created_at": TemplateValue(time: invitation.createdAt?.rfc3339), "created_by": TemplateValue(row.by),
            "expires_at": TemplateValue(time: invitation.expiresAt?.rfc3339), "source": .text(row.source.rawValue),
        ]
    }
}

extension AccessRole {
    /// In which order roles are shown: those that may do most first.
    fileprivate var rank: Int {
        switch self {
        case .owner: 0
        case .admin: 1
        case .developer: 2
        case .viewer: 3
        case .undocumented, .unclear: 4
        }
    }
}

extension AccessState.Person {
    /// The person as a page can bear them: long texts are cut, and say so.
    fileprivate var shortened: Self {
        var person = self
        person.member.email = member.email.map(ShownText.clipped)
        person.member.name = member.name.map(ShownText.clipped)
        person.member.userID = member.userID.map(ShownText.clipped)
        person.member.memberID = member.memberID.map(ShownText.clipped)
        person.member.role = member.role.map(ShownText.clipped)
        return person
    }
}

extension AccessState.Key {
    /// The key as a page can bear it: long texts are cut, and say so.
    fileprivate var shortened: Self {
        var shown = self
        shown.key.id = key.id.map(ShownText.clipped)
        shown.key.name = key.name.map(ShownText.clipped)
        shown.key.prefix = key.prefix.map(ShownText.clipped)
        shown.key.scopes = key.scopes.map { [ShownText.clipped($0.joined(separator: "; "))] }
        shown.creator = (ShownText.clipped(creator.id), ShownText.clipped(creator.mail))
        return shown
    }
}
