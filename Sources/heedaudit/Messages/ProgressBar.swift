import Evidence
import Foundation
import Synchronization

/// A bar on a terminal while a pull runs; nothing where standard error is not a terminal.
final class ProgressBar: Sendable {
    /// What the bar shows.
    struct Progress: Sendable {
        var done = 0
        /// Nil while the size of the work isn't known.
        var total: Int?
        /// Seconds since the work began.
        var elapsed = 0.0
        /// Why nothing goes on for the moment; nil where it does.
        var waiting: String?
    }

    private struct State {
        var began: ContinuousClock.Instant?
        var drawn: ContinuousClock.Instant?
        var progress = Progress()
    }

    private static let isDrawn = Mutex(false)
    private let terminal: Terminal?
    private let title: String
    private let state = Mutex(State())

    /// Prepares a bar for work that begins with the first ``show(done:total:)``.
    init(title: String, isEnabled: Bool) {
        self.title = title
        let terminal = Terminal.error
        self.terminal = isEnabled && terminal.width != nil ? terminal : nil
    }

    /// Redraws the bar: ten times a second at most, and at the end.
    func show(done: Int, total: Int?) {
        guard let terminal else { return }
        let now = ContinuousClock.now
        let progress: Progress? = state.withLock { state in
            let began = state.began ?? now
            state.began = began
            state.progress = Progress(done: done, total: total, elapsed: (now - began) / .seconds(1))
            if let drawn = state.drawn, now - drawn < .milliseconds(100), done != total { return nil }
            state.drawn = now
            return state.progress
        }
        if let progress { draw(progress, terminal) }
    }

    /// Says why nothing goes on for a while.
    func wait(_ reason: String) {
        guard let terminal else { return }
        let progress = state.withLock { state in
            state.progress.waiting = reason
            return state.progress
        }
        draw(progress, terminal)
    }

    private func draw(_ progress: Progress, _ terminal: Terminal) {
        StandardStreams.errorText("\r\u{1B}[K" + Self.line(title, progress, width: terminal.width ?? 80))
        Self.isDrawn.withLock { $0 = true }
    }

    /// Removes the bar, so that the next line starts clean.
    static func clearLine() {
        isDrawn.withLock { drawn in
            if drawn { StandardStreams.errorText("\r\u{1B}[K") }
            drawn = false
        }
    }

    // MARK: The line

    /// The bar as a line that fits a width: title, bar, count, rate, time left, and why it waits.
    ///
    /// Where there is little room, the bar goes first and then what stands behind.
    static func line(_ title: String, _ progress: Progress, width: Int) -> String {
        var parts = [title, count(progress)]
        if let rate = rate(progress) {
            parts.append("\(Counted.digits(Int(rate.rounded())))/s")
            if let total = progress.total, total > progress.done, rate >= 1 {
                parts.append("\(span(Double(total - progress.done) / rate)) left")
            }
        }
        if let waiting = progress.waiting { parts.append(waiting) }
        // The last column stays free: some terminals go on to the next line when it is written to.
        let room = width - 1
        let text = parts.joined(separator: "  ")
        let left = room - text.count - 2
        if let total = progress.total, total > 0, left >= shortestBar {
            let length = min(left, longestBar)
            let share = min(1, Double(max(0, progress.done)) / Double(total))
            let filled = Int(share * Double(length))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: length - filled)
            return ([title, bar] + parts.dropFirst()).joined(separator: "  ")
        }
        return String(text.prefix(max(0, room)))
    }

    private static func count(_ progress: Progress) -> String {
        guard let total = progress.total, total > 0 else { return Counted.text(progress.done, "event") }
        return "\(Counted.digits(progress.done)) of \(Counted.text(total, "event"))"
    }

    /// Events a second; nil before enough time went by to tell.
    private static func rate(_ progress: Progress) -> Double? {
        guard progress.elapsed >= 1, progress.done > 0 else { return nil }
        return Double(progress.done) / progress.elapsed
    }

    /// `40 s`, `12 min`, `3 h 05 min`.
    static func span(_ seconds: Double) -> String {
        guard seconds < Double(longestSpan) else { return "more than 99 h" }
        let seconds = Int(seconds.rounded(.up))
        if seconds < 100 { return "\(seconds) s" }
        let minutes = (seconds + 59) / 60
        if minutes < 60 { return "\(minutes) min" }
        return "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60) min"
    }

    private static let longestSpan = 99 * 3600
    private static let shortestBar = 8
    private static let longestBar = 28
}
