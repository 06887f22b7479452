import Evidence
import Foundation

/// Gives equal texts equal small numbers: an open-addressing hash table over an arena of UTF-8.
///
/// A key is one to three texts; where one ends and the next begins is part of it. About 24 bytes a key beside its text.
struct Interner: ~Copyable {
    private struct Entry {
        var offset: Int
        var first: UInt32
        var second: UInt32
        var third: UInt32
        var hash: UInt32
    }

    private var arena = ByteArena()
    private var entries: [Entry] = []
    private var slots: [UInt32]
    private var mask: Int

    /// A secret of the process: whoever chooses the texts can't choose where they collide.
    private static let seed = UInt64.random(in: .min ... .max)

    init() {
        slots = [UInt32](repeating: 0, count: 1 << 10)
        mask = slots.count - 1
    }

    /// How many different keys there are; their numbers run from 0.
    var count: Int { entries.count }

    /// The number of a key, a new one if it was not seen before.
    mutating func intern(_ first: TextView, _ second: TextView = .missing, _ third: TextView = .missing) -> UInt32 {
        let hash = Self.hash(first, Self.hash(second, Self.hash(third, Self.seed)))
        let short = UInt32(truncatingIfNeeded: hash >> 32)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            let entry = entries[Int(number)]
            if entry.hash == short, matches(entry, first, second, third) { return number }
            slot = (slot + 1) & mask
        }
        let offset = arena.append(first.bytes)
        _ = arena.append(second.bytes)
        _ = arena.append(third.bytes)
        entries.append(
            Entry(
                offset: offset,
                first: UInt32(first.count),
                second: UInt32(second.count),
                third: UInt32(third.count),
                hash: short
            )
        )
        slots[slot] = UInt32(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return UInt32(entries.count - 1)
    }

    /// A part of a key: 0, 1 or 2.
    func text(_ number: Int, part: Int = 0) -> TextView {
        let entry = entries[number]
        switch part {
        case 0: return arena.view(entry.offset, Int(entry.first))
        case 1: return arena.view(entry.offset + Int(entry.first), Int(entry.second))
        default: return arena.view(entry.offset + Int(entry.first) + Int(entry.second), Int(entry.third))
        }
    }

    /// Numbers in the byte order of their keys, part after part.
    func sortedNumbers() -> [UInt32] {
        (0..<UInt32(count)).sorted { left, right in
            for part in 0..<3 {
                let order = compareBytes(text(Int(left), part: part), text(Int(right), part: part))
                if order != 0 { return order < 0 }
            }
            return false
        }
    }

    private func matches(_ entry: Entry, _ first: TextView, _ second: TextView, _ third: TextView) -> Bool {
        guard Int(entry.first) == first.count, Int(entry.second) == second.count, Int(entry.third) == third.count else {
            return false
        }
        var place = arena.base + entry.offset
        guard isSame(place, first) else { return false }
        place += first.count
        guard isSame(place, second) else { return false }
        place += second.count
        return isSame(place, third)
    }

    private mutating func grow() {
        let size = slots.count * 2
        mask = size - 1
        slots = [UInt32](repeating: 0, count: size)
        for number in entries.indices {
            let hash = Self.hash(
                text(number),
                Self.hash(text(number, part: 1), Self.hash(text(number, part: 2), Self.seed))
            )
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    @inline(__always)
    private static func hash(_ text: TextView, _ seed: UInt64) -> UInt64 {
        var state = seed ^ (UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15)
        guard let start = text.start else { return mix(state, 0xA076_1D64_78BD_642F) }
        var place = UnsafeRawPointer(start)
        var rest = text.count
        while rest >= 8 {
            state = mix(state ^ place.loadUnaligned(as: UInt64.self), 0xE703_7ED1_A0B4_28DB)
            place += 8
            rest -= 8
        }
        var tail: UInt64 = 0
        for index in 0..<rest { tail |= UInt64(place.load(fromByteOffset: index, as: UInt8.self)) << UInt64(index * 8) }
        return mix(state ^ tail, 0xA076_1D64_78BD_642F)
    }

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

/// Compares by bytes: negative, zero or positive; a prefix is less.
func compareBytes(_ left: TextView, _ right: TextView) -> Int {
    let shared = min(left.count, right.count)
    if shared > 0, let a = left.start, let b = right.start {
        let order = Int(memcmp(a, b, shared))
        if order != 0 { return order }
    }
    return left.count - right.count
}

@inline(__always)
private func isSame(_ stored: UnsafeMutablePointer<UInt8>, _ text: TextView) -> Bool {
    guard text.count > 0, let start = text.start else { return true }
    return memcmp(stored, start, text.count) == 0
}
