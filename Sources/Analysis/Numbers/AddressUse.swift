/// Which addresses each actor used, told by the numbers of the pairs.
struct AddressUse {
    private var pairs = BitSet()
    private var counts: [UInt32] = []

    /// - Returns: Whether the actor uses the address for the first time.
    mutating func add(_ actor: UInt32, pair: UInt32) -> Bool {
        guard pairs.insert(pair) else { return false }
        while counts.count <= Int(actor) { counts.append(0) }
        counts[Int(actor)] += 1
        return true
    }

    /// Whether a pair of actor and address was added.
    func has(_ pair: UInt32) -> Bool { pairs.has(pair) }

    /// How many addresses an actor used.
    func count(of actor: UInt32) -> UInt32 { Int(actor) < counts.count ? counts[Int(actor)] : 0 }
}
