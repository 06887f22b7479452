import Evidence

/// Whom lists of invitations tell to have been invited, up to one time after the other.
struct InvitedMails {
    /// By e-mail in lower case: the last second in which one is known to have been made, or to have been open on a list
    /// before the last one.
    private var latest: [ExactText: Int64] = [:]
    /// Those of which the last list holds one that is open, and when that was served last.
    private var open: (mails: Set<ExactText>, at: Int64) = ([], .min)
    /// By e-mail in lower case: the roles that the last list gives that has any invitation for it, and the number of that list
    /// among those that differ from the one before.
    private var offers: [ExactText: (roles: [String], list: Int)] = [:]
    /// By that number: the place of the last reading that is the same.
    private var lasts: [Int] = []
    private let readings: [AccessCourse<AccessInvitation>.Reading]
    private var next = 0

    /// Takes lists, in order of time.
    init(_ readings: [AccessCourse<AccessInvitation>.Reading]) { self.readings = readings }

    /// Goes on to a time, that of the one before or later.
    mutating func read(upTo end: Instant) {
        while next < readings.count, readings[next].at <= end {
            defer { next += 1 }
            if next == 0 || readings[next].elements != readings[next - 1].elements {
                for mail in open.mails { latest[mail] = max(latest[mail] ?? .min, open.at) }
                open.mails = []
                lasts.append(next)
                read(readings[next].elements)
            }
            lasts[lasts.count - 1] = next
            open.at = readings[next].at.seconds
        }
    }

    private mutating func read(_ invitations: [AccessInvitation]) {
        var own: [ExactText: [String]] = [:]
        for invitation in invitations {
            guard let mail = invitation.email, !mail.isEmpty else { continue }
            let key = ExactText(mail.lowercasedASCII)
            own[key, default: []] += [invitation.role].compactMap { $0 }.filter { !$0.isEmpty }
            latest[key] = max(latest[key] ?? .min, invitation.createdAt?.seconds ?? .min)
            if invitation.state != .settled { open.mails.insert(key) }
        }
        for (key, roles) in own { offers[key] = (roles, lasts.count - 1) }
    }

    /// Whether an e-mail, in lower case, was invited at any time, or was at an instant or behind it.
    func hold(_ mail: ExactText, since begin: Instant? = nil) -> Bool {
        guard let made = latest[mail] else { return false }
        guard let begin else { return true }
        return begin.seconds <= made || open.mails.contains(mail) && begin.seconds <= open.at
    }

    /// The roles that the last list gives that has any invitation for an e-mail, in lower case; none for a list before the
    /// one that was read last at an instant: what could be accepted behind that stood on this, or on a later one.
    func roles(_ mail: ExactText, since begin: Instant) -> [String] {
        guard let offer = offers[mail] else { return [] }
        return lasts[offer.list] >= readings.firstPlace { begin < $0.at } - 1 ? offer.roles : []
    }
}
