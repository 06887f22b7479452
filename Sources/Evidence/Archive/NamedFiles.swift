/// The files that entries name, by their paths below the organization's folder.
///
/// Nearly all have a room's name and eight digits, and there may be tens of thousands: they are a bit each.
package struct NamedFiles {
    /// By the place of the room among those that hold lines.
    private var numbers = [[UInt64]](repeating: [], count: SealedName.rooms.count)
    private var others: Set<SealedName> = []
    /// How many there are.
    package private(set) var count = 0

    /// Files of higher numbers are kept as they are, so that one of them takes no more memory than any other.
    private static let mostNumbered = 1 << 22

    /// Holds none.
    package init() {}

    /// Adds a path; false for one that is there already.
    package mutating func insert(_ name: SealedName) -> Bool {
        let isNew = add(name)
        if isNew { count += 1 }
        return isNew
    }

    private mutating func add(_ name: SealedName) -> Bool {
        guard let (room, number) = Self.place(of: name) else { return others.insert(name).inserted }
        let (word, bit) = (number / 64, UInt64(1) << UInt64(number % 64))
        while numbers[room].count <= word { numbers[room].append(0) }
        guard numbers[room][word] & bit == 0 else { return false }
        numbers[room][word] |= bit
        return true
    }

    /// Whether a path is among them.
    func holds(_ name: SealedName) -> Bool {
        guard let (room, number) = Self.place(of: name) else { return others.contains(name) }
        return holds(number, inRoom: room)
    }

    /// Whether a room's file of such a name is among the numbered ones; nil for a name that is not of their form.
    func holdsNumbered(_ name: UnsafeBufferPointer<UInt8>, inRoom room: Int) -> Bool? {
        guard let number = SealedName.number(of: name), number < Self.mostNumbered else { return nil }
        return holds(Int(number), inRoom: room)
    }

    private func holds(_ number: Int, inRoom room: Int) -> Bool {
        number / 64 < numbers[room].count && numbers[room][number / 64] >> UInt64(number % 64) & 1 == 1
    }

    private static func place(of name: SealedName) -> (room: Int, number: Int)? {
        guard case .numbered(let room, let number) = name, number < mostNumbered else { return nil }
        return (Int(room), Int(number))
    }
}
