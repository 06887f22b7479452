import Evidence

/// Puts triples in order key by key: by resource and action, for the tables of resources, and then by actor.
struct TripleOrder<Element: CountedTriple> {
    /// The tables of resources, made on the way.
    private(set) var ofResources = ResourceRows()
    private var byActor: [Element] = []

    typealias Ranks = (actions: [UInt32], actors: [UInt32], resources: [UInt32])

    /// Orders the elements of all parts, each key by its rank; an element tells its resource by that from here on.
    init(_ parts: consuming [[Element]], _ sums: [KeptEvent.Sum], _ ranks: Ranks, _ storage: TallyStorage) {
        var byResource = Self.byResourceAndAction(parts, ranks)
        parts = []
        var (ofResources, byActor) = (ResourceRows(), [Element]())
        sideBySide(
            { ofResources = ResourceRows(byResource, sums, storage) },
            { byActor = Self.sorted([byResource], ranks.actors.count) { ranks.actors[Int($0.actor)] } }
        )
        byResource = []
        self.ofResources = ofResources
        self.byActor = byActor
    }

    /// Hands over all elements in the order of actor, resource and action, and keeps none.
    mutating func takeByActor() -> [Element] { exchange(&byActor, with: []) }

    private static func byResourceAndAction(_ parts: [[Element]], _ ranks: Ranks) -> [Element] {
        var elements = sorted(parts, ranks.resources.count) { element in
            element.resource = ranks.resources[Int(element.resource)]
            return element.resource
        }
        var begin = 0
        while begin < elements.count {
            let resource = elements[begin].resource
            var end = begin + 1
            while end < elements.count, elements[end].resource == resource { end += 1 }
            if end - begin <= mostInserted {
                insert(&elements, begin..<end, ranks.actions)
            } else {
                let run = Array(elements[begin..<end])
                let part = sorted([run], ranks.actions.count) { ranks.actions[Int($0.action)] }
                elements.replaceSubrange(begin..<end, with: part)
            }
            begin = end
        }
        return elements
    }

    /// Longer runs are ordered by counting.
    private static var mostInserted: Int { 64 }

    /// Puts a short run in the order of actions.
    private static func insert(_ elements: inout [Element], _ range: Range<Int>, _ actions: [UInt32]) {
        elements.withUnsafeMutableBufferPointer { elements in
            for index in range.dropFirst() {
                let element = elements[index]
                let rank = actions[Int(element.action)]
                var place = index
                while place > range.lowerBound, actions[Int(elements[place - 1].action)] > rank {
                    elements[place] = elements[place - 1]
                    place -= 1
                }
                elements[place] = element
            }
        }
    }

    /// Elements in the order of a key below `keys`, those of one key in the order in which they stood; `key` may change them.
    private static func sorted(_ parts: [[Element]], _ keys: Int, by key: (inout Element) -> UInt32) -> [Element] {
        var places = [UInt32](repeating: 0, count: keys + 1)
        let total = parts.reduce(0) { $0 + $1.count }
        return [Element](unsafeUninitializedCapacity: total) { sorted, count in
            places.withUnsafeMutableBufferPointer { places in
                for elements in parts {
                    for var element in elements { places[Int(key(&element)) + 1] += 1 }
                }
                for index in 0..<keys { places[index + 1] += places[index] }
                for elements in parts {
                    for var element in elements {
                        let place = Int(key(&element))
                        sorted.initializeElement(at: Int(places[place]), to: element)
                        places[place] += 1
                    }
                }
            }
            count = total
        }
    }
}
