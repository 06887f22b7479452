/// A page of a list, taken apart no further than its elements and what it says of the others.
///
/// A list may be the answer itself, or stand in it under one of its names or `data`, inside of each other, too.
package struct ListPage: Sendable {
    /// The elements as received.
    package private(set) var elements: [[UInt8]] = []
    /// How many elements the whole list has; nil where the answer does not say.
    private(set) var total: Int?
    /// How many pages it has.
    private(set) var totalPages: Int?
    /// What of both is told, and is no whole number: nobody knows then how long the list is.
    private(set) var unread: String?
    /// How many elements a page has.
    private(set) var perPage: Int?
    /// Whether more follow, by `has_more`; nil where the answer does not say.
    private(set) var hasMore: Bool?
    /// The name of what leads on to the next page, such as `next_cursor`; nil where nothing does.
    private(set) var following: String?

    /// The most elements that are read of one page.
    private static let mostElements = 100_000
    /// How deep a list may stand in envelopes.
    private static let deepest = 4

    /// An answer without content: nobody on the list.
    init() {}

    /// Takes an answer apart.
    ///
    /// - Throws: `UnreadableBody`.
    package init(_ body: [UInt8], _ list: ServiceList) throws {
        switch body.first(where: { $0 != 32 && !(9...13).contains($0) }) {
        case UInt8(ascii: "["): elements = try Self.elements(of: body)
        // Asking again for what does not exist brings the same page of a web server.
        case UInt8(ascii: "<"): throw UnreadableBody.otherShape("a web page came, and not the service's JSON")
        default: try take(try JSONObject(body), list, depth: 0)
        }
    }

    private mutating func take(_ object: JSONObject, _ list: ServiceList, depth: Int) throws {
        for told in [object] + ["meta", "pagination"].compactMap(object.object) {
            // What is missing of the list then, nobody knows.
            if let error = ["error", "errors"].first(where: told.says) {
                throw UnreadableBody.otherShape("its \"\(error)\" stands beside the list of \(list.name)")
            }
            takeLength(told)
            if let inner = told.object("pagination") { takeLength(inner) }
        }
        guard let value = (list.names + ["data"]).lazy.compactMap(object.value).first else {
            throw UnreadableBody.otherShape("a list of \(list.name) was expected")
        }
        switch value.first {
        case UInt8(ascii: "["): elements = try Self.elements(of: Array(value))
        case UInt8(ascii: "n"): elements = []
        case UInt8(ascii: "{") where depth < Self.deepest:
            try take(try JSONObject(Array(value)), list, depth: depth + 1)
        default: throw UnreadableBody.otherShape("something stands in place of the list of \(list.name)")
        }
    }

    /// Takes what an object says of the pages.
    private mutating func takeLength(_ told: JSONObject) {
        total = told.count("total") ?? total
        totalPages = told.count("total_pages") ?? totalPages
        perPage = told.count("per_page") ?? perPage
        for name in ["total", "total_pages"] where told.count(name) == nil {
            if let value = told.value(name), value.first != UInt8(ascii: "n") { unread = unread ?? name }
        }
        switch told.value("has_more").map(Array.init) {
        case Array("true".utf8): hasMore = true
        case Array("false".utf8): hasMore = hasMore ?? false
        default: break
        }
        following = ["next", "next_cursor"].first(where: told.says) ?? following
    }

    /// The elements of an array.
    private static func elements(of array: [UInt8]) throws -> [[UInt8]] {
        var ranges: [Range<Int>] = []
        let isWhole = JSONParts.forEach(in: array) { _, value in
            ranges.append(value)
            return ranges.count <= mostElements
        }
        guard isWhole else { throw UnreadableBody.notJSON }
        guard ranges.count <= mostElements else {
            throw UnreadableBody.tooLarge("a page of the list has more than 100,000 elements")
        }
        return ranges.map { Array(array[$0]) }
    }
}
