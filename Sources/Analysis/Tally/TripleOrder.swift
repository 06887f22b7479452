import Evidence

/// Puts triples in order key by key: by resource and action, for the tables of resources, and then by actor.
struct TripleOrder {
    /// The tables of resources, made on the way.
    private(set) var ofResources = ResourceRows()
    private var byActor: [Element] = []

    private typealias Element = TripleTable.Triple
    typealias Ranks = (actions: [UInt32], actors: [UInt32], resources: [UInt32])

    /// Orders triples, each key by its rank; a triple tells its resource by that from here on.
    init(_ triples: consuming [TripleTable.Triple], _ ranks: Ranks, _ storage: TallyStorage) {
        let byResource = Self.byResourceAndAction(triples, ranks)
        var (ofResources, byActor) = (ResourceRows(), triples)
        sideBySide(
            { ofResources = ResourceRows(byResource, storage) },
            {
                // Where they stood before they were in any order, as that is not needed any more.
                byActor.withUnsafeMutableBufferPointer { places in
                    Self.sort(byResource, ranks.actors.count, into: places) { ranks.actors[Int($0.actor)] }
                }
            }
        )
        self.ofResources = ofResources
        self.byActor = byActor
    }

    /// Hands over all triples in the order of actor, resource and action, and keeps none.
    mutating func takeByActor() -> [TripleTable.Triple] { exchange(&byActor, with: []) }

    private static func byResourceAndAction(_ triples: [Element], _ ranks: Ranks) -> [Element] {
        var elements = sorted(triples, ranks.resources.count) { element in
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
                let part = sorted(run, ranks.actions.count) { ranks.actions[Int($0.action)] }
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
    private static func sorted(_ elements: [Element], _ keys: Int, by key: (inout Element) -> UInt32) -> [Element] {
        [Element](unsafeUninitializedCapacity: elements.count) { sorted, count in
            sort(elements, keys, into: sorted, by: key)
            count = elements.count
        }
    }

    /// The same into memory that has room for them.
    private static func sort(
        _ elements: [Element],
        _ keys: Int,
        into sorted: UnsafeMutableBufferPointer<Element>,
        by key: (inout Element) -> UInt32
    ) {
        var places = [UInt32](repeating: 0, count: keys + 1)
        places.withUnsafeMutableBufferPointer { places in
            for var element in elements { places[Int(key(&element)) + 1] += 1 }
            for index in 0..<keys { places[index + 1] += places[index] }
            for var element in elements {
                let place = Int(key(&element))
                sorted.initializeElement(at: Int(places[place]), to: element)
                places[place] += 1
            }
        }
    }
}
