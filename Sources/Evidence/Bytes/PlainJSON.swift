/// Reads JSON in the one form in which it is written here: members in the order of their names, each at most once, no white
/// space, ASCII without escapes, whole numbers of up to 15 digits.
///
/// What it takes, every reader of JSON takes for the same; everything else it refuses, so that whoever asks goes on with
/// a reader of all JSON. For what there are tens of thousands of.
struct PlainJSON {
    /// A member of an object: its name, and what reads its value into a place; false for a value that is refused.
    struct Member<Value>: Sendable {
        let name: StaticString
        let read: @Sendable (inout PlainJSON, inout Value) -> Bool

        init(_ name: StaticString, _ read: @escaping @Sendable (inout PlainJSON, inout Value) -> Bool) {
            self.name = name
            self.read = read
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// Values that were asked to be noted, by their numbers, and where they stand.
    private var noted: [PlainShape.Value] = []
    /// Long texts that were read last, by what their bytes come to: many stand in line after line, and are kept once.
    private var known: [String]

    private static let knownCount = 64

    /// Begins with the texts that an earlier reading knew.
    init(_ bytes: UnsafeBufferPointer<UInt8>, knowing known: [String] = []) {
        self.bytes = bytes
        self.known = known
    }

    /// Hands over the texts that are known, for the next reading.
    mutating func takeKnown() -> [String] {
        let taken = known
        known = []
        return taken
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { place == bytes.count }

    /// Reads an object whose members are among these, which stand in the order of their names.
    mutating func object<Value>(_ value: inout Value, _ members: [Member<Value>]) -> Bool {
        guard pass("{") else { return false }
        if pass("}") { return true }
        var next = 0
        repeat {
            guard pass("\"") else { return false }
            while next < members.count, !passName(members[next].name) { next += 1 }
            guard next < members.count, members[next].read(&self, &value) else { return false }
            next += 1
        } while pass(",")
        return pass("}")
    }

    /// Reads a list of what `element` reads.
    mutating func list<Element>(
        _ elements: inout [Element],
        _ element: (inout PlainJSON) -> Element?
    ) -> Bool {
        guard pass("[") else { return false }
        elements = []
        if pass("]") { return true }
        repeat {
            guard let read = element(&self) else { return false }
            elements.append(read)
        } while pass(",")
        return pass("]")
    }

    /// Reads a text.
    mutating func text() -> String? { found().map { kept($0) } }

    /// Reads what the bytes of a text tell; nil for what is refused, by `value` or before.
    mutating func text<Value>(of value: (UnsafeBufferPointer<UInt8>) -> Value?) -> Value? { found().flatMap(value) }

    private mutating func found() -> UnsafeBufferPointer<UInt8>? {
        guard pass("\"") else { return nil }
        let begin = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            guard (0x20..<0x7F).contains(bytes[place]), bytes[place] != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        guard place < bytes.count else { return nil }
        let found = UnsafeBufferPointer(rebasing: bytes[begin..<place])
        place += 1
        return found
    }

    private mutating func kept(_ found: UnsafeBufferPointer<UInt8>) -> String {
        // Shorter ones take no memory of their own.
        guard found.count > 15 else { return String(decoding: found, as: UTF8.self) }
        if known.isEmpty { known = [String](repeating: "", count: Self.knownCount) }
        var mixed = found.count
        for byte in found.suffix(12) { mixed = mixed &* 31 &+ Int(byte) }
        let slot = mixed & (Self.knownCount - 1)
        let isKnown = known[slot].utf8.withContiguousStorageIfAvailable { isSame($0, found) }
        if isKnown != true { known[slot] = String(decoding: found, as: UTF8.self) }
        return known[slot]
    }

    /// Reads a whole number that is not negative.
    mutating func number() -> Int? {
        let begin = place
        var number = 0
        while place < bytes.count, (0x30...0x39).contains(bytes[place]), place - begin < 15 {
            number = number * 10 + Int(bytes[place] - 0x30)
            place += 1
        }
        guard place > begin, place < bytes.count, bytes[begin] != 0x30 || place - begin == 1 else { return nil }
        // What goes on is a longer number, or no whole one.
        return [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[place]) ? number : nil
    }

    /// Reads `true` or `false`.
    mutating func flag() -> Bool? { pass("true") ? true : pass("false") ? false : nil }

    /// Reads a value that every line has of its own, and notes its number.
    mutating func noting(_ number: UInt8, _ read: (inout PlainJSON) -> Bool) -> Bool {
        let begin = place
        guard read(&self) else { return false }
        noted.append((number, begin..<place))
        return true
    }

    /// The line that was read, without what was noted.
    var shape: PlainShape { PlainShape(bytes, noted) }

    /// Passes over bytes that are these.
    mutating func pass(_ same: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count - place >= same.count,
            isSame(UnsafeBufferPointer(rebasing: bytes[place..<(place + same.count)]), same)
        else { return false }
        place += same.count
        return true
    }

    /// Passes over `name":`, the quote before it having been passed.
    private mutating func passName(_ name: StaticString) -> Bool {
        let before = place
        if pass(name), pass("\":") { return true }
        place = before
        return false
    }

    private mutating func pass(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - place >= count else { return false }
        for index in 0..<count where bytes[place + index] != word.utf8Start[index] { return false }
        place += count
        return true
    }
}

extension PlainJSON {
    /// Reads a text into a place; false where there is none.
    mutating func text(_ target: inout String) -> Bool { text().map { target = $0 } != nil }
    /// The same for a place that may be empty.
    mutating func text(_ target: inout String?) -> Bool {
        target = text()
        return target != nil
    }
    /// Reads a number into a place.
    mutating func number(_ target: inout Int) -> Bool { number().map { target = $0 } != nil }
    /// The same for a place that may be empty.
    mutating func number(_ target: inout Int?) -> Bool {
        target = number()
        return target != nil
    }
}
