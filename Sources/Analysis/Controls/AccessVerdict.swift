import Evidence

/// One of the lists that controls over access look at.
struct AccessKind<Element: Sendable & Hashable>: Sendable {
    /// What findings about the list as a whole are about.
    let subject: NamedSubject
    /// The name of the phrase that names it in sentences.
    let name: String
    let list: @Sendable (AccessCourses) -> AccessCourse<Element>

    /// The list through time.
    func course(_ facts: JudgedFacts) -> AccessCourse<Element> { list(facts.courses) }

    /// Its name, as the subject of a sentence.
    func told(_ words: Words) -> Words.Argument { .text(words(name)) }

    /// Why the list does not tell how it was at the end, or not all of it, in a sentence; nil where it does.
    func missing(_ facts: JudgedFacts) -> String? {
        let standing = course(facts).standing(at: facts.end)
        guard case .read(let reading, _) = standing else { return absence(standing, facts.words).detail }
        if let gap = gap(reading, facts.words) { return gap }
        guard let age = facts.age(ofListAt: reading.at) else { return nil }
        let places = places(reading, ["age": .text(facts.words.duration(seconds: age))], facts.words)
        return facts.words.sentence(facts.words("finding.list_aged", places))
    }

    /// Why something may have stood on the list at the end that nobody has seen, in a sentence; nil where the service never gave
    /// it, so that nobody can, and where it was read whole at some time before.
    func unseen(_ facts: JudgedFacts) -> String? {
        let standing = course(facts).standing(at: facts.end)
        return switch standing {
        case .read(let reading, _): gap(reading, facts.words)
        case .lost, .later, .timeUnknown: absence(standing, facts.words).detail
        case .notAsked, .refused: nil
        }
    }

    /// Why something may have stood on a list that is not seen there, in a sentence; nil where nothing did.
    func gap(_ reading: AccessCourse<Element>.Reading, _ words: Words) -> String? {
        if let why = reading.missing {
            return words("finding.list_partial", places(reading, ["why": .text(why)], words))
        }
        guard reading.unreadable > 0 else { return nil }
        return words("finding.list_unreadable", places(reading, ["count": .number(reading.unreadable)], words))
    }

    /// What sentences about a reading of the list name.
    func places(_ reading: AccessCourse<Element>.Reading, _ more: [String: Words.Argument], _ words: Words)
        -> [String: Words.Argument]
    {
        more.merging(["list": told(words), "when": .text(words.at(reading.at))]) { first, _ in first }
    }

    /// What is said where there is no list to look at.
    func absence(_ standing: AccessCourse<Element>.Standing, _ words: Words) -> (status: Status, detail: String) {
        func phrase(_ status: Status, _ name: String, _ places: [String: Words.Argument]) -> (Status, String) {
            (status, words(name, places.merging(["list": told(words)]) { first, _ in first }))
        }
        return switch standing {
        case .notAsked: phrase(.notApplicable, "finding.list_not_asked", [:])
        case .refused(let why): phrase(.notApplicable, "finding.list_refused", ["why": .text(why)])
        case .lost(let reading, let at, let why):
            phrase(
                .notProven,
                "finding.list_lost",
                ["when": .text(words.at(reading.at)), "lost": .text(words.at(at)), "why": .text(why)]
            )
        case .later(let reading), .read(let reading, _):
            phrase(.notProven, "finding.list_later", ["when": .text(words.at(reading.at))])
        case .timeUnknown: phrase(.notProven, "finding.list_time_unknown", [:])
        }
    }
}

extension JudgedFacts {
    /// Why no list of members tells who was one at the end, or not all of them, in a sentence; nil where one does.
    package var membersMissing: String? { AccessKind.members.missing(self) ?? rolesUnclear }
    /// The same of the API keys.
    package var keysMissing: String? { AccessKind.keys.missing(self) }

    /// How many roles are not understood on the list of members that counts, in a sentence; nil for none.
    var rolesUnclear: String? {
        guard let reading = AccessKind.members.course(self).fullest(at: end) else { return nil }
        let count = reading.elements.count(where: \.isRoleUnclear)
        guard count > 0 else { return nil }
        let places = AccessKind.members.places(reading, ["count": .number(count)], words)
        return words.sentence(words("finding.roles_unclear", places))
    }
}

extension AccessKind<AccessMember> {
    static var members: Self { Self(subject: .members, name: "finding.list_members") { $0.members } }
}

extension AccessKind<AccessInvitation> {
    static var invitations: Self { Self(subject: .invitations, name: "finding.list_invitations") { $0.invitations } }
}

extension AccessKind<AccessKey> {
    static var keys: Self { Self(subject: .keys, name: "finding.list_keys") { $0.keys } }
}

/// What a control has to say of one element of a list.
struct AccessFault: Sendable {
    var status: Status = .fail
    var subject: String
    var key: String?
    var detail: String
    var short: String?
    var eventIDs: [String] = []
    /// Whether the detail names all that it is about.
    var isWhole = true

    /// How many of what a person has to judge a detail names.
    static let mostNamed = 20
}

/// The verdict of a control that looks at a list as it stood at the end.
struct AccessVerdict<Element: Sendable & Hashable>: Sendable {
    typealias Reading = AccessCourse<Element>.Reading

    let control: Control
    let facts: JudgedFacts
    let kind: AccessKind<Element>
    /// The sentence for a pass.
    let passing: String
    /// Whether a pass names the earlier lists of the period that say otherwise; not where the log decides, which is of the end.
    var namesEarlier = true

    private var words: Words { facts.words }

    /// Judges; `faults` finds what is wrong with a list.
    func judge(_ faults: (Reading) -> [AccessFault]) -> [Finding] {
        guard case .read(let reading, let next) = kind.course(facts).standing(at: facts.end) else {
            return [finding(ofNothing: kind.course(facts).standing(at: facts.end))]
        }
        var findings = faults(reading).map { fault in
            var finding = control.finding(
                fault.status,
                subject: fault.subject,
                key: fault.key,
                "\(fault.detail) \(read(reading))",
                short: fault.short,
                eventIDs: fault.eventIDs
            )
            if fault.status == .manual { finding.asked = asked(fault, reading) }
            return finding
        }
        if let gap = kind.gap(reading, words) { findings.append(unproven(gap)) }
        guard findings.isEmpty else { return findings }
        if let age = facts.age(ofListAt: reading.at), !isConfirmed(by: next, faults) {
            return [
                unproven(
                    words(
                        "finding.list_old",
                        places(reading, ["passing": .text(passing), "age": .text(words.duration(seconds: age))])
                    )
                )
            ]
        }
        return [
            control.finding(
                .pass,
                about: kind.subject,
                in: words,
                "\(passing) \(read(reading))\(earlier(than: reading, faults))"
            )
        ]
    }

    /// The days on which lists of the period said otherwise before the last one, in a sentence behind others; empty for none.
    private func earlier(than last: Reading, _ faults: (Reading) -> [AccessFault]) -> String {
        guard namesEarlier else { return "" }
        let range = facts.period.range
        let earlier = kind.course(facts).readings.filter { range.contains($0.at) && $0.at < last.at }
        var days: [Instant] = []
        var isOtherwise = false
        // Of lists that follow each other and are the same, the last has every fault that one before it had: but for those of
        // keys that ended by themselves meanwhile.
        for (place, reading) in earlier.enumerated().reversed() {
            let next = place + 1 < earlier.count ? earlier[place + 1] : nil
            let isSame = next.map { next in
                let keys = reading.elements as? [AccessKey] ?? []
                return next.elements == reading.elements
                    && !keys.contains { !$0.isExpired(at: reading.at) && $0.isExpired(at: next.at) }
            }
            if isSame != true || isOtherwise {
                isOtherwise = faults(reading).contains { [.fail, .manual].contains($0.status) }
            }
            if isOtherwise { days.append(reading.at) }
        }
        guard !days.isEmpty else { return "" }
        return " " + words("finding.list_before", ["days": .text(words.days(days.reversed()))])
    }

    /// What is said where there is no list to look at.
    func finding(ofNothing standing: AccessCourse<Element>.Standing) -> Finding {
        let told = kind.absence(standing, words)
        return control.finding(told.status, about: kind.subject, in: words, told.detail)
    }

    private func unproven(_ detail: String) -> Finding {
        control.finding(.notProven, about: kind.subject, in: words, detail)
    }

    private func places(_ reading: Reading, _ more: [String: Words.Argument]) -> [String: Words.Argument] {
        kind.places(reading, more, words)
    }

    /// When the list was read, and how long before the end, where that is longer than a list stands for the end.
    private func read(_ reading: Reading) -> String {
        guard let age = facts.age(ofListAt: reading.at) else { return words("finding.list_read", places(reading, [:])) }
        return words("finding.list_read_old", places(reading, ["age": .text(words.duration(seconds: age))]))
    }

    /// What a person is asked about, whenever the list was read.
    private func asked(_ fault: AccessFault, _ reading: Reading) -> AskedStatement {
        let places = places(reading, ["age": AskedStatement.time]).merging(["when": AskedStatement.time]) { $1 }
        let sentences = ["finding.list_read", "finding.list_read_old"].map { "\(fault.detail) \(words($0, places))" }
        return AskedStatement(fault.detail, in: sentences, readAt: reading.at, isWhole: fault.isWhole)
    }

    /// Whether the first list behind the end, as near to it as a list has to be, has no fault, either.
    private func isConfirmed(by next: Reading?, _ faults: (Reading) -> [AccessFault]) -> Bool {
        guard let next, let end = facts.due, next.isWhole else { return false }
        return next.at <= end.adding(seconds: facts.listInterval) && faults(next).isEmpty
    }
}

extension JudgedFacts {
    /// For how many seconds a list stands for what came behind it: from one expected run to the next, as late as it may be;
    /// without an expectation, two days.
    var listInterval: Int64 {
        guard let schedule = policy.schedule else { return 172_800 }
        return schedule.every.addingReportingOverflow(schedule.tolerance).partialValue
    }

    /// How many seconds a list is older than the end that it has to tell of; nil where that is no longer than from one pull to the
    /// next.
    func age(ofListAt at: Instant) -> Int64? {
        guard let end = due else { return nil }
        let age = end.seconds.subtractingReportingOverflow(at.seconds)
        guard !age.overflow, age.partialValue > listInterval else { return nil }
        return age.partialValue
    }
}
