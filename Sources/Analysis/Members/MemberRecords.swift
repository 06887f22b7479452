import Evidence

/// The removals and invitations of members, in order.
struct MemberRecords: ~Copyable {
    /// Whom an event is about: numbers of their id and of what may be their e-mail, -1 for none.
    struct Member {
        var token: Int32 = -1
        /// Of the resource's id and of its name.
        var mails: InlinePair = InlinePair()
    }

    /// Two numbers that stand in a record rather than in memory of their own.
    struct InlinePair {
        private var first: Int32 = -1
        private var second: Int32 = -1

        subscript(index: Int) -> Int32 {
            get { index == 0 ? first : second }
            set { if index == 0 { first = newValue } else { second = newValue } }
        }

        func contains(_ number: Int32) -> Bool { first == number || second == number }
        func contains(where isWanted: (Int32) -> Bool) -> Bool { isWanted(first) || isWanted(second) }
    }

    /// A member was removed.
    struct Removal {
        var member: Member
        /// How many events came before it, and itself; 0 where it has no usable time.
        var place: Int
        /// When, where it has a usable time.
        var at: Instant
        /// How many removals and invitations with a time came before it, and itself.
        var version: UInt32
        /// Where it stands in events.csv; 0 before the period.
        var row: Int
        /// Where its texts begin, and how long the member's label and the event's id behind it are.
        fileprivate var start: Int
        fileprivate var label: UInt32
        fileprivate var event: UInt32
    }

    /// Somebody was invited.
    struct Invitation {
        var member: Member
        /// As of a removal.
        var place: Int
    }

    private(set) var removals: [Removal] = []
    private(set) var invitations: [Invitation] = []
    private var texts = ByteArena()

    init() {}

    mutating func remove(_ event: EventView, _ member: Member, at place: Int, version: UInt32, row: Int) -> Int32 {
        let label = event.resourceName.isEmpty ? event.resourceID : event.resourceName
        let start = texts.append(label.bytes)
        _ = texts.append(event.id.bytes)
        removals.append(
            Removal(
                member: member,
                place: place,
                at: event.instant,
                version: version,
                row: row,
                start: start,
                label: UInt32(label.count),
                event: UInt32(event.id.count)
            )
        )
        return Int32(removals.count - 1)
    }

    mutating func invite(_ member: Member, at place: Int) {
        invitations.append(Invitation(member: member, place: place))
    }

    /// What a removed member goes by.
    func label(_ removal: Int) -> TextView { texts.view(removals[removal].start, Int(removals[removal].label)) }

    /// The id of the event that removed them.
    func event(_ removal: Int) -> TextView {
        let record = removals[removal]
        return texts.view(record.start + Int(record.label), Int(record.event))
    }
}
