public import Evidence

/// What the controls over the log need of it, gathered while its events pass by in order.
public struct WatchedLog: Sendable {
    /// Events that point at one subject.
    public struct Flag: Sendable, Hashable {
        /// What they point at: an actor, an action.
        public var subject: String
        /// What tells the subject from others, without what it is called.
        public var key: String
        /// Their ids, in order.
        public var eventIDs: [String] = []
        /// Between what and what another event may be missing that would clear the subject.
        public var span: InstantRange?
    }

    /// Events that a control would have judged, had they said by whom, on what or from where they are.
    public struct Unmatched: Sendable, Hashable {
        /// How many name no actor; `ACT-ANON` names them.
        public var byNobody = 0
        /// The others: they don't say on what, or from where, or it matches nobody.
        public var eventIDs: [String] = []

        /// Nothing of the kind.
        public init() {}
    }

    /// An API key that was created and, as far as the log goes, not revoked.
    public struct OpenKey: Sendable, Hashable {
        /// Its id; its name where it has no id; empty where it has neither.
        public var id: String
        /// What tells it from others.
        public var key: String
        /// Its name.
        public var name: String
        /// Who created it.
        public var creator: String
        /// When.
        public var createdAt: Instant?
        /// The event that says so.
        public var event: String
        /// Whether the log does not say who created it.
        public var isAnonymous = false
        /// Whether it has neither id nor name, so that no revocation can be told to be its own.
        public var isUnidentified = false
        /// An event that may have revoked it.
        public var revocation: Revocation?
        /// How its creator was removed; nil while they are a member.
        public var orphan: Orphan?
    }

    /// An event that may have revoked a key, or not.
    public struct Revocation: Sendable, Hashable {
        /// Its id.
        public var event: String
        /// Whether it has no usable time; else it does not say which key it revokes.
        public var isUndated: Bool
    }

    /// The removal of whoever created a key.
    public struct Orphan: Sendable, Hashable {
        /// The event that says so.
        public var removal: String
        /// Why it may not be one; nil where it certainly is.
        public var doubt: JoinDoubt?
        /// Whether they had been removed when they created it.
        public var wasAway: Bool
    }

    /// Somebody who acted behind their removal.
    public struct Ghost: Sendable, Hashable {
        /// Who.
        public var subject: String
        /// What tells them from others.
        public var key: String
        /// The events by which they were removed.
        public var removals: [String] = []
        /// What they did without having been invited again.
        public var acts: [Act] = []
        /// What they did perhaps.
        public var doubtful: [String] = []
        /// Why it is not certain; nil where all of it is.
        public var doubt: JoinDoubt?

        /// One event, and how long after the removal.
        public struct Act: Sendable, Hashable {
            /// Its id.
            public var event: String
            /// From the removal to the event.
            public var span: InstantRange
        }
    }

    /// Many deletions by one actor in a short time.
    public struct Burst: Sendable, Hashable {
        /// Who deleted.
        public var actor: String
        /// What tells them from others.
        public var key: String
        /// The first deletion.
        public var from: Instant
        /// The last one.
        public var to: Instant
        /// How many different databases they are of, at least.
        public var databases: Int
        /// Whether they may be of more, for some are not named, or not by id.
        public var mayBeMore: Bool
        /// Whether they are of as many as are looked for only if each that may be another is one.
        public var isDoubtful: Bool
        /// All of them.
        public var eventIDs: [String]
    }

    /// A `settings.updated` event.
    public struct SettingsEvent: Sendable, Hashable {
        /// Its id.
        public var event: String
        /// When it happened.
        public var at: Instant
        /// Who did it.
        public var actor: String

        /// Describes an event.
        public init(event: String, at: Instant, actor: String) {
            self.event = event
            self.at = at
            self.actor = actor
        }
    }

    /// An actor, address or resource whose first event ever lies in the period and not before a given time.
    public struct FirstSeen: Sendable, Hashable {
        /// `actor`, `address` or `resource`.
        public var kind: String
        /// Its name.
        public var subject: String
        /// When it was seen first.
        public var at: Instant
        /// The event.
        public var event: String
        /// Who acted then.
        public var actor: String
    }

    /// Keys that nobody revoked, by id.
    public var openKeys: [OpenKey] = []
    /// Who acted behind their removal, by subject.
    public var ghosts: [Ghost] = []
    /// Removals of members that match no actor of the log.
    public var unmatchedRemovals: [Flag] = []
    /// People who changed their own role.
    public var ownRoleChanges: [Flag] = []
    /// People who did so perhaps: they share the member's e-mail, or only that is known of either.
    public var doubtfulRoleChanges: [Flag] = []
    /// By control: what it would have judged, had it been matched to somebody or something.
    public var unmatched: [String: Unmatched] = [:]
    /// Role changes.
    public var roleChanges: [String] = []
    /// Deletions of databases.
    public var deletions: [String] = []
    /// Deletions that came thick and fast.
    public var bursts: [Burst] = []
    /// Privileged actions outside working hours, by actor; empty without working hours.
    public var offHours: [Flag] = []
    /// Privileged actions from addresses new to their actor, by actor and address.
    public var newAddresses: [Flag] = []
    /// The same where an event without a usable time may come before, by whose order it is new or not.
    public var doubtfulAddresses: [Flag] = []
    /// Undocumented actions.
    public var unknownActions: [Flag] = []
    /// Events without an actor.
    public var anonymous: [String] = []
    /// Changes of settings, those before the period included, as far as they are of interest.
    public var settingsEvents: [SettingsEvent] = []
    /// Places of flagged events among those of the period, from 1, by id: of each finding the first few.
    public var rows: EventRows = [:]
    /// What was seen for the first time, in order; at most `FirstSightings.kept` of a kind.
    public var firstSeen: [FirstSeen] = []
    /// How many were seen for the first time, by kind.
    public var firstSeenCounts: [String: Int] = [:]
    /// Databases and members that came or went, between one time that was asked for and the next.
    public var counts: [MemberAndDatabaseCounts] = []
    /// Time of the first dated event that was seen, before the period or in it.
    public var beginsAt: Instant?
    /// Time of the first dated event of the period.
    public var firstAt: Instant?
    /// Time of the last dated event of the period.
    public var lastAt: Instant?

    /// Nothing was seen.
    public init() {}
}
