import Analysis
import CBytes
import Evidence

extension CSVCells {
    /// What stands between two cells of RFC 4180.
    static let comma = UInt8(ascii: ",")

    /// Finishes a cell of RFC 4180 whose text was copied to memory where it fits twice, with two quotes.
    ///
    /// `found` is what `heed_copy_field` told of it.
    ///
    /// - Returns: How many bytes the cell has; nil where the text can't stand there as it is: a formula, or NUL.
    @inline(never)
    static func finish(_ text: TextView, holding found: UInt32, at target: UnsafeMutablePointer<UInt8>) -> Int? {
        guard found & UInt32(HEED_FIELD_NUL) == 0, SpreadsheetText.guarded(text.bytes) == nil else { return nil }
        return found & UInt32(HEED_FIELD_STRUCTURE) == 0 ? text.count : quote(target, text.count)
    }

    /// Quotes a cell in place, behind which there is room for as many bytes again and two; tells how many it has then.
    static func quote(_ content: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int {
        let mark = UInt8(ascii: "\"")
        var quotes = 0
        for index in 0..<size where content[index] == mark { quotes += 1 }
        if quotes == 0 {
            (content + 1).update(from: content, count: size)
        } else {
            var target = content + size + quotes + 1
            for index in stride(from: size - 1, through: 0, by: -1) {
                target -= 1
                target.pointee = content[index]
                if content[index] == mark {
                    target -= 1
                    target.pointee = mark
                }
            }
        }
        content.pointee = mark
        content[size + quotes + 1] = mark
        return size + quotes + 2
    }
}
