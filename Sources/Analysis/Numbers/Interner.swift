import CBytes
import Evidence
import Foundation

/// Gives equal texts equal small numbers: an open-addressing hash table over an arena of UTF-8.
///
/// A key is one to three texts; where one ends and the next begins is part of it. Beside its text a key costs 24 bytes
/// and 12 to 24 of the hash table. Odd texts are told apart by the suffix that stands behind what is shown
/// (`EventView.actionKey` and its like).
struct Interner: ~Copyable {
    /// One to three texts.
    struct Key {
        var first: TextView
        var second = TextView.missing
        var third = TextView.missing
    }

    private struct Entry {
        var offset: Int
        var first: UInt32
        var second: UInt32
        var third: UInt32
        /// Whether one of the texts has a suffix.
        var isOdd: Bool
    }

    private var arena = ByteArena()
    private var entries: [Entry] = []
    private var table = HashIndex()
    private var hasOdd = false

    /// A secret of the process: whoever chooses the texts can't choose where they collide.
    private static let processSeed = UInt64.random(in: .min ... .max)
    private let seed = Interner.processSeed

    init() {}

    /// How many different keys there are; their numbers run from 0.
    var count: Int { entries.count }

    /// The number of a key, a new one if it was not seen before.
    mutating func intern(_ key: Key) -> UInt32 { intern(key, hash(key)) }

    /// The number of a text, a new one if it was not seen before.
    mutating func intern(_ text: TextView) -> UInt32 { intern(Key(first: text)) }

    /// The number of a key that was seen before.
    func find(_ key: Key) -> UInt32? { find(key, hash(key)) }

    /// How many keys are looked up together: as many as memory can be asked for at a time.
    static let batch = 64

    /// Gives at most ``batch`` keys their numbers.
    ///
    /// Looking a key up waits for memory three times: for its place in the table, for the entry, for the text. So each is
    /// asked for on behalf of all keys before the first is needed.
    mutating func intern(_ keys: UnsafeMutableBufferPointer<Key>, _ numbers: UnsafeMutablePointer<UInt32>) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.batch) { hashes in
            let hashes = UnsafeMutableBufferPointer(rebasing: hashes[..<keys.count])
            for index in keys.indices { hashes[index] = hash(keys[index]) }
            table.prefetch(hashes)
            table.findLikely(hashes, numbers)
            keepMatches(keys, numbers)
            for index in keys.indices where numbers[index] == HashIndex.none {
                numbers[index] = intern(keys[index], hashes[index])
            }
        }
    }

    /// Compares keys with those of the numbers told, and puts `HashIndex.none` in the place of each number that has
    /// another; where it stands already it stays.
    func keepMatches(_ keys: UnsafeMutableBufferPointer<Key>, _ numbers: UnsafeMutablePointer<UInt32>) {
        entries.withUnsafeBufferPointer { entries in
            for index in keys.indices where numbers[index] != HashIndex.none {
                heed_prefetch(entries.baseAddress.map { $0 + Int(numbers[index]) })
            }
            for index in keys.indices where numbers[index] != HashIndex.none {
                heed_prefetch(arena.base + entries[Int(numbers[index])].offset)
            }
            for index in keys.indices where numbers[index] != HashIndex.none {
                if !matches(entries[Int(numbers[index])], keys[index]) { numbers[index] = HashIndex.none }
            }
        }
    }

    /// A part of a key as it is shown: 0, 1 or 2.
    func text(_ number: Int, part: Int = 0) -> TextView {
        let entry = entries[number]
        let whole = whole(entry, part)
        return entry.isOdd ? Self.halves(whole).shown : whole
    }

    /// A part of a key as it was given, an odd one with its suffix.
    func given(_ number: Int, part: Int = 0) -> TextView { whole(entries[number], part) }

    @inline(__always)
    private func whole(_ entry: Entry, _ part: Int) -> TextView {
        switch part {
        case 0: return arena.view(entry.offset, Int(entry.first))
        case 1: return arena.view(entry.offset + Int(entry.first), Int(entry.second))
        default: return arena.view(entry.offset + Int(entry.first) + Int(entry.second), Int(entry.third))
        }
    }

    /// What no byte of UTF-8 is, and every suffix begins with.
    private static let separator: Int32 = 0xFF

    private static func halves(_ text: TextView) -> (shown: TextView, suffix: TextView) {
        guard text.count > 0, let start = text.start, let found = memchr(start, separator, text.count) else {
            return (text, .missing)
        }
        let count = UnsafeRawPointer(found) - UnsafeRawPointer(start)
        return (TextView(start: start, count: count), TextView(start: start + count, count: text.count - count))
    }

    private static func isOdd(_ text: TextView) -> Bool {
        text.start.map { memchr($0, separator, text.count) != nil } ?? false
    }

    /// Numbers in the byte order of their keys, part after part; those that are shown alike by their suffixes.
    func sortedNumbers() -> [UInt32] {
        KeyOrder(count: count, parts: hasOdd ? 6 : 3) { number, part in
            part < 3 ? text(number, part: part) : Self.halves(whole(entries[number], part - 3)).suffix
        }.numbers
    }

    private mutating func intern(_ key: Key, _ hash: UInt32) -> UInt32 {
        if let number = find(key, hash) { return number }
        let isOdd = Self.isOdd(key.first) || Self.isOdd(key.second) || Self.isOdd(key.third)
        if isOdd { hasOdd = true }
        let offset = arena.append(key.first.bytes)
        _ = arena.append(key.second.bytes)
        _ = arena.append(key.third.bytes)
        entries.append(
            Entry(
                offset: offset,
                first: UInt32(key.first.count),
                second: UInt32(key.second.count),
                third: UInt32(key.third.count),
                isOdd: isOdd
            )
        )
        table.insert(hash)
        return UInt32(entries.count - 1)
    }

    private func find(_ key: Key, _ hash: UInt32) -> UInt32? { table.find(hash) { matches(entries[Int($0)], key) } }

    @inline(__always)
    private func matches(_ entry: Entry, _ key: Key) -> Bool {
        guard Int(entry.first) == key.first.count, Int(entry.second) == key.second.count,
            Int(entry.third) == key.third.count
        else { return false }
        var place = UnsafePointer(arena.base) + entry.offset
        guard isSame(place, key.first) else { return false }
        place += key.first.count
        guard isSame(place, key.second) else { return false }
        place += key.second.count
        return isSame(place, key.third)
    }

    @inline(__always)
    private func hash(_ key: Key) -> UInt32 {
        var state = seed
        if !key.third.isEmpty { state = heed_hash(key.third.start, key.third.count, state) }
        if !key.second.isEmpty { state = heed_hash(key.second.start, key.second.count, state &+ 1) }
        return UInt32(truncatingIfNeeded: heed_hash(key.first.start, key.first.count, state))
    }
}

/// Whether two texts have the same bytes.
@inline(__always)
func isSame(_ left: TextView, _ right: TextView) -> Bool {
    guard left.count == right.count, let a = left.start else { return left.count == right.count }
    return isSame(a, right)
}

@inline(__always)
private func isSame(_ stored: UnsafePointer<UInt8>, _ text: TextView) -> Bool {
    guard text.count > 0, let start = text.start else { return true }
    return heed_equal(stored, start, text.count)
}
