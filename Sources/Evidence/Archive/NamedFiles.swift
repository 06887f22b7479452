/// The files that entries name, by their paths below the organization's folder.
///
/// Nearly all have a room's name and eight digits, and there may be tens of thousands: they are a bit each.
struct NamedFiles {
    /// By the place of the room among those that hold lines.
    private var numbers = [[UInt64]](repeating: [], count: ArchiveRoom.ofLines.count)
    private var others: Set<ExactText> = []

    /// Files of higher numbers are kept as texts, so that one of them takes no more memory than any other.
    private static let mostNumbered = 1 << 22

    /// Adds a path; false for one that is there already.
    mutating func insert(_ path: String) -> Bool {
        guard let (room, number) = Self.place(of: path) else { return others.insert(ExactText(path)).inserted }
        let (word, bit) = (number / 64, UInt64(1) << UInt64(number % 64))
        while numbers[room].count <= word { numbers[room].append(0) }
        guard numbers[room][word] & bit == 0 else { return false }
        numbers[room][word] |= bit
        return true
    }

    /// Whether a path is among them.
    func holds(_ path: String) -> Bool {
        guard let (room, number) = Self.place(of: path) else { return others.contains(ExactText(path)) }
        return holds(number, inRoom: room)
    }

    /// Whether a room's file of such a name is among the numbered ones; nil for a name that is not of their form.
    func holdsNumbered(_ name: UnsafeBufferPointer<UInt8>, inRoom room: Int) -> Bool? {
        Self.number(of: name).map { holds($0, inRoom: room) }
    }

    private func holds(_ number: Int, inRoom room: Int) -> Bool {
        number / 64 < numbers[room].count && numbers[room][number / 64] >> UInt64(number % 64) & 1 == 1
    }

    private static func place(of path: String) -> (room: Int, number: Int)? {
        path.utf8.withContiguousStorageIfAvailable { bytes -> (room: Int, number: Int)? in
            guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
                let room = ArchiveRoom.ofLines.firstIndex(where: { $0.utf8.elementsEqual(bytes[..<slash]) }),
                let number = number(of: UnsafeBufferPointer(rebasing: bytes[(slash + 1)...]))
            else { return nil }
            return (room, number)
        } ?? nil
    }

    private static func number(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard name.count == 15, name[8...].elementsEqual(ending) else { return nil }
        var number = 0
        for digit in name[..<8] {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number < mostNumbered ? number : nil
    }

    private static let ending = Array(".ndjson".utf8)
}
