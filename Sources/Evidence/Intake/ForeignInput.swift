import CSimdJSON

/// What a file is that is no NDJSON of events, told by its begin: things that people import by mistake.
struct ForeignInput {
    /// What it is, as a message says it.
    let what: String
    /// What to do.
    let hint: String

    /// Looks at the begin of a file; nil where nothing is recognised.
    ///
    /// `isUnpacked`: whether what is looked at was packed by gzip and has been unpacked.
    init?(_ begin: UnsafeBufferPointer<UInt8>, isUnpacked: Bool = false) {
        if let mark = Self.marks.first(where: { begin.starts(with: $0.bytes) }) {
            (what, hint) = isUnpacked && mark.bytes == Self.gzip ? Self.packedTwice : (mark.what, mark.hint)
        } else if begin.dropFirst(257).starts(with: "ustar".utf8) {
            (what, hint) = ("is an archive of tar", "take the files out of it: tar -xf FILE")
        } else if let list = Self.list(begin) {
            what = "is an answer of the service, and not an event a line"
            hint = "take it apart: jq -c '\(list)' FILE > events.ndjson"
        } else if Self.hasReturnsAlone(begin) {
            what = "has lines that end with CR alone"
            hint = "give them line feeds: tr '\\r' '\\n' < FILE > events.ndjson"
        } else {
            return nil
        }
    }

    /// What files begin with, the longer marks before those that they begin with themselves.
    private static let marks: [(bytes: [UInt8], what: String, hint: String)] = [
        ([0xEF, 0xBB, 0xBF], "begins with a byte order mark", "take it off: tail -c +4 FILE > events.ndjson"),
        wide("UTF-32", [0xFF, 0xFE, 0x00, 0x00]), wide("UTF-32", [0x00, 0x00, 0xFE, 0xFF]),
        // Without a mark a converter would guess which byte comes first.
        wide("UTF-32LE", [0x7B, 0x00, 0x00, 0x00]), wide("UTF-32BE", [0x00, 0x00, 0x00, 0x7B]),
        wide("UTF-16", [0xFF, 0xFE]), wide("UTF-16", [0xFE, 0xFF]), wide("UTF-16LE", [0x7B, 0x00]),
        wide("UTF-16BE", [0x00, 0x7B]),
        (gzip, "is compressed", "give the file a name that ends in .gz, or pipe it: zcat FILE | heedaudit import -"),
        (Array("BZh".utf8), "is compressed", "unpack it: bunzip2 FILE"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "is compressed", "unpack it: unxz FILE"),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed", "unpack it: unzstd FILE"),
        ([0x50, 0x4B, 0x03, 0x04], "is compressed", "unpack it: unzip FILE"),
    ]

    private static let gzip: [UInt8] = [0x1F, 0x8B]
    private static let packedTwice = (
        "is compressed twice", "unpack it once: zcat FILE > once.ndjson.gz, and import that"
    )

    private static func wide(_ name: String, _ bytes: [UInt8]) -> (bytes: [UInt8], what: String, hint: String) {
        (bytes, "is \(name)", "convert it: iconv -f \(name) -t UTF-8 FILE > events.ndjson")
    }

    /// Whether an object begins behind a carriage return of the first line.
    private static func hasReturnsAlone(_ begin: UnsafeBufferPointer<UInt8>) -> Bool {
        // The first line can be endless.
        let line = begin.prefix(1 << 20).prefix { $0 != 10 }
        return zip(line, line.dropFirst()).contains { $0 == 13 && $1 == UInt8(ascii: "{") }
    }

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
