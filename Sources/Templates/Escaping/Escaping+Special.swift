import Evidence

extension Escaping {
    /// How a value is written in a format, or bare in JSON.
    package enum Rule: Sendable, Hashable, CaseIterable {
        case html, xml, json, jsonBare, md, txt
        /// A value as received, NUL aside; ``CSVCells`` quotes the cell that holds it as a whole.
        case csv
    }

    /// Whether a byte begins something that a rule does not copy as it is.
    static func isSpecial(_ byte: UInt8, _ rule: Rule) -> Bool {
        switch rule {
        case .csv:
            return byte == 0
        case .json, .jsonBare:
            return byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        case .xml:
            // 0xED begins surrogates, 0xEF U+FFFE and U+FFFF: all forbidden in XML.
            return byte < 0x20 || "<>&\"'".utf8.contains(byte) || byte == 0xED || byte == 0xEF
        case .html:
            return byte < 0x20 && byte != 0x09 || "<>&\"'".utf8.contains(byte) || byte == 0x7F || byte == 0xC2
                || byte == 0xED || byte == 0xEF
        case .md:
            return byte < 0x20 || "\\`*_{}[]()#+-.!~>|<&:@$=".utf8.contains(byte) || byte == 0x7F
                || [0xC2, 0xD8, 0xE2, 0xED, 0xEF].contains(byte)
        case .txt:
            return byte < 0x20 || byte == 0x7F || [0xC2, 0xD8, 0xE2, 0xED, 0xEF].contains(byte)
        }
    }

    /// Appends what stands for the character at an index.
    /// - Returns: How many bytes of the value that was.
    @inline(never)
    func appendSpecial(
        _ value: UnsafeBufferPointer<UInt8>,
        _ index: Int,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) -> Int {
        let byte = value[index]
        if byte == 0 {
            Self.appendReplacement(to: &output, counts: &counts)
            return 1
        }
        guard byte < 0x80 else { return appendWide(value, index, to: &output, counts: &counts) }
        switch rule {
        case .csv: output.append(byte)
        case .html: appendHTML(byte, to: &output)
        case .xml: appendXML(byte, to: &output, counts: &counts)
        case .json, .jsonBare: appendJSON(byte, to: &output)
        case .md: appendMarkdown(byte, to: &output)
        case .txt: Self.appendPicture(of: byte, to: &output)
        }
        return 1
    }

    // MARK: ASCII

    private func appendHTML(_ byte: UInt8, to output: inout OutputBuffer) {
        switch byte {
        case UInt8(ascii: "<"): output.append("&lt;")
        case UInt8(ascii: ">"): output.append("&gt;")
        case UInt8(ascii: "&"): output.append("&amp;")
        case UInt8(ascii: "\""): output.append("&quot;")
        case UInt8(ascii: "'"): output.append("&#39;")
        case UInt8(ascii: "\n"): output.append("&#10;")
        default: Self.appendPicture(of: byte, to: &output)
        }
    }

    private func appendXML(_ byte: UInt8, to output: inout OutputBuffer, counts: inout EscapingCounts) {
        switch byte {
        case UInt8(ascii: "<"): output.append("&lt;")
        case UInt8(ascii: ">"): output.append("&gt;")
        case UInt8(ascii: "&"): output.append("&amp;")
        case UInt8(ascii: "\""): output.append("&quot;")
        case UInt8(ascii: "'"): output.append("&apos;")
        case UInt8(ascii: "\t"): output.append("&#9;")
        case UInt8(ascii: "\n"): output.append("&#10;")
        case UInt8(ascii: "\r"): output.append("&#13;")
        default: Self.appendReplacement(to: &output, counts: &counts)
        }
    }

    private func appendJSON(_ byte: UInt8, to output: inout OutputBuffer) {
        switch byte {
        case UInt8(ascii: "\""): output.append("\\\"")
        case UInt8(ascii: "\\"): output.append("\\\\")
        case UInt8(ascii: "\n"): output.append("\\n")
        case UInt8(ascii: "\r"): output.append("\\r")
        case UInt8(ascii: "\t"): output.append("\\t")
        default:
            output.append("\\u00")
            output.append([byte].hex)
        }
    }

    private func appendMarkdown(_ byte: UInt8, to output: inout OutputBuffer) {
        switch byte {
        case UInt8(ascii: "<"): output.append("&lt;")
        case UInt8(ascii: ">"): output.append("&gt;")
        case UInt8(ascii: "&"): output.append("&amp;")
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): output.append(UInt8(ascii: " "))
        case 0x00...0x1F, 0x7F: Self.appendPicture(of: byte, to: &output)
        default:
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        }
    }

    // MARK: Two and three bytes

    /// Characters of more than one byte; all but a few are copied.
    private func appendWide(
        _ value: UnsafeBufferPointer<UInt8>,
        _ index: Int,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) -> Int {
        let length = value[index] < 0xE0 ? 2 : 3
        guard index + length <= value.count else {
            Self.appendReplacement(to: &output, counts: &counts)
            return value.count - index
        }
        let second = UInt32(value[index + 1])
        let code: UInt32 =
            length == 2
            ? UInt32(value[index] & 0x1F) << 6 | second & 0x3F
            : UInt32(value[index] & 0x0F) << 12 | (second & 0x3F) << 6 | UInt32(value[index + 2] & 0x3F)
        let isPlainText = rule == .md || rule == .txt
        switch code {
        case 0xD800...0xDFFF, 0xFFFE, 0xFFFF:
            Self.appendReplacement(to: &output, counts: &counts)
        case 0x80...0x9F where rule == .html:
            Self.appendReplacement(to: &output, counts: &counts)
        case _ where isPlainText && Unicode.Scalar(code)?.isObeyed == true:
            let digits = UInt16(truncatingIfNeeded: code).hex.uppercased()
            output.append(rule == .md ? "\\[U+\(digits)\\]" : "[U+\(digits)]")
        default:
            output.append(UnsafeBufferPointer(rebasing: value[index..<index + length]))
        }
        return length
    }

    // MARK: What characters become

    private static func appendReplacement(to output: inout OutputBuffer, counts: inout EscapingCounts) {
        counts.replaced += 1
        output.append("\u{FFFD}" as StaticString)
    }

    /// The picture of a control character: U+2400 and up, U+2421 for DEL.
    private static func appendPicture(of byte: UInt8, to output: inout OutputBuffer) {
        output.append(0xE2)
        output.append(0x90)
        output.append(byte == 0x7F ? 0xA1 : 0x80 + byte)
    }
}
