/// The rules of CSV documents: what is structure must be certain before a value is known.
enum CSVTemplate {
    /// What is wrong with a document.
    static func check(_ document: LinkedTemplate) -> [TemplateProblem] {
        var check = CSVCheck()
        TemplateContexts.walk(document.nodes) { check.read($0) }
        if check.place.state == .quoted {
            check.problems.append(
                TemplatePlace(file: document.name, line: 1, column: 1).problem(.csvOpenCell)
            )
        }
        return check.problems
    }
}

/// Walks through a CSV document.
private struct CSVCheck {
    /// Where the reader is.
    struct Place: Hashable {
        var state = CSVText.State.cellStart
        /// Whether the record holds nothing yet.
        var isAtRecordStart = true
    }

    var place = Place()
    var problems: [TemplateProblem] = []
    private var outer: [Place] = []
    private var streamed: Set<String> = []

    mutating func read(_ item: TemplateContexts.Item) {
        switch item {
        case .text(let text, let start):
            for byte in text.utf8 { read(byte, start) }
        case .variable(let name, let position):
            if place.state == .behindQuote {
                problems.append(position.problem(.csvBehindQuote, name.written))
            }
            if place.state == .cellStart { place.state = .plain }
            place.isAtRecordStart = false
        case .beginSection(let section):
            if section.isStreamed, !place.isAtRecordStart {
                problems.append(section.place.problem(.csvBegin, section.name.written))
            }
            if section.isStreamed, !streamed.insert(section.name.text).inserted {
                problems.append(section.place.problem(.csvTwice, section.name.written))
            }
            outer.append(place)
        case .endSection(let section):
            guard let before = outer.popLast() else { return }
            if section.isStreamed, !place.isAtRecordStart {
                problems.append(
                    section.place.problem(
                        .csvEnd,
                        section.name.written,
                        hint: "put a line break before {{/\(section.name.written)}}"
                    )
                )
            }
            join(before, section)
        }
    }

    private mutating func join(_ before: Place, _ section: LinkedSection) {
        let quotes: Set<CSVText.State> = [.quoted, .behindQuote]
        if place.state != before.state {
            if quotes.contains(place.state) || quotes.contains(before.state) {
                problems.append(
                    section.place.problem(.csvHalfQuoted, section.name.written)
                )
            } else {
                place.state = .plain
            }
        }
        place.isAtRecordStart = place.isAtRecordStart && before.isAtRecordStart
    }

    private mutating func read(_ byte: UInt8, _ start: TemplatePlace) {
        let before = place.state
        let isQuote = byte == UInt8(ascii: "\"")
        if before == .plain, isQuote {
            problems.append(
                start.problem(.csvQuoteInside, hint: "values are quoted for you")
            )
        }
        place.state = CSVText.state(after: byte, in: before)
        if before == .behindQuote, place.state == .plain {
            problems.append(start.problem(.csvTextBehindQuote))
        }
        let isLineEnd = byte == UInt8(ascii: "\n")
        guard place.state == .cellStart, isLineEnd || byte == UInt8(ascii: "\r") else {
            place.isAtRecordStart = false
            return
        }
        if isLineEnd, place.isAtRecordStart {
            problems.append(start.problem(.csvEmptyLine, hint: "remove the line"))
        }
        if isLineEnd { place.isAtRecordStart = true }
    }
}
