import Evidence

/// Numbers by text; the one that was set last counts.
struct TextNumbers: ~Copyable {
    private var texts = Interner()
    private var numbers: [Int] = []

    init() {}

    mutating func set(_ text: TextView, _ number: Int) {
        let place = Int(texts.intern(text))
        if place == numbers.count { numbers.append(number) } else { numbers[place] = number }
    }

    func find(_ text: TextView) -> Int? { texts.find(Interner.Key(first: text)).map { numbers[Int($0)] } }
}
