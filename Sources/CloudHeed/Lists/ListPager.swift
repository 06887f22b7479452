/// Which page of a list is asked for next, and whether all of it came: the one place that decides it.
///
/// The service does not say how it cuts these lists. As long as a page says that more follows (`total`, `total_pages`,
/// `has_more`, `next`, `next_cursor`, a `Link`), the next one is asked for. Where none says anything, a page ends the list that
/// brings nothing new, fewer elements than the one before, or fewer than a page ever has.
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
    private var totalPages: Int?
    /// That a page told another length than one before it, or one that is not read.
    private var contradiction: String?
    /// What says that there is more than what came; nil where nothing does.
    private var promise: String?
    private var before = Int.max

    /// Takes the page that was asked for; `isLinked`: whether a header leads on from it.
    mutating func received(_ page: ListPage, _ body: [UInt8], isLinked: Bool = false) {
        guard let number = next else { return }
        let new = page.elements.count { !seen.contains($0) }
        takeLength(page)
        if number > 1, new == 0 {
            // An empty page may say that the one before it promised too much.
            if page.elements.isEmpty, page.hasMore == false { promise = nil }
            promise = missing ?? promise
            return end(page.elements.isEmpty ? "page \(number) is empty" : "page \(number) repeats what came before")
        }
        if !body.isEmpty { pages.append(body) }
        bytes += body.count
        seen.formUnion(page.elements)
        count += new
        promise = promise(page, number, isLinked)
        guard !page.elements.isEmpty else { return end("page \(number) is empty") }
        guard promise != nil || !isLast(page, number) else { return end("it ends with page \(number)") }
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

    private mutating func takeLength(_ page: ListPage) {
        if let total, let new = page.total, total != new {
            contradiction = "its total was \(total) on one page, and \(new) on another"
        }
        if let totalPages, let new = page.totalPages, totalPages != new {
            contradiction = contradiction ?? "it had \(totalPages) pages by one page, and \(new) by another"
        }
        contradiction = contradiction ?? page.unread.map { "its \($0) is no whole number" }
        (total, totalPages) = (page.total ?? total, page.totalPages ?? totalPages)
    }

    /// How much less came than the total tells.
    private var missing: String? {
        total.flatMap { count < $0 ? "\(count) of \($0) elements came" : nil }
    }

    /// What of a page says that another follows.
    private func promise(_ page: ListPage, _ number: Int, _ isLinked: Bool) -> String? {
        if let missing { return missing }
        if let totalPages, number < totalPages { return "it has \(totalPages) pages, says its total_pages" }
        let name = page.hasMore == true ? "has_more" : page.following ?? (isLinked ? "Link header" : nil)
        return name.map { "more follow page \(number), says its \($0)" }
    }

    /// Whether a page ends the list of which nothing says that more follows.
    private func isLast(_ page: ListPage, _ number: Int) -> Bool {
        if count == total || page.hasMore == false { return true }
        if let totalPages { return number >= totalPages }
        // A page that can be told to be cut short: none has fewer, but the last one.
        return page.elements.count < min(page.perPage ?? ServiceList.smallestPage, before)
    }

    /// Ends the list, which is whole as far as the service tells how long it is.
    private mutating func end(_ why: String) {
        next = nil
        let excess = total.flatMap { count > $0 ? "\(count) elements came, and its total is \($0)" : nil }
        incompleteBecause = promise.map { "\(why), and \($0)" } ?? contradiction ?? excess
    }
}
