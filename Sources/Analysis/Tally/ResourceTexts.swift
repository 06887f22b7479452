import CBytes
import Evidence

/// The texts of resources in the order of their keys, each with its name beside it: rows of long tables ask for one place in
/// memory instead of five, and those that follow one another lie near one another.
struct ResourceTexts: ~Copyable {
    private struct Entry {
        var start: Int
        var type: UInt32
        var id: UInt32
        var name: UInt32
    }

    private var arena = ByteArena()
    private var entries: [Entry] = []
    /// By the number that a resource was given: its place here.
    let ranks: [UInt32]
    /// The place of the key whose texts are all missing; nil where every event has some.
    let nothing: UInt32?

    /// Puts keys in order, with the latest name of each.
    init(_ keys: consuming Interner, names: consuming LabelColumn) {
        let sorted = keys.sortedNumbers()
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        entries.reserveCapacity(sorted.count)
        for (rank, number) in sorted.enumerated() {
            ranks[Int(number)] = UInt32(rank)
            let (type, id) = (keys.text(Int(number)), keys.text(Int(number), part: 1))
            let name = names.text(of: number)
            entries.append(
                Entry(
                    start: arena.append(type.bytes),
                    type: UInt32(type.count),
                    id: UInt32(id.count),
                    name: UInt32(name.count)
                )
            )
            _ = arena.append(id.bytes)
            _ = arena.append(name.bytes)
        }
        nothing = keys.find(Interner.Key(first: .missing)).map { ranks[Int($0)] }
        self.ranks = ranks
    }

    /// Type, id and name at once.
    @inline(__always)
    func texts(_ place: UInt32) -> (type: TextView, id: TextView, name: TextView) {
        let entry = entries[Int(place)]
        let id = entry.start + Int(entry.type)
        return (
            arena.view(entry.start, Int(entry.type)), arena.view(id, Int(entry.id)),
            arena.view(id + Int(entry.id), Int(entry.name))
        )
    }

    /// Asks for the memory of a resource: where its texts stand, and a while later the texts.
    func prefetchEntry(_ place: UInt32) {
        entries.withUnsafeBufferPointer { heed_prefetch($0.baseAddress.map { $0 + Int(place) }) }
    }

    func prefetchTexts(_ place: UInt32) {
        let text = arena.base + entries[Int(place)].start
        heed_prefetch(text)
        heed_prefetch(text + 64)
    }
}
