import CBytes

/// Finds numbers by the hash of what they stand for; the keys themselves are kept by whoever asks.
///
/// Open addressing; a slot holds 32 bits of hash beside the number, so that a key is looked at only when it is almost
/// certainly the one, and the table grows without looking at any. 12 to 24 bytes a number. Inlined where it is used:
/// counting spends its time here. Public for that reason alone: the compiler does not inline what is `package`.
@frozen public struct HashIndex: Sendable {
    /// Hash in the upper half, number plus one in the lower; 0 is free.
    @usableFromInline var slots = [UInt64](repeating: 0, count: 1 << 10)
    @usableFromInline var mask: UInt32 = 1 << 10 - 1
    /// How many numbers there are; they run from 0.
    @usableFromInline var count = 0

    /// What ``findLikely(_:_:)`` says of a hash that no number has.
    @inlinable public static var none: UInt32 { .max }

    /// Makes an empty table.
    public init() {}

    /// The number with this hash whose key `matches`.
    @inlinable @inline(__always)
    public func find(_ hash: UInt32, _ matches: (UInt32) -> Bool) -> UInt32? {
        slots.withUnsafeBufferPointer { Self.find(hash, in: $0, mask, matches) }
    }

    @inlinable @inline(__always)
    static func find(
        _ hash: UInt32,
        in slots: UnsafeBufferPointer<UInt64>,
        _ mask: UInt32,
        _ matches: (UInt32) -> Bool
    ) -> UInt32? {
        var place = hash & mask
        while true {
            let slot = slots[Int(place)]
            if slot == 0 { return nil }
            if UInt32(slot >> 32) == hash {
                let number = UInt32(truncatingIfNeeded: slot) - 1
                if matches(number) { return number }
            }
            place = (place &+ 1) & mask
        }
    }

    /// Asks for the memory where a hash is looked up.
    @inlinable @inline(__always)
    public func prefetch(_ hash: UInt32) {
        slots.withUnsafeBufferPointer { heed_prefetch($0.baseAddress.map { $0 + Int(hash & mask) }) }
    }

    /// Asks for the memory where a batch of hashes is looked up.
    @inlinable @inline(__always)
    public func prefetch(_ hashes: UnsafeMutableBufferPointer<UInt32>) {
        slots.withUnsafeBufferPointer { slots in
            for hash in hashes { heed_prefetch(slots.baseAddress.map { $0 + Int(hash & mask) }) }
        }
    }

    /// For each of a batch of hashes the first number that has it, whatever its key; ``none`` without one.
    @inlinable @inline(__always)
    public func findLikely(_ hashes: UnsafeMutableBufferPointer<UInt32>, _ numbers: UnsafeMutablePointer<UInt32>) {
        slots.withUnsafeBufferPointer { slots in
            for index in hashes.indices {
                numbers[index] = Self.find(hashes[index], in: slots, mask) { _ in true } ?? Self.none
            }
        }
    }

    /// Makes room for so many numbers in all.
    package mutating func reserve(_ numbers: Int) {
        var size = slots.count
        while numbers * 3 > size * 2 { size *= 2 }
        if size > slots.count { grow(to: size) }
    }

    /// Gives the next number to a key that was not found.
    @inlinable
    public mutating func insert(_ hash: UInt32) {
        count += 1
        put(UInt64(hash) << 32 | UInt64(count))
        if count * 3 > slots.count * 2 { grow(to: slots.count * 2) }
    }

    @inlinable @inline(__always)
    mutating func put(_ slot: UInt64) {
        slots.withUnsafeMutableBufferPointer { slots in
            var place = UInt32(slot >> 32) & mask
            while slots[Int(place)] != 0 { place = (place &+ 1) & mask }
            slots[Int(place)] = slot
        }
    }

    @usableFromInline
    mutating func grow(to size: Int) {
        let old = slots
        slots = [UInt64](repeating: 0, count: size)
        mask = UInt32(size - 1)
        for slot in old where slot != 0 { put(slot) }
    }
}
