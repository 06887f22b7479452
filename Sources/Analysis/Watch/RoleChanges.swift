import Evidence

/// Who changed whose role in the period, judged once all is known of who is who.
struct RoleChanges {
    private struct Change {
        var actor: UInt32
        var member: MemberRecords.Member
        var isByNobody: Bool
        var namesOwnMail: Bool
        var row: Int
        /// nil for an event without a usable time.
        var at: Instant?
    }

    private var changes: [Change] = []
    /// Their events' ids.
    private(set) var events: [String] = []

    /// `member`: whom the event is about.
    mutating func add(_ event: EventView, by actor: UInt32, _ member: MemberRecords.Member, row: Int) {
        let mail = event.actorEmailKey
        let namesOwnMail =
            !mail.isEmpty
            && (mail.equalsIgnoringCase(event.resourceIDKey) || mail.equalsIgnoringCase(event.resourceNameKey))
        events.append(event.id.string)
        changes.append(
            Change(
                actor: actor,
                member: member,
                isByNobody: event.isAnonymous,
                namesOwnMail: namesOwnMail,
                row: row,
                at: event.at
            )
        )
    }

    /// Tells the log who changed their own role, for certain or perhaps, and what could not be matched.
    func judge(
        _ members: borrowing Membership,
        _ actors: ActorTexts,
        _ rows: inout EventRows.Builder,
        _ log: inout WatchedLog
    ) {
        var (own, perhaps) = (FlagTable<UInt32>(), FlagTable<UInt32>())
        var unmatched = WatchedLog.Unmatched()
        for (change, event) in zip(changes, events) {
            if change.isByNobody {
                unmatched.byNobody += 1
                continue
            }
            let count: Int
            switch members.relation(of: change.actor, to: change.member, byOwnMail: change.namesOwnMail) {
            case .other: continue
            case .same: count = own.add(change.actor, event, at: change.at)
            case .perhaps: count = perhaps.add(change.actor, event, at: change.at)
            case .unknown:
                unmatched.eventIDs.append(event)
                count = unmatched.eventIDs.count
            }
            if count <= LogWatch.rowsKept { withTextView(of: event) { rows.add($0, change.row) } }
        }
        log.roleChanges = events
        log.ownRoleChanges = own.sorted(actors.flag)
        log.doubtfulRoleChanges = perhaps.sorted(actors.flag)
        log.unmatched["MEM-SELF"] = unmatched
    }
}
