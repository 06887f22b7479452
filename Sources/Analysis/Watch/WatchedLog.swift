import Evidence

/// What the controls over the log need of it, gathered while its events pass by in order.
package struct WatchedLog: Sendable {
    /// Events that point at one subject.
    struct Flag: Sendable, Hashable {
        /// What they point at, as people call it: an actor, an action; empty where the log does not name it.
        var subject: String
        /// What tells the subject from others, without what it is called.
        var key: String
        /// Their ids, in order.
        var eventIDs: [String] = []
        /// When the first and the last of them happened.
        var span: InstantRange?
    }

    /// Events that a control would have judged, had they said by whom, on what or from where they are.
    struct Unmatched: Sendable, Hashable {
        /// How many name no actor; `ACT-ANON` names them.
        var byNobody = 0
        /// The others: they don't say on what, or from where, or it matches nobody.
        var eventIDs: [String] = []

        /// Nothing of the kind.
        init() {}
    }

    /// An API key that was created and, as far as the log goes, not revoked.
    struct OpenKey: Sendable, Hashable {
        /// Its id; its name where it has no id; empty where it has neither.
        var id: String
        /// What tells it from others.
        var key: String
        /// Its name.
        var name: String
        /// Who created it; empty where the log does not say.
        var creator: String
        /// When.
        var createdAt: Instant?
        /// The event that says so.
        var event: String
        /// Whether the log does not say who created it.
        var isAnonymous = false
        /// Whether it has neither id nor name, so that no revocation can be told to be its own.
        var isUnidentified = false
        /// An event that may have revoked it.
        var revocation: Revocation?
        /// How its creator was removed; nil while they are a member.
        var orphan: Orphan?
    }

    /// An event that may have revoked a key, or not.
    struct Revocation: Sendable, Hashable {
        /// Its id.
        var event: String
        /// Whether it has no usable time; else it does not say which key it revokes.
        var isUndated: Bool
    }

    /// The removal of whoever created a key.
    struct Orphan: Sendable, Hashable {
        /// The event that says so.
        var removal: String
        /// When it happened; nil where that is not known.
        var removedAt: Instant?
        /// Why it may not be one; nil where it certainly is.
        var doubt: JoinDoubt?
        /// Whether they had been removed when they created it.
        var wasAway: Bool
    }

    /// Somebody who acted behind their removal.
    struct Ghost: Sendable, Hashable {
        /// Who.
        var subject: String
        /// What tells them from others.
        var key: String
        /// The events by which they were removed.
        var removals: [String] = []
        /// What they did without having been invited again.
        var acts: [Act] = []
        /// What they did perhaps.
        var doubtful: [String] = []
        /// Why it is not certain; nil where all of it is.
        var doubt: JoinDoubt?

        /// One event, and how long after the removal.
        struct Act: Sendable, Hashable {
            /// Its id.
            var event: String
            /// From the removal to the event.
            var span: InstantRange
        }
    }

    /// Many deletions by one actor in a short time.
    struct Burst: Sendable, Hashable {
        /// Who deleted.
        var actor: String
        /// What tells them from others.
        var key: String
        /// The first deletion.
        var from: Instant
        /// The last one.
        var to: Instant
        /// How many different databases they are of, at least.
        var databases: Int
        /// Whether they may be of more, for some are not named, or not by id.
        var mayBeMore: Bool
        /// Whether they are of as many as are looked for only if each that may be another is one.
        var isDoubtful: Bool
        /// All of them.
        var eventIDs: [String]
    }

    /// A `settings.updated` event.
    package struct SettingsEvent: Sendable, Hashable {
        /// Its id.
        package var event: String
        /// When it happened.
        package var at: Instant
        /// Who did it; empty where the log does not say.
        package var actor: String
    }

    /// An actor, address or resource whose first event ever lies in the period and not before a given time.
    package struct FirstSeen: Sendable, Hashable {
        /// `actor`, `address` or `resource`.
        package var kind: String
        /// Its name.
        package var subject: String
        /// When it was seen first.
        package var at: Instant
        /// The event.
        package var event: String
        /// Who acted then; empty where the log does not say.
        package var actor: String
    }

    /// Keys that nobody revoked, by id.
    var openKeys: [OpenKey] = []
    /// Who acted behind their removal, by subject.
    var ghosts: [Ghost] = []
    /// Removals of members that match no actor of the log.
    var unmatchedRemovals: [Flag] = []
    /// People who changed their own role.
    var ownRoleChanges: [Flag] = []
    /// People who did so perhaps: they share the member's e-mail, or only that is known of either.
    var doubtfulRoleChanges: [Flag] = []
    /// By control: what it would have judged, had it been matched to somebody or something.
    var unmatched: [String: Unmatched] = [:]
    /// Role changes.
    var roleChanges: [String] = []
    /// When the first and the last of them happened.
    var roleChangeSpan = InstantRange.unknown
    /// Deletions of databases.
    var deletions: [String] = []
    /// When the first and the last of them happened.
    var deletionSpan = InstantRange.unknown
    /// Deletions that came thick and fast.
    var bursts: [Burst] = []
    /// Privileged actions outside working hours, by actor; empty without working hours.
    var offHours: [Flag] = []
    /// Privileged actions from addresses new to their actor, or perhaps new; nil without any.
    var newAddresses: NewUses?
    /// Undocumented actions.
    var unknownActions: [Flag] = []
    /// Events without an actor.
    var anonymous: [String] = []
    /// When the first and the last of them happened.
    var anonymousSpan = InstantRange.unknown
    /// What it tells of members and keys; nil where nobody asked for that.
    package var access: AccessTrail?
    /// Changes of settings, those before the period included, as far as they are of interest.
    package var settingsEvents: [SettingsEvent] = []
    /// Places of flagged events among those of the period, from 1, by id: of each finding the first few.
    package var rows: EventRows = [:]
    /// What was seen for the first time, in order; at most `FirstSightings.kept` of a kind.
    package var firstSeen: [FirstSeen] = []
    /// How many were seen for the first time, by kind.
    package var firstSeenCounts: [String: Int] = [:]
    /// Databases and members that came or went, between one time that was asked for and the next.
    package var counts: [MemberAndDatabaseCounts] = []
    /// Time of the first dated event that was seen, before the period or in it.
    var beginsAt: Instant?
    /// Time of the first dated event of the period.
    var firstAt: Instant?
    /// Time of the last dated event of the period.
    var lastAt: Instant?

    /// Nothing was seen.
    init() {}
}

extension InstantRange {
    /// A span of events of which none has a usable time.
    static let unknown = InstantRange(from: nil, to: nil)
}
