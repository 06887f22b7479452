import Evidence

/// Whom lists of invitations tell to have been invited, up to one time after the other.
struct InvitedMails {
    /// By e-mail in lower case: the last second in which one is known to have been made, or to have been open on a list
    /// before the last one.
    private var latest: [ExactText: Int64] = [:]
    /// Those of which the last list holds one that is open, and when that was served last.
    private var open: (mails: Set<ExactText>, at: Int64) = ([], .min)
    /// By e-mail in lower case: what the last list held that has any for it.
    private var listed: [ExactText: [AccessInvitation]] = [:]
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
                read(readings[next].elements)
            }
            open.at = readings[next].at.seconds
        }
    }

    private mutating func read(_ invitations: [AccessInvitation]) {
        var own: [ExactText: [AccessInvitation]] = [:]
        for invitation in invitations {
            guard let mail = invitation.email, !mail.isEmpty else { continue }
            let key = ExactText(mail.lowercasedASCII)
            own[key, default: []].append(invitation)
            latest[key] = max(latest[key] ?? .min, invitation.createdAt?.seconds ?? .min)
            if invitation.state != .settled { open.mails.insert(key) }
        }
        listed.merge(own) { $1 }
    }

    /// Whether an e-mail, in lower case, was invited at any time, or was at an instant or behind it.
    func hold(_ mail: ExactText, since begin: Instant? = nil) -> Bool {
        guard let made = latest[mail] else { return false }
        guard let begin else { return true }
        return begin.seconds <= made || open.mails.contains(mail) && begin.seconds <= open.at
    }

    /// What the last list held that has any invitation for an e-mail, in lower case.
    func invitations(_ mail: ExactText) -> [AccessInvitation] { listed[mail, default: []] }
}
