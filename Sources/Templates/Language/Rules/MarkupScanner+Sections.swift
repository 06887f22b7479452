extension MarkupScanner {
    /// Takes the state behind a section that may be left out.
    /// - Parameter before: The scanner as it was where the section began.
    /// - Returns: False when the two can't be brought together.
    mutating func join(_ before: MarkupScanner) -> Bool {
        let betweenAttributes: Set<State> = [.tagName, .beforeAttribute, .behindAttribute, .attributeName]
        if state == before.state, element == before.element || state == .text {
            if valueStart != before.valueStart { valueStart = .other }
            if state != .text { isTagConditional = true }
            return state != .attributeName || attribute == before.attribute
        }
        guard element == before.element, betweenAttributes.contains(state), betweenAttributes.contains(before.state)
        else { return false }
        isTagConditional = true
        if state == .attributeName { endValue() }
        state = .behindAttribute
        return true
    }
}

extension UInt8 {
    /// Blank, tab, line break or form feed.
    var isMarkupBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D }
    /// An ASCII letter.
    var isLetter: Bool { lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z") }
    /// The small letter of an ASCII capital, else the byte itself.
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self + 32 : self }
}
