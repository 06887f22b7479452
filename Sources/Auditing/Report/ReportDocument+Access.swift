import Analysis
import Evidence
import Reporting

extension ReportDocument {
    /// Tells what changed in who has access since an earlier report: a row each among the changes, and sentences.
    mutating func noteAccess(_ reading: ArchiveReading, _ facts: JudgedFacts, since previous: PreviousBundle?) {
        guard let lists = facts.access, let trail = reading.watched.access else { return }
        guard let since = previous?.since else {
            access.since = [words("change.access_none_before")]
            return
        }
        // A bundle that is asked for by name may reach further.
        if let end = facts.end, end < since {
            access.since = [words("change.access_ends_later")]
            return
        }
        let found = AccessChanges(lists, trail, since: since, end: facts.end)
        changes += found.changes.map { ReportChange($0, words) }
        access.since = words.told(found, since: since)
    }
}

extension ReportChange {
    /// A change of who has access; values are those of the service, or words where only an event tells.
    fileprivate init(_ change: AccessChanges.Change, _ words: Words) {
        func value(_ text: String) -> String { text.isEmpty ? words("finding.drift_nothing") : text }
        let (before, after): (String?, String?) =
            switch change.what {
            case .came(let role): (nil, value(role))
            case .left(let role): (value(role), nil)
            case .role(let from, let to), .status(let from, let to): (value(from), value(to))
            case .listed: (nil, words("change.listed"))
            case .unlisted: (words("change.listed"), nil)
            case .said(.removed): (nil, words("change.member_removed"))
            case .said(.roleChanged): (nil, words("change.member_role_changed"))
            case .said(.invited): (nil, words("change.member_invited"))
            case .said(.keyCreated): (nil, words("change.key_created"))
            case .said(.keyRevoked): (nil, words("change.key_revoked"))
            }
        self.init(
            kind: change.kind.rawValue,
            subject: change.subject.isEmpty ? words("subject.unlabelled") : change.subject,
            before: before,
            after: after,
            at: change.at?.rfc3339,
            actor: change.actor,
            eventID: change.event
        )
    }
}

extension AccessChanges.Change {
    /// The name of the phrase that counts changes of its kind.
    fileprivate var phrase: String {
        switch what {
        case .came: "change.access_came"
        case .left: "change.access_left"
        case .role: "change.access_role"
        case .said(.removed): "change.access_said_removed"
        case .said(.roleChanged): "change.access_said_role"
        case .said(.invited): "change.access_invited"
        case .said(.keyCreated): "change.access_key_created"
        case .said(.keyRevoked): "change.access_key_revoked"
        case .status: "change.access_invitation_status"
        case .listed: kind == .key ? "change.access_key_listed" : "change.access_invitation_listed"
        case .unlisted: kind == .key ? "change.access_key_unlisted" : "change.access_invitation_unlisted"
        }
    }
}

extension Words {
    /// How many names a phrase has.
    private static let namesShown = 5

    /// What changed, counted, and what that rests on.
    fileprivate func told(_ access: AccessChanges, since: Instant) -> [String] {
        var phrases: [(name: String, subjects: [String])] = []
        for change in access.changes {
            let subject = change.subject.isEmpty ? self("subject.unlabelled") : change.subject
            if let place = phrases.firstIndex(where: { $0.name == change.phrase }) {
                phrases[place].subjects.append(subject)
            } else {
                phrases.append((change.phrase, [subject]))
            }
        }
        let told = phrases.map { phrase in
            let names = phrase.subjects.prefix(Self.namesShown).map(ShownText.clipped)
            let places: [String: Argument] = [
                "count": .number(phrase.subjects.count), "names": .text(some(Array(names), of: phrase.subjects.count)),
            ]
            return self(phrase.name, places)
        }
        let what = told.isEmpty ? self("change.access_nothing") : told.joined(separator: "; ")
        var sentence = self("change.access_since", ["when": .text(at(since)), "what": .text(what)])
        if !told.isEmpty { sentence += " " + self("change.access_more") }
        let names: [(AccessChanges.Kind, String)] = [
            (.member, "change.access_members"), (.invitation, "change.access_invitations"),
            (.key, "change.access_keys"),
        ]
        let missing = names.filter { access.byEventsAlone.contains($0.0) }.map { self($0.1) }
        guard !missing.isEmpty else { return [sentence] }
        return [sentence, self("change.access_events_alone", ["what": .text(list(missing))])]
    }
}
