import Evidence

extension Review {
    /// What a row of a review says of its event, or an event of which a row is asked for; an empty text says nothing.
    package struct Seen: Sendable, Hashable {
        /// When it happened.
        package var createdAt = ""
        /// Who did it.
        package var actor = ""
        /// What they did.
        package var action = ""
        /// To what.
        package var resource = ""
        /// From where.
        package var ipAddress = ""
        /// What the finding said.
        package var detail = ""

        /// Says nothing.
        package init() {}

        /// Takes texts in the order of ``columns``; the last ones may be missing.
        package init(_ texts: [String]) {
            let texts = texts + Array(repeating: "", count: max(0, Self.columns.count - texts.count))
            (createdAt, actor, action) = (texts[0], texts[1], texts[2])
            (resource, ipAddress, detail) = (texts[3], texts[4], texts[5])
        }

        /// Reads a row's cells.
        init(_ cells: SpreadsheetTable.Row) { self.init(Self.columns.map { cells[$0] }) }

        static let columns = ["created_at", "actor", "action", "resource", "ip_address", "detail"]

        /// The columns, but for the detail's, in which a row that came back says other than the event; none where it may well
        /// be about that.
        func differences(from event: Seen) -> [String] {
            zip(
                Self.columns,
                [
                    SeenTime.mayBe(createdAt, event.createdAt), SeenText.mayBe(actor, event.actor),
                    SeenText.mayBe(action, event.action), SeenText.mayBe(resource, event.resource),
                    SeenText.mayBe(ipAddress, event.ipAddress),
                ]
            ).filter { !$0.1 }.map(\.0)
        }

        /// Whether two rows that came back may be about one event.
        package func mayBe(_ other: Seen) -> Bool {
            let isOne = differences(from: other).isEmpty || other.differences(from: self).isEmpty
            return isOne && (detail.isEmpty || other.detail.isEmpty || SeenText(detail) == SeenText(other.detail))
        }
    }
}

/// A text as it can still be known when it has been through a spreadsheet.
struct SeenText: Hashable {
    private let text: String

    /// Blanks, controls and what stands for characters that can't be shown count as one blank.
    init(_ text: String) {
        var kept = String.UnicodeScalarView()
        var isBlank = true
        for scalar in text.unicodeScalars {
            let isGone = scalar.value < 0x20 || scalar.value == 0xFFFD || String(scalar).trimmedAsWord.isEmpty
            if !isGone { kept.append(scalar) } else if !isBlank { kept.append(" ") }
            isBlank = isGone
        }
        if kept.last == " " { kept.removeLast() }
        self.text = String(kept)
    }

    /// Whether what came back may be an event's text; an empty cell, and one that a spreadsheet makes a number or a day of,
    /// says nothing.
    static func mayBe(_ cell: String, _ text: String) -> Bool {
        if cell.isEmpty || SpreadsheetText.isConverted(text) { return true }
        let (one, other) = (SeenText(cell), SeenText(text))
        return one == other || one.isPoor && one.poor == other.poor
    }

    /// Whether a text that came back begins with another.
    func begins(with head: SeenText) -> Bool {
        text.hasPrefix(head.text) || isPoor && poor.hasPrefix(head.poor)
    }

    /// Whether characters may have been lost with the character set in which it was saved.
    private var isPoor: Bool { text.utf8.contains(UInt8(ascii: "?")) }

    /// With a question mark for all between ASCII.
    private var poor: String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isLost = !scalar.isASCII || scalar == "?"
            if !isLost { kept.append(scalar) } else if kept.last != "?" { kept.append("?") }
        }
        return String(kept)
    }
}

extension AskedStatement {
    /// Whether a detail that came back says the same; nil where it does not tell.
    func isSaid(in detail: String) -> Bool? {
        guard !detail.isEmpty, !heads.isEmpty else { return nil }
        let seen = SeenText(detail)
        guard heads.contains(where: { seen.begins(with: SeenText($0)) }) else { return false }
        return isWhole ? true : nil
    }
}

/// A time as it can still be known when it has been through a spreadsheet.
enum SeenTime {
    /// Whether what came back may be an event's time: to the second, or to the day where that is all that is left; an empty cell
    /// says nothing, nor does what is no time.
    static func mayBe(_ cell: String, _ time: String) -> Bool {
        guard !cell.isEmpty, !cell.isSameInBytes(as: time) else { return true }
        guard let at = Instant(rfc3339: time) else { return false }
        if let other = Instant(rfc3339: cell) { return other.seconds == at.seconds }
        if cell.contains("."), let days = Double(cell), days > 0, days < 200_000 {
            return ((days - 25_569) * 86_400 - Double(at.seconds)).magnitude <= 60
        }
        guard let date = SpreadsheetDate(cell) else { return true }
        let days = [date.day(nil), date.day(.dayFirst), date.day(.monthFirst)].compactMap { $0?.daysSince1970 }
        return days.contains(floorDivide(at.seconds, 86_400))
    }
}
