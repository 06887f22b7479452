import Foundation

/// A request of HTTP/1.1 or 1.0 (RFC 9112).
struct HTTPRequest: Sendable {
    /// How the end of a body is told.
    enum BodyLength: Sendable, Hashable {
        /// So many bytes.
        case counted(Int)
        /// Pieces, each with its length before it.
        case chunked
    }

    let method: String
    /// As received: percent signs stay.
    let path: String
    /// Names and values without percent signs; of several with one name the last.
    let query: [String: String]
    let bodyLength: BodyLength
    var body: [UInt8] = []
    /// Whether the client waits for a word before it sends the body.
    let expectsContinue: Bool
    /// Whether the client wants no further answer on this connection.
    let isLast: Bool
    private let headers: [String: String]

    /// Reads what stands before the body, without the empty line; nil for what is no request, or one that could be read
    /// in two ways.
    init?(head: some Collection<UInt8>) {
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        guard !lines.contains(where: { $0.utf8.contains { $0 == 10 || $0 == 13 } }) else { return nil }
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].utf8.allSatisfy({ (65...90).contains($0) }),
            !words[1].isEmpty,
            words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
            let headers = Self.headers(lines.dropFirst()),
            let bodyLength = Self.bodyLength(headers)
        else { return nil }
        method = String(words[0])
        (path, query) = Self.target(words[1])
        self.headers = headers
        self.bodyLength = bodyLength
        expectsContinue = headers["expect"]?.lowercased() == "100-continue"
        isLast = words[2] == "HTTP/1.0" || headers["connection"]?.lowercased() == "close"
    }

    /// The value of a header by its name in lower case; nil where the request has none.
    func header(_ name: String) -> String? { headers[name] }

    private static func headers(_ lines: ArraySlice<String>) -> [String: String]? {
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, !line[..<colon].contains(" ") else {
                return nil
            }
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if name == "content-length", headers[name] != nil { return nil }
            headers[name] = value
        }
        return headers
    }

    private static func bodyLength(_ headers: [String: String]) -> BodyLength? {
        switch (headers["transfer-encoding"]?.lowercased(), headers["content-length"]) {
        case (nil, nil): .counted(0)
        case (nil, let digits?) where digits.utf8.allSatisfy({ (48...57).contains($0) }):
            Int(digits).map { .counted($0) }
        case ("chunked", nil): .chunked
        default: nil
        }
    }

    /// `/path?name=value&…`, or that behind `http://host` as a client of a proxy writes it.
    private static func target(_ text: Substring) -> (path: String, query: [String: String]) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = parts[0]
        if path.hasPrefix("http://") { path = path.dropFirst(7).drop { $0 != "/" } }
        var query: [String: String] = [:]
        for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.removingPercentEncoding ?? String($0)
            }
            query[sides[0]] = sides.count == 2 ? sides[1] : ""
        }
        return (String(path), query)
    }
}
