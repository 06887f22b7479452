import Analysis
import Evidence

/// How numbers, times and verdicts read in running text.
package enum ReportWords {
    /// A number with commas between groups of three digits.
    static func number(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return number < 0 ? "-" + grouped : grouped
    }

    /// What controls can find, the most urgent first.
    static let statuses: [Status] = [.fail, .notProven, .manual, .waived, .reviewed, .notApplicable, .pass]

    /// `1 event`, `2 events`: the plural is the singular with an `s` unless given.
    package static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(self.number(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A time without `T` and `Z`: `2026-03-17 10:00:00`.
    ///
    /// Anything that is no RFC 3339 time stays as it is.
    static func time(_ text: String) -> String {
        guard text.utf8.count >= 20, text.utf8.last == UInt8(ascii: "Z"), text.dropFirst(10).first == "T" else {
            return text
        }
        return text.prefix(10) + " " + text.dropFirst(11).dropLast()
    }

    /// A time for running text: the day alone where it is midnight.
    static func moment(_ text: String) -> String {
        let time = time(text)
        return time.hasSuffix(" 00:00:00") ? String(time.dropLast(9)) : time + " UTC"
    }

    /// `2026-03-17`, of a day counted from 1970-01-01.
    static func day(_ day: Int) -> String {
        String(Instant(seconds: Int64(day) * 86_400).text(fractionDigits: 0).prefix(10))
    }

    /// `Mar`, of a month counted from 1.
    static func month(_ month: Int) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return names.indices.contains(month - 1) ? names[month - 1] : ""
    }

    /// Joins the parts of a list in a sentence.
    static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// A finding's status, as a word of a sentence.
    static func status(_ status: String) -> String {
        switch status {
        case "pass": "Passed"
        case "fail": "Failed"
        case "not_proven": "Not proven"
        case "manual": "To check by hand"
        case "waived": "Waived"
        case "reviewed": "Reviewed"
        case "not_applicable": "Not applicable"
        default: status
        }
    }

    /// A severity, as a word that stands alone.
    static func severity(_ severity: String) -> String {
        severity.prefix(1).uppercased() + severity.dropFirst()
    }

    /// A sentence of a reason: a capital at its start and a full stop at its end.
    static func sentence(_ text: String) -> String {
        guard let first = text.first, let last = text.last else { return "" }
        return first.uppercased() + text.dropFirst() + (".!?".contains(last) ? "" : ".")
    }
}
