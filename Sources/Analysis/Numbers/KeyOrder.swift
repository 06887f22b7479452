import Evidence

/// Puts keys in the byte order of their texts, part after part; a prefix comes first, and of equal keys the one with the
/// lower number.
///
/// Millions of keys share long beginnings ("database-"), so comparing texts would wait for memory at every step. Here a
/// run of keys is ordered by the next eight bytes of each, which are fetched once, and keys that are still equal by the
/// eight that follow.
struct KeyOrder: ~Copyable {
    private struct Piece {
        /// The next eight bytes, the first of them the highest; zeros where there are fewer.
        var bytes: UInt64
        /// How many of them there are, 9 where more follow.
        var count: UInt8
        var number: UInt32
    }

    private var pieces: [Piece]

    /// Orders the keys with the numbers below `count`, which have so many parts; `text` gives a part of one.
    init(count: Int, parts: Int = 3, _ text: (_ number: Int, _ part: Int) -> TextView) {
        pieces = (0..<UInt32(count)).map { Piece(bytes: 0, count: 0, number: $0) }
        // A stack of its own: how deep it goes is up to whoever chose the texts.
        var rest = [(range: 0..<count, part: 0, offset: 0)]
        while let (range, part, offset) = rest.popLast() {
            guard range.count > 1, part < parts else { continue }
            sort(range, part, offset, text)
            var begin = range.lowerBound
            while begin < range.upperBound {
                var end = begin + 1
                while end < range.upperBound, isSame(pieces[begin], pieces[end]) { end += 1 }
                if end - begin > 1 {
                    let goesOn = pieces[begin].count > 8
                    rest.append((begin..<end, goesOn ? part : part + 1, goesOn ? offset + 8 : 0))
                }
                begin = end
            }
        }
    }

    /// Orders the elements of a list by texts that each has, up to three; its places are the numbers.
    ///
    /// Sorting the elements themselves would copy each several times, with everything that it refers to.
    init<Element>(_ elements: [Element], _ texts: (Element) -> [String]) {
        var arena = ByteArena()
        var views: [(start: Int, count: Int)] = []
        let parts = 3
        views.reserveCapacity(elements.count * parts)
        for element in elements {
            var missing = parts
            for var text in texts(element).prefix(parts) {
                views.append(text.withUTF8 { (arena.append($0), $0.count) })
                missing -= 1
            }
            for _ in 0..<missing { views.append((0, 0)) }
        }
        self.init(count: elements.count) { number, part in
            let view = views[number * parts + part]
            return arena.view(view.start, view.count)
        }
    }

    /// The numbers in order.
    var numbers: [UInt32] { pieces.map(\.number) }

    private mutating func sort(
        _ range: Range<Int>,
        _ part: Int,
        _ offset: Int,
        _ text: (_ number: Int, _ part: Int) -> TextView
    ) {
        for place in range {
            let view = text(Int(pieces[place].number), part)
            let left = view.count - offset
            var bytes: UInt64 = 0
            for index in 0..<8 {
                let byte = index < left ? view.bytes[offset + index] : 0
                bytes = bytes << 8 | UInt64(byte)
            }
            pieces[place].bytes = bytes
            pieces[place].count = UInt8(min(left, 9))
        }
        pieces[range].sort {
            if $0.bytes != $1.bytes { return $0.bytes < $1.bytes }
            return $0.count != $1.count ? $0.count < $1.count : $0.number < $1.number
        }
    }

    private func isSame(_ left: Piece, _ right: Piece) -> Bool {
        left.bytes == right.bytes && left.count == right.count
    }
}
