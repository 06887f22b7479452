/// Bounds of what is believed and of what is read, whatever the service says: docs/completeness.md names them.
enum LogBounds {
    /// A larger `total` is reckoned with as this one.
    static let mostEvents = 1 << 50
    /// Events a page, as far as a service is believed.
    static let pageSizes = 1...100_000
    /// With a larger `total`, or with none, a reading ends after `mostUntoldPages`.
    static let mostToldEvents = 1_000_000_000
    /// Pages of a log whose end nothing tells.
    static let mostUntoldPages = 20_000
    /// Pages behind the end that `total` names, besides three times those before it.
    static let mostPagesBeyond = 1_000

    /// Requests that so many pages' worth of different events need at most: four passes, each with its newest end again,
    /// and what moved read again.
    static func mostAnswers(pages: Int) -> Int { 8 * pages + 64 }
}
