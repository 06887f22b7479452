import Evidence

/// Who made a key, and does not stand on the list of members that was read behind that.
struct UnlistedMakers {
    private let last: AccessCourse<AccessMember>.Reading
    private let lists: ListsInTime
    private let trail: AccessTrail
    private let makers: [ExactText: Int]

    /// Takes the list that counts, and the next one, for whom that has came meanwhile, or was overlooked.
    ///
    /// Nil where the lists do not tell who is not on them.
    init?(
        _ list: AccessCourse<AccessMember>.Reading,
        _ next: AccessCourse<AccessMember>.Reading?,
        _ trail: AccessTrail
    ) {
        let readings = [list, next].compactMap { $0 }
        guard readings.allSatisfy({ $0.isWhole && !$0.elements.contains(where: \.isUnnamed) }) else { return nil }
        (last, self.trail, makers) = (next ?? list, trail, trail.keyMakers)
        lists = ListsInTime(readings)
    }

    /// Whether nobody on the lists made a key.
    func made(_ key: WatchedLog.OpenKey) -> Bool {
        guard let at = key.createdAt, at.seconds < last.earliest.seconds,
            let maker = makers[ExactText(key.event)].map({ trail.actors[$0] })
        else { return false }
        return lists.incomparable.count(with: maker) == 0 && lists.last(with: maker) == nil
    }
}
