import Evidence

/// Who made a key, and does not stand on the list of members that was read behind that.
struct UnlistedMakers {
    private let list: AccessCourse<AccessMember>.Reading
    private let lists: ListsInTime
    private let trail: AccessTrail
    private let makers: [ExactText: Int]

    /// Takes the list that counts, and the next one, for whom that has came meanwhile, or was overlooked.
    ///
    /// Nil where the list does not tell who is not on it.
    init?(
        _ list: AccessCourse<AccessMember>.Reading,
        _ next: AccessCourse<AccessMember>.Reading?,
        _ trail: AccessTrail
    ) {
        guard list.isWhole, !list.elements.contains(where: \.isUnnamed) else { return nil }
        (self.list, self.trail, makers) = (list, trail, trail.keyMakers)
        lists = ListsInTime([list, next].compactMap { $0 })
    }

    /// Whether nobody on the lists made a key.
    func made(_ key: WatchedLog.OpenKey) -> Bool {
        guard let at = key.createdAt, at.seconds < list.earliest.seconds,
            let maker = makers[ExactText(key.event)].map({ trail.actors[$0] })
        else { return false }
        return lists.incomparable.count(with: maker) == 0 && lists.last(with: maker) == nil
    }
}
