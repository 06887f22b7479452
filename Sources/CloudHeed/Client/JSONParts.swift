import CSimdJSON

/// What stands one level inside of a JSON text: the members of an object, or the elements of an array.
///
/// Whatever RFC 8259 calls JSON is read, and nothing of it is understood.
enum JSONParts {
    /// Calls `body` with the place of each value in a text, and with its name as written, quotes included, where it has one; until
    /// `body` says that it has seen enough.
    ///
    /// - Returns: False for a text that is no JSON, as far as it was read.
    static func forEach(in text: [UInt8], _ body: (_ name: Range<Int>?, _ value: Range<Int>) -> Bool) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress, let json = heed_json_create(start, bytes.count) else { return false }
            defer { heed_json_free(json) }
            var (depth, begin) = (0, 0)
            var name: Range<Int>?
            while true {
                var (token, count) = (UnsafePointer<UInt8>?.none, 0)
                let kind = Int(heed_json_next(json, &token, &count))
                if kind == Int(HEED_JSON_BROKEN) { return false }
                if kind == Int(HEED_JSON_FINISHED) { return true }
                guard let token else { return false }
                let place = token - start
                var end = place + count
                switch kind {
                case Int(HEED_JSON_OBJECT), Int(HEED_JSON_ARRAY):
                    if depth == 1 { begin = place }
                    depth += 1
                    continue
                case Int(HEED_JSON_OBJECT_END), Int(HEED_JSON_ARRAY_END):
                    depth -= 1
                    end = place + 1
                case Int(HEED_JSON_KEY):
                    if depth == 1 { name = place..<end }
                    continue
                default: begin = depth == 1 ? place : begin
                }
                if depth == 1, !body(name.take(), begin..<end) { return true }
            }
        }
    }
}
