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
        public var eventIDs: [String]
    }

    /// An API key that was created and, as far as the log goes, not revoked.
    public struct OpenKey: Sendable, Hashable {
        /// Its id; its name where it has no id.
        public var id: String
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
        /// An event without a usable time that revokes it: before it was created, or behind.
        public var undatedRevocation: String?
        /// How its creator was removed; nil while they are a member.
        public var orphan: Orphan?
    }

    /// The removal of whoever created a key.
    public struct Orphan: Sendable, Hashable {
        /// The event that says so.
        public var removal: String
        /// Whether the order of events, and who is who, are known.
        public var isCertain: Bool
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
        public var acts: [String] = []
        /// What they did perhaps: an invitation that matches nobody, or has no time, may explain it.
        public var doubtful: [String] = []
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
        /// How many different databases they are of, those that the log does not name being one.
        public var databases: Int
        /// Whether they are of so many databases only if each that is not named is another.
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
    /// What was seen for the first time, in order; at most `LogWatch.firstSeenKept` of a kind.
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
