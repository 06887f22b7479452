import Evidence

/// Whom events about members are about: the service does not document whether they give a user's id, a membership's, an
/// invitation's or an e-mail.
extension AccessTrail.Event {
    /// Whether the event is about an actor for certain: it gives their id, or nothing but an e-mail of theirs.
    func isCertainlyAbout(_ actor: AccessTrail.Actor) -> Bool {
        if !id.isEmpty, id.isSameInBytes(as: actor.id) { return true }
        return gives(actor.mails) && (id.isEmpty || id.isWrittenAsMail)
    }

    /// Whether the event gives an id of somebody, or one of their e-mails, which are in lower case.
    func names(ids: [String], mails: Set<ExactText>) -> Bool {
        gives(mails) || ids.contains { !$0.isEmpty && $0.isSameInBytes(as: id) }
    }

    /// Whether the event, which names nobody of a list, is about another one than somebody of ids of these kinds, and with an
    /// e-mail or not.
    ///
    /// It is where it gives another e-mail, or another id of the same kind as one of theirs; an id of another kind, or a name,
    /// tells nothing. E-mails are in lower case.
    func isOther(than kinds: Set<String>, hasMail: Bool) -> Bool {
        if hasMail, givesMail { return true }
        return Self.kind(of: id).map(kinds.contains) ?? false
    }

    /// Whether the event gives an e-mail.
    var givesMail: Bool { id.isWrittenAsMail || name.isWrittenAsMail }

    /// The kinds of ids, as far as they tell.
    static func kinds(of ids: [String]) -> Set<String> { Set(ids.compactMap(kind)) }

    /// What the event gives, in lower case: id and name, each once.
    var texts: [ExactText] {
        let (id, name) = (ExactText(id.lowercasedASCII), ExactText(name.lowercasedASCII))
        return (id == name ? [id] : [id, name]).filter { !$0.text.isEmpty }
    }

    private func gives(_ mails: Set<ExactText>) -> Bool {
        [id, name].contains { !$0.isEmpty && mails.contains(ExactText($0.lowercasedASCII)) }
    }

    /// What ids of one kind begin with: `user` of `user-456`, `u` of `u7`; nil for one that does not tell, as a UUID.
    static func kind(of id: String) -> String? {
        guard !id.isWrittenAsMail else { return nil }
        let letters = id.utf8.prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        let rest = id.utf8[letters.endIndex...]
        guard !letters.isEmpty, let first = rest.first else { return nil }
        let isMarked = first == UInt8(ascii: "-") || first == UInt8(ascii: "_")
        let isNumbered = rest.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return isMarked || isNumbered ? String(Substring(letters)) : nil
    }
}

extension AccessTrail.Actor {
    /// How findings call them.
    var subject: String { mail.isEmpty ? id : id.isEmpty ? mail : "\(mail) (\(id))" }

    /// What tells them from others in findings.
    var key: String { id.isEmpty ? "\u{1}mail:\(mail)" : id }
}
