import Evidence

/// The e-mails that lists of invitations held up to one time after the other.
struct InvitedMails {
    /// In lower case.
    private(set) var mails: Set<ExactText> = []
    private let readings: [AccessCourse<AccessInvitation>.Reading]
    private var next = 0

    /// Takes lists, in order of time.
    init(_ readings: [AccessCourse<AccessInvitation>.Reading]) { self.readings = readings }

    /// Goes on to a time, that of the one before or later.
    mutating func read(upTo end: Instant) {
        while next < readings.count, readings[next].at <= end {
            defer { next += 1 }
            if next > 0, readings[next].elements == readings[next - 1].elements { continue }
            mails.formUnion(readings[next].elements.compactMap(\.email).map { ExactText($0.lowercasedASCII) })
        }
    }
}
