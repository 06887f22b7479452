/// A small generator of random numbers that a seed repeats (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014).
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins the sequence of a seed.
    public init(state: UInt64) { self.state = state }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Array {
    /// One of the elements; there must be some.
    package func pick(_ random: inout SplitMix) -> Element { self[Int.random(in: indices, using: &random)] }
}
