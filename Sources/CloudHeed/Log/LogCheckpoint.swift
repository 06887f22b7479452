import Foundation

/// How far a reading of the log has come, in a form that can be kept: what the next attempt needs to go on behind it.
package struct LogCheckpoint: Sendable, Hashable, Codable {
    /// Number of the pass over the log in this attempt, from 1.
    package var pass: Int
    /// Whether an earlier attempt began the pass.
    package var isResumed: Bool
    /// Whether the reading ends where the archive begins.
    package var isIncremental: Bool
    /// The order that the pass relies on; `unknown` when a later attempt can't rely on it.
    package var order: LogOrder
    /// Events a page.
    package var pageSize: Int
    /// `total` of the answer that the pass began with.
    package var totalAtBegin: Int
    /// Events that came to the newest end since then, as far as they were read.
    package var grown: Int
    /// Events read without a gap from the newest end on, those that came since included.
    package var contiguous: Int
    /// Events that were met on a way from the newest end that was broken off: behind them may stand some that were not.
    package var unfinished = 0

    /// Whether its numbers can be those of a reading that met so many events: what stands in a file may say anything.
    func isBelievable(met: Int) -> Bool {
        LogBounds.pageSizes.contains(pageSize) && (0...LogBounds.mostEvents).contains(totalAtBegin)
            && (0...met).contains(contiguous) && (0...contiguous).contains(grown) && (0...met).contains(unfinished)
    }

    /// The checkpoint as JSON, keys in order.
    ///
    /// - Throws: Never in practice: all that it holds can be written as JSON.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
