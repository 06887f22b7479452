/// Numbers in messages for people: `1 event`, `1,284 events`.
package enum Counted {
    /// A number and what it counts.
    ///
    /// - Parameters:
    ///   - number: How many.
    ///   - one: The word for one of them.
    ///   - many: The word for any other number; nil for the first with an `s`.
    /// - Returns: Both, with commas in the number.
    package static func text(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(digits(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// A number in groups of three digits, with commas between them unless told otherwise.
    package static func digits(_ number: Int, separator: String = ",") -> String {
        if (0..<1000).contains(number) { return String(number) }
        let digits = String(number.magnitude)
        var grouped = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += separator }
            grouped.append(digit)
        }
        return grouped
    }
}
