import Evidence

/// What members and actors are known by: ids and e-mails, a number each, and what happened last to whoever has them.
///
/// An e-mail is a text in lower case. A member's id may be one as well, so both are numbered together, and what is known of
/// a text stands in one place.
struct MemberNumbers: ~Copyable {
    /// What is known of a text.
    struct Known {
        /// As a member's id: the place of the latest invitation; 0 for none.
        var invitation = 0
        /// As an e-mail: the same.
        var invitationByMail = 0
        /// As a member's id: the latest removal that gives it.
        var removal = Membership.nobody
        /// As an e-mail: the latest removal that gave no actor's id.
        var removalByMail = Membership.nobody
        /// As an e-mail: the latest removal that gave somebody's id, and means others only where these have none.
        var namedRemoval = Membership.nobody
        /// As an id: the actor, plus one; 0 for none so far.
        var actor: UInt32 = 0
        /// As an e-mail: the first actor with an id who was seen with it.
        var firstCarrier: UInt32 = 0
        /// How many such actors there are.
        var carriers: UInt32 = 0
        /// As a member's id: what it is as an e-mail; `nobody` for what is no member's id so far.
        fileprivate var mail = Membership.nobody
        /// As a member's id: the name that the member had last, as an e-mail, and as it is numbered among those of resources.
        fileprivate var name = Membership.nobody
        fileprivate var resourceName = EventNumbering.missing
        /// Whether the actor was looked for when the first member turned up with this id.
        var isActorSought = false
        /// Whether an actor was seen with it as an e-mail.
        var isActorsMail = false
        /// Whether it can be an e-mail at all: it has an @.
        var isMail = false
    }

    private var texts = Interner()
    private var known: [Known] = []
    /// The numbers of ids by those of resources.
    private var idsOfResources = NumberMap()
    /// The numbers in lower case by those of e-mails as received.
    private var lowerOfLabels = NumberMap()

    init() {}

    subscript(number: Int32) -> Known {
        get { known[Int(number)] }
        _modify { yield &known[Int(number)] }
    }

    /// Asks for the memory of what is known of a resource as a member: first for where it stands, later for the rest.
    func prefetch(_ resource: UInt32, isLater: Bool) {
        guard isLater else { return idsOfResources.prefetch(resource) }
        if let number = idsOfResources[resource] { known.prefetch(number) }
    }

    /// The number of a text, if it has one.
    func find(_ text: TextView) -> Int32? { texts.find(Interner.Key(first: text)).map { Int32($0) } }

    /// The number of an actor's e-mail, whose number as received is `label`.
    mutating func lower(_ mail: TextView, _ label: UInt32) -> Int32 {
        if let number = lowerOfLabels[label] { return Int32(number) }
        let number = self.mail(mail)
        known[Int(number)].isActorsMail = true
        lowerOfLabels[label] = Int(number)
        return number
    }

    /// Whom an event is about.
    ///
    /// `resource`: the numbers of the event's resource and of its name, if resources are numbered.
    mutating func member(_ event: EventView, _ resource: (number: UInt32, name: UInt32)?) -> MemberRecords.Member {
        var member = MemberRecords.Member()
        let (id, name) = (event.resourceIDKey, event.resourceNameKey)
        guard !id.isEmpty else {
            if !name.isEmpty { member.mails[1] = mail(name) }
            return member
        }
        let token: Int
        if let resource, let number = idsOfResources[resource.number] {
            token = number
        } else {
            token = Int(self.id(id))
            if let resource { idsOfResources[resource.number] = token }
        }
        member.token = Int32(token)
        member.mails[0] = known[token].mail
        guard !name.isEmpty else { return member }
        // A member mostly has the name that it had before.
        if resource == nil || known[token].resourceName != resource?.name {
            known[token].name = mail(name)
            known[token].resourceName = resource?.name ?? EventNumbering.missing
        }
        member.mails[1] = known[token].name
        return member
    }

    private mutating func id(_ id: TextView) -> Int32 {
        let number = number(id)
        if known[Int(number)].mail == Membership.nobody { known[Int(number)].mail = mail(id) }
        return number
    }

    private mutating func mail(_ text: TextView) -> Int32 { text.withLowercase { number($0) } }

    private mutating func number(_ text: TextView) -> Int32 {
        let number = texts.intern(text)
        if Int(number) == known.count {
            known.append(Known())
            known[Int(number)].isMail = text.bytes.isWrittenAsMail
        }
        return Int32(number)
    }
}
