import Evidence

/// Controls over the lists of members and invitations.
enum AccessControls {
    /// The controls that are judged here, by id.
    static let judges: [String: ControlLogic.Judge] = [
        "MEM-ADMINS": administrators,
        "MEM-DOMAIN": domains,
        "INV-STALE": stale,
    ]

    static func administrators(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, limit) = (facts.words, facts.policy.threshold(control))
        let verdict = AccessVerdict(
            control: control,
            facts: facts,
            kind: .members,
            passing: words("finding.admins_few", ["limit": .text(words.count(limit, "administrator"))])
        )
        return verdict.judge { reading in
            let (administrators, unknown) = administrators(of: reading.elements)
            let owner = facts.owner.flatMap { isCounted(owner: $0, among: reading.elements) ? nil : $0 }
            let names = administrators.prefix(5).map { name($0.label, words) }
            let places: [String: Words.Argument] = [
                "count": .number(administrators.count), "limit": .number(limit), "unknown": .number(unknown),
                "names": .text(words.some(Array(names), of: administrators.count)), "owner": .text(owner ?? ""),
            ]
            let subject = (label: words(NamedSubject.members), key: NamedSubject.members.rawValue)
            if administrators.count > limit {
                return [
                    AccessFault(
                        subject: subject.label,
                        key: subject.key,
                        detail: words("finding.admins_many", places),
                        short: words("finding.admins_many_short", places)
                    )
                ]
            }
            guard administrators.count + unknown + (owner == nil ? 0 : 1) > limit else { return [] }
            let counted =
                unknown == 0 ? words("finding.admins_counted", places) : words("finding.admins_unknown", places)
            return [
                AccessFault(
                    status: .notProven,
                    subject: subject.label,
                    key: subject.key,
                    detail: owner == nil ? counted : "\(counted) \(words("finding.admins_owner", places))"
                )
            ]
        }
    }

    /// Who administers, and how many may; a member counts once, and one whom the list gives twice with different roles may.
    private static func administrators(of members: [AccessMember]) -> (certain: [AccessMember], perhaps: Int) {
        var people: [(member: AccessMember, roles: Set<AccessRole>)] = []
        var places: [ExactText: Int] = [:]
        for member in members {
            let role = AccessRole(member)
            if let key = member.key, let place = places[key] {
                people[place].roles.insert(role)
            } else {
                if let key = member.key { places[key] = people.count }
                people.append((member, [role]))
            }
        }
        let certain = people.filter { $0.roles.allSatisfy(\.isAdministrator) }.map(\.member)
        let perhaps = people.count { person in
            !person.roles.isDisjoint(with: [.undocumented, .unclear])
                || Set(person.roles.map(\.isAdministrator)).count > 1
        }
        return (certain, perhaps)
    }

    /// Whether the organization's owner, by id, is among those who are counted: as an administrator, as one whose role nobody
    /// knows, or as an owner of whom the list gives no id.
    private static func isCounted(owner id: String, among members: [AccessMember]) -> Bool {
        members.contains { member in
            let role = AccessRole(member)
            if role == .owner, (member.userID ?? "").isEmpty { return true }
            let ids = [member.userID, member.memberID].compactMap { $0 }
            guard ids.contains(where: { $0.isSameInBytes(as: id) }) else { return false }
            return role.isAdministrator || [.undocumented, .unclear].contains(role)
        }
    }

    // MARK: Invitations

    static func stale(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let (words, limit) = (facts.words, facts.policy.threshold(control))
        let passing = words("finding.invitations_fresh", ["limit": .text(words.count(limit, "day"))])
        return AccessVerdict(control: control, facts: facts, kind: .invitations, passing: passing).judge { reading in
            reading.elements.compactMap { invitation in
                stale(invitation, limit, at: reading.at, words).map { status, detail in
                    AccessFault(
                        status: status,
                        subject: name(invitation.label, words),
                        key: invitation.key?.text,
                        detail: detail,
                        short: status == .fail
                            ? words("finding.invitation_short", ["who": .text(name(invitation.label, words))]) : nil
                    )
                }
            }
        }
    }

    /// What is wrong with an invitation; nil for nothing.
    private static func stale(_ invitation: AccessInvitation, _ limit: Int, at: Instant, _ words: Words)
        -> (Status, String)?
    {
        guard invitation.state != .settled else { return nil }
        guard invitation.state == .pending else {
            return (.notProven, words("finding.invitation_status", ["status": .text(invitation.status ?? "")]))
        }
        if let end = invitation.expiresAt, end <= at {
            return (.fail, words("finding.invitation_ended", ["end": .text(words.at(end))]))
        }
        guard let created = invitation.createdAt else {
            return (.notProven, words("finding.invitation_undated"))
        }
        guard created.adding(seconds: Int64(limit) * 86_400) <= at else { return nil }
        let age = Int(clamping: (at.seconds - created.seconds) / 86_400)
        return (
            .fail,
            words(
                "finding.invitation_old",
                ["sent": .text(words.at(created)), "age": .text(words.count(age, "day"))]
            )
        )
    }

    // MARK: Domains

    static func domains(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let words = facts.words
        let members = AccessVerdict(
            control: control,
            facts: facts,
            kind: .members,
            passing: words("finding.domains_approved")
        )
        let invitations = AccessVerdict(
            control: control,
            facts: facts,
            kind: .invitations,
            passing: words("finding.domains_invited")
        )
        let approved = facts.policy.approvedDomains.map { Set($0.map { ExactText(domain(named: $0)) }) }
        let ofMembers = members.judge { reading in
            faults(reading.elements.map { ($0.email, name($0.label, words), $0.key?.text) }, approved, .members, words)
        }
        let ofInvitations = invitations.judge { reading in
            faults(
                reading.elements.filter { $0.state != .settled }.map {
                    ($0.email, name($0.label, words), $0.key?.text)
                },
                approved,
                .invitations,
                words
            )
        }
        // A service that has members and gives no invitations: what it does not give is said, and the members decide.
        if ofInvitations.allSatisfy({ $0.status == .notApplicable }),
            ofMembers.contains(where: { $0.status != .notApplicable })
        {
            return ofMembers.map { finding in
                guard finding.status == .pass, let note = ofInvitations.first?.detail else { return finding }
                var finding = finding
                finding.detail += " \(note)"
                return finding
            }
        }
        return ofMembers + ofInvitations
    }

    private static func faults(
        _ people: [(email: String?, label: String, key: String?)],
        _ approved: Set<ExactText>?,
        _ subject: NamedSubject,
        _ words: Words
    ) -> [AccessFault] {
        guard let approved else {
            let domains = Set(people.compactMap { $0.email.flatMap(domain(of:)).map { ExactText($0) } }).sorted()
            let shown = domains.prefix(AccessFault.mostNamed).map(\.text)
            let places: [String: Words.Argument] = [
                "count": .number(domains.count),
                "domains": .text(words.some(shown, of: domains.count)),
            ]
            return [
                AccessFault(
                    status: .manual,
                    subject: words(subject),
                    key: subject.rawValue,
                    detail: domains.isEmpty
                        ? words("finding.domains_unknown_none") : words("finding.domains_unknown", places),
                    isWhole: shown.count == domains.count
                )
            ]
        }
        return people.compactMap { person in
            guard let domain = person.email.flatMap(domain(of:)) else {
                return AccessFault(
                    status: .notProven,
                    subject: person.label,
                    key: person.key,
                    detail: words("finding.domain_missing")
                )
            }
            guard !approved.contains(ExactText(domain)) else { return nil }
            return AccessFault(
                subject: person.label,
                key: person.key,
                detail: words("finding.domain_other", ["domain": .text(domain)]),
                short: words("finding.domain_other_short", ["who": .text(person.label)])
            )
        }
    }

    /// What stands behind the last `@`, in lower case; nil where there is none, or nothing on either side of it.
    static func domain(of mail: String) -> String? {
        guard let at = mail.utf8.lastIndex(of: UInt8(ascii: "@")), at > mail.utf8.startIndex else { return nil }
        let domain = mail[mail.utf8.index(after: at)...]
        return domain.isEmpty ? nil : String(domain).lowercasedASCII
    }

    /// A domain as the configuration names it, with or without an `@`.
    private static func domain(named text: String) -> String {
        (text.utf8.first == UInt8(ascii: "@") ? String(text.dropFirst()) : text).lowercasedASCII
    }

    /// How findings call somebody or something of a list.
    static func name(_ label: String, _ words: Words) -> String { label.isEmpty ? words("subject.unlabelled") : label }
}

extension Newcomers.OtherRole {
    /// What is said of somebody whose role may be another than that of their invitation; `to`: when the list was read.
    func finding(_ control: Control, _ to: Instant, _ words: Words) -> Finding {
        let name = AccessControls.name(member.label, words)
        let nothing = words(member.isRoleUnclear ? "finding.role_unclear" : "finding.role_none")
        let places: [String: Words.Argument] = [
            "who": .text(name), "before": .text(invited),
            "after": .text(member.role.flatMap { $0.isEmpty ? nil : $0 } ?? nothing), "to": .text(words.moment(to)),
        ]
        let unlike = (member.role ?? "").isEmpty ? "finding.member_role_missing" : "finding.member_roles_unlike"
        let why = words(isCertain ? "finding.member_invited_anew" : unlike)
        let told = "\(words("finding.member_other_role", places)) \(words.sentence(why))"
        return control.finding(.notProven, subject: name, key: member.key?.text, told)
    }
}
