/// Sentences of the ledger and of its examination, in a report's language.
///
/// The ledger is English whatever the report's language is. The texts of the group `ledger` are what its sentences are
/// recognised by; what stands in the places is put into the sentence of the language.
extension Words {
    /// A sentence of the ledger; one that is not recognised is quoted.
    package func ledger(_ sentence: String) -> String {
        guard self.language != "en" else { return sentence }
        return ledgerPart(sentence, depth: 0) ?? self("finding.quoted", ["text": .text(sentence)])
    }

    /// Sentences stand in others, so many levels deep.
    private static let mostLevels = 4

    /// A sentence that is recognised; nil for one that is not.
    func ledgerPart(_ sentence: String, depth: Int) -> String? {
        guard depth < Self.mostLevels, sentence.utf8.count <= 100_000 else { return nil }
        let bytes = Array(sentence.utf8)
        for pattern in LedgerPattern.all {
            if let found = pattern.match(bytes), let places = places(found, depth) {
                return self("ledger.\(pattern.name)", places)
            }
        }
        return nil
    }

    /// What stands in the places, sentences in this language; nil where one that is the ledger's own is not recognised.
    private func places(_ found: [String: String], _ depth: Int) -> [String: Argument]? {
        var places = found.mapValues { Argument.text($0) }
        for part in ["sums", "why", "what"] {
            guard let text = found[part] else { continue }
            if let said = ledgerPart(text, depth: depth + 1) {
                places[part] = .text(said)
            } else if part != "why" {
                return nil
            }
        }
        if let count = found["count"].flatMap({ Int($0) }) { places["count"] = .number(count) }
        return places
    }
}

/// The form of a sentence of the ledger.
struct LedgerPattern: Sendable {
    /// Its name in the group `ledger`.
    let name: String
    private let parts: [Phrase.Part]
    /// How many bytes are not in places.
    private let weight: Int

    /// The most telling first.
    static let all: [LedgerPattern] = {
        var all: [LedgerPattern] = []
        for (name, phrase) in Words.english.all where name.hasPrefix("ledger.") {
            let own = String(name.dropFirst("ledger.".count))
            all.append(LedgerPattern(own, phrase.other))
            if let one = phrase.one { all.append(LedgerPattern(own, one)) }
        }
        return all.sorted { left, right in
            left.weight != right.weight ? left.weight > right.weight : left.name < right.name
        }
    }()

    private init(_ name: String, _ parts: [Phrase.Part]) {
        self.name = name
        self.parts = parts
        weight = parts.reduce(0) { sum, part in
            if case .text(let text) = part { sum + text.utf8.count } else { sum }
        }
    }

    /// Places that hold a number.
    private static let numbers: Set = [
        "bytes", "count", "due", "entry", "expected", "format", "left", "line", "page", "pages", "served", "told",
        "total",
    ]

    /// What stands in the places of a sentence of this form; nil for another sentence.
    ///
    /// A place ends where the text behind it first follows; the last one with the sentence.
    func match(_ sentence: [UInt8]) -> [String: String]? {
        var found: [String: String] = [:]
        var start = 0
        var open: String?
        for (number, part) in parts.enumerated() {
            switch part {
            case .place(let name): open = name
            case .text(let text):
                let literal = Array(text.utf8)
                let isLast = number == parts.count - 1
                guard let place = Self.place(of: literal, in: sentence, from: start, isLast: isLast) else { return nil }
                if let name = open {
                    guard place > start else { return nil }
                    found[name] = String(decoding: sentence[start..<place], as: UTF8.self)
                    open = nil
                } else if place != start {
                    return nil
                }
                start = place + literal.count
            }
        }
        if let name = open {
            guard start < sentence.count else { return nil }
            found[name] = String(decoding: sentence[start...], as: UTF8.self)
        } else if start != sentence.count {
            return nil
        }
        let isSense = found.allSatisfy { name, text in
            !Self.numbers.contains(name) || text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        }
        return isSense ? found : nil
    }

    private static func place(of literal: [UInt8], in sentence: [UInt8], from start: Int, isLast: Bool) -> Int? {
        guard sentence.count - start >= literal.count else { return nil }
        if isLast {
            let place = sentence.count - literal.count
            return sentence[place...].elementsEqual(literal) ? place : nil
        }
        var place = start
        while place + literal.count <= sentence.count {
            if sentence[place] == literal[0], sentence[place..<(place + literal.count)].elementsEqual(literal) {
                return place
            }
            place += 1
        }
        return nil
    }
}
