import Analysis
import CBytes
import Evidence

/// Whole cells, one behind the other: what nearly all of a table consists of.
extension CSVCells {
    /// Appends a run of cells, each of them ended by the delimiter, the last one by the end of the record where it is told.
    ///
    /// - Parameters:
    ///   - fields: The cells.
    ///   - kinds: By cell, whether it is a text, a number or a time of ours.
    ///   - endsRecord: Whether the record ends behind the last one.
    ///   - output: Where to.
    ///   - counts: Told of characters replaced and values cut.
    @inline(__always)
    mutating func append(
        fields: UnsafeMutableBufferPointer<RowCell>,
        kinds: UnsafePointer<RowColumn.Kind>,
        endsRecord: Bool,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        var next = 0
        while next < fields.count {
            next = appendPlain(fields, from: next, kinds, endsRecord: endsRecord, to: &output)
            guard next < fields.count else { return }
            append(field: fields[next], kinds[next], to: &output, counts: &counts)
            next += 1
            if next == fields.count, endsRecord { endRecord(&output) } else { endCell(&output) }
        }
    }

    /// One cell of any content.
    @inline(never)
    private mutating func append(
        field: RowCell,
        _ kind: RowColumn.Kind,
        to output: inout OutputBuffer,
        counts: inout EscapingCounts
    ) {
        if kind == .number { return append(number: field.number, to: &output) }
        if kind == .time { timeFollows(output) }
        append(field.text.bytes, to: &output, counts: &counts)
    }

    /// Writes cells that are written as they are, up to the first other one.
    ///
    /// Looks at values and never at what was written, and counts in variables of its own: a byte that is read so soon after
    /// it was written among others is waited for.
    /// - Returns: The place of the first cell that was not written.
    @inline(__always)
    private mutating func appendPlain(
        _ fields: UnsafeMutableBufferPointer<RowCell>,
        from begin: Int,
        _ kinds: UnsafePointer<RowColumn.Kind>,
        endsRecord: Bool,
        to output: inout OutputBuffer
    ) -> Int {
        guard !isForSpreadsheet, output.count == cellStart, let base = fields.baseAddress else { return begin }
        var size = 0
        for index in begin..<fields.count { size += base[index].text.count + OutputBuffer.longestDecimal + 1 }
        guard size <= Escaping.largestValue else { return begin }
        output.reserve(size)
        let start = output.base + output.count
        var target = start
        var next = begin
        while next < fields.count {
            if kinds[next] == .number {
                target += OutputBuffer.write(decimal: base[next].number, to: target)
            } else if let source = base[next].text.start, base[next].text.count > 0 {
                let count = base[next].text.count
                guard !Self.mayBeginFormula(source[0]), heed_copy_field(target, source, count, delimiter) == 0 else {
                    break
                }
                target += count
            } else if fields.count == 1 {
                // A record of nothing else is not written as an empty line.
                break
            }
            next += 1
            if next == fields.count, endsRecord { break }
            target.pointee = delimiter
            target += 1
        }
        output.advance(target - start)
        finishPlain(cells: next - begin, endsRecord: endsRecord && next == fields.count, &output)
        return next
    }
}
