/// Which page of a list is asked for next, and whether all of it came.
///
/// The service does not say how it cuts these lists. Where a page tells `total` or `total_pages`, that counts. Else a page ends
/// the list that brings nothing new, fewer elements than the one before, or fewer than a page ever has.
struct ListPager {
    /// Pages that are asked for at most: 10,000 elements, 20 a page, and a few.
    static let mostPages = 512
    /// Bytes that are kept of one list at most.
    static let mostBytes = 64 << 20

    /// The answers that brought something, as received.
    private(set) var pages: [[UInt8]] = []
    /// Elements that came, what a page repeats of those before it aside.
    private(set) var count = 0
    /// Why the list is not whole; nil for one that is.
    private(set) var incompleteBecause: String?
    /// The page that is asked for next, from 1; nil where that was the last one.
    private(set) var next: Int? = 1

    private var seen: Set<[UInt8]> = []
    private var bytes = 0
    private var total: Int?
    private var before = Int.max

    /// Takes the page that was asked for.
    mutating func received(_ page: ListPage, _ body: [UInt8]) {
        guard let number = next else { return }
        let new = page.elements.count { !seen.contains($0) }
        total = page.total ?? total
        if number > 1, new == 0 {
            end(page.elements.isEmpty ? "page \(number) is empty" : "page \(number) repeats what came before")
            return
        }
        if !body.isEmpty { pages.append(body) }
        bytes += body.count
        seen.formUnion(page.elements)
        count += new
        guard !isLast(page, number) else { return end("it ends with page \(number)") }
        guard number < Self.mostPages, bytes < Self.mostBytes else {
            next = nil
            incompleteBecause = "it has more than \(pages.count) pages, of \(bytes) bytes"
            return
        }
        before = page.elements.count
        next = number + 1
    }

    /// Takes note that a page behind the first one is refused.
    mutating func refused(_ reason: String, isNotFound: Bool) {
        if isNotFound { return end("there is no page \(next ?? 0)") }
        incompleteBecause = reason
        next = nil
    }

    private func isLast(_ page: ListPage, _ number: Int) -> Bool {
        if page.elements.isEmpty { return true }
        if let total { return count >= total }
        if let pages = page.totalPages { return number >= pages }
        // A page that can be told to be cut short: none has fewer, but the last one.
        return page.elements.count < min(page.perPage ?? ServiceList.smallestPage, before)
    }

    /// Ends the list, which is whole as far as the service tells how long it is.
    private mutating func end(_ why: String) {
        next = nil
        guard let total, count < total else { return }
        incompleteBecause = "\(why), and \(count) of \(total) elements came"
    }
}
