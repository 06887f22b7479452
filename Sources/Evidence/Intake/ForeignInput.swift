import CSimdJSON

/// What a file is that is no NDJSON of events, told by its begin: things that people import by mistake.
struct ForeignInput {
    /// What it is, as a message says it.
    let what: String
    /// What to do.
    let hint: String

    /// Looks at the begin of a file; nil where nothing is recognised.
    init?(_ begin: UnsafeBufferPointer<UInt8>) {
        let marks: [(bytes: [UInt8], what: String, hint: String)] = [
            ([0xEF, 0xBB, 0xBF], "begins with a byte order mark", "take it off: tail -c +4 FILE > events.ndjson"),
            ([0xFF, 0xFE], Self.wide, Self.narrowing), ([0xFE, 0xFF], Self.wide, Self.narrowing),
            ([0x7B, 0x00], Self.wide, Self.narrowing), ([0x00, 0x7B], Self.wide, Self.narrowing),
            ([0x1F, 0x8B], "is compressed", "give the file a name that ends in .gz"),
            (Array("BZh".utf8), "is compressed", "unpack it: bunzip2 FILE"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "is compressed", "unpack it: unxz FILE"),
            ([0x28, 0xB5, 0x2F, 0xFD], "is compressed", "unpack it: unzstd FILE"),
            ([0x50, 0x4B, 0x03, 0x04], "is compressed", "unpack it: unzip FILE"),
        ]
        if let mark = marks.first(where: { begin.starts(with: $0.bytes) }) {
            (what, hint) = (mark.what, mark.hint)
        } else if let list = Self.list(begin) {
            what = "is an answer of the service, and not an event a line"
            hint = "take it apart: jq -c '\(list)' FILE > events.ndjson"
        } else {
            return nil
        }
    }

    private static let wide = "is UTF-16"
    private static let narrowing = "convert it: iconv -f UTF-16 -t UTF-8 FILE > events.ndjson"

    /// Where in an answer of the service the events are, for jq; the answer may be cut off behind their begin.
    private static func list(_ begin: UnsafeBufferPointer<UInt8>) -> String? {
        guard let start = begin.baseAddress, let json = heed_json_create(start, begin.count) else { return nil }
        defer { heed_json_free(json) }
        var path: [[UInt8]] = []
        var depth = 0
        while true {
            var (token, count) = (UnsafePointer<UInt8>?.none, 0)
            let kind = Int(heed_json_next(json, &token, &count))
            guard kind > HEED_JSON_FINISHED, let token else { return nil }
            switch kind {
            case HEED_JSON_KEY where depth <= 2:
                let key = Array(UnsafeBufferPointer(start: token + 1, count: max(count - 2, 0)))
                path = Array(path.prefix(depth - 1)) + [key]
            case HEED_JSON_ARRAY where depth == path.count && depth <= 2:
                let names = path.map { String(decoding: $0, as: UTF8.self) }
                switch names.joined(separator: ".") {
                case "": return ".[]"
                case "events": return ".events[]"
                case "data": return ".data[]"
                case "data.events": return ".data.events[]"
                default: depth += 1
                }
            case HEED_JSON_OBJECT, HEED_JSON_ARRAY: depth += 1
            case HEED_JSON_OBJECT_END, HEED_JSON_ARRAY_END:
                depth -= 1
                path = Array(path.prefix(depth))
            default: break
            }
        }
    }
}
