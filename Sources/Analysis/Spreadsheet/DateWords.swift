import Foundation

/// What a written day is made of: its numbers, what stands between them, and the month that it names.
struct DateWords {
    /// Runs of digits, in order.
    private(set) var numbers: [String] = []
    /// Between each number and the next: the sign, or a blank.
    private(set) var separators: [Character] = []
    /// The month that is named, 1 to 12.
    private(set) var month: Int?

    /// Takes a text apart; nil where it holds a word that stands in no date.
    init?(_ text: String) {
        guard let day = Self.withoutTime(text) else { return nil }
        var words: [String] = []
        var isInNumber = false
        var between: Character?
        for character in day.decomposedStringWithCanonicalMapping.lowercased() {
            if let digit = character.unicodeScalars.first, ("0"..."9").contains(digit), character.isASCII {
                if isInNumber {
                    numbers[numbers.count - 1].append(character)
                } else {
                    if !numbers.isEmpty { separators.append(between ?? " ") }
                    numbers.append(String(character))
                }
                (isInNumber, between) = (true, nil)
            } else if character.isLetter {
                let continues = between == "a" && !words.isEmpty
                // Accents are apart from their letters, and left out.
                let letter = character.unicodeScalars.first.map { String($0) } ?? ""
                if continues { words[words.count - 1] += letter } else { words.append(letter) }
                (isInNumber, between) = (false, "a")
            } else {
                guard "./-,".contains(character) || character.isWhitespace else { return nil }
                // A sign in front of everything belongs to no day.
                guard character.isWhitespace || !numbers.isEmpty || !words.isEmpty else { return nil }
                isInNumber = false
                if between == nil || between == " " || between == "a" {
                    between = character.isWhitespace ? " " : character
                }
            }
        }
        words.removeAll(where: Self.fillers.contains)
        if words.count > 1, let first = words.first, Self.weekdays.contains(first) { words.removeFirst() }
        if words.count == 1, let first = words.first, Self.months[first] == nil, Self.weekdays.contains(first) {
            words.removeFirst()
        }
        guard words.count <= 1 else { return nil }
        if let word = words.first {
            guard let month = Self.months[word] else { return nil }
            self.month = month
        }
    }

    /// The text without the time of day behind the day; nil for what only looks like a time.
    private static func withoutTime(_ text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return text }
        let hour = text[..<colon].reversed().prefix { $0.isASCII && $0.isNumber }.count
        guard (1...2).contains(hour) else { return nil }
        let begin = text.index(colon, offsetBy: -hour)
        let time = text[begin...].lowercased()
        let isTime =
            (Int(text[begin..<colon]) ?? 99) <= 24 && (Int(text[colon...].dropFirst().prefix(2)) ?? 99) <= 59
            && time.allSatisfy { $0.isWhitespace || "0123456789:.,+-zamputcgh".contains($0) }
        guard isTime else { return nil }
        var day = text[..<begin]
        while let last = day.last, last.isWhitespace || last == "," { day.removeLast() }
        if let last = day.last, last == "T" || last == "t" { day.removeLast() }
        return String(day)
    }

    /// Letters behind the number of a day, and small words around it.
    private static let fillers: Set<String> = ["st", "nd", "rd", "th", "er", "of", "the", "den", "der", "le", "de"]

    private static let weekdays = Set(
        ("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
            + "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
            + "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim")
            .split(separator: " ").map(String.init)
    )

    /// Months in English, German and French, long and short, without accents.
    private static let months: [String: Int] = {
        let names = [
            "january jan januar janner jan janvier janv", "february feb februar feber fevrier fevr fev",
            "march mar marz maerz mrz mars", "april apr avril avr", "may mai", "june jun juni juin",
            "july jul juli juillet juil", "august aug aout aou", "september sep sept septembre",
            "october oct oktober okt octobre", "november nov novembre", "december dec dezember dez decembre",
        ]
        var months: [String: Int] = [:]
        for (index, words) in names.enumerated() {
            for word in words.split(separator: " ") { months[String(word)] = index + 1 }
        }
        return months
    }()
}
