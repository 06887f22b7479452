import CBytes

/// What escaping had to change beyond writing a character in another way; the manifest tells both figures.
package struct EscapingCounts: Sendable, Hashable {
    /// Characters that became U+FFFD.
    package var replaced = 0
    /// Values of more than 1 MiB that were cut.
    package var cut = 0
    /// Cells of CSV that were cut because the profile's program takes no longer ones.
    package var cellsCut = 0

    /// Counts of what was changed so far.
    package init(replaced: Int = 0, cut: Int = 0, cellsCut: Int = 0) {
        self.replaced = replaced
        self.cut = cut
        self.cellsCut = cellsCut
    }

    static func + (one: Self, other: Self) -> Self {
        Self(
            replaced: one.replaced + other.replaced,
            cut: one.cut + other.cut,
            cellsCut: one.cellsCut + other.cellsCut
        )
    }
}

/// Writes values so that none can end or change what stands around it, in one output format.
///
/// Works on UTF-8 bytes: a table tells the plain ones, which are copied; the others go through one function a format.
package struct Escaping: Sendable {
    let rule: Rule
    private let isMarkup: Bool
    /// For each byte whether it must be looked at.
    private let isSpecial: [Bool]

    private static let tables = Dictionary(
        uniqueKeysWithValues: Rule.allCases.map { rule in
            (rule, (0...255).map { Self.isSpecial(UInt8($0), rule) })
        }
    )

    /// The largest value that is rendered whole, in bytes of UTF-8.
    static let largestValue = 1 << 20

    /// Escapes by one format's rule.
    package init(_ rule: Rule) {
        self.rule = rule
        isMarkup = rule == .html || rule == .xml
        isSpecial = Self.tables[rule] ?? []
    }

    init(format: OutputFormat) { self.init(format.escaping) }

    /// Appends a value, escaped.
    /// - Parameters:
    ///   - value: UTF-8, of any length.
    ///   - output: Where to.
    ///   - counts: Told of characters replaced and values cut.
    @inline(__always)
    func append(_ value: UnsafeBufferPointer<UInt8>, to output: inout OutputBuffer, counts: inout EscapingCounts) {
        guard value.count <= Self.largestValue, rule != .jsonBare else {
            return appendSpecially(value, to: &output, counts: &counts)
        }
        appendWhole(value, to: &output, counts: &counts)
    }

    /// Copies a value as far as it needs no escaping; may change a few bytes behind that.
    /// - Returns: How many bytes were copied; fewer than there are where that is not certain.
    @inline(__always)
    func copyPlain(_ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        isMarkup && count <= Self.largestValue ? heed_copy_plain(target, source, count) : 0
    }

    @inline(__always)
    private func appendWhole(
        _ value: UnsafeBufferPointer<UInt8>,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        guard let start = value.baseAddress else { return }
        output.reserve(value.count)
        let plain = copyPlain(start, value.count, to: output.base + output.count)
        output.advance(plain)
        if plain < value.count { appendRest(value, from: plain, to: &output, counts: &counts) }
    }

    @inline(never)
    private func appendRest(
        _ value: UnsafeBufferPointer<UInt8>,
        from begin: Int,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        guard let start = value.baseAddress else { return }
        isSpecial.withUnsafeBufferPointer { isSpecial in
            var target = output.base + output.count
            var index = begin
            while index < value.count {
                let byte = start[index]
                guard isSpecial[Int(byte)] else {
                    target.pointee = byte
                    target += 1
                    index += 1
                    continue
                }
                output.advance(target - (output.base + output.count))
                index += appendSpecial(value, index, to: &output, counts: &counts)
                output.reserve(value.count - index)
                target = output.base + output.count
            }
            output.advance(target - (output.base + output.count))
        }
    }

    /// Long values, and values of JSON outside string literals.
    @inline(never)
    private func appendSpecially(
        _ value: UnsafeBufferPointer<UInt8>,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        if rule == .jsonBare {
            guard !value.isEmpty else { return output.append("null" as StaticString) }
            output.append(UInt8(ascii: "\""))
            Escaping(.json).append(value, to: &output, counts: &counts)
            output.append(UInt8(ascii: "\""))
            return
        }
        var end = Self.largestValue
        while end > 0, value[end] & 0xC0 == 0x80 { end -= 1 }
        counts.cut += 1
        appendWhole(UnsafeBufferPointer(rebasing: value[..<end]), to: &output, counts: &counts)
        output.append("… (cut: \(end) of \(value.count) bytes)")
    }

    /// Appends a text, escaped, to bytes; most texts have nothing to escape.
    func append(_ text: String, to bytes: inout [UInt8], counts: inout EscapingCounts) {
        var text = text
        text.withUTF8 { text in
            let isPlain = isSpecial.withUnsafeBufferPointer { isSpecial in
                !text.contains { isSpecial[Int($0)] }
            }
            guard !isPlain || text.count > Self.largestValue || rule == .jsonBare else {
                return bytes.append(contentsOf: text)
            }
            var output = OutputBuffer(capacity: text.count + 64)
            append(text, to: &output, counts: &counts)
            bytes.append(contentsOf: output.bytes)
        }
    }

    /// The escaped form of a text.
    package func escaped(_ text: String, counts: inout EscapingCounts) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes, counts: &counts)
        return String(decoding: bytes, as: UTF8.self)
    }
}
